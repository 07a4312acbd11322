/** The delivery loop: claims due notifications from the outbox, sends them, and records the results. Several dispatchers can share an outbox. */
import { randomUUID } from "node:crypto";
import type { Outbox } from "../store/outbox.ts";
import type { NotificationRow } from "../store/rows.ts";
import { startLoop } from "../time/background-loop.ts";
import type { DeliverNotification, DeliveryResult, RecordedRequest } from "./deliver-notification.ts";
import { createHostQueues } from "./host-queues.ts";
import { createNotificationFaults, type NotificationFaultsOptions } from "./notification-faults.ts";

export interface DispatcherOptions extends NotificationFaultsOptions {
  readonly outbox: Outbox;
  readonly deliver: DeliverNotification;
  readonly onError: (error: unknown) => void;
  /** The maximum number of concurrent deliveries to one host (default 32) and in total (default 128). */
  readonly perHost?: number;
  readonly total?: number;
  /** The interval of the loop in milliseconds. Default 500. */
  readonly pollMs?: number;
  /** If true, the dispatcher sends nothing, for example because a different process sends the notifications. */
  readonly idle?: boolean;
}

export type Dispatcher = Readonly<ReturnType<typeof startDispatcher>>;

/** The lifetime of a lease. A process that does not renew it in time is treated as terminated. */
const LEASE_MS = 3_000;

export function startDispatcher(options: DispatcherOptions) {
  const { outbox, deliver, now, onError, perHost = 32, total = 128, pollMs = 500, idle = false } = options;
  const faults = createNotificationFaults(options);
  const queues = createHostQueues({ perHost, total, start: startDelivery, onCapacity: () => loop.wake() });
  const deliveries = new Set<Promise<void>>();
  /** The notifications that this process has leased. */
  const leased = new Set<NotificationRow>();
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
      const batch = await outbox.claim({ host, limit, now: now(), real, until: real + LEASE_MS, lease: randomUUID() });
      for (const notification of batch) leased.add(notification);
      queues.add(host, batch);
    }
  }

  /** Renews the leases, because an attempt can take longer than a lease. */
  async function renew(): Promise<void> {
    const real = Date.now();
    if (leased.size === 0 || real - renewedAt < LEASE_MS / 3) return;
    renewedAt = real;
    await outbox.renew([...leased], real + LEASE_MS);
  }

  function startDelivery(notification: NotificationRow, end: () => void): void {
    const delivery = runDelivery(notification, end)
      .catch(onError)
      .finally(() => {
        leased.delete(notification);
        deliveries.delete(delivery);
        end();
      });
    deliveries.add(delivery);
  }

  /** Delivers a notification, and calls `onSent` before it records the result, so that the next delivery to the host can start immediately. */
  async function runDelivery(notification: NotificationRow, onSent: () => void): Promise<void> {
    // A queued notification might have been resent, deleted, or claimed by a different process after its lease expired.
    const current = await outbox.find(notification.seq);
    if (current?.state !== "PENDING" || current.lease !== notification.lease) return;
    // The clock might have been moved back.
    if (current.dueAt > now()) return outbox.postpone(notification, current.dueAt);
    const plan = await faults.planDelivery(notification);
    if (plan.postponedUntil !== undefined) return outbox.postpone(notification, plan.postponedUntil);
    const at = now();
    const started = performance.now();
    const attempt = () => deliver(notification, plan.signing, abort.signal);
    const [result] = await Promise.all([attempt(), plan.isDuplicated ? attempt() : undefined]);
    onSent();
    // The result of an aborted attempt is unknown, so it does not count.
    if (result.outcome === "ABORTED") return outbox.postpone(notification, notification.dueAt);
    const durationMs = Math.round(performance.now() - started);
    await outbox.recordAttempt(notification, { ...toAttempt(result, plan.fault), at, durationMs });
    faults.onDelivered();
  }

  const loop = startLoop(runOnce, { intervalMs: pollMs, onError });
  return {
    /** Checks the outbox now. */
    wake: loop.wake,
    status: () => ({ running: !closed && !idle, lastRunAt: loop.lastRunAt(), inFlight: queues.inFlight() }),
    /** Waits up to `graceMs` milliseconds for deliveries in flight, then aborts them. Their notifications are sent again later. */
    close: async (graceMs: number): Promise<void> => {
      closed = true;
      queues.close();
      await loop.stop();
      await Promise.all(queues.drain().map((notification) => outbox.postpone(notification, notification.dueAt)));
      const timer = setTimeout(() => abort.abort(), graceMs);
      await Promise.all(deliveries);
      clearTimeout(timer);
    },
  };
}

/** Converts the result of an attempt to the columns of its row. */
function toAttempt({ request, response, ...result }: DeliveryResult, fault: RecordedRequest["fault"]) {
  const recorded: RecordedRequest | undefined = request && { ...request, ...(fault ? { fault } : {}) };
  return {
    ...result,
    request: recorded ? JSON.stringify(recorded) : null,
    response: response ? JSON.stringify(response) : null,
  };
}
