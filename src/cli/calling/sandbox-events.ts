/** The API calls of a sandbox and its attempts to deliver notifications, in chronological order. @module */
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { getResult } from "../../protocol/json-fields.ts";

type ApiCall = ControlSchemas["ApiCall"];
type Notification = ControlSchemas["Notification"];
type Attempt = ControlSchemas["Attempt"];

/** An attempt to deliver a notification, with fields of that notification. */
export interface AttemptEvent extends Attempt, Pick<Notification, "clientId" | "vaultingRequestId" | "url"> {
  readonly kind: "notification";
  readonly operation: "notifyVaulting";
  /** The number of the notification. */
  readonly notification: number;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
}

export type SandboxEvent = (ApiCall & { readonly kind: "call" }) | AttemptEvent;

/** The numbers of the last call and the last notification that were read, and the attempts that were read. */
export interface ReadPosition {
  readonly after?: number;
  readonly lastNotification: number;
  readonly attempts: ReadonlySet<string>;
}

export interface EventPage {
  readonly events: readonly SandboxEvent[];
  /** The position after the events. */
  readonly position: ReadPosition;
}

/** The position before all calls and before the newest page of notifications. */
export const START: ReadPosition = { lastNotification: Number.MAX_SAFE_INTEGER, attempts: new Set() };

const PAGE_SIZE = 100;

/** Reads pages of notifications, newest first, back to the last notification that was read before. Older notifications rarely get new attempts. */
async function readNotifications(control: ControlClient, last: number): Promise<readonly Notification[]> {
  const all: Notification[] = [];
  for (let before = ""; ; before = `&before=${all.at(-1)?.sequence}`) {
    const path = `/notifications?limit=${PAGE_SIZE}${before}`;
    const { notifications } = await control.get<ControlSchemas["NotificationList"]>(path);
    all.push(...notifications);
    if (notifications.length < PAGE_SIZE || notifications.some(({ sequence }) => sequence <= last)) return all;
  }
}

/** Reads up to `limit` calls after a position, and the attempts that have not been read before. */
export async function readEvents(control: ControlClient, position: ReadPosition, limit: number): Promise<EventPage> {
  const { after } = position;
  const query = after === undefined ? `limit=${limit}` : `limit=${limit}&after=${after}`;
  const { calls } = await control.get<ControlSchemas["CallList"]>(`/calls?${query}`);
  const notifications = await readNotifications(control, position.lastNotification);
  const attempts = notifications.flatMap((notification) =>
    notification.attempts.map((attempt) => toEvent(notification, attempt)),
  );
  const newAttempts = attempts.filter((attempt) => !position.attempts.has(getKey(attempt)));
  const events = [...calls.map((call) => ({ kind: "call" as const, ...call })), ...newAttempts];
  return {
    events: events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    position: {
      after: calls.at(-1)?.sequence ?? after ?? 0,
      attempts: new Set(attempts.map(getKey)),
      lastNotification: notifications[0]?.sequence ?? 0,
    },
  };
}

/** Returns a key that identifies an attempt. The key contains the time, because a reset sandbox numbers its notifications from 1 again. */
const getKey = ({ notification, number, at }: AttemptEvent): string => `${notification} ${number} ${at}`;

function toEvent(notification: Notification, attempt: Attempt): AttemptEvent {
  const { sequence, clientId, vaultingRequestId, url, body } = notification;
  return {
    kind: "notification",
    notification: sequence,
    operation: "notifyVaulting",
    clientId,
    vaultingRequestId,
    url,
    ...getResult(JSON.parse(body)),
    ...attempt,
  };
}
