import { describe, expect, test } from "vitest";
import { requestValidators } from "../../../generated/operation-validators.ts";
import { getCard, removeNulls } from "../../protocol/json-fields.ts";
import { getAt, toPointer } from "./derive-probes.ts";
import { addNulls, createNulls, deriveFormRequests } from "./form-requests.ts";
import { formats, listFormattedFields } from "./formats.ts";
import { createRequestBody } from "./sample-requests.ts";

const OPERATIONS = ["vaultPaymentMethod", "createVaultingSession"] as const;

describe.each(OPERATIONS)("deriveFormRequests for %s", (operation) => {
  const requests = deriveFormRequests(operation);
  const values = (path: readonly string[]) => requests.map(({ body }) => getAt(body, path));

  test("returns only valid requests and variants", () => {
    for (const { body, variants } of requests)
      for (const one of [body, ...variants.map((variant) => variant.body)])
        expect(requestValidators[operation](one)).toHaveProperty("valid", true);
  });

  test("returns requests that together contain every form of each text field", () => {
    for (const { path, format } of listFormattedFields(operation)) {
      if (path.at(-1)?.endsWith("Id")) continue;
      const maximum =
        { state: 8, cvv: 4, cardPasswordDigest: 2, businessNo: 10, businessRegistrationNo: 10 }[path.at(-1) ?? ""] ??
        32;
      const isText = format === formats["text"] || format === formats["text without control characters"];
      if (!isText) continue;
      const forms = format.accepted.filter(([, value]) => value !== "" && [...String(value)].length <= maximum);
      for (const [note, value] of forms)
        expect([toPointer(path), note, values(path).includes(value)]).toEqual([toPointer(path), note, true]);
    }
  });

  test("keeps the card and the ID in requests that must succeed", () => {
    const example = createRequestBody(operation, "x");
    for (const { body } of requests.filter(({ keepsCard }) => keepsCard)) {
      expect(getCard(body)).toEqual(getCard(example));
      expect(body["vaultingRequestId"]).toBe("x");
    }
  });
});

describe("deriveFormRequests", () => {
  test("returns a request with only the required fields, and one with the longest values", () => {
    const [minimum, longest] = deriveFormRequests("createVaultingSession").slice(-2);
    expect(Object.keys(minimum?.body ?? {})).toEqual([
      "paymentMethodType",
      "vaultingRequestId",
      "vaultingNotificationUrl",
    ]);
    for (const name of ["redirectUrl", "vaultingNotificationUrl"])
      expect(getAt(longest?.body ?? {}, [name])).toHaveLength(2048);
  });

  test("returns no empty string in a required field", () => {
    const path = ["paymentMethodDetail", "card", "cardholderName"];
    const names = deriveFormRequests("vaultPaymentMethod").map(({ body }) => getAt(body, path));
    expect(names.some((name) => getAt(Object(name), ["middleName"]) === "")).toBe(true);
    expect(names.some((name) => getAt(Object(name), ["firstName"]) === "")).toBe(false);
  });

  test("returns no request for inquiries, whose fields are IDs", () => {
    expect(deriveFormRequests("inquireVaulting")).toEqual([]);
  });
});

test("createNulls returns a valid request in which each optional field is null", () => {
  const body = createNulls("vaultPaymentMethod");
  expect(requestValidators.vaultPaymentMethod(removeNulls(body))).toHaveProperty("valid", true);
  for (const path of ["metadata", "paymentMethodDetail/card/cvv", "paymentMethodDetail/card/billingAddress/city"])
    expect(getAt(body, path.split("/"))).toBeNull();
});

test("addNulls sets the missing optional fields of a request to null", () => {
  expect(addNulls("inquireVaulting", { vaultingRequestId: "1" })).toEqual({
    vaultingRequestId: "1",
    merchantAccountId: null,
  });
  const body = createRequestBody("vaultPaymentMethod", "1");
  const changed = addNulls("vaultPaymentMethod", body);
  expect(getCard(changed)).toMatchObject({ cpf: null, is3DSAuthentication: null, cardNo: expect.any(String) });
  expect(changed).not.toHaveProperty("env.browserInfo.language");
});
