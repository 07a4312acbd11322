/** The delivery loop: takes what is due from the outbox, sends it, records what came of it. Several may share one outbox. */
import { randomUUID } from "node:crypto";
import type { NotificationRow } from "../store/rows.ts";
import { startLoop } from "../time/background-loop.ts";
import { createHostQueues } from "./host-queues.ts";
import { createSender, type SenderOptions } from "./send-notification.ts";

export interface DispatcherOptions extends SenderOptions {
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

export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { outbox, now, onError, perHost = 4, total = 32, pollMs = 500, idle = false } = options;
  const send = createSender(options);
  const queues = createHostQueues({ perHost, total, begin, onFree: () => loop.wake() });
  const deliveries = new Set<Promise<void>>();
  /** What this process has taken and not finished. */
  const atWork = new Set<NotificationRow>();
  const abort = new AbortController();
  let closed = false;
  let renewedAt = Date.now();

  async function turn(): Promise<void> {
    if (idle) return;
    await renew();
    queues.beginAll();
    for (const host of await outbox.dueHosts({ now: now(), real: Date.now() })) {
      const limit = queues.wanted(host);
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

  function begin(notification: NotificationRow, end: () => void): void {
    const delivery = send(notification, abort.signal, end)
      .catch(onError)
      .finally(() => {
        atWork.delete(notification);
        deliveries.delete(delivery);
        end();
      });
    deliveries.add(delivery);
  }

  const loop = startLoop(turn, { everyMs: pollMs, onError });
  return {
    wake: loop.wake,
    status: () => ({ running: !closed && !idle, lastTurnAt: loop.lastTurnAt(), underWay: queues.underWay() }),
    close: async (graceMs) => {
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
