/** The value of `events --filter`, such as `code=RISK_REJECT|DO_NOT_HONOR,operation=vaultPaymentMethod`. @module */
import { operations } from "../../../generated/operations.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { usageError } from "../console/usage-error.ts";
import type { SandboxEvent } from "./sandbox-events.ts";

/** The values of an event for each key. An event meets a condition that lists any of these values. */
const KEYS: Readonly<Record<string, (event: SandboxEvent) => readonly (string | undefined)[]>> = {
  kind: ({ kind }) => [kind],
  operation: ({ operation }) => [operation],
  code: ({ resultCode }) => [resultCode],
  status: (event) =>
    event.kind === "call" ? [event.resultStatus] : [event.resultStatus, event.outcome, String(event.httpStatus)],
  client: ({ clientId }) => [clientId],
  id: ({ vaultingRequestId }) => [vaultingRequestId],
  fault: (event) => [event.kind === "call" ? event.fault : event.request?.fault],
};

const ALLOWED_VALUES: Readonly<Record<string, readonly string[]>> = {
  kind: ["call", "notification"],
  operation: [...operations, "notifyVaulting"],
};

/**
 * Parses a filter, and returns a function that reports whether an event meets every condition. The values are not case-sensitive.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` for an invalid condition, or an unknown key, kind, or operation
 */
export function parseEventFilter(text: string | undefined): (event: SandboxEvent) => boolean {
  if (text === undefined) return () => true;
  const conditions = text.split(",").map(parseCondition);
  return (event) => conditions.every((matches) => matches(event));
}

function parseCondition(text: string): (event: SandboxEvent) => boolean {
  const [, key = "", list = ""] = /^\s*(\w+)=(.+?)\s*$/.exec(text) ?? [];
  const names = Object.keys(KEYS);
  const read = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (!read)
    throw usageError(
      `--filter must be a list such as code=RISK_REJECT|DO_NOT_HONOR,status=F. The keys are ${names.join(", ")}.${key && didYouMean(key, names)}`,
    );
  const wanted = list.split("|").map((value) => value.trim().toLowerCase());
  const allowed = ALLOWED_VALUES[key];
  const unknown = allowed && wanted.find((value) => !allowed.some((name) => name.toLowerCase() === value));
  if (unknown !== undefined)
    throw usageError(`${key} in --filter must be one of ${allowed?.join(", ")}.${didYouMean(unknown, allowed ?? [])}`);
  return (event) => read(event).some((value) => value !== undefined && wanted.includes(value.toLowerCase()));
}
