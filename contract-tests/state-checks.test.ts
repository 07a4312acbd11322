import { describe, expect, test } from "vitest";
import { allChecks, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { type Body, getCard, getDetail, getResult, isSuccess } from "./faulty-servers/bodies.ts";
import { getOperation } from "./faulty-servers/http-messages.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";
import { changeResponse, type Mutation } from "./faulty-servers/mutations.ts";
import { changeBody } from "./faulty-servers/notifications.ts";

/** Runs the state checks against a mutated server. Returns the IDs of the failed and skipped checks. */
async function runStateChecks(mutation: Mutation): Promise<Readonly<Record<string, readonly string[]>>> {
  await using server = await startFaultyServer("server", { handler: mutation });
  const checks = allChecks().filter(
    ({ id, requires = [] }) =>
      /^(?!protocol)\w+\.(?:idempotency|token|state)\./.test(id) &&
      requires.every((capability) => capability === "state"),
  );
  // The capabilities are fixed, because a mutation could change the detected ones.
  const target = { ...(await detectCapabilities(server.target)), capabilities: ["state"] as const };
  const report = await runChecks(checks, target);
  const getIds = (status: string) => report.checks.filter((check) => check.status === status).map(({ id }) => id);
  return { failed: getIds("failed"), skipped: getIds("skipped") };
}

const createResult = (resultCode: string, resultStatus: string) => ({ resultCode, resultStatus, resultMessage: "No." });

/** Replaces all results except failures and the results of inquiries. This is not a fault, because a gateway may decline every card. */
const alwaysRespond = (resultCode: string, resultStatus: string): Mutation =>
  changeResponse((body, { vaultingRequestId }, call) => {
    const isReplaced = getResult(body).resultStatus !== "F" && getOperation(call) !== "inquireVaulting";
    const echo = getOperation(call) === "createVaultingSession" ? {} : { vaultingRequestId };
    return isReplaced ? { result: createResult(resultCode, resultStatus), ...echo } : undefined;
  });

describe("the state checks", () => {
  test("accept the fields of an inquiry response in any order", async () => {
    const reverse = (value: Body): Body => Object.fromEntries(Object.entries(value).reverse());
    const change = changeResponse((body, _, call) =>
      getOperation(call) === "inquireVaulting" && isSuccess(body) && "paymentMethodDetail" in body
        ? { ...body, paymentMethodDetail: reverse({ ...getDetail(body), card: reverse(getCard(body)) }) }
        : undefined,
    );
    expect(await runStateChecks(change)).toEqual({ failed: [], skipped: [] });
  });

  test("require identical responses only for final results", async () => {
    let calls = 0;
    const change = changeResponse((body, { vaultingRequestId }, call) => {
      if (getOperation(call) !== "vaultPaymentMethod" || !isSuccess(body)) return undefined;
      calls += 1;
      return {
        result: { ...createResult("UNKNOWN_EXCEPTION", "U"), resultMessage: `Call ${calls}.` },
        vaultingRequestId,
      };
    });
    const { failed, skipped } = await runStateChecks(change);
    expect(failed).toEqual([]);
    expect(skipped).toEqual(expect.arrayContaining(["vaultPaymentMethod.idempotency.sequence"]));
  });

  test("that require a vaulted card are skipped if the target declines every card", async () => {
    const { failed, skipped } = await runStateChecks(alwaysRespond("PROCESS_FAIL", "F"));
    expect(failed).toEqual([]);
    expect(skipped).toEqual(
      expect.arrayContaining([
        "vaultPaymentMethod.token.unique",
        "inquireVaulting.state.vaulted",
        "inquireVaulting.state.session",
      ]),
    );
  });
});

describe("notifyVaulting.address.other-merchant", () => {
  test("passes if the notifications contain no card token because the vaultings failed", async () => {
    const delivery = changeBody(({ paymentMethodDetail: _, ...body }) => ({
      ...body,
      result: createResult("PROCESS_FAIL", "F"),
    }));
    await using server = await startFaultyServer("server", { delivery });
    const checks = allChecks().filter(({ id }) => id === "notifyVaulting.address.other-merchant");
    const { totals } = await runChecks(checks, await detectCapabilities(server.target));
    expect(totals).toMatchObject({ passed: 1, failed: 0 });
  });
});
