import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { allChecks, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { type Body, getId, isSuccess, toProcessing } from "./faulty-servers/bodies.ts";
import { isCall } from "./faulty-servers/http-messages.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";
import { changeResponse, type Mutation, reject } from "./faulty-servers/mutations.ts";

/** Runs the session checks against a mutated server. Returns the IDs of the failed and skipped checks. */
async function runSessionChecks(mutation: Mutation): Promise<Readonly<Record<string, readonly string[]>>> {
  await using server = await startFaultyServer("server", { handler: mutation });
  const checks = allChecks().filter(({ id }) =>
    /^createVaultingSession\.(?:session|idempotency|id|page)\.|\.session(?:\.|$)/.test(id),
  );
  expect(checks.length).toBeGreaterThan(20);
  const report = await runChecks(checks, await detectCapabilities(server.target));
  const getIds = (status: string) => report.checks.filter((check) => check.status === status).map(({ id }) => id);
  return { failed: getIds("failed"), skipped: getIds("skipped") };
}

/** Changes successful responses to createVaultingSession. */
const changeSession = (change: (body: Body) => Body): Mutation =>
  changeResponse((body, _, call) =>
    isCall("createVaultingSession", call) && isSuccess(body) ? change(body) : undefined,
  );

const hash = (value: unknown): Buffer => createHash("sha512").update(String(value)).digest();

/** Returns a numeric session ID, long session data, and an expiry time whose offset has no colon. */
const reformatSession = changeSession(({ vaultingSessionExpiryTime: time, ...body }) => ({
  ...body,
  vaultingSessionId: String(hash(body["vaultingSessionId"]).readBigUInt64LE()),
  vaultingSessionData: `v1:${hash(body["vaultingSessionData"]).toString("hex").repeat(30)}`,
  vaultingSessionExpiryTime: `${new Date(Date.parse(String(time)) - 5 * 3_600_000).toISOString().slice(0, 19)}-0500`,
}));

/** Returns REPEAT_REQ_INCONSISTENT if the ID of a session is reused with different content. */
const rejectReuse: Mutation = (next, context) => {
  const fingerprints = new Map<string, string>();
  const rejectDifferent = reject((request, call) => {
    const fingerprint = JSON.stringify(Object.entries(request).toSorted());
    const first = fingerprints.get(getId(request)) ?? fingerprint;
    // An invalid request does not count as the first use of an ID.
    const isValid = "vaultingNotificationUrl" in request && !String(request["redirectUrl"]).startsWith("ftp:");
    if (isCall("createVaultingSession", call) && isValid) fingerprints.set(getId(request), first);
    return first !== fingerprint && !isCall("inquireVaulting", call);
  }, "REPEAT_REQ_INCONSISTENT");
  return rejectDifferent(next, context);
};

/** Delays the result of a session by 300 ms after the first inquiry that would return it. */
const vaultLater: Mutation = (next, context) => {
  const finishedAt = new Map<string, number>();
  const mutate = changeResponse((body, request, call) => {
    const id = getId(request);
    if (isCall("createVaultingSession", call) && isSuccess(body)) context.memory.add(id);
    if (body["vaultingStatus"] !== "SUCCESS" || !context.memory.has(id)) return undefined;
    const since = finishedAt.get(id) ?? performance.now();
    finishedAt.set(id, since);
    return performance.now() - since < 300 ? toProcessing(body) : undefined;
  });
  return mutate(next, context);
};

test("the session checks accept other formats, the rejection of reused IDs, and a result that is available only after the page has responded", async () => {
  const { failed = [] } = await runSessionChecks((next, context) =>
    [reformatSession, rejectReuse, vaultLater].reduce((handler, mutation) => mutation(handler, context), next),
  );
  // The mutations delay the result in inquiry responses but not in notifications, so the two can differ.
  expect(failed.filter((id) => id !== "notifyVaulting.session.matches-inquiry")).toEqual([]);
});

test("the session checks that require a card page are skipped if sessions have no page", async () => {
  const { failed, skipped } = await runSessionChecks(changeSession(({ normalUrl: _, ...body }) => body));
  expect(failed).toEqual([]);
  expect(skipped).toEqual(expect.arrayContaining(["createVaultingSession.page.vaults"]));
  expect(skipped).not.toContain("createVaultingSession.session.opaque");
});
