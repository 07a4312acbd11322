/** The delivery loop: takes what is due from the outbox, sends it, records what came of it. Several may share one outbox. */
import { randomUUID } from "node:crypto";
import type { OperationId } from "../../../generated/operations.ts";
import type { Faults } from "../faults.ts";
import { startLoop } from "../loop.ts";
import type { Outbox } from "../store/outbox.ts";
import type { NotificationRow } from "../store/schema.ts";
import type { Delivered, Notify, Signing } from "./notify.ts";

export interface DispatcherOptions {
  readonly outbox: Outbox;
  readonly notify: Notify;
  readonly faults: Faults;
  /** The operation that began a notification's vaulting, by which faults may ask for it. */
  readonly originOf: (notification: NotificationRow) => Promise<OperationId | undefined>;
  /** The sandbox's clock. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  /** How many deliveries to one host are under way at once. */
  readonly perHost?: number;
  readonly total?: number;
  /** How long the loop sleeps where nobody wakes it, in milliseconds. */
  readonly pollMs?: number;
  /** Sends nothing: another process does. */
  readonly idle?: boolean;
}

export interface Dispatcher {
  /** Looks at the outbox now. */
  readonly wake: () => void;
  readonly status: () => { readonly running: boolean; readonly lastTurnAt: number; readonly underWay: number };
  /** Lets deliveries under way end for at most so many milliseconds. What is cut off is sent again. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** Who does not renew a lease for so long is gone, and another may send. */
const LEASE_MS = 3_000;
/** So many places are kept for hosts to which nothing is under way: a few that hang cannot take all. */
const KEPT_FREE = 8;
/** How long a notification that is to be overtaken waits at the most, and how long between two looks, in milliseconds. */
const OVERTAKEN_WITHIN_MS = 30_000;
const OVERTAKEN_LOOK_MS = 300;

export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { outbox, notify, faults, originOf, now, onError } = options;
  const { perHost = 4, total = 32, pollMs = 500, idle = false } = options;
  const underWay = new Map<string, number>();
  const deliveries = new Set<Promise<void>>();
  const atWork = new Set<NotificationRow>();
  const held = new Map<number, { readonly since: number; readonly delivered: number }>();
  const abort = new AbortController();
  let delivered = 0;
  let closed = false;
  let renewedAt = Date.now();

  async function turn(): Promise<void> {
    if (idle) return;
    await renew();
    if (deliveries.size >= total) return;
    for (const host of await outbox.dueHosts({ now: now(), real: Date.now() })) {
      const busy = underWay.get(host) ?? 0;
      const places = total - deliveries.size - (busy > 0 ? KEPT_FREE : 0);
      const limit = Math.min(perHost - busy, places);
      if (closed || limit <= 0) continue;
      const real = Date.now();
      const claim = { host, limit, now: now(), real, until: real + LEASE_MS, lease: randomUUID() };
      for (const notification of await outbox.claim(claim)) start(notification);
    }
  }

  /** An attempt may take longer than a lease. */
  async function renew(): Promise<void> {
    const real = Date.now();
    if (atWork.size === 0 || real - renewedAt < LEASE_MS / 3) return;
    renewedAt = real;
    await outbox.renew([...atWork], real + LEASE_MS);
  }

  function start(notification: NotificationRow): void {
    const { host } = notification;
    underWay.set(host, (underWay.get(host) ?? 0) + 1);
    const delivery = deliver(notification)
      .catch(onError)
      .finally(() => {
        deliveries.delete(delivery);
        const left = (underWay.get(host) ?? 1) - 1;
        if (left > 0) underWay.set(host, left);
        else underWay.delete(host);
        loop.wake();
      });
    deliveries.add(delivery);
  }

  async function deliver(notification: NotificationRow): Promise<void> {
    const origin = faults.list().length > 0 ? await originOf(notification) : undefined;
    const later = postponed(notification, origin);
    if (later !== undefined) return outbox.postpone(notification, later);
    const at = now();
    const started = performance.now();
    atWork.add(notification);
    const result = await send(notification, origin).finally(() => atWork.delete(notification));
    // Nothing is known of an attempt that was cut off, so it was none.
    if (result.outcome === "ABORTED") return outbox.postpone(notification, notification.dueAt);
    await outbox.finish(notification, { ...result, at, durationMs: Math.round(performance.now() - started) });
    delivered += 1;
  }

  async function send(notification: NotificationRow, origin: OperationId | undefined): Promise<Delivered> {
    const take = (...kinds: Parameters<Faults["take"]>[0]) => faults.take(kinds, notification.clientId, origin);
    const signing = signingOf(take("notification-wrongly-signed", "notification-unsigned")?.fault);
    const once = () => notify(notification, signing, abort.signal);
    if (!take("notification-duplicated")) return once();
    const [first] = await Promise.all([once(), once()]);
    return first;
  }

  /** When a notification is looked at again that is to come late, or after the next one. */
  function postponed(
    { seq, clientId, attempts }: NotificationRow,
    origin: OperationId | undefined,
  ): number | undefined {
    const waiting = held.get(seq);
    if (waiting) {
      if (delivered === waiting.delivered && Date.now() - waiting.since < OVERTAKEN_WITHIN_MS) {
        return now() + OVERTAKEN_LOOK_MS;
      }
      held.delete(seq);
      return undefined;
    }
    if (attempts > 0) return undefined;
    const fault = faults.take(["notification-late", "notification-out-of-order"], clientId, origin);
    if (!fault) return undefined;
    if (fault.fault === "notification-late") {
      // Once is enough: the next look lets it through.
      held.set(seq, { since: 0, delivered: -1 });
      return now() + (fault.ms ?? 1000);
    }
    held.set(seq, { since: Date.now(), delivered });
    return now() + OVERTAKEN_LOOK_MS;
  }

  const loop = startLoop(turn, { everyMs: pollMs, onError });
  return {
    wake: loop.wake,
    status: () => ({ running: !closed && !idle, lastTurnAt: loop.lastTurnAt(), underWay: deliveries.size }),
    close: async (graceMs) => {
      closed = true;
      await loop.stop();
      const end = setTimeout(() => abort.abort(), graceMs);
      await Promise.all(deliveries);
      clearTimeout(end);
    },
  };
}

function signingOf(fault: string | undefined): Signing {
  if (fault === "notification-unsigned") return "none";
  return fault === "notification-wrongly-signed" ? "wrong" : "right";
}
