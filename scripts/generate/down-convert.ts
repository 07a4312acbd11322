/**
 * The document for tools that stop at OpenAPI 3.0. It knows the few keywords of 3.1 that the document uses,
 * and refuses one that it does not know, rather than pass it on silently.
 */
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
    if (keyword in rest) throw new Error(`the keyword ${keyword} has no form in OpenAPI 3.0`);
  }
  if (Array.isArray(rest.type)) throw new Error("a list of types has no form in OpenAPI 3.0");
  // A reference stands alone in 3.0: what is said beside it goes around it.
  if ($ref !== undefined) return Object.keys(rest).length === 0 ? { $ref } : { allOf: [{ $ref }], ...rest };
  return {
    ...rest,
    ...(constant === undefined ? {} : { enum: [constant] }),
    ...(Array.isArray(examples) && examples[0] !== undefined ? { example: examples[0] } : {}),
  };
}

/** Descends to the schemas, which stand under `schema` or in `components.schemas`; examples are left as they are. */
function convertValue(value: Json, key = ""): Json {
  if (Array.isArray(value)) return value.map((each) => convertValue(each));
  if (!isObject(value)) return value;
  if (key === "schema") return convertSchema(value);
  if (key === "schemas")
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, convertSchema(each)]));
  if (key === "examples" || key === "example") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, convertValue(each, name)]));
}

/** OpenAPI 3.0.3 from our 3.1. `webhooks` becomes the extension `x-webhooks` that several tools read. */
export function toOpenApi30(document: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const { jsonSchemaDialect: _dialect, webhooks, info, ...rest } = document;
  if (!info || !isObject(info) || !webhooks) throw new Error("the document lacks info or webhooks");
  const { summary: _summary, license, ...about } = info;
  const name = license !== undefined && isObject(license) ? license["name"] : undefined;
  const converted = convertValue({ ...rest, "x-webhooks": webhooks });
  if (!isObject(converted)) throw new Error("the document is no object");
  return {
    ...converted,
    openapi: "3.0.3",
    info: { ...about, license: { name: name ?? "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" } },
  };
}
