/** The notifications that this process has taken, a queue for each host: no host may take all places. */
import type { NotificationRow } from "../store/rows.ts";

export interface HostQueuesOptions {
  /** How many deliveries to one host are under way at once. */
  readonly perHost: number;
  readonly total: number;
  /** Begins a delivery. `end` is called once its host is free for the next, and may be called again. */
  readonly start: (notification: NotificationRow, end: () => void) => void;
  /** More may be taken. */
  readonly onCapacity: () => void;
}

/** A host to which something is under way, and what else was taken for it. */
interface Host {
  readonly name: string;
  inFlight: number;
  readonly queued: NotificationRow[];
}

/** So many more are taken for a host to which something is under way, so that the next one need not wait for the database. */
const PREFETCHED = 16;
/** So many places are kept for hosts to which nothing is under way: a few that hang cannot take all. */
const RESERVED = 8;

export function createHostQueues({ perHost, total, start, onCapacity }: HostQueuesOptions) {
  const hosts = new Map<string, Host>();
  let inFlight = 0;
  let closed = false;

  const hostOf = (name: string): Host => hosts.get(name) ?? { name, inFlight: 0, queued: [] };

  /** How many deliveries to a host may be begun. */
  const places = (host: Host): number =>
    Math.max(0, Math.min(perHost - host.inFlight, total - inFlight - (host.inFlight > 0 ? RESERVED : 0)));

  function beginNext(host: Host): void {
    while (!closed && places(host) > 0) {
      const notification = host.queued.shift();
      if (!notification) break;
      beginOne(notification, host);
    }
    if (host.inFlight === 0 && host.queued.length === 0) hosts.delete(host.name);
  }

  function beginOne(notification: NotificationRow, host: Host): void {
    host.inFlight += 1;
    inFlight += 1;
    let open = true;
    start(notification, () => {
      if (!open) return;
      open = false;
      host.inFlight -= 1;
      inFlight -= 1;
      beginNext(host);
      // Where all places were taken, other hosts may wait for this one.
      if (host.queued.length <= PREFETCHED / 2 || inFlight + RESERVED >= total) onCapacity();
    });
  }

  return {
    /** How many more are to be taken for a host. */
    getClaimLimit: (name: string): number => {
      const host = hostOf(name);
      // What is left is enough for a while; each claim is a transaction.
      if (closed || host.queued.length > PREFETCHED / 2) return 0;
      return places(host) + (host.inFlight > 0 ? PREFETCHED : 0) - host.queued.length;
    },
    /** Queues what was taken for a host, and begins as much as there is a place for. */
    add: (name: string, taken: readonly NotificationRow[]): void => {
      const host = hostOf(name);
      host.queued.push(...taken);
      hosts.set(name, host);
      beginNext(host);
    },
    startAll: (): void => {
      for (const host of hosts.values()) beginNext(host);
    },
    inFlight: (): number => inFlight,
    /** Begins nothing more. */
    close: (): void => {
      closed = true;
    },
    /** Empties the queues. */
    drain: (): readonly NotificationRow[] => [...hosts.values()].flatMap(({ queued }) => queued.splice(0)),
  };
}
