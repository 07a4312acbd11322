/** Queries that are built once and run many times. */
import type { Compilable } from "kysely";

/** What a column can hold. */
export type Value = string | number | null;

/** A query in an engine's own words, with its values. */
export interface BoundQuery<Row> {
  readonly sql: string;
  readonly values: readonly Value[];
  /** Never there: it keeps the type of the rows. */
  readonly row?: Row;
}

/** Stands for a value while a query is built. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Builds and compiles a query once. Building one costs more than running it.
 *
 * @param build makes the query; where a value belongs that differs from run to run, it puts `parameter("name")`
 * @example
 * ```ts
 * const find = statement<{ clientId: string }, ClientRow>((parameter) =>
 *   db.selectFrom("client").selectAll().where("clientId", "=", parameter("clientId")));
 * await tx.all(find({ clientId: "SANDBOX_1" }));
 * ```
 */
export function statement<Parameters extends object, Row = never>(
  build: (parameter: <Name extends keyof Parameters & string>(name: Name) => Parameters[Name]) => Compilable,
): (parameters: Parameters) => BoundQuery<Row> {
  // The builder takes any object for a value and hands it through, which is all that is wanted of it.
  const compiled = build((name) => new Parameter(name) as never).compile();
  const { sql, parameters: places } = compiled;
  return (given) => ({
    sql,
    values: places.map(
      (place) => (place instanceof Parameter ? given[place.name as keyof Parameters] : place) as Value,
    ),
  });
}
