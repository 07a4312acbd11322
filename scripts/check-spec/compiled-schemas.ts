/** The schemas of the bundled document, one inside the other, and what ajv makes of them. */
import type { ValidateFunction } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { createAjv } from "../openapi/ajv-modules.ts";
import { type Document, resolve, valueAt } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { below, type Place, typed } from "./json-pointers.ts";

// A schema below any other keyword is not searched: the checks reject these keywords.
const HOLDS_ONE = ["not", "items"];
const HOLDS_MORE = ["allOf", "anyOf", "oneOf", "properties"];

function innerOf({ at, value }: Place<Schema>): readonly Place<Schema>[] {
  const inner: readonly (readonly [string, unknown])[] = [
    ...HOLDS_ONE.map((key) => [below(at, key), value[key]] as const),
    ...HOLDS_MORE.flatMap((key) =>
      Object.entries(value[key] ?? {}).map(([name, each]): readonly [string, unknown] => [below(at, key, name), each]),
    ),
  ];
  // `true` and `false` are schemas too; they hold nothing that any check reads.
  return inner.flatMap(([where, each]) =>
    typeof each === "object" && each !== null ? [{ at: where, value: each as Schema }] : [],
  );
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
    ...typed(document).map(({ at, value }) => ({ at: below(at, "schema"), value: value.schema })),
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

const BASE = "https://antom-vault.invalid/openapi.json";

const ajvs = new WeakMap<Document, Ajv2020>();

/** An ajv in strict mode that knows the document. It compiles a schema of it, wherever it is, when it is asked for. */
function ajvFor(document: Document): Ajv2020 {
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
  const ajv = ajvFor(document);
  ajv.validateSchema(valueAt(document, at) as Schema, true);
  const pointer = at.slice(1).split("/").map(encodeURIComponent).join("/");
  const validate = ajv.getSchema(`${BASE}#${pointer}`);
  if (!validate) throw new Error(`nothing stands at ${at}`);
  return validate;
}

/** Why the value does not fit the schema, or why that cannot be told. */
export function misfit(document: Document, schemaAt: string, value: unknown): string | undefined {
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
