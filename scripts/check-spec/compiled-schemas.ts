/** The schemas of the bundled document, one inside the other, and what ajv makes of them. */
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { addFormats } from "../openapi/ajv-modules.ts";
import { type Document, resolve } from "../openapi/openapi-document.ts";
import { SCHEMA_EXTENSIONS, type Schema } from "../openapi/schemas.ts";
import { below, fields, messages, type Place } from "./json-pointers.ts";

/** The keywords below which schemas stand, by the shape in which they hold them. */
const HOLDS_ONE = [
  "not",
  "items",
  "contains",
  "propertyNames",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "if",
  "then",
  "else",
];
const HOLDS_LIST = ["allOf", "anyOf", "oneOf", "prefixItems"];
const HOLDS_MAP = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

// `true` and `false` are schemas too; they hold nothing that any check reads.
const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function innerOf({ at, value }: Place<Schema>): readonly Place<Schema>[] {
  const inner: readonly (readonly [string, unknown])[] = [
    ...HOLDS_ONE.map((key) => [below(at, key), value[key]] as const),
    ...[...HOLDS_LIST, ...HOLDS_MAP].flatMap((key) =>
      Object.entries(value[key] ?? {}).map(([name, each]): readonly [string, unknown] => [below(at, key, name), each]),
    ),
  ];
  return inner.flatMap(([where, each]) => (isSchema(each) ? [{ at: where, value: each }] : []));
}

/** A schema and every schema inside it, references not followed. */
export const deep = (place: Place<Schema>): readonly Place<Schema>[] => [place, ...innerOf(place).flatMap(deep)];

/** A schema, every schema inside it and every schema behind a reference of those, each once. */
export function reachable(document: Document, start: Place<Schema>): readonly Place<Schema>[] {
  const found = new Map<string, Place<Schema>>();
  const visit = (place: Place<Schema>): void => {
    if (found.has(place.at)) return;
    found.set(place.at, place);
    if (place.value.$ref !== undefined)
      visit({ at: place.value.$ref, value: resolve<Schema>(document, { $ref: place.value.$ref }) });
    innerOf(place).forEach(visit);
  };
  visit(start);
  return [...found.values()];
}

export const componentSchemas = (document: Document): readonly Place<Schema>[] =>
  Object.entries(document.components.schemas).map(([name, value]) => ({
    at: below("#/components/schemas", name),
    value,
  }));

/** Every schema of the document at any depth, those of bodies, parameters and headers included. */
export const allSchemas = (document: Document): readonly Place<Schema>[] =>
  [
    ...componentSchemas(document),
    ...[...messages(document), ...fields(document)].map(({ at, value }) => ({
      at: below(at, "schema"),
      value: value.schema,
    })),
  ].flatMap(deep);

/** The properties that these schemas define, at any depth. */
export const propertiesOf = (
  schemas: readonly Place<Schema>[],
): readonly (Place<Schema> & { readonly name: string })[] =>
  schemas.flatMap(deep).flatMap(({ at, value }) =>
    Object.entries(value.properties ?? {}).map(([name, each]) => ({
      name,
      at: below(at, "properties", name),
      value: each,
    })),
  );

const BASE = "https://antom-vault.invalid/schemas/";

/** With absolute references any schema compiles on its own, wherever in the document it stands. */
const absolute = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replaceAll(/"#\/components\/schemas\/([^"/]+)/g, `"${BASE}$1#`));

type Compile = (schema: Schema) => ValidateFunction;

function newCompiler(document: Document): Compile {
  const ajv = new Ajv2020({ strict: true, allErrors: true, inlineRefs: false });
  addFormats(ajv, ["date", "date-time"]);
  for (const keyword of SCHEMA_EXTENSIONS) ajv.addKeyword(keyword);
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    // Not checked here, so that a bad schema is a fault of its own and not of every other.
    ajv.addSchema({ $id: BASE + name, ...absolute(schema) }, undefined, false, false);
  }
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema) => {
    const validate = compiled.get(schema) ?? ajv.compile(absolute(schema));
    compiled.set(schema, validate);
    return validate;
  };
}

const compilers = new WeakMap<Document, Compile>();

/** Compiles a schema of the document in ajv's strict mode; throws where that is refused. */
export function compile(document: Document, schema: Schema): ValidateFunction {
  const compiler = compilers.get(document) ?? newCompiler(document);
  compilers.set(document, compiler);
  return compiler(schema);
}

/** Why the value does not fit the schema, or why that cannot be told. */
export function misfit(document: Document, schema: Schema, value: unknown): string | undefined {
  try {
    const validate = compile(document, schema);
    if (validate(value)) return undefined;
    const reasons = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || "the value"} ${message}`,
    );
    return `does not fit its schema: ${[...new Set(reasons)].slice(0, 3).join("; ")}`;
  } catch (error) {
    return `cannot be validated: ${error instanceof Error ? error.message : String(error)}`;
  }
}
