/** The JSON Schemas of the document, and their tolerant and strict variants. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly not?: Schema;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export type Schemas = Readonly<Record<string, Schema>>;

/** The extension keywords of the document's schemas. */
export const SCHEMA_EXTENSIONS = [
  "x-card-data",
  "x-enum-descriptions",
  "x-rule-text",
  "x-open-enum",
  "x-open-enum-except",
  "x-alias-of",
] as const;

/** Returns the name in `#/components/schemas/Name`. */
export const getRefName = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

type Change = (schema: Schema) => Schema;

/** Applies `change` to a schema and all schemas inside it, innermost first. */
export function mapSchema(schema: Schema, change: Change): Schema {
  if (typeof schema !== "object") throw new Error("a schema must be an object");
  const inner: Record<string, unknown> = { ...schema };
  for (const key of ["oneOf", "anyOf"] as const) {
    const list = schema[key] as readonly Schema[] | undefined;
    if (list) inner[key] = list.map((item) => mapSchema(item, change));
  }
  for (const key of ["not", "items"] as const) {
    const value = schema[key];
    if (value) inner[key] = mapSchema(value, change);
  }
  if (schema.properties) {
    inner["properties"] = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, mapSchema(property, change)]),
    );
  }
  return change(inner as Schema);
}

const mapAll = (schemas: Schemas, change: Change): Schemas =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, mapSchema(schema, change)]));

/**
 * Creates the schemas for a client, which accept new codes: an open enumeration accepts any string of 1 to 64 characters, except the values in
 * `x-open-enum-except`.
 */
export const toTolerant = (schemas: Schemas): Schemas =>
  mapAll(schemas, (schema) => {
    if (schema["x-open-enum"] !== true) return schema;
    const { enum: _closed, "x-open-enum-except": except, ...rest } = schema;
    const open = { ...rest, minLength: 1, maxLength: 64 };
    return Array.isArray(except) ? { ...open, not: { enum: except } } : open;
  });

/** Creates the schemas for the contract tests: undocumented fields are errors, and enumerations stay closed. */
export const toStrict = (schemas: Schemas): Schemas =>
  mapAll(schemas, (schema) =>
    schema.type === "object" && schema.properties ? { ...schema, additionalProperties: false } : schema,
  );

/** Removes descriptions and examples, which validators do not need. */
export const removeProse = (schemas: Schemas): Schemas =>
  mapAll(schemas, ({ description: _description, examples: _examples, ...rest }) => rest);
