import { describe, expect, test } from "vitest";
import { catchFailure, createExchange, createResultBody, createSuccessBody } from "../../testing/messages/exchanges.ts";
import { createRequestBody, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import { ChallengeDecisions } from "./challenge-decisions.ts";

const vaulted = createSuccessBody();
const challenged = {
  ...createResultBody("VERIFICATION_IN_PROCESS", "U"),
  normalUrl: "https://gateway.example/3ds/1",
};

/** Adds the responses to 2 requests with the same is3DSAuthentication. Returns the first line of the failure. */
async function addBoth(flag: unknown, first: object, second: object, cardNo: string = TEST_CARDS.visa) {
  const decisions = new ChallengeDecisions();
  const requestBody = createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo, is3DSAuthentication: flag }));
  for (const responseBody of [first, second]) decisions.add(await createExchange({ requestBody, responseBody }));
  return catchFailure(() => decisions.expectConsistent())?.split("\n")[0];
}

describe("ChallengeDecisions", () => {
  test.each([true, "true"])("reports a card that is vaulted without the requested 3-D Secure (%j)", async (flag) => {
    expect(await addBoth(flag, challenged, vaulted)).toMatch(/^Card was vaulted without the requested 3-D Secure/);
  });

  test.each([undefined, null, false, "false"])("reports 3-D Secure that was not requested (%j)", async (flag) => {
    expect(await addBoth(flag, vaulted, challenged)).toMatch(/^Response requires 3-D Secure that was not requested/);
  });

  test("accepts the same result, a failure, and a card whose behavior is not published", async () => {
    expect(await addBoth(true, vaulted, vaulted)).toBeUndefined();
    expect(await addBoth(true, challenged, createResultBody("PROCESS_FAIL", "F"))).toBeUndefined();
    expect(await addBoth(true, challenged, vaulted, "4112273146798764")).toBeUndefined();
  });
});
