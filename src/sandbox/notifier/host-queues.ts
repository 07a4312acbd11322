/** Queues of claimed notifications, one for each host, so that no host can use all slots. */
import type { NotificationRow } from "../store/rows.ts";

export interface HostQueuesOptions {
  /** The maximum number of concurrent deliveries to one host and in total. */
  readonly perHost: number;
  readonly total: number;
  /** Starts a delivery, and calls `end` when the next delivery to the host can start. Further calls of `end` have no effect. */
  readonly start: (notification: NotificationRow, end: () => void) => void;
  /** Called when more notifications can be claimed. */
  readonly onCapacity: () => void;
}

/** A host with deliveries in flight or queued notifications. */
interface Host {
  readonly name: string;
  inFlight: number;
  readonly queued: NotificationRow[];
}

/** The number of notifications to prefetch for a busy host, so that the next delivery does not wait for the database. */
const PREFETCH_COUNT = 16;
/** The number of slots reserved for hosts without a delivery in flight, so that unresponsive hosts cannot use all slots. */
const RESERVED_SLOTS = 8;

export function createHostQueues({ perHost, total, start, onCapacity }: HostQueuesOptions) {
  const hosts = new Map<string, Host>();
  let inFlight = 0;
  let closed = false;

  const getHost = (name: string): Host => hosts.get(name) ?? { name, inFlight: 0, queued: [] };

  /** Returns how many more deliveries to a host can start now. */
  const countFreeSlots = (host: Host): number =>
    Math.max(0, Math.min(perHost - host.inFlight, total - inFlight - (host.inFlight > 0 ? RESERVED_SLOTS : 0)));

  function startNext(host: Host): void {
    while (!closed && countFreeSlots(host) > 0) {
      const notification = host.queued.shift();
      if (!notification) break;
      startOne(notification, host);
    }
    if (host.inFlight === 0 && host.queued.length === 0) hosts.delete(host.name);
  }

  function startOne(notification: NotificationRow, host: Host): void {
    host.inFlight += 1;
    inFlight += 1;
    let open = true;
    start(notification, () => {
      if (!open) return;
      open = false;
      host.inFlight -= 1;
      inFlight -= 1;
      startNext(host);
      // Other hosts might be waiting for a slot if all slots were in use.
      if (host.queued.length <= PREFETCH_COUNT / 2 || inFlight + RESERVED_SLOTS >= total) onCapacity();
    });
  }

  return {
    /** Returns the maximum number of notifications to claim for a host. */
    getClaimLimit: (name: string): number => {
      const host = getHost(name);
      // Each claim is a transaction, so claim only when the queue runs low.
      if (closed || host.queued.length > PREFETCH_COUNT / 2) return 0;
      return countFreeSlots(host) + (host.inFlight > 0 ? PREFETCH_COUNT : 0) - host.queued.length;
    },
    /** Adds claimed notifications to the queue of a host, and starts as many deliveries as possible. */
    add: (name: string, claimed: readonly NotificationRow[]): void => {
      const host = getHost(name);
      host.queued.push(...claimed);
      hosts.set(name, host);
      startNext(host);
    },
    startAll: (): void => {
      for (const host of hosts.values()) startNext(host);
    },
    inFlight: (): number => inFlight,
    /** Prevents further deliveries from starting. */
    close: (): void => {
      closed = true;
    },
    /** Removes and returns all queued notifications. */
    drain: (): readonly NotificationRow[] => [...hosts.values()].flatMap(({ queued }) => queued.splice(0)),
  };
}
