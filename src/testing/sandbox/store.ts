/** Stores for tests, and engines that go wrong in the middle. */
import type { BoundQuery, Engine, Transaction } from "../../sandbox/store/database-engine.ts";
import { openStore, type Store } from "../../sandbox/store/store.ts";

export interface TestStore extends Store {
  /** How often it was told of a final result. */
  readonly finalCount: () => number;
}

/** What the store's clock shows, where a test does not say. */
export const NOW = 1_700_000_000_000;

export async function openTestStore(engine: Engine, now: () => number = () => NOW): Promise<TestStore> {
  let finals = 0;
  const onFinal = () => {
    finals += 1;
  };
  return { ...(await openStore(engine, { onFinal, now })), finalCount: () => finals };
}

/** What a test does in the place of a query: `go` runs the query itself. */
export type QueryInterceptor = (
  query: BoundQuery<unknown>,
  go: () => Promise<readonly unknown[]>,
  transaction: Transaction,
) => Promise<readonly unknown[]>;

/** An engine whose transactions a test can meddle with. */
export const interceptQueries = (engine: Engine, meddle: QueryInterceptor): Engine => ({
  ...engine,
  transact: (work) =>
    engine.transact((transaction) =>
      work({
        // The rows are what the query gives, or what the test says in their place.
        all: async <Row>(query: BoundQuery<Row>) =>
          (await meddle(query, () => transaction.all(query), transaction)) as readonly Row[],
      }),
    ),
});
