/** A store that counts final results, and engines whose queries a test can intercept. */
import type { BoundQuery, Engine, Transaction } from "../../sandbox/store/database-engine.ts";
import { openStore, type Store } from "../../sandbox/store/store.ts";

export interface TestStore extends Store {
  /** Returns the number of final results that were stored. */
  readonly getFinalCount: () => number;
}

/** The store's default time, in Unix milliseconds. */
export const NOW = 1_700_000_000_000;

export async function openTestStore(engine: Engine, now: () => number = () => NOW): Promise<TestStore> {
  let finals = 0;
  const onFinal = () => {
    finals += 1;
  };
  return { ...(await openStore(engine, { onFinal, now })), getFinalCount: () => finals };
}

/** A function that is called instead of each query. `runQuery` runs the original query. */
export type QueryInterceptor = (
  query: BoundQuery<unknown>,
  runQuery: () => Promise<readonly unknown[]>,
  transaction: Transaction,
) => Promise<readonly unknown[]>;

/** Wraps an engine so that a test can intercept the queries of its transactions. */
export const interceptQueries = (engine: Engine, intercept: QueryInterceptor): Engine => ({
  ...engine,
  transact: (work) =>
    engine.transact((transaction) =>
      work({
        // The interceptor returns the rows of the query or replaces them.
        all: async <Row>(query: BoundQuery<Row>) =>
          (await intercept(query, () => transaction.all(query), transaction)) as readonly Row[],
      }),
    ),
});
