import { describe, expect, test } from "vitest";
import type { VaultPaymentMethodRequest } from "../../client/index.ts";
import { applySettings, parseSetting } from "./request-settings.ts";

const request: VaultPaymentMethodRequest = {
  vaultingRequestId: "1",
  vaultingNotificationUrl: "http://127.0.0.1/",
  redirectUrl: "http://127.0.0.1/done",
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: { cardNo: "4054695723100768", expiryYear: "39", expiryMonth: "12" },
  },
  env: { terminalType: "WEB" },
};
const apply = (...settings: readonly string[]) => applySettings(request, settings.map(parseSetting));

describe("trigger --set", () => {
  test("sets fields by their path, and parses values that are valid JSON", () => {
    const changed = apply(
      "merchantRegion=DE",
      "env.osType=IOS",
      "env.timeZoneOffset=-120",
      'env.browserInfo={"language":"de"}',
      "env.browserInfo.acceptHeader=a=b",
      "paymentMethodDetail.card.is3DSAuthentication=true",
    );
    expect(changed).toEqual({
      ...request,
      merchantRegion: "DE",
      env: {
        terminalType: "WEB",
        osType: "IOS",
        timeZoneOffset: -120,
        browserInfo: { language: "de", acceptHeader: "a=b" },
      },
      paymentMethodDetail: {
        paymentMethodType: "CARD",
        card: { ...request.paymentMethodDetail.card, is3DSAuthentication: true },
      },
    });
    expect(request.env).toEqual({ terminalType: "WEB" });
  });

  test("accepts values that are names of card data fields", () => {
    expect(apply('env.names=["pan"]')).toMatchObject({ env: { names: ["pan"] } });
  });

  test.each([
    "paymentMethodDetail.card.cvv=917",
    "paymentMethodDetail.card.expiryYear=91",
    "paymentMethodDetail.card.cardholderName.lastName=X917",
    'paymentMethodDetail={"card":{"cvv":"917"}}',
    "paymentMethodDetail.card={}",
    'env={"deeper":[{"cardNo":"917"}]}',
  ])("rejects card data and never quotes it: %s", (setting) => {
    expect(() => parseSetting(setting)).toThrow(/^--set does not accept card data(?!.*(?:917|91))/);
  });

  test.each([
    ["merchantRegion", "--set must be a path and a value"],
    ["=DE", "--set must be a path and a value"],
    ["env..osType=IOS", "--set must be a path and a value"],
    ["__proto__.x=1", "--set must be a path and a value"],
    ["vaultingRequestId=1", "Use --id."],
    ["vaultingNotificationUrl=x", "Use --notification-url."],
    ["metadata=x", "Use --metadata."],
  ])("rejects %s", (setting, expected) => {
    expect(() => parseSetting(setting)).toThrow(expected);
  });
});
