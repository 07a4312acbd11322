/** Converts stored data to the schemas of the control API. */
import type { ControlSchemas as Schemas } from "../../control-api/control-schemas.ts";
import type { ApiCall } from "../call-log/call-log.ts";
import type { PublishedKey } from "../identities/signing-keys.ts";
import { createRequestHeaders, getSignedPath, type RecordedRequest } from "../notifier/deliver-notification.ts";
import type { AttemptRow, NotificationRow } from "../store/rows.ts";
import type { StoredVaulting } from "../store/vaulting-rows.ts";
import type { SandboxClock } from "../time/clock.ts";
import { getNormalUrl, type Links } from "../vaulting/responses.ts";
import { getOrigin, isFinal } from "../vaulting/state-machine.ts";

export const toIsoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Returns the object without fields that are null or undefined. */
export function omitNullish<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  // TypeScript cannot infer that the filter removes null and undefined.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as never;
}

export const serializeClock = (clock: SandboxClock): Schemas["Clock"] => ({
  now: toIsoTime(clock.now()),
  offsetMs: clock.offsetMs(),
});

export const serializeKey = ({ createdAt, ...key }: PublishedKey): Schemas["GatewayKey"] => ({
  ...key,
  createdAt: toIsoTime(createdAt),
});

export const serializeVaulting = (vaulting: StoredVaulting, links: Links): Schemas["Vaulting"] => ({
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
): Schemas["Notification"] => ({
  sequence: row.seq,
  clientId: row.clientId,
  vaultingRequestId: row.vaultingRequestId,
  url: row.url,
  state: row.state,
  attempts: attempts.map((attempt, index) => serializeAttempt(attempt, index + 1, row)),
  ...(row.state === "PENDING" ? { dueAt: toIsoTime(row.dueAt) } : {}),
  body: row.body,
});

/** Serializes a notification attempt. Attempt numbers continue across resends. */
const serializeAttempt = (
  { at, durationMs, outcome, httpStatus, detail, request, response }: AttemptRow,
  number: number,
  { url, clientId }: NotificationRow,
): Schemas["Attempt"] => ({
  number,
  at: toIsoTime(at),
  durationMs,
  // Only the dispatcher writes these columns, and only with values that the schema allows.
  outcome: outcome as Schemas["Attempt"]["outcome"],
  ...omitNullish({ httpStatus, detail }),
  ...(request === null ? {} : { request: serializeRequest(JSON.parse(request) as RecordedRequest, url, clientId) }),
  ...(response === null ? {} : { response: JSON.parse(response) as Schemas["AttemptResponse"] }),
});

const serializeRequest = (
  { fault, ...sent }: RecordedRequest,
  url: string,
  clientId: string,
): Schemas["AttemptMessage"] => ({
  path: getSignedPath(url),
  headers: createRequestHeaders(clientId, sent),
  ...(fault === undefined ? {} : { fault }),
});

export const serializeCall = ({ sequence, at, durationMs, ...call }: ApiCall): Schemas["ApiCall"] => ({
  sequence,
  at: toIsoTime(at),
  durationMs: Math.round(durationMs * 1000) / 1000,
  // The call log contains only values that the schema allows.
  ...(omitNullish(call) as Omit<Schemas["ApiCall"], "sequence" | "at" | "durationMs">),
});
