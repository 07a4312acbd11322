import { describe, expect, test } from "vitest";
import { allChecks, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { type Body, getCard, getDetail, getResult, isSuccess } from "./faulty-servers/bodies.ts";
import { getOperation } from "./faulty-servers/http-messages.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";
import { changeResponse, type Mutation } from "./faulty-servers/mutations.ts";

/** The checks of what a gateway remembers, by what came of them. */
async function statusesOf(change: Mutation): Promise<Readonly<Record<string, readonly string[]>>> {
  await using server = await startFaultyServer("server", { handler: change });
  const checks = allChecks().filter(
    ({ id, requires = [] }) =>
      /^\w+\.(?:idempotency|token|state)\./.test(id) && requires.every((ability) => ability === "state"),
  );
  // What it is asked does not depend on how it answers here.
  const target = { ...(await detectCapabilities(server.target)), capabilities: ["state"] as const };
  const report = await runChecks(checks, target);
  const by = (status: string) => report.checks.filter((check) => check.status === status).map(({ id }) => id);
  return { failed: by("failed"), unasked: by("skipped") };
}

const result = (resultCode: string, resultStatus: string) => ({ resultCode, resultStatus, resultMessage: "No." });
/** The cards of these tests are refused, or nobody knows: which a right gateway may say. */
const always = (resultCode: string, resultStatus: string): Mutation =>
  changeResponse((body, { vaultingRequestId }, call) => {
    const told = getResult(body).resultCode !== "PARAM_ILLEGAL" && getOperation(call) !== "inquireVaulting";
    const echo = getOperation(call) === "createVaultingSession" ? {} : { vaultingRequestId };
    return told ? { result: result(resultCode, resultStatus), ...echo } : undefined;
  });

describe("the checks of what a gateway remembers", () => {
  test("do not mind in which order an inquiry gives the detail's fields", async () => {
    const reversed = (value: Body): Body => Object.fromEntries(Object.entries(value).reverse());
    const change = changeResponse((body, _, call) =>
      getOperation(call) === "inquireVaulting" && isSuccess(body) && "paymentMethodDetail" in body
        ? { ...body, paymentMethodDetail: reversed({ ...getDetail(body), card: reversed(getCard(body)) }) }
        : undefined,
    );
    expect(await statusesOf(change)).toEqual({ failed: [], unasked: [] });
  });

  test("ask for the same bytes only of what is final", async () => {
    let calls = 0;
    const change = changeResponse((body, { vaultingRequestId }, call) => {
      if (getOperation(call) !== "vaultPaymentMethod" || !isSuccess(body)) return undefined;
      calls += 1;
      return { result: { ...result("UNKNOWN_EXCEPTION", "U"), resultMessage: `Call ${calls}.` }, vaultingRequestId };
    });
    const { failed, unasked } = await statusesOf(change);
    expect(failed).toEqual([]);
    expect(unasked).toEqual(expect.arrayContaining(["vaultPaymentMethod.idempotency.sequence"]));
  });

  test("do not say that something held where nothing was vaulted", async () => {
    const { failed, unasked } = await statusesOf(always("PROCESS_FAIL", "F"));
    expect(failed).toEqual([]);
    expect(unasked).toEqual(
      expect.arrayContaining([
        "vaultPaymentMethod.token.unique",
        "vaultPaymentMethod.idempotency.after-rejection",
        "inquireVaulting.state.vaulted",
        "inquireVaulting.state.session",
      ]),
    );
  });
});
