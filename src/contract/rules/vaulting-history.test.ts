import { describe, expect, test } from "vitest";
import {
  CLIENT_ID,
  catchFailure,
  createExchange,
  createResultBody,
  createSuccessBody,
  PATH,
} from "../../testing/messages/exchanges.ts";
import { createNotification, createVaultedBody, createVaultedCardBody } from "../../testing/messages/notifications.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { VaultingHistory } from "./vaulting-history.ts";

type Change = Parameters<typeof createExchange>[0];

const success = { responseBody: createSuccessBody() };
const failed = { responseBody: createResultBody("PROCESS_FAIL", "F") };
const createInquiry = (body: object): Change => ({
  operation: "inquireVaulting",
  responseBody: { ...createSuccessBody(), ...body },
});
const inProgress = createInquiry({ vaultingStatus: "PROCESSING", paymentMethodDetail: undefined });
const createChallenge = (urls: object): Change => ({
  responseBody: { ...createResultBody("VERIFICATION_IN_PROCESS", "U"), ...urls },
});
const unknown = { operation: "inquireVaulting", responseBody: createResultBody("VAULTING_NOT_EXIST", "F") } as const;

/** Returns the body of a notification with the card of {@link success}. */
const createNotificationBody = () => ({ ...createSuccessBody() });

/**
 * Adds 2 responses. The request of the second one was sent after the first response if `isLater` is true, and before the first response otherwise.
 * Returns the first line of the failure.
 */
async function addBoth(first: Change, second: Change, isLater = true): Promise<string | undefined> {
  const history = new VaultingHistory();
  history.add(await createExchange(first), 0);
  const exchange = await createExchange(second);
  return catchFailure(() => history.add(exchange, isLater ? history.count : 0))?.split("\n")[0];
}

describe("VaultingHistory", () => {
  test.each([
    [
      "progress after success",
      success,
      inProgress,
      "Response shows a vaulting in progress after its final result SUCCESS.",
    ],
    [
      "failure after success",
      success,
      failed,
      "Response has the result FAIL, although the final result of the vaulting is SUCCESS.",
    ],
    [
      "a vaulting that is lost",
      success,
      unknown,
      "Inquiry does not find a vaulting that an earlier message described.",
    ],
    [
      "different metadata",
      { ...success, requestBody: createRequestBody("vaultPaymentMethod", "id-1", { metadata: "a" }) },
      createInquiry({ vaultingStatus: "SUCCESS", metadata: "b" }),
      "Inquiry returns different metadata than the request that created the vaulting.",
    ],
    [
      "a different URL",
      createChallenge({ schemeUrl: "app://1" }),
      createInquiry({ vaultingStatus: "PROCESSING", paymentMethodDetail: undefined, schemeUrl: "app://2" }),
      "Response has a different schemeUrl than an earlier response about the same challenge.",
    ],
    [
      "a vaulting after a response without a URL",
      createChallenge({}),
      inProgress,
      "Inquiry finds a vaulting, although vaultPaymentMethod returned no URL and thus created none.",
    ],
    [
      "a different result code",
      createInquiry({ vaultingStatus: "FAIL", vaultingResultCode: "LOST_CARD" }),
      createInquiry({ vaultingStatus: "FAIL", vaultingResultCode: "STOLEN_CARD" }),
      "Response has a different result code than an earlier message about the same failure.",
    ],
  ])("reports %s", async (_, first, second, message) => {
    expect(await addBoth(first, second)).toBe(message);
  });

  test.each([
    ["a repeated success", success, success, true],
    ["success after progress", inProgress, success, true],
    ["progress in a response to an earlier request", success, inProgress, false],
    ["an inquiry that finds no vaulting before it is created", unknown, success, true],
    [
      "a rejected request with a reused ID",
      success,
      { responseBody: createResultBody("REPEAT_REQ_INCONSISTENT", "F") },
      true,
    ],
  ])("accepts %s", async (_, first, second, isLater) => {
    expect(await addBoth(first, second, isLater)).toBeUndefined();
  });

  test.each([
    [
      "a different result",
      createVaultedBody({ result: { resultCode: "LOST_CARD", resultStatus: "F" } }),
      /^Notification has the result FAIL/,
    ],
    ["a different token", createVaultedCardBody({ cardToken: "other" }), /^Notification has a different card/],
    [
      "metadata that was not sent",
      { ...createNotificationBody(), metadata: "x" },
      /^Notification has different metadata/,
    ],
  ])("reports a notification with %s", async (_, body, message) => {
    const history = new VaultingHistory();
    history.add(await createExchange(success), 0);
    const notification = await createNotification({ body: { ...body, vaultingRequestId: "id-1" } });
    expect(catchFailure(() => history.addNotification(notification, CLIENT_ID))).toMatch(message);
  });

  test.each([
    ["http://127.0.0.1:80/other", /^Notification has a different path/],
    ["http://127.0.0.1:80", /^Notification has a different path/],
    [`http://127.0.0.1:80${PATH}`, undefined],
    ["https://merchant.example/", undefined],
  ])("compares the path of a notification with the vaultingNotificationUrl %s", async (vaultingNotificationUrl, message) => {
    const history = new VaultingHistory();
    const requestBody = createRequestBody("vaultPaymentMethod", "id-1", { vaultingNotificationUrl });
    history.add(await createExchange({ ...success, requestBody }), 0);
    const notification = await createNotification({
      body: { ...createNotificationBody(), vaultingRequestId: "id-1" },
    });
    const failure = catchFailure(() => history.addNotification(notification, CLIENT_ID));
    if (message) expect(failure).toMatch(message);
    else expect(failure).toBeUndefined();
  });

  test("reports a notification that is sent again after it was acknowledged", async () => {
    const history = new VaultingHistory();
    const notification = await createNotification();
    for (let attempt = 1; attempt <= 2; attempt++) history.addNotification(notification, CLIENT_ID);
    history.addAcknowledgement(notification, "different merchant");
    history.addNotification(notification, CLIENT_ID);
    history.addAcknowledgement(notification, CLIENT_ID);
    expect(catchFailure(() => history.addNotification(notification, CLIENT_ID))).toMatch(
      /^Notification was sent again after it was acknowledged\./,
    );
  });

  test("reports a response that contradicts an earlier notification", async () => {
    const history = new VaultingHistory();
    const notification = await createNotification({
      body: { ...createNotificationBody(), vaultingRequestId: "id-1" },
    });
    history.addNotification(notification, CLIENT_ID);
    const exchange = await createExchange(inProgress);
    expect(catchFailure(() => history.add(exchange, 0))).toBeUndefined();
    expect(catchFailure(() => history.add(exchange, history.count))).toMatch(/^Response shows a vaulting in progress/);
  });

  test("lists final vaultings without a notification, if their vaultingNotificationUrl is at the given origin", async () => {
    const history = new VaultingHistory();
    const url = { vaultingNotificationUrl: `http://127.0.0.1:80${PATH}` };
    const exchange = await createExchange({
      ...success,
      requestBody: createRequestBody("vaultPaymentMethod", "id-1", url),
    });
    history.add(exchange, 0);
    expect(history.listWithoutNotification("http://127.0.0.1:8")).toEqual([]);
    expect(history.listWithoutNotification("http://127.0.0.1:80")).toEqual([exchange]);
    history.addNotification(
      await createNotification({ body: { ...createNotificationBody(), vaultingRequestId: "id-1" } }),
      CLIENT_ID,
    );
    expect(history.listWithoutNotification("http://127.0.0.1:80")).toEqual([]);
  });
});
