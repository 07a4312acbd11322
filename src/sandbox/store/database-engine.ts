/** The interface of a database engine. */

export type EngineName = "sqlite" | "postgresql";

/** A value that a column can store. */
export type SqlValue = string | number | null;

/** A statement in the SQL dialect of one engine, with its values. */
export interface BoundQuery<Row> {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Never set. It only carries the type of the rows. */
  readonly row?: Row;
}

/** A transaction. It can block other calls, so await only its queries while it runs. */
export interface Transaction {
  readonly all: <Row>(query: BoundQuery<Row>) => Promise<readonly Row[]>;
}

export interface Engine {
  readonly name: EngineName;
  /**
   * Runs work in a transaction. Resolves with the result of the work when the transaction is durable. Rolls back and rejects with
   * the error if the work or the database fails. Several calls may share a transaction. A call with `alone: true` gets a separate one.
   */
  readonly transact: <Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: { readonly alone?: boolean },
  ) => Promise<Result>;
  /** Runs a query and returns only committed data. The caller needs no transaction. */
  readonly read: <Row>(query: BoundQuery<Row>) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
}
