/**
 * Generates `validators.js`: the schemas of each message in a compact form, and the code that interprets them. Users do not need Ajv, and a bundle
 * contains only the schemas of the messages that it uses. Error messages are created from the schema alone, so they never contain a value.
 */
import { join } from "node:path";
import { rolldown } from "rolldown";
import {
  getRefName,
  removeProse,
  SCHEMA_EXTENSIONS,
  type Schema,
  type Schemas,
  toStrict,
  toTolerant,
} from "../openapi/schemas.ts";

interface Message {
  /** The exported function. */
  readonly name: string;
  /** The schema in the document. */
  readonly schema: string;
  readonly variant: "request" | "tolerant" | "strict";
}

/** Returns the validators to generate. Responses and notifications have two: a tolerant and a strict one. */
export function getMessages(schemas: Schemas): readonly Message[] {
  return Object.keys(schemas).flatMap((schema): Message[] => {
    if (/Request$|Acknowledgement$|Rejection$/.test(schema))
      return [{ name: `validate${schema}`, schema, variant: "request" }];
    if (!/(Response|Notification)$/.test(schema)) return [];
    return [
      { name: `validate${schema}`, schema, variant: "tolerant" },
      { name: `validate${schema}Strict`, schema, variant: "strict" },
    ];
  });
}

/** Returns the validators of requests only, which are all that a server needs. */
export const getRequestMessages = (schemas: Schemas): readonly Message[] =>
  getMessages(schemas).filter(({ variant }) => variant === "request");

const getBranches = (schemas: Schemas, name: string): readonly string[] =>
  schemas[name]?.oneOf?.map((branch) => getRefName(String(branch.$ref))) ?? [name];

/** The keywords of the generated schemas by the type that they apply to, in the order of evaluation, which is the same as Ajv's. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  any: ["const", "enum", "not", "anyOf", "oneOf"],
  integer: [],
  boolean: [],
  number: ["maximum", "minimum"],
  string: ["maxLength", "minLength", "pattern", "format"],
  array: ["minItems", "items"],
  object: ["maxProperties", "minProperties", "required", "additionalProperties", "properties"],
};
const ANNOTATIONS = new Set<string>(["deprecated", "default", ...SCHEMA_EXTENSIONS]);
const KEYWORDS_WITH_TEXT = ["pattern", "not", "anyOf", "oneOf", "minProperties", "maxProperties"];

/** Emits the schemas of messages as constants. A bundler drops those that a program does not use, and equal variants share a constant. */
class SchemaConstants {
  readonly #variants: Readonly<Record<string, Schemas>>;
  /** The names of the constants, by their code. */
  readonly #names = new Map<string, string>();

  constructor(schemas: Schemas) {
    const request = removeProse(schemas);
    this.#variants = { request, tolerant: toTolerant(request), strict: toStrict(request) };
  }

  /** Adds a constant for a schema if there is none yet, and returns the name of the constant. */
  add(name: string, variant: Message["variant"]): string {
    const schema = this.#variants[variant]?.[name];
    if (!schema) throw new Error(`no schema ${name}`);
    const code = this.#format(schema, variant);
    const known = this.#names.get(code);
    if (known !== undefined) return known;
    const names = new Set(this.#names.values());
    const constant = names.has(name) ? `${name}_${variant}` : name;
    this.#names.set(code, constant);
    return constant;
  }

  toString(): string {
    return [...this.#names].map(([code, name]) => `const ${name} = ${code};\n`).join("");
  }

  #format(schema: Schema, variant: Message["variant"]): string {
    const format = (inner: Schema) => this.#format(inner, variant);
    const keywords = sortKeywords(schema);
    if (schema.$ref !== undefined) {
      if (keywords.length > 0)
        throw new Error(`the generator does not support keywords beside $ref: ${keywords.join(", ")}`);
      return this.add(getRefName(schema.$ref), variant);
    }
    const entries = keywords.map((keyword) => {
      const value = schema[keyword];
      if (keyword === "pattern") return `pattern: ${new RegExp(String(value), "u")}`;
      if (keyword === "not" || keyword === "items") return `${keyword}: ${format(value as Schema)}`;
      if (/^(?:any|one)Of$/.test(keyword))
        return `${keyword}: [${(value as readonly Schema[]).map(format).join(", ")}]`;
      if (keyword !== "properties") return `${keyword}: ${JSON.stringify(value)}`;
      const properties = Object.entries(value as Schemas).map(([name, inner]) => `${name}: ${format(inner)}`);
      return `properties: { ${properties.join(", ")} }`;
    });
    const text = schema["x-rule-text"];
    if (text !== undefined && KEYWORDS_WITH_TEXT.some((keyword) => keyword in schema))
      entries.push(`text: ${JSON.stringify(text)}`);
    return `{ ${entries.join(", ")} }`;
  }
}

/** Returns the validating keywords of a schema, in the order of evaluation. */
function sortKeywords(schema: Schema): readonly string[] {
  const { type = "any" } = schema;
  const sorted = Object.values(KEYWORDS)
    .flat()
    .filter((keyword) => schema[keyword] !== undefined);
  const unknown = Object.keys(schema).filter(
    (key) => ![...sorted, "type", "$ref"].includes(key) && !ANNOTATIONS.has(key),
  );
  if ((schema["additionalProperties"] ?? false) !== false) unknown.push("additionalProperties");
  const own = KEYWORDS[type];
  if (unknown.length > 0 || !own) throw new Error(`the generator does not support ${[type, ...unknown].join(", ")}`);
  if (type === "any") return sorted;
  const at = own.some((keyword) => sorted.includes(keyword)) ? sorted.findIndex((keyword) => own.includes(keyword)) : 0;
  return sorted.toSpliced(at, 0, "type");
}

/** Creates `validators.js`, with a function for each message. */
export async function createValidatorsModule(schemas: Schemas, messages = getMessages(schemas)): Promise<string> {
  const constants = new SchemaConstants(schemas);
  const exported = messages.map(({ name, schema, variant }) => {
    const branches = getBranches(schemas, schema).map((branch) => `${branch}: ${constants.add(branch, variant)}`);
    return `export const ${name} = /* @__PURE__ */ createValidator({ ${branches.join(", ")} });\n`;
  });
  const entry = `import { createValidator } from "./validator-runtime.ts";\n${constants}${exported.join("")}`;
  const bundle = await rolldown({
    input: "entry.js",
    cwd: import.meta.dirname,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "entry.js" ? join(import.meta.dirname, id) : null),
        load: (id) => (id.endsWith("entry.js") ? entry : null),
      },
    ],
    onLog: (_level, log) => {
      throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({
    format: "esm",
    comments: { annotation: true, jsdoc: false, legal: false },
  });
  return output[0].code;
}

/** Creates the declarations of `validators.js`. `types` is the module with the types of the schemas. */
export function createValidatorsDeclaration(
  schemas: Schemas,
  messages = getMessages(schemas),
  types = "./types.js",
): string {
  const lines = messages.map(({ name, schema, variant }) => {
    const valid = getBranches(schemas, schema).map((branch) => `Valid<"${branch}", Schemas["${branch}"]>`);
    const description =
      variant === "strict"
        ? `Validates ${schema} strictly: undocumented codes and fields are errors.`
        : variant === "tolerant"
          ? `Validates ${schema}, and accepts unknown fields and codes. \`branch\` names the outcome.`
          : `Validates ${schema}.`;
    return `/** ${description} */\nexport declare const ${name}: (value: unknown) => ${valid.join(" | ")} | Invalid;`;
  });
  return `import type { components } from "${types}";

type Schemas = components["schemas"];

/** A violation of the document: a JSON Pointer into the body, the schema keyword, and the requirement. Never contains the value. */
export interface ValidationIssue {
  readonly pointer: string;
  /** The JSON Schema keyword that the value violates, for example \`required\`. */
  readonly rule: string;
  /** The requirement, as a phrase that continues the pointer, for example \`must be digits only\`. */
  readonly message: string;
}
export interface Valid<Branch extends string, Value> {
  readonly valid: true;
  readonly branch: Branch;
  readonly value: Value;
}
export interface Invalid {
  readonly valid: false;
  readonly issues: readonly ValidationIssue[];
}

${lines.join("\n")}
`;
}
