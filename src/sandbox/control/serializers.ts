/** The store's rows as the control API shows them. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { ApiCall } from "../call-log/call-log.ts";
import type { PublishedKey } from "../identities/signing-keys.ts";
import type { AttemptRow, NotificationRow } from "../store/rows.ts";
import type { StoredVaulting } from "../store/vaulting-rows.ts";
import type { SandboxClock } from "../time/clock.ts";
import { getNormalUrl, type Links } from "../vaulting/responses.ts";
import { getOrigin, isFinal } from "../vaulting/state-machine.ts";

export const toIsoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** An object without its fields that are null or undefined. */
export function omitNullish<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  // What is left has no null and no undefined, which the type says too.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as never;
}

export const serializeClock = (clock: SandboxClock): ControlSchemas["Clock"] => ({
  now: toIsoTime(clock.now()),
  offsetMs: clock.offsetMs(),
});

export const serializeKey = ({ since, ...key }: PublishedKey): ControlSchemas["GatewayKey"] => ({
  ...key,
  since: toIsoTime(since),
});

export const serializeVaulting = (vaulting: StoredVaulting, links: Links): ControlSchemas["Vaulting"] => ({
  sequence: vaulting.seq,
  clientId: vaulting.clientId,
  vaultingRequestId: vaulting.vaultingRequestId,
  origin: getOrigin(vaulting),
  status: vaulting.status,
  ...(isFinal(vaulting) ? { resultCode: vaulting.resultCode } : {}),
  ...(vaulting.card ? omitNullish(vaulting.card) : {}),
  ...(vaulting.status === "SUCCESS" ? { cardToken: vaulting.cardToken } : {}),
  ...(isFinal(vaulting) ? {} : { normalUrl: getNormalUrl(vaulting, links) }),
  createdAt: toIsoTime(vaulting.createdAt),
  ...(isFinal(vaulting)
    ? { finishedAt: toIsoTime(vaulting.finishedAt) }
    : { expiresAt: toIsoTime(vaulting.expiresAt) }),
});

export const serializeNotification = (
  row: NotificationRow,
  attempts: readonly AttemptRow[],
): ControlSchemas["Notification"] => ({
  sequence: row.seq,
  clientId: row.clientId,
  vaultingRequestId: row.vaultingRequestId,
  url: row.url,
  state: row.state,
  attempts: attempts.map((attempt, at) => serializeAttempt(attempt, at + 1)),
  ...(row.state === "PENDING" ? { dueAt: toIsoTime(row.dueAt) } : {}),
  body: row.body,
});

/** Counted through all rounds of the schedule. */
const serializeAttempt = (
  { at, durationMs, outcome, httpStatus, detail }: AttemptRow,
  number: number,
): ControlSchemas["Attempt"] => ({
  number,
  at: toIsoTime(at),
  durationMs,
  // Written by the dispatcher alone, out of this list.
  outcome: outcome as ControlSchemas["Attempt"]["outcome"],
  ...omitNullish({ httpStatus, detail }),
});

export const serializeCall = ({ sequence, at, durationMs, ...exchange }: ApiCall): ControlSchemas["ApiCall"] => ({
  sequence,
  at: toIsoTime(at),
  durationMs: Math.round(durationMs * 1000) / 1000,
  // Each is one of the document's own values, or left out.
  ...(omitNullish(exchange) as Omit<ControlSchemas["ApiCall"], "sequence" | "at" | "durationMs">),
});
