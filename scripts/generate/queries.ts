/** `queries.ts`: the store's queries and migrations in the words of each engine, so that the sandbox starts without a query builder. */
import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { EngineName } from "../../src/sandbox/store/database-engine.ts";
import { MIGRATIONS } from "../../src/sandbox/store/migrations.ts";
import { definitions, Parameter, type Tables } from "../../src/sandbox/store/query-definitions.ts";

const builders: Readonly<Record<EngineName, Kysely<Tables>>> = {
  sqlite: new Kysely<Tables>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createAdapter: () => new SqliteAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (db) => new SqliteIntrospector(db),
    },
  }),
  postgresql: new Kysely<Tables>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
    },
  }),
};

function compile(query: Compilable) {
  const { sql, parameters } = query.compile();
  const places = parameters.map((place) =>
    place instanceof Parameter ? { parameter: place.name } : { constant: place },
  );
  return { sql, places };
}

const compiledFor = (engine: EngineName) =>
  Object.fromEntries(
    Object.entries(definitions(builders[engine], engine)).map(([name, { query }]) => [name, compile(query)]),
  );

/** Statements that define a schema take no values. */
const migrationsFor = (engine: EngineName) =>
  MIGRATIONS.map((migration) => migration(builders[engine], engine).map((query) => query.compile().sql));

/** The TypeScript of `queries.ts`. */
export function queriesModule(): string {
  const both = (make: (engine: EngineName) => unknown) =>
    JSON.stringify({ sqlite: make("sqlite"), postgresql: make("postgresql") }, null, 2);
  return `// Made by \`npm run generate\` from src/sandbox/store/query-definitions.ts and migrations.ts. Do not edit.

/** A value in its place: the same in every run, or a parameter. */
export type Place = { readonly constant: string | number | null } | { readonly parameter: string };

export interface CompiledQuery {
  readonly sql: string;
  readonly places: readonly Place[];
}

/** The queries by name. */
export const compiled: Readonly<Record<"sqlite" | "postgresql", Readonly<Record<string, CompiledQuery>>>> = ${both(compiledFor)};

/** The statements that bring a database from one version of the schema to the next. */
export const migrations: Readonly<Record<"sqlite" | "postgresql", readonly (readonly string[])[]>> = ${both(migrationsFor)};
`;
}
