/** The notifications that this process has taken, a queue for each host: no host may take all places. */
import type { NotificationRow } from "../store/rows.ts";

export interface HostQueuesOptions {
  /** How many deliveries to one host are under way at once. */
  readonly perHost: number;
  readonly total: number;
  /** Begins a delivery. `end` is called once its host is free for the next, and may be called again. */
  readonly begin: (notification: NotificationRow, end: () => void) => void;
  /** More may be taken. */
  readonly onFree: () => void;
}

/** A host to which something is under way, and what else was taken for it. */
interface Host {
  readonly name: string;
  underWay: number;
  readonly taken: NotificationRow[];
}

/** So many more are taken for a host to which something is under way, so that the next one need not wait for the database. */
const AHEAD = 16;
/** So many places are kept for hosts to which nothing is under way: a few that hang cannot take all. */
const KEPT_FREE = 8;

export function createHostQueues({ perHost, total, begin, onFree }: HostQueuesOptions) {
  const hosts = new Map<string, Host>();
  let underWay = 0;
  let closed = false;

  const hostOf = (name: string): Host => hosts.get(name) ?? { name, underWay: 0, taken: [] };

  /** How many deliveries to a host may be begun. */
  const places = (host: Host): number =>
    Math.max(0, Math.min(perHost - host.underWay, total - underWay - (host.underWay > 0 ? KEPT_FREE : 0)));

  function beginNext(host: Host): void {
    while (!closed && places(host) > 0) {
      const notification = host.taken.shift();
      if (!notification) break;
      beginOne(notification, host);
    }
    if (host.underWay === 0 && host.taken.length === 0) hosts.delete(host.name);
  }

  function beginOne(notification: NotificationRow, host: Host): void {
    host.underWay += 1;
    underWay += 1;
    let open = true;
    begin(notification, () => {
      if (!open) return;
      open = false;
      host.underWay -= 1;
      underWay -= 1;
      beginNext(host);
      // Where all places were taken, other hosts may wait for this one.
      if (host.taken.length <= AHEAD / 2 || underWay + KEPT_FREE >= total) onFree();
    });
  }

  return {
    /** How many more are to be taken for a host. */
    wanted: (name: string): number => {
      const host = hostOf(name);
      // What is left is enough for a while; each claim is a transaction.
      if (closed || host.taken.length > AHEAD / 2) return 0;
      return places(host) + (host.underWay > 0 ? AHEAD : 0) - host.taken.length;
    },
    /** Queues what was taken for a host, and begins as much as there is a place for. */
    add: (name: string, taken: readonly NotificationRow[]): void => {
      const host = hostOf(name);
      host.taken.push(...taken);
      hosts.set(name, host);
      beginNext(host);
    },
    beginAll: (): void => {
      for (const host of hosts.values()) beginNext(host);
    },
    underWay: (): number => underWay,
    /** Begins nothing more. */
    close: (): void => {
      closed = true;
    },
    /** Empties the queues. */
    drain: (): readonly NotificationRow[] => [...hosts.values()].flatMap(({ taken }) => taken.splice(0)),
  };
}
