/** What a database engine does for the store. */

export type EngineName = "sqlite" | "postgresql";

/** A value that a column can store. */
export type SqlValue = string | number | null;

/** A statement in the SQL of one engine, with its values. */
export interface BoundQuery<Row> {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Never set. Keeps the type of the rows. */
  readonly row?: Row;
}

/** A transaction. Whoever is given one waits for nothing else meanwhile: others wait for it. */
export interface Transaction {
  readonly all: <Row>(query: BoundQuery<Row>) => Promise<readonly Row[]>;
}

export interface Engine {
  readonly name: EngineName;
  /**
   * Runs work in a transaction. What it gives is handed over once the transaction is durable, and nothing of it is there where it rejects.
   * Rejects with what the work or the database throws.
   */
  readonly transact: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
  /** Reads outside a transaction: what is committed. */
  readonly read: <Row>(query: BoundQuery<Row>) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
}
