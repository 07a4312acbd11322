/** The store's rows as the control API shows them. */
import type { ControlSchemas as Schemas } from "../../control-api/control-schemas.ts";
import type { Exchange } from "../call-log/call-log.ts";
import type { PublishedKey } from "../identities/signing-keys.ts";
import type { AttemptRow, NotificationRow } from "../store/rows.ts";
import type { StoredVaulting } from "../store/vaulting-rows.ts";
import type { SandboxClock } from "../time/clock.ts";
import { type Links, normalUrlOf } from "../vaulting/responses.ts";
import { isFinal, originOf } from "../vaulting/state-machine.ts";

export const time = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** An object without its fields that are null or undefined. */
export function present<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  // What is left has no null and no undefined, which the type says too.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as never;
}

export const clockView = (clock: SandboxClock): Schemas["Clock"] => ({
  now: time(clock.now()),
  offsetMs: clock.offsetMs(),
});

export const keyView = ({ since, ...key }: PublishedKey): Schemas["GatewayKey"] => ({ ...key, since: time(since) });

export const vaultingView = (vaulting: StoredVaulting, links: Links): Schemas["Vaulting"] => ({
  sequence: vaulting.seq,
  clientId: vaulting.clientId,
  vaultingRequestId: vaulting.vaultingRequestId,
  origin: originOf(vaulting),
  status: vaulting.status,
  ...(isFinal(vaulting) ? { resultCode: vaulting.resultCode } : {}),
  ...(vaulting.card ? present(vaulting.card) : {}),
  ...(vaulting.status === "SUCCESS" ? { cardToken: vaulting.cardToken } : {}),
  ...(isFinal(vaulting) ? {} : { normalUrl: normalUrlOf(vaulting, links) }),
  createdAt: time(vaulting.createdAt),
  ...(isFinal(vaulting) ? { finishedAt: time(vaulting.finishedAt) } : { expiresAt: time(vaulting.expiresAt) }),
});

export const notificationView = (row: NotificationRow, attempts: readonly AttemptRow[]): Schemas["Notification"] => ({
  sequence: row.seq,
  clientId: row.clientId,
  vaultingRequestId: row.vaultingRequestId,
  url: row.url,
  state: row.state,
  attempts: attempts.map((attempt, at) => attemptView(attempt, at + 1)),
  ...(row.state === "PENDING" ? { dueAt: time(row.dueAt) } : {}),
  body: row.body,
});

/** Counted through all rounds of the schedule. */
const attemptView = (
  { at, durationMs, outcome, httpStatus, detail }: AttemptRow,
  number: number,
): Schemas["Attempt"] => ({
  number,
  at: time(at),
  durationMs,
  // Written by the dispatcher alone, out of this list.
  outcome: outcome as Schemas["Attempt"]["outcome"],
  ...present({ httpStatus, detail }),
});

export const exchangeView = ({ sequence, at, durationMs, ...exchange }: Exchange): Schemas["Exchange"] => ({
  sequence,
  at: time(at),
  durationMs: Math.round(durationMs * 1000) / 1000,
  // Each is one of the document's own values, or left out.
  ...(present(exchange) as Omit<Schemas["Exchange"], "sequence" | "at" | "durationMs">),
});
