/** The compiled queries of an engine, with their types. */
import { type CompiledQuery, compiled } from "../../../generated/queries.ts";
import type { BoundQuery, EngineName, Value } from "./database-engine.ts";
import type { Definition, Definitions } from "./query-definitions.ts";

/** Each query takes its parameters by name. */
export type Queries = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends Definition<infer Parameters, infer Row>
    ? (parameters: Parameters) => BoundQuery<Row>
    : never;
};

export function queriesFor(engine: EngineName): Queries {
  const queries = Object.entries(compiled[engine]).map(([name, query]) => [name, bind(query)]);
  // The names and their types are those of the definitions, from which the compiled ones were made.
  return Object.fromEntries(queries) as Queries;
}

function bind({ sql, places }: CompiledQuery) {
  return (parameters: Readonly<Record<string, Value>>): BoundQuery<never> => ({
    sql,
    values: places.map((place) => ("constant" in place ? place.constant : (parameters[place.parameter] ?? null))),
  });
}
