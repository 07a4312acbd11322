/** The schemas of the bundled document, one inside the other, and what ajv makes of them. */
import type { ValidateFunction } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { createAjv } from "../openapi/ajv-modules.ts";
import { type Document, getValueAt, resolve } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { findSchemaOwners, joinPointer, type Located } from "./json-pointers.ts";

// A schema below any other keyword is not searched: the checks reject these keywords.
const SINGLE_SCHEMA_KEYWORDS = ["not", "items"];
const SCHEMA_MAP_KEYWORDS = ["allOf", "anyOf", "oneOf", "properties"];

function getInnerSchemas({ at, value }: Located<Schema>): readonly Located<Schema>[] {
  const inner: readonly (readonly [string, unknown])[] = [
    ...SINGLE_SCHEMA_KEYWORDS.map((key) => [joinPointer(at, key), value[key]] as const),
    ...SCHEMA_MAP_KEYWORDS.flatMap((key) =>
      Object.entries(value[key] ?? {}).map(([name, each]): readonly [string, unknown] => [
        joinPointer(at, key, name),
        each,
      ]),
    ),
  ];
  // `true` and `false` are schemas too; they hold nothing that any check reads.
  return inner.flatMap(([where, each]) =>
    typeof each === "object" && each !== null ? [{ at: where, value: each as Schema }] : [],
  );
}

/** A schema and every schema inside it, references not followed. */
export const withInnerSchemas = (place: Located<Schema>): readonly Located<Schema>[] => [
  place,
  ...getInnerSchemas(place).flatMap(withInnerSchemas),
];

/** A schema, every schema inside it and every schema behind a reference of those, each once. */
export function findReachableSchemas(document: Document, start: Located<Schema>): readonly Located<Schema>[] {
  const found = new Map<string, Located<Schema>>();
  const visit = (place: Located<Schema>): void => {
    if (found.has(place.at)) return;
    found.set(place.at, place);
    if (place.value.$ref !== undefined)
      visit({ at: place.value.$ref, value: resolve<Schema>(document, { $ref: place.value.$ref }) });
    getInnerSchemas(place).forEach(visit);
  };
  visit(start);
  return [...found.values()];
}

export const getComponentSchemas = (document: Document): readonly Located<Schema>[] =>
  Object.entries(document.components.schemas).map(([name, value]) => ({
    at: joinPointer("#/components/schemas", name),
    value,
  }));

/** Every schema of the document at any depth, those of bodies, parameters and headers included. */
export const findAllSchemas = (document: Document): readonly Located<Schema>[] =>
  [
    ...getComponentSchemas(document),
    ...findSchemaOwners(document).map(({ at, value }) => ({ at: joinPointer(at, "schema"), value: value.schema })),
  ].flatMap(withInnerSchemas);

/** The properties that these schemas define, at any depth. */
export const findProperties = (
  schemas: readonly Located<Schema>[],
): readonly (Located<Schema> & { readonly name: string })[] =>
  schemas.flatMap(withInnerSchemas).flatMap(({ at, value }) =>
    Object.entries(value.properties ?? {}).map(([name, each]) => ({
      name,
      at: joinPointer(at, "properties", name),
      value: each,
    })),
  );

const BASE = "https://antom-vault.invalid/openapi.json";

const ajvs = new WeakMap<Document, Ajv2020>();

/** An ajv in strict mode that knows the document. It compiles a schema of it, wherever it is, when it is asked for. */
function getAjv(document: Document): Ajv2020 {
  const known = ajvs.get(document);
  if (known) return known;
  const ajv = createAjv();
  // To ajv the document is a schema with the keywords "openapi", "info", and so on.
  ajv.addVocabulary(Object.keys(document));
  // Not checked here, so that a bad schema is a fault of its own and not of every other.
  ajv.addSchema(document, BASE, false, false);
  ajvs.set(document, ajv);
  return ajv;
}

/** Compiles the schema at a JSON Pointer of the document in ajv's strict mode; throws where that is refused. */
export function compile(document: Document, at: string): ValidateFunction {
  const ajv = getAjv(document);
  ajv.validateSchema(getValueAt(document, at) as Schema, true);
  const pointer = at.slice(1).split("/").map(encodeURIComponent).join("/");
  const validate = ajv.getSchema(`${BASE}#${pointer}`);
  if (!validate) throw new Error(`nothing stands at ${at}`);
  return validate;
}

/** Why the value does not fit the schema, or why that cannot be told. */
export function findSchemaError(document: Document, schemaAt: string, value: unknown): string | undefined {
  try {
    const validate = compile(document, schemaAt);
    if (validate(value)) return undefined;
    const reasons = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || "the value"} ${message}`,
    );
    return `does not fit its schema: ${[...new Set(reasons)].slice(0, 3).join("; ")}`;
  } catch (error) {
    return `cannot be validated: ${error instanceof Error ? error.message : String(error)}`;
  }
}
