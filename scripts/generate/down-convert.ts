/** Converts the document to OpenAPI 3.0. Supports only the keywords of OpenAPI 3.1 that the document uses, and throws an error for any other. */
import { mapSchema, type Schema } from "../openapi/schemas.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const ONLY_IN_31 = [
  "$defs",
  "if",
  "then",
  "else",
  "prefixItems",
  "contains",
  "unevaluatedProperties",
  "patternProperties",
  "propertyNames",
  "dependentRequired",
  "exclusiveMinimum",
  "exclusiveMaximum",
];

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const convertSchema = (value: Json): Json => mapSchema(value as Schema, convertKeywords) as Json;

function convertKeywords({ const: constant, examples, $ref, ...rest }: Schema): Schema {
  for (const keyword of ONLY_IN_31) {
    if (keyword in rest) throw new Error(`the keyword ${keyword} is not supported in OpenAPI 3.0`);
  }
  if (Array.isArray(rest.type)) throw new Error("a list of types is not supported in OpenAPI 3.0");
  // OpenAPI 3.0 ignores keywords next to a reference.
  if ($ref !== undefined) return Object.keys(rest).length === 0 ? { $ref } : { allOf: [{ $ref }], ...rest };
  return {
    ...rest,
    ...(constant === undefined ? {} : { enum: [constant] }),
    ...(Array.isArray(examples) && examples[0] !== undefined ? { example: examples[0] } : {}),
  };
}

/** Converts the schemas in a value, which are under `schema` or in `components.schemas`. Leaves examples unchanged. */
function convertValue(value: Json, key = ""): Json {
  if (Array.isArray(value)) return value.map((item) => convertValue(item));
  if (!isObject(value)) return value;
  if (key === "schema") return convertSchema(value);
  if (key === "schemas")
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, convertSchema(schema)]));
  if (key === "examples" || key === "example") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, convertValue(item, name)]));
}

/** Converts the OpenAPI 3.1 document to 3.0.3. `webhooks` becomes the extension `x-webhooks`, which several tools support. */
export function toOpenApi30(document: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const { jsonSchemaDialect: _dialect, webhooks, info, ...rest } = document;
  if (!info || !isObject(info)) throw new Error("the document has no info object");
  const { summary: _summary, license, ...about } = info;
  const name = license !== undefined && isObject(license) ? license["name"] : undefined;
  const converted = convertValue({ ...rest, ...(webhooks ? { "x-webhooks": webhooks } : {}) });
  if (!isObject(converted)) throw new Error("the document is not an object");
  return {
    ...converted,
    openapi: "3.0.3",
    info: { ...about, license: { name: name ?? "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" } },
  };
}
