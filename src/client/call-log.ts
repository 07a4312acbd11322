/** Logs the steps of calls, and publishes the log entries for tracing tools. */
import { AntomVaultError } from "../protocol/errors.ts";
import type { LogEntry } from "./options.ts";

export type Log = (entry: LogEntry) => void;

type Step = Omit<LogEntry, "call" | "operation">;

/** Logs a step of one call. */
export type LogStep = (step: Step) => void;

interface Channel {
  readonly hasSubscribers: boolean;
  readonly publish: (message: unknown) => void;
}

type ChangeSubscription = (name: string, subscriber: (message: object) => void) => void;

interface DiagnosticsChannel {
  readonly channel: (name: string) => Channel;
  readonly subscribe: ChangeSubscription;
  readonly unsubscribe: ChangeSubscription;
}

const { process: runtime } = globalThis as {
  readonly process?: { readonly getBuiltinModule?: (id: "node:diagnostics_channel") => DiagnosticsChannel | undefined };
};
/** `node:diagnostics_channel`, if the platform has it. An import would fail on platforms without it. */
export const diagnostics = runtime?.getBuiltinModule?.("node:diagnostics_channel");
const channel = diagnostics?.channel("antom-vault:client");

/** Creates a log that ignores the logger's errors, because they must not make a call fail. */
export const createLog =
  (logger: Log | undefined): Log =>
  (entry) => {
    if (channel?.hasSubscribers) channel.publish(entry);
    if (logger) (async () => logger(entry))().catch(() => {});
  };

let calls = 0;

/** Runs a call, and logs its start and its end. `run` receives the function that logs the steps between them. */
export async function logCall<Result extends object>(
  log: Log,
  operation: string,
  run: (logStep: LogStep) => Promise<Result>,
): Promise<Result> {
  const call = ++calls;
  const startedAt = performance.now();
  let last: Step = { event: "call_started", attempt: 0 };
  const logStep: LogStep = (step) => {
    if (step.event !== "retry_scheduled") last = step;
    log({ ...step, call, operation });
  };
  const logEnd = (end: Pick<LogEntry, "outcome" | "errorCode">) => {
    const milliseconds = Math.round(performance.now() - startedAt);
    log({ ...last, ...end, event: "call_ended", call, operation, milliseconds });
  };
  logStep(last);
  try {
    const result = await run(logStep);
    logEnd("outcome" in result && typeof result.outcome === "string" ? { outcome: result.outcome } : {});
    return result;
  } catch (error) {
    logEnd(error instanceof AntomVaultError ? { errorCode: error.code } : {});
    throw error;
  }
}
