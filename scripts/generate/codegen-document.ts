/**
 * Creates the document for code generators without full support for `oneOf`: one object for each message, with the fields of all its outcomes.
 * Messages that the client sends keep their constraints, but allow only the preferred form of each value. Messages that the client receives have no
 * constraints except on resultStatus, so that generated code accepts new values.
 */
import { type Document, type Example, type Reference, resolve } from "../openapi/openapi-document.ts";
import { getRefName, type Schema, type Schemas } from "../openapi/schemas.ts";

type Direction = "sent" | "received";

type Components = Record<string, Schema>;

/** Descriptions for schemas and properties whose description in spec/ covers only one outcome, or a form that generated code does not use. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Result: "The result of the call or, in a notification, of the vaulting. Check resultStatus first.",
  TerminalType:
    "The buyer's terminal: `WEB`, a site in a desktop browser; `WAP`, a page in a mobile browser; `APP`, a mobile app; `MINI_APP`, a mini program.",
  VaultedCard:
    "The card. It has a cardToken only if it is vaulted. It never contains the complete card number or the CVV.",
  VaultedPaymentMethodDetail: "The payment method. Its card has a cardToken only if it is vaulted.",
  resultCode: "The result code. Check resultStatus first.",
  resultStatus: "`S`, success; `F`, failure; `U`, unknown or not final.",
  vaultingResultCode: "The result code of the vaulting. Absent from responses before 2026.",
  vaultingStatus: "The state of the vaulting.",
};

/** The only enumeration that stays closed in messages that the client receives. */
const CLOSED = "resultStatus";
const REMOVED_FROM_SENT = /^(?:x-open-enum|x-open-enum-except|x-rule-text|not|title)$/;
const KEPT_IN_RECEIVED = /^(?:type|description|examples|items|x-card-data)$/;

const isSameText = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const keep = (schema: Schema, isKept: (keyword: string) => boolean): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => isKept(keyword)));

/** Returns the last words that all names share, for example `Result`. */
function getCommonEnding(names: readonly string[]): string {
  const [first = [], ...others] = names.map((name) => name.match(/[A-Z][a-z0-9]*/g) ?? []);
  const endings = first.map((_, index) => first.slice(index).join(""));
  return endings.find((ending) => others.every((words) => words.join("").endsWith(ending))) ?? "";
}

/** Returns the native alternative of a value that the document also accepts as a string. */
function preferNative(schema: Schema): Schema {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!alternatives?.some(({ type }) => type === "string")) return schema;
  const native = alternatives.find(({ type }) => type !== "string");
  const { anyOf: _any, oneOf: _one, ...rest } = schema;
  return { ...native, ...rest };
}

/** Returns the alternatives of each property in the branches. Omits deprecated properties, aliases, and, in received messages, card data. */
function collectProperties(branches: readonly Schema[], direction: Direction): ReadonlyMap<string, readonly Schema[]> {
  const collected = new Map<string, Schema[]>();
  for (const [name, property] of branches.flatMap(({ properties = {} }) => Object.entries(properties))) {
    const isHidden = direction === "received" && property["x-card-data"] === true;
    if (isHidden || property["deprecated"] === true || property["x-alias-of"] !== undefined) continue;
    collected.set(name, [...(collected.get(name) ?? []), property]);
  }
  return collected;
}

/** Creates the functions that read the schemas of the main document. */
function createReader(schemas: Schemas) {
  const lookUp = (name: string): Schema => schemas[name] ?? {};
  const getBranches = (names: readonly string[]) =>
    names.flatMap((name) => {
      const { oneOf } = lookUp(name);
      return oneOf ? oneOf.map(({ $ref }) => lookUp(getRefName(String($ref)))) : [lookUp(name)];
    });
  const isObjectName = (name: string) => getBranches([name]).every(({ type }) => type === "object");

  /** Replaces a reference with the schema that it names, but keeps the property's description. */
  const inline = (schema: Schema): Schema => {
    const { $ref, ...rest } = preferNative(schema);
    if ($ref !== undefined) return inline({ ...lookUp(getRefName($ref)), ...rest });
    return rest.items ? { ...rest, items: inline(rest.items) } : rest;
  };

  const getObjectNames = (properties: readonly Schema[]) =>
    properties.flatMap((property) => {
      const { $ref } = preferNative(property);
      return $ref !== undefined && isObjectName(getRefName($ref)) ? [getRefName($ref)] : [];
    });

  return { lookUp, getBranches, isObjectName, inline, getObjectNames };
}

/**
 * Finds the families of schemas that describe the same object in different outcomes. Returns a map from the name of each such schema to the names of
 * all schemas in its family.
 */
function findFamilies(schemas: Schemas): ReadonlyMap<string, readonly string[]> {
  const { getBranches, isObjectName, getObjectNames } = createReader(schemas);
  const families = new Map<string, readonly string[]>();
  const joinFamilies = (branches: readonly Schema[]): void => {
    for (const properties of collectProperties(branches, "received").values()) {
      const names = getObjectNames(properties);
      const family = [...new Set(names.flatMap((name) => families.get(name) ?? name))];
      for (const name of family) families.set(name, family);
      if (family.length > 0) joinFamilies(getBranches(family));
    }
  };
  for (const name of Object.keys(schemas))
    if (schemas[name]?.oneOf && isObjectName(name)) joinFamilies(getBranches([name]));
  return families;
}

/** Removes extensions and alternative forms from the schema of a value that the client sends. */
function convertSent(schema: Schema): Schema {
  const converted = keep(schema, (keyword) => !REMOVED_FROM_SENT.test(keyword));
  const { enum: values, pattern, type } = converted;
  return {
    ...converted,
    ...(type === "integer" ? { format: "int32" } : {}),
    ...(typeof pattern === "string" ? { pattern: toPortablePattern(pattern) } : {}),
    ...(values
      ? { enum: values.filter((value, at) => values.findIndex((other) => isSameText(other, value)) === at) }
      : {}),
  };
}

/**
 * Converts a pattern to a form that all generators support. Python's generator writes the pattern between double quotes. Ruby rejects escapes above
 * \x7F, and PHP compares them with UTF-8 bytes, which would reject common letters. Therefore, only the server rejects C1 controls.
 */
const toPortablePattern = (pattern: string): string =>
  pattern.replaceAll('"', String.raw`\x22`).replaceAll(String.raw`\x7F-\x9F`, String.raw`\x7F`);

/** Combines the alternative schemas of a value that the client receives. */
function convertReceived(name: string, found: readonly Schema[]): Schema {
  const [first = {}] = found;
  const types = new Set(found.map(({ type }) => type));
  if (types.size > 1) throw new Error(`${name} has different types in different outcomes: ${[...types].join(", ")}`);
  const known = [
    ...new Set(found.flatMap(({ enum: values, const: value }) => values ?? (value === undefined ? [] : [value]))),
  ];
  const texts = found.flatMap(({ description }) => (typeof description === "string" ? [description] : []));
  const [longest] = texts.sort((a, b) => b.length - a.length);
  const text = (found.length > 1 ? DESCRIPTIONS[name] : undefined) ?? longest;
  const rest = keep(first, (keyword) => KEPT_IN_RECEIVED.test(keyword));
  if (first.items) return { ...rest, description: text, items: convertReceived(name, [first.items]) };
  if (name === CLOSED) return { ...rest, description: text, enum: known };
  // The country codes are not marked as an open enumeration, and a list of 249 values would not help.
  if (known.length === 0 || known.length > 100) return { ...rest, description: text };
  const description = `${text} Known values (the gateway may add more): ${known.join(", ")}.`;
  return { ...rest, description, "x-extensible-enum": known };
}

/** Creates the functions that convert a schema and an example, and the components to which the converted schemas refer. */
function createConverter(schemas: Schemas) {
  const { lookUp, getBranches, inline, getObjectNames } = createReader(schemas);
  const families = findFamilies(schemas);
  const components: Components = {};

  const convertComponent = (names: readonly string[], direction: Direction): Schema => {
    const [first = ""] = names;
    const ending = names.length > 1 ? getCommonEnding(names) : "";
    const name = ending === "" || schemas[ending] ? first : ending;
    const branches = getBranches(names);
    const properties = collectProperties(branches, direction);
    const required = [...properties.keys()].filter((key) => branches.every((branch) => branch.required?.includes(key)));
    components[name] ??= {
      title: name,
      type: "object",
      description: DESCRIPTIONS[name] ?? lookUp(name)["description"],
      ...(required.length > 0 ? { required } : {}),
      properties: Object.fromEntries(
        [...properties].map(([key, alternatives]) => [key, convertProperty(key, alternatives, direction)]),
      ),
    };
    return { $ref: `#/components/schemas/${name}` };
  };

  const convertProperty = (name: string, alternatives: readonly Schema[], direction: Direction): Schema => {
    const objects = getObjectNames(alternatives);
    if (objects.length > 0) {
      const [family = objects] = objects.map((object) => families.get(object) ?? [object]);
      if (objects.length < alternatives.length) throw new Error(`${name} is an object only in some outcomes`);
      const converted = convertComponent(direction === "sent" ? objects : family, direction);
      const component = components[getRefName(String(converted.$ref))];
      if (component && alternatives.some((schema) => schema["x-card-data"] === true))
        components[String(component["title"])] = { ...component, "x-card-data": true };
      return converted;
    }
    const found = alternatives.map(inline);
    if (direction === "received") return convertReceived(name, found);
    const [{ $ref } = {}] = alternatives;
    const sent = convertSent(found[0] ?? {});
    if (!sent.enum || $ref === undefined) return sent;
    const title = getRefName($ref);
    components[title] = { title, ...sent, description: DESCRIPTIONS[title] ?? lookUp(title)["description"] };
    return { $ref };
  };

  const convertSchema = (schema: Schema, direction: Direction): Schema =>
    convertProperty("schema", [schema], direction);

  /** Removes from an example the fields that the converted schema lacks, and spells the values of enumerations as the schema does. */
  const convertExample = (value: unknown, schema: Schema): unknown => {
    const { properties, enum: values } = components[getRefName(schema.$ref ?? "")] ?? schema;
    if (values) return values.find((known) => isSameText(known, value)) ?? value;
    if (!properties || !isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => {
        const property = properties[name];
        return property ? [[name, convertExample(inner, property)]] : [];
      }),
    );
  };
  return { components, convertSchema, convertExample };
}

/** Creates the document for code generators from the bundled document. The result uses the keywords of OpenAPI 3.1, so pass it to `toOpenApi30`. */
export function toCodegenDocument(document: Document): { readonly [key: string]: unknown } {
  const { components, convertSchema, convertExample } = createConverter(document.components.schemas);
  const convert = (value: unknown, direction: Direction): unknown => {
    if (Array.isArray(value)) return value.map((item) => convert(item, direction));
    if (!isObject(value)) return value;
    if (value["$ref"] !== undefined) return convert(resolve(document, value), direction);
    if (isObject(value["schema"])) {
      const schema = convertSchema(value["schema"], direction);
      const examples = (value["examples"] ?? {}) as Readonly<Record<string, Example | Reference>>;
      const converted = Object.entries(examples).map(([name, example]) => {
        const found = resolve(document, example);
        return [name, { ...found, value: convertExample(found.value, schema) }];
      });
      return { ...value, schema, ...(converted.length > 0 ? { examples: Object.fromEntries(converted) } : {}) };
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const isReply = key === "responses" || key === "callbacks";
        return [key, convert(inner, isReply === (direction === "sent") ? "received" : "sent")];
      }),
    );
  };
  const { info, servers, security, tags } = document;
  const paths = convert(document.paths, "sent");
  return {
    openapi: document["openapi"],
    info: {
      ...info,
      description:
        "The Vault API of Antom (Alipay), for code generators: one object for each message. Sign every request, and verify responses and notifications over their raw bytes before you parse them. See docs/generate-code.md.",
    },
    servers,
    security,
    tags,
    paths,
    components: { securitySchemes: document.components["securitySchemes"], schemas: components },
    "x-gateway-result-codes": document["x-gateway-result-codes"],
  };
}
