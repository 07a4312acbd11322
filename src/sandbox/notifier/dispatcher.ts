/** The delivery loop: takes what is due from the outbox, sends it, records what came of it. Several may share one outbox. */
import { randomUUID } from "node:crypto";
import type { Outbox } from "../store/outbox.ts";
import type { NotificationRow } from "../store/rows.ts";
import { startLoop } from "../time/background-loop.ts";
import type { DeliverNotification } from "./deliver-notification.ts";
import { createHostQueues } from "./host-queues.ts";
import { createNotificationFaults, type NotificationFaultsOptions } from "./notification-faults.ts";

export interface DispatcherOptions extends NotificationFaultsOptions {
  readonly outbox: Outbox;
  readonly notify: DeliverNotification;
  readonly onError: (error: unknown) => void;
  /** How many deliveries to one host are under way at once. */
  readonly perHost?: number;
  readonly total?: number;
  /** How long the loop sleeps where nobody wakes it, in milliseconds. */
  readonly pollMs?: number;
  /** Sends nothing: another process does. */
  readonly idle?: boolean;
}

export type Dispatcher = Readonly<ReturnType<typeof startDispatcher>>;

/** Who does not renew a lease for so long is gone, and another may send. */
const LEASE_MS = 3_000;

export function startDispatcher(options: DispatcherOptions) {
  const { outbox, notify, now, onError, perHost = 4, total = 32, pollMs = 500, idle = false } = options;
  const faults = createNotificationFaults(options);
  const queues = createHostQueues({ perHost, total, start: startDelivery, onCapacity: () => loop.wake() });
  const deliveries = new Set<Promise<void>>();
  /** What this process has taken and not finished. */
  const atWork = new Set<NotificationRow>();
  const abort = new AbortController();
  let closed = false;
  let renewedAt = Date.now();

  async function runOnce(): Promise<void> {
    if (idle) return;
    await renew();
    queues.startAll();
    for (const host of await outbox.listDueHosts({ now: now(), real: Date.now() })) {
      const limit = queues.getClaimLimit(host);
      if (limit <= 0) continue;
      const real = Date.now();
      const taken = await outbox.claim({ host, limit, now: now(), real, until: real + LEASE_MS, lease: randomUUID() });
      for (const notification of taken) atWork.add(notification);
      queues.add(host, taken);
    }
  }

  /** An attempt may take longer than a lease. */
  async function renew(): Promise<void> {
    const real = Date.now();
    if (atWork.size === 0 || real - renewedAt < LEASE_MS / 3) return;
    renewedAt = real;
    await outbox.renew([...atWork], real + LEASE_MS);
  }

  function startDelivery(notification: NotificationRow, end: () => void): void {
    const delivery = runDelivery(notification, end)
      .catch(onError)
      .finally(() => {
        atWork.delete(notification);
        deliveries.delete(delivery);
        end();
      });
    deliveries.add(delivery);
  }

  /** `onAnswered` is called once the host is free for the next: what came of this one need not be written down for that. */
  async function runDelivery(notification: NotificationRow, onAnswered: () => void): Promise<void> {
    // While it waited here it may have been resent, forgotten, or taken by another who thought that this process was gone.
    const current = await outbox.find(notification.seq);
    if (current?.state !== "PENDING" || current.lease !== notification.lease) return;
    // And the clock may have been moved back.
    if (current.dueAt > now()) return outbox.postpone(notification, current.dueAt);
    const sending = await faults.planDelivery(notification);
    if (sending.postponedUntil !== undefined) return outbox.postpone(notification, sending.postponedUntil);
    const at = now();
    const started = performance.now();
    const once = () => notify(notification, sending.signing, abort.signal);
    const [result] = await Promise.all([once(), sending.isDuplicated ? once() : undefined]);
    onAnswered();
    // Nothing is known of an attempt that was cut off, so it was none.
    if (result.outcome === "ABORTED") return outbox.postpone(notification, notification.dueAt);
    await outbox.recordAttempt(notification, { ...result, at, durationMs: Math.round(performance.now() - started) });
    faults.onDelivered();
  }

  const loop = startLoop(runOnce, { intervalMs: pollMs, onError });
  return {
    /** Looks at the outbox now. */
    wake: loop.wake,
    status: () => ({ running: !closed && !idle, lastRunAt: loop.lastRunAt(), inFlight: queues.inFlight() }),
    /** Lets deliveries under way end for at most so many milliseconds. What is cut off is sent again. */
    close: async (graceMs: number): Promise<void> => {
      closed = true;
      queues.close();
      await loop.stop();
      await Promise.all(queues.drain().map((notification) => outbox.postpone(notification, notification.dueAt)));
      const end = setTimeout(() => abort.abort(), graceMs);
      await Promise.all(deliveries);
      clearTimeout(end);
    },
  };
}
