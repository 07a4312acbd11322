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

/** A transaction. It blocks other work, so await only its own queries. */
export interface Transaction {
  readonly all: <Row>(query: BoundQuery<Row>) => Promise<readonly Row[]>;
}

export interface Engine {
  readonly name: EngineName;
  /**
   * Runs work in a transaction. Resolves with the result of the work when the transaction is durable. Rolls back and rejects with
   * the error if the work or the database fails. Several calls may share a transaction, unless one of them is `alone`.
   */
  readonly transact: <Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: { readonly alone?: boolean },
  ) => Promise<Result>;
  /** Reads committed data outside a transaction. */
  readonly read: <Row>(query: BoundQuery<Row>) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
}
