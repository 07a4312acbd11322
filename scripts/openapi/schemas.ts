/** JSON Schemas as they stand in the document, and the three readings that are made of them. */
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
export const SCHEMA_EXTENSIONS = ["x-card-data", "x-means", "x-open-enum", "x-open-enum-except"] as const;

/** The name behind `#/components/schemas/Name`. */
export const getRefName = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

type Change = (schema: Schema) => Schema;

/** A schema with `change` applied to it and to every schema inside it, inner ones first. */
export function mapSchema(schema: Schema, change: Change): Schema {
  if (typeof schema !== "object") throw new Error("a schema must be an object");
  const inner: Record<string, unknown> = { ...schema };
  for (const key of ["oneOf", "anyOf", "allOf"] as const) {
    const list = schema[key] as readonly Schema[] | undefined;
    if (list) inner[key] = list.map((each) => mapSchema(each, change));
  }
  for (const key of ["not", "items"] as const) {
    const each = schema[key];
    if (each) inner[key] = mapSchema(each, change);
  }
  if (schema.properties) {
    inner["properties"] = Object.fromEntries(
      Object.entries(schema.properties).map(([name, each]) => [name, mapSchema(each, change)]),
    );
  }
  return change(inner as Schema);
}

const mapAll = (schemas: Schemas, change: Change): Schemas =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, mapSchema(schema, change)]));

/**
 * The reading of one who receives: an enumeration that the gateway may extend takes any name,
 * so that a code added tomorrow does not turn an answer into an error.
 */
export const toTolerant = (schemas: Schemas): Schemas =>
  mapAll(schemas, (schema) => {
    if (schema["x-open-enum"] !== true) return schema;
    const { enum: _closed, "x-open-enum-except": except, ...rest } = schema;
    const open = { ...rest, minLength: 1, maxLength: 64 };
    return Array.isArray(except) ? { ...open, not: { enum: except } } : open;
  });

/** The reading of a contract test: what the document does not name is a fault. */
export const toStrict = (schemas: Schemas): Schemas =>
  mapAll(schemas, (schema) =>
    schema.type === "object" && schema.properties ? { ...schema, additionalProperties: false } : schema,
  );

/** Without what is there for people only: ajv's code would carry it along. */
export const removeProse = (schemas: Schemas): Schemas =>
  mapAll(schemas, ({ description: _description, examples: _examples, ...rest }) => rest);
