/** Call logs for tests, each in a new in-memory database. */
import { onTestFinished } from "vitest";
import { type CallLogOptions, type CompletedCall, createCallLog } from "../../sandbox/call-log/call-log.ts";
import { CALL_LIMITS, type CallLimits, createCalls } from "../../sandbox/store/calls.ts";
import type { Engine } from "../../sandbox/store/database-engine.ts";
import { migrate } from "../../sandbox/store/migrate.ts";
import { createQueries } from "../../sandbox/store/queries.ts";
import { openSqlite } from "../../sandbox/store/sqlite.ts";

export interface TestCallLogOptions extends Omit<CallLogOptions, "calls"> {
  readonly limits?: Partial<CallLimits>;
  /** Wraps the engine, for example to make it fail. */
  readonly wrap?: (engine: Engine) => Engine;
}

/** Opens a call log, and closes it after the test. */
export async function openTestCallLog({ limits, wrap = (engine) => engine, ...options }: TestCallLogOptions = {}) {
  const engine = await openSqlite({});
  await migrate(engine);
  const calls = createCalls(wrap(engine), createQueries(engine.name), { ...CALL_LIMITS, ...limits });
  const callLog = createCallLog({ calls, ...options });
  onTestFinished(async () => {
    await callLog.close();
    await engine.close();
  });
  return { callLog, calls, engine };
}

/** Creates a completed call from the client `C` with the vaultingRequestId `V`. */
export function toCompletedCall({
  body = {},
  ...call
}: Partial<CompletedCall> & { readonly body?: object } = {}): CompletedCall {
  const about = { clientId: "C", parsedBody: { vaultingRequestId: "V", ...body } };
  return { path: "/", at: 0, durationMs: 0, fault: undefined, response: { headers: {}, body: "{}", about }, ...call };
}
