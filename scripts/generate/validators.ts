/**
 * Generates `validators.js`: Ajv's standalone code for each message, bundled with its dependencies, so that users do not need Ajv. Error messages
 * are created here from the schema alone, so they never contain a value.
 */
import type { Ajv2020 } from "ajv/dist/2020.js";
import type { KeywordErrorCxt, KeywordErrorDefinition } from "ajv/dist/types/index.js";
import { rolldown } from "rolldown";
import { formatCount } from "../format-count.ts";
import { createAjv, standaloneCode } from "../openapi/ajv-modules.ts";
import { getRefName, removeProse, type Schema, type Schemas, toStrict, toTolerant } from "../openapi/schemas.ts";

interface Message {
  /** The exported function. */
  readonly name: string;
  /** The schema in the document. */
  readonly schema: string;
  readonly variant: "request" | "tolerant" | "strict";
}

/** Returns the validators to generate, by schema. Responses and notifications have two. */
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

const MAX_LISTED = 12;
const formatValues = (values: readonly unknown[]) =>
  values.length > MAX_LISTED
    ? `one of the ${values.length} values in the document`
    : values.length > 1
      ? `one of ${values.join(", ")}`
      : String(values[0]);

/** The error message of each keyword, from the keyword's value and from the rule text in the document. */
const ERROR_MESSAGES: Readonly<Record<string, (value: unknown, ruleText: unknown) => string>> = {
  required: () => "is required",
  enum: (value) => `must be ${formatValues(value as readonly unknown[])}`,
  const: (value) => `must be ${String(value)}`,
  pattern: (_, ruleText) => `must be ${String(ruleText)}`,
  format: (value) =>
    `must be ${value === "date" ? "an existing date in the format YYYY-MM-DD" : "a time in ISO 8601 with an offset"}`,
  minLength: (value) => `must have at least ${formatCount(Number(value), "character")}`,
  maxLength: (value) => `must have at most ${formatCount(Number(value), "character")}`,
  minimum: (value) => `must be at least ${String(value)}`,
  maximum: (value) => `must be at most ${String(value)}`,
  oneOf: (_, ruleText) => `must be ${String(ruleText)}`,
  anyOf: (_, ruleText) => `must be ${String(ruleText)}`,
  not: (_, ruleText) => `must be ${ruleText === undefined ? "a code that matches the status" : String(ruleText)}`,
  minProperties: (_, ruleText) => `must be ${String(ruleText)}`,
  maxProperties: (_, ruleText) => `must be ${String(ruleText)}`,
  additionalProperties: () => "is not in the OpenAPI document",
};

/** Replaces Ajv's error messages with ours. */
function setErrorMessages(ajv: Ajv2020): void {
  for (const [keyword, formatMessage] of Object.entries(ERROR_MESSAGES)) {
    const definition = ajv.getKeyword(keyword);
    if (typeof definition !== "object") throw new Error(`Ajv does not support the keyword ${keyword}`);
    const error = ("error" in definition ? definition.error : undefined) as KeywordErrorDefinition | undefined;
    definition.error = {
      ...error,
      message: (context: KeywordErrorCxt) => formatMessage(context.schema, context.parentSchema?.["x-rule-text"]),
    };
  }
}

function createAjvCode(schemas: Schemas, messages: readonly Message[]): string {
  const ajv = createAjv({ code: { source: true, esm: true, lines: false } });
  setErrorMessages(ajv);
  const refs: Record<string, string> = {};
  const bare = removeProse(schemas);
  const variants = { request: bare, tolerant: toTolerant(bare), strict: toStrict(bare) };
  for (const [variant, all] of Object.entries(variants)) {
    const local = JSON.parse(JSON.stringify(all).replaceAll("#/components/schemas/", "#/$defs/")) as Schema;
    ajv.addSchema({ $id: `https://antom-vault.invalid/${variant}`, $defs: local });
  }
  for (const { schema, variant } of messages) {
    for (const branch of getBranches(schemas, schema)) {
      const id = `https://antom-vault.invalid/${variant}/${branch}`;
      ajv.addSchema({ $id: id, $ref: `https://antom-vault.invalid/${variant}#/$defs/${branch}` });
      refs[`${branch}_${variant}`] = id;
    }
  }
  return standaloneCode(ajv, refs);
}

function createEntryCode(schemas: Schemas, messages: readonly Message[]): string {
  const lines = messages.map(({ name, schema, variant }) => {
    const branches = getBranches(schemas, schema).map((branch) => `["${branch}", raw.${branch}_${variant}]`);
    return `export const ${name} = /* @__PURE__ */ check([${branches.join(", ")}]);`;
  });
  return `import * as raw from "./raw.js";\nimport { check } from "./check.js";\n${lines.join("\n")}\n`;
}

/** The runtime part of the bundle, in plain JavaScript. */
const CHECK_SOURCE = `
// Masks digits, because the name of an undocumented field may contain a card number.
const named = (pointer, name) => pointer + "/" + String(name).replace(/~/g, "~0").replace(/\\//g, "~1").replace(/\\d{3,}/g, "***").slice(0, 64);
const kinds = { string: "a string", object: "an object", boolean: "a Boolean", integer: "a whole number" };
// Errors inside a oneOf, anyOf, or not are reported by that keyword.
const within = /\\/(?:oneOf|anyOf)\\/\\d+\\/|\\/not\\//;

function toIssues(errors) {
  return errors.filter((error) => !within.test(error.schemaPath)).map((error) => {
    const missing = error.params.missingProperty ?? error.params.additionalProperty;
    return {
      pointer: missing === undefined ? error.instancePath : named(error.instancePath, missing),
      rule: error.keyword,
      message: error.keyword === "type" ? "must be " + kinds[error.params.type] : error.message,
    };
  });
}

// The distance between a body and a branch. Fields that select the branch count most, then forbidden values, then all other errors.
const CHOOSERS = ["/result/resultStatus", "/result/resultCode", "/vaultingStatus"];
const distance = (issues) => issues.reduce((sum, issue) => {
  const at = CHOOSERS.indexOf(issue.pointer);
  return sum + (at >= 0 ? 1000 ** (CHOOSERS.length - at) : issue.rule === "not" ? 10 : 1);
}, 0);

export function check(branches) {
  return (value) => {
    const matching = branches.filter(([, validate]) => validate(value));
    if (matching.length === 1) return { valid: true, branch: matching[0][0], value };
    if (matching.length > 1) {
      return { valid: false, issues: [{ pointer: "", rule: "oneOf", message: "must match exactly one branch of the OpenAPI document" }] };
    }
    const closest = branches.map(([, validate]) => (validate(value), toIssues(validate.errors))).sort((a, b) => distance(a) - distance(b));
    return { valid: false, issues: closest[0] };
  };
}
`;

/** Creates `validators.js`, with a function for each message. */
export async function createValidatorsModule(schemas: Schemas, messages = getMessages(schemas)): Promise<string> {
  const sources: Readonly<Record<string, string>> = {
    "./entry.js": createEntryCode(schemas, messages),
    "./raw.js": createAjvCode(schemas, messages),
    "./check.js": CHECK_SOURCE,
  };
  const bundle = await rolldown({
    input: "./entry.js",
    cwd: import.meta.dirname,
    plugins: [{ name: "sources", resolveId: (id) => (id in sources ? id : null), load: (id) => sources[id] ?? null }],
    onLog: (_level, log) => {
      throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({
    format: "esm",
    comments: false,
    minify: { mangle: true, compress: true },
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
