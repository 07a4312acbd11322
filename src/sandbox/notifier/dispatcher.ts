/** The delivery loop: takes what is due from the outbox, sends it, records what came of it. Several may share one outbox. */
import { randomUUID } from "node:crypto";
import type { OperationId } from "../../../generated/operations.ts";
import type { Outbox } from "../store/outbox.ts";
import type { NotificationRow } from "../store/rows.ts";
import type { Faults } from "../switches/faults.ts";
import { startLoop } from "../time/background-loop.ts";
import type { Delivered, Notify, Signing } from "./deliver-notification.ts";

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

/** A host to which something is under way, and what else was taken for it. */
interface Host {
  readonly name: string;
  underWay: number;
  readonly taken: NotificationRow[];
}

/** So many more are taken for a host to which something is under way, so that the next one need not wait for the database. */
const AHEAD = 16;
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
  const hosts = new Map<string, Host>();
  const deliveries = new Set<Promise<void>>();
  /** What this process has taken and not finished. */
  const atWork = new Set<NotificationRow>();
  let underWay = 0;
  const held = new Map<number, { readonly since: number; readonly delivered: number }>();
  const abort = new AbortController();
  let delivered = 0;
  let closed = false;
  let renewedAt = Date.now();

  async function turn(): Promise<void> {
    if (idle) return;
    await renew();
    for (const host of hosts.values()) startNext(host);
    for (const name of await outbox.dueHosts({ now: now(), real: Date.now() })) {
      const host = hosts.get(name) ?? { name, underWay: 0, taken: [] };
      const limit = places(host) + (host.underWay > 0 ? AHEAD : 0) - host.taken.length;
      // What is left is enough for a while; each claim is a transaction.
      if (closed || limit <= 0 || host.taken.length > AHEAD / 2) continue;
      const real = Date.now();
      const claim = { host: name, limit, now: now(), real, until: real + LEASE_MS, lease: randomUUID() };
      for (const notification of await outbox.claim(claim)) {
        atWork.add(notification);
        host.taken.push(notification);
      }
      hosts.set(name, host);
      startNext(host);
    }
  }

  /** How many deliveries to a host may be begun. */
  const places = (host: Host): number =>
    Math.max(0, Math.min(perHost - host.underWay, total - underWay - (host.underWay > 0 ? KEPT_FREE : 0)));

  /** An attempt may take longer than a lease. */
  async function renew(): Promise<void> {
    const real = Date.now();
    if (atWork.size === 0 || real - renewedAt < LEASE_MS / 3) return;
    renewedAt = real;
    await outbox.renew([...atWork], real + LEASE_MS);
  }

  function startNext(host: Host): void {
    while (!closed && places(host) > 0) {
      const notification = host.taken.shift();
      if (!notification) break;
      start(notification, host);
    }
    if (host.underWay === 0 && host.taken.length === 0) hosts.delete(host.name);
  }

  function start(notification: NotificationRow, host: Host): void {
    host.underWay += 1;
    underWay += 1;
    let open = true;
    const end = () => {
      if (!open) return;
      open = false;
      host.underWay -= 1;
      underWay -= 1;
      startNext(host);
      // Where all places were taken, other hosts may wait for this one.
      if (host.taken.length <= AHEAD / 2 || underWay + KEPT_FREE >= total) loop.wake();
    };
    const delivery = deliver(notification, end)
      .catch(onError)
      .finally(() => {
        atWork.delete(notification);
        deliveries.delete(delivery);
        end();
      });
    deliveries.add(delivery);
  }

  /** `answered` is called once the host is free for the next: what came of this one need not be written down for that. */
  async function deliver(notification: NotificationRow, answered: () => void): Promise<void> {
    // While it waited here it may have been resent, forgotten, or taken by another who thought that this process was gone.
    const current = await outbox.find(notification.seq);
    if (current?.state !== "PENDING" || current.lease !== notification.lease) return;
    // And the clock may have been moved back.
    if (current.dueAt > now()) return outbox.postpone(notification, current.dueAt);
    const origin = faults.list().length > 0 ? await originOf(notification) : undefined;
    const later = postponed(notification, origin);
    if (later !== undefined) return outbox.postpone(notification, later);
    const at = now();
    const started = performance.now();
    const result = await send(notification, origin);
    answered();
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
    status: () => ({ running: !closed && !idle, lastTurnAt: loop.lastTurnAt(), underWay }),
    close: async (graceMs) => {
      closed = true;
      await loop.stop();
      const unsent = [...hosts.values()].flatMap(({ taken }) => taken.splice(0));
      await Promise.all(unsent.map((notification) => outbox.postpone(notification, notification.dueAt)));
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
