/** An in-memory outbox with a manual clock, and dispatchers for it. */

import { type Dispatcher, type DispatcherOptions, startDispatcher } from "../../sandbox/notifier/dispatcher.ts";
import type { NotificationRow } from "../../sandbox/store/rows.ts";
import { openSqlite } from "../../sandbox/store/sqlite.ts";
import { openStore, type Store } from "../../sandbox/store/store.ts";
import { createFaults } from "../../sandbox/switches/faults.ts";
import { applyCard } from "../../sandbox/vaulting/state-machine.ts";
import { acceptCard, createFacts, NOW, VAULTING_START } from "./vaulting-facts.ts";

export interface TestOutbox extends AsyncDisposable {
  readonly store: Store;
  readonly faults: ReturnType<typeof createFaults>;
  readonly errors: unknown[];
  readonly now: () => number;
  /** Advances the clock and wakes all dispatchers. */
  readonly advance: (ms: number) => void;
  /** Adds a notification for each URL. The vaultingRequestIds are consecutive numbers, starting at `first`. */
  readonly enqueue: (urls: readonly string[], first?: number) => Promise<void>;
  readonly startDispatcher: (options: Pick<DispatcherOptions, "deliver"> & Partial<DispatcherOptions>) => Dispatcher;
  readonly listRows: () => Promise<readonly NotificationRow[]>;
  readonly getRow: (vaultingRequestId: string) => Promise<NotificationRow>;
}

export async function openTestOutbox(): Promise<TestOutbox> {
  const dispatchers = new Set<Dispatcher>();
  const wake = () => {
    for (const dispatcher of dispatchers) dispatcher.wake();
  };
  let now = NOW;
  const store = await openStore(await openSqlite({}), { onFinal: wake, now: () => now });
  const faults = createFaults();
  const errors: unknown[] = [];
  const listRows = () => store.outbox.list({ limit: 10_000 });
  const facts = createFacts();
  return {
    store,
    faults,
    errors,
    now: () => now,
    advance: (ms) => {
      now += ms;
      wake();
    },
    enqueue: async (urls, first = 0) => {
      await Promise.all(
        urls.map((notificationUrl, index) => {
          const vaultingRequestId = String(first + index);
          const vaulting = applyCard(
            { ...VAULTING_START, vaultingRequestId, notificationUrl },
            acceptCard("4054695723100768"),
            facts,
          );
          return store.vaultings.update({ clientId: VAULTING_START.clientId, vaultingRequestId }, () => ({
            response: undefined,
            vaulting,
          }));
        }),
      );
    },
    startDispatcher: (options) => {
      const dispatcher = startDispatcher({
        outbox: store.outbox,
        faults,
        getOrigin: async () => "vaultPaymentMethod",
        now: () => now,
        onError: (error) => errors.push(error),
        ...options,
      });
      dispatchers.add(dispatcher);
      return dispatcher;
    },
    listRows,
    getRow: async (id) => {
      const found = (await listRows()).find(({ vaultingRequestId }) => vaultingRequestId === id);
      if (!found) throw new Error(`There is no notification for ${id}.`);
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Array.from(dispatchers, (dispatcher) => dispatcher.close(0)));
      await store.close();
    },
  };
}
