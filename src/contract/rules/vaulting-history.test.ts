import { describe, expect, test } from "vitest";
import { catchFailure, createExchange, createResultBody, createSuccessBody } from "../../testing/messages/exchanges.ts";
import { VaultingHistory } from "./vaulting-history.ts";

type Change = Parameters<typeof createExchange>[0];

const success = { responseBody: createSuccessBody() };
const failed = { responseBody: createResultBody("PROCESS_FAIL", "F") };
const createInquiry = (body: object): Change => ({
  operation: "inquireVaulting",
  responseBody: { ...createSuccessBody(), ...body },
});
const inProgress = createInquiry({ vaultingStatus: "PROCESSING", paymentMethodDetail: undefined });
const unknown = { operation: "inquireVaulting", responseBody: createResultBody("VAULTING_NOT_EXIST", "F") } as const;

/** Adds 2 responses. The second one is for a request that was sent after the first response if `isLater` is true, and before it otherwise. Returns the failure. */
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
      "Response shows the result FAIL of a vaulting whose final result is SUCCESS.",
    ],
    [
      "a vaulting that is lost",
      success,
      unknown,
      "Inquiry does not find a vaulting that an earlier response described.",
    ],
  ])("reports %s", async (_, first, second, message) => {
    expect(await addBoth(first, second)).toBe(message);
  });

  test.each([
    ["a repeated success", success, success, true],
    ["success after progress", inProgress, success, true],
    ["progress in a response to an earlier request", success, inProgress, false],
    ["an unknown vaulting before its creation", unknown, success, true],
    ["a rejected reuse", success, { responseBody: createResultBody("REPEAT_REQ_INCONSISTENT", "F") }, true],
  ])("accepts %s", async (_, first, second, isLater) => {
    expect(await addBoth(first, second, isLater)).toBeUndefined();
  });
});
