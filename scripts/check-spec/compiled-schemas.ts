/** Finds and compiles the schemas of the bundled document. */
import type { ValidateFunction } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { createAjv } from "../openapi/ajv-modules.ts";
import { type Document, getValueAt, resolve } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { findSchemaOwners, joinPointer, type Located } from "./document-parts.ts";

// Other keywords that contain schemas are not searched, because the portability check rejects them.
const SINGLE_SCHEMA_KEYWORDS = ["not", "items"];
const SCHEMA_MAP_KEYWORDS = ["anyOf", "oneOf", "properties"];

function getInnerSchemas({ at, value }: Located<Schema>): readonly Located<Schema>[] {
  const inner: readonly (readonly [string, unknown])[] = [
    ...SINGLE_SCHEMA_KEYWORDS.map((key) => [joinPointer(at, key), value[key]] as const),
    ...SCHEMA_MAP_KEYWORDS.flatMap((key) =>
      Object.entries(value[key] ?? {}).map(([name, schema]): readonly [string, unknown] => [
        joinPointer(at, key, name),
        schema,
      ]),
    ),
  ];
  // The Boolean schemas `true` and `false` contain nothing to check.
  return inner.flatMap(([at, schema]) =>
    typeof schema === "object" && schema !== null ? [{ at, value: schema as Schema }] : [],
  );
}

/** Returns a schema and all schemas inside it, without following references. */
export const collectSchemas = (place: Located<Schema>): readonly Located<Schema>[] => [
  place,
  ...getInnerSchemas(place).flatMap(collectSchemas),
];

/** Returns a schema, all schemas inside it, and all schemas that they reference, once each. */
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

/** Returns all schemas of the document at any depth, including those of bodies, parameters, and headers. */
export const findAllSchemas = (document: Document): readonly Located<Schema>[] =>
  [
    ...getComponentSchemas(document),
    ...findSchemaOwners(document).map(({ at, value }) => ({ at: joinPointer(at, "schema"), value: value.schema })),
  ].flatMap(collectSchemas);

/** Returns the properties that the schemas define, at any depth. */
export const findProperties = (
  schemas: readonly Located<Schema>[],
): readonly (Located<Schema> & { readonly name: string })[] =>
  schemas.flatMap(collectSchemas).flatMap(({ at, value }) =>
    Object.entries(value.properties ?? {}).map(([name, property]) => ({
      name,
      at: joinPointer(at, "properties", name),
      value: property,
    })),
  );

const DOCUMENT_URL = "https://antom-vault.invalid/openapi.json";

const ajvs = new WeakMap<Document, Ajv2020>();

/** Returns an Ajv instance in strict mode that has loaded the document and compiles its schemas on demand. */
function getAjv(document: Document): Ajv2020 {
  const known = ajvs.get(document);
  if (known) return known;
  const ajv = createAjv();
  // Ajv reads the document as a schema with the keywords "openapi", "info", and so on.
  ajv.addVocabulary(Object.keys(document));
  // Schemas are validated only when they are compiled, so that an invalid schema does not affect other schemas.
  ajv.addSchema(document, DOCUMENT_URL, false, false);
  ajvs.set(document, ajv);
  return ajv;
}

/** Compiles the schema at a JSON Pointer. @throws {Error} if Ajv's strict mode rejects it */
export function compile(document: Document, at: string): ValidateFunction {
  const ajv = getAjv(document);
  ajv.validateSchema(getValueAt(document, at) as Schema, true);
  const pointer = at.slice(1).split("/").map(encodeURIComponent).join("/");
  const validate = ajv.getSchema(`${DOCUMENT_URL}#${pointer}`);
  if (!validate) throw new Error(`no schema at ${at}`);
  return validate;
}

/** Returns why the value does not match the schema or cannot be validated, or `undefined` if it matches. */
export function findSchemaError(document: Document, schemaAt: string, value: unknown): string | undefined {
  try {
    const validate = compile(document, schemaAt);
    if (validate(value)) return undefined;
    const reasons = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || "the value"} ${message}`,
    );
    return `does not match its schema: ${[...new Set(reasons)].slice(0, 3).join("; ")}`;
  } catch (error) {
    return `cannot be validated: ${error instanceof Error ? error.message : String(error)}`;
  }
}
