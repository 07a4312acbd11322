/** Reads the fields of a message from its schema, across all branches. */
import { type Document, resolve } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { joinPointer } from "./document-parts.ts";

/** A field as the document describes it. If a message has several branches, the field has the types and values of all of them. */
export interface Field {
  readonly type: string;
  /** Whether every branch that contains the parent object requires the field. */
  readonly required: boolean;
  readonly maxLength?: number | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly deprecated: boolean;
}

/** Merges two schemas that both apply. */
function mergeSchemas(one: Schema, other: Schema): Schema {
  const properties: Record<string, Schema> = { ...one.properties };
  for (const [name, schema] of Object.entries(other.properties ?? {})) {
    const known = properties[name];
    properties[name] = known ? { allOf: [known, schema] } : schema;
  }
  return { ...one, ...other, properties, required: [...(one.required ?? []), ...(other.required ?? [])] };
}

/** Returns the alternatives that a schema allows, each without `$ref`, `allOf`, `oneOf`, and `anyOf`. */
function expand(document: Document, { $ref, allOf, oneOf, anyOf, ...own }: Schema): readonly Schema[] {
  // `Schema` does not declare `allOf`. Redocly's rules check that it is a list of schemas.
  const parts: readonly (readonly Schema[])[] = [
    ...($ref === undefined ? [] : [expand(document, resolve<Schema>(document, { $ref }))]),
    ...((allOf as readonly Schema[] | undefined) ?? []).map((part) => expand(document, part)),
    ...[oneOf, anyOf].flatMap((branches) => (branches ? [branches.flatMap((branch) => expand(document, branch))] : [])),
    [own],
  ];
  return parts.reduce((merged, part) => merged.flatMap((one) => part.map((other) => mergeSchemas(one, other))));
}

const unique = (values: readonly unknown[]): readonly string[] => [...new Set(values.map(String))].sort();

/** Returns the union of the values, or `undefined` if an alternative does not list its values. */
function getEnumeration(alternatives: readonly Schema[]): readonly string[] | undefined {
  const lists = alternatives.map((schema) => (schema.const === undefined ? schema.enum : [schema.const]));
  return lists.every((list) => list !== undefined) ? unique(lists.flat()) : undefined;
}

function getMaxLength(alternatives: readonly Schema[]): number | undefined {
  const limits = alternatives.flatMap(({ maxLength }) => (typeof maxLength === "number" ? [maxLength] : []));
  return limits.length === alternatives.length ? Math.max(...limits) : undefined;
}

/** Returns the names of the types, such as `string` or `array of string`. */
const getTypes = (document: Document, alternatives: readonly Schema[]): string =>
  unique(
    alternatives.map(({ type, items }) => (items ? `${type} of ${getTypes(document, expand(document, items))}` : type)),
  ).join(" or ");

const describe = (document: Document, alternatives: readonly Schema[]): Omit<Field, "required"> => ({
  type: getTypes(document, alternatives),
  maxLength: getMaxLength(alternatives),
  enum: getEnumeration(alternatives),
  deprecated: alternatives.every(({ deprecated }) => deprecated === true),
});

/** Returns the fields of a body by JSON Pointer, at any depth. */
export function findFields(document: Document, schema: Schema): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const visit = (alternatives: readonly Schema[], parent: string): void => {
    const objects = alternatives.filter(({ type }) => type === "object");
    for (const name of unique(objects.flatMap(({ properties }) => Object.keys(properties ?? {})))) {
      const inner = objects.flatMap(({ properties }) => (properties?.[name] ? expand(document, properties[name]) : []));
      const pointer = joinPointer(parent, name);
      const required = objects.every((object) => object.required?.includes(name));
      fields.set(pointer, { ...describe(document, inner), required });
      visit(inner, pointer);
    }
  };
  visit(expand(document, schema), "");
  return fields;
}
