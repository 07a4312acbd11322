/** An outbox in memory with a clock that stands, and dispatchers over it. */

import { type Dispatcher, type DispatcherOptions, startDispatcher } from "../../sandbox/notifier/dispatcher.ts";
import type { NotificationRow } from "../../sandbox/store/rows.ts";
import { openSqlite } from "../../sandbox/store/sqlite.ts";
import { openStore, type Store } from "../../sandbox/store/store.ts";
import { createFaults } from "../../sandbox/switches/faults.ts";
import { withCard } from "../../sandbox/vaulting/state-machine.ts";
import { BEGUN, factsAt, judged, NOW } from "./vaulting-facts.ts";

export interface Office extends AsyncDisposable {
  readonly store: Store;
  readonly faults: ReturnType<typeof createFaults>;
  readonly errors: unknown[];
  readonly now: () => number;
  /** Moves the clock and lets every dispatcher look. */
  readonly advance: (ms: number) => void;
  /** Puts a final result for each address into the outbox; the notifications are named by their place, from `first`. */
  readonly put: (urls: readonly string[], first?: number) => Promise<void>;
  readonly start: (options: Pick<DispatcherOptions, "notify"> & Partial<DispatcherOptions>) => Dispatcher;
  readonly rows: () => Promise<readonly NotificationRow[]>;
  readonly row: (name: string) => Promise<NotificationRow>;
}

export async function openOffice(): Promise<Office> {
  const dispatchers = new Set<Dispatcher>();
  const wake = () => {
    for (const each of dispatchers) each.wake();
  };
  let now = NOW;
  const store = await openStore(await openSqlite({}), { onFinal: wake, now: () => now });
  const faults = createFaults();
  const errors: unknown[] = [];
  const rows = () => store.outbox.list({ limit: 10_000 });
  const facts = factsAt();
  return {
    store,
    faults,
    errors,
    now: () => now,
    advance: (ms) => {
      now += ms;
      wake();
    },
    put: async (urls, first = 0) => {
      await Promise.all(
        urls.map((notificationUrl, at) => {
          const vaultingRequestId = String(first + at);
          const vaulting = withCard(
            { ...BEGUN, vaultingRequestId, notificationUrl },
            judged("4054695723100768"),
            facts,
          );
          return store.vaultings.change({ clientId: BEGUN.clientId, vaultingRequestId }, () => ({
            answer: undefined,
            vaulting,
          }));
        }),
      );
    },
    start: (options) => {
      const dispatcher = startDispatcher({
        outbox: store.outbox,
        faults,
        originOf: async () => "vaultPaymentMethod",
        now: () => now,
        onError: (error) => errors.push(error),
        ...options,
      });
      dispatchers.add(dispatcher);
      return dispatcher;
    },
    rows,
    row: async (name) => {
      const found = (await rows()).find(({ vaultingRequestId }) => vaultingRequestId === name);
      if (!found) throw new Error("There is no such notification.");
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Array.from(dispatchers, (each) => each.close(0)));
      await store.close();
    },
  };
}
