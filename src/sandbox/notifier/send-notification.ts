/** Sends one notification that was taken from the outbox, and records what came of it. */
import type { Outbox } from "../store/outbox.ts";
import type { NotificationRow } from "../store/rows.ts";
import type { Notify } from "./deliver-notification.ts";
import { createNotificationFaults, type NotificationFaultsOptions } from "./notification-faults.ts";

export interface SenderOptions extends NotificationFaultsOptions {
  readonly outbox: Outbox;
  readonly notify: Notify;
}

/** `onAnswered` is called once the host is free for the next: what came of this one need not be written down for that. */
export type Send = (notification: NotificationRow, signal: AbortSignal, onAnswered: () => void) => Promise<void>;

export function createSender(options: SenderOptions): Send {
  const { outbox, notify, now } = options;
  const faults = createNotificationFaults(options);
  return async (notification, signal, onAnswered) => {
    // While it waited here it may have been resent, forgotten, or taken by another who thought that this process was gone.
    const current = await outbox.find(notification.seq);
    if (current?.state !== "PENDING" || current.lease !== notification.lease) return;
    // And the clock may have been moved back.
    if (current.dueAt > now()) return outbox.postpone(notification, current.dueAt);
    const sending = await faults.take(notification);
    if (sending.postponedTo !== undefined) return outbox.postpone(notification, sending.postponedTo);
    const at = now();
    const started = performance.now();
    const once = () => notify(notification, sending.signing, signal);
    const [result] = await Promise.all([once(), sending.isDuplicated ? once() : undefined]);
    onAnswered();
    // Nothing is known of an attempt that was cut off, so it was none.
    if (result.outcome === "ABORTED") return outbox.postpone(notification, notification.dueAt);
    await outbox.finish(notification, { ...result, at, durationMs: Math.round(performance.now() - started) });
    faults.onDelivered();
  };
}
