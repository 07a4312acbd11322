/**
 * `validators.js`: ajv's standalone code for each message, bundled with the little it needs, so that whoever uses it needs no ajv.
 * What each error says is decided here, from the schema alone: the value is never at hand.
 */
import type { Ajv2020 } from "ajv/dist/2020.js";
import type { KeywordErrorCxt, KeywordErrorDefinition } from "ajv/dist/types/index.js";
import { rolldown } from "rolldown";
import { createAjv, standaloneCode } from "../openapi/ajv-modules.ts";
import { getRefName, removeProse, type Schema, type Schemas, toStrict, toTolerant } from "../openapi/schemas.ts";

interface Message {
  /** The exported function. */
  readonly name: string;
  /** The schema in the document. */
  readonly schema: string;
  readonly reading: "request" | "tolerant" | "strict";
}

/** Bodies by the schema that describes them; an answer or notification is read in two ways. */
export function getMessages(schemas: Schemas): readonly Message[] {
  return Object.keys(schemas).flatMap((schema): Message[] => {
    if (/Request$|Acknowledgement$|Rejection$/.test(schema))
      return [{ name: `validate${schema}`, schema, reading: "request" }];
    if (!/(Response|Notification)$/.test(schema)) return [];
    return [
      { name: `validate${schema}`, schema, reading: "tolerant" },
      { name: `validate${schema}Strict`, schema, reading: "strict" },
    ];
  });
}

/** Only the bodies that are sent to us: all that one needs who answers, and does not read answers. */
export const getRequestMessages = (schemas: Schemas): readonly Message[] =>
  getMessages(schemas).filter(({ reading }) => reading === "request");

const getBranches = (schemas: Schemas, name: string): readonly string[] =>
  schemas[name]?.oneOf?.map((branch) => getRefName(String(branch.$ref))) ?? [name];

const MAX_LISTED = 12;
const formatValues = (values: readonly unknown[]) =>
  values.length > MAX_LISTED
    ? `one of the ${values.length} values in the document`
    : values.length > 1
      ? `one of ${values.join(", ")}`
      : String(values[0]);
const formatLength = (count: number) => `${count} ${count === 1 ? "character" : "characters"}`;

/** What each keyword's error says. `{}` is what the keyword asks for, `means` the document's own words for it. */
const ERROR_MESSAGES: Readonly<Record<string, (asked: unknown, means: unknown) => string>> = {
  required: () => "is required",
  enum: (asked) => `must be ${formatValues(asked as readonly unknown[])}`,
  const: (asked) => `must be ${String(asked)}`,
  pattern: (_, means) => `must be ${String(means)}`,
  format: (asked) =>
    `must be ${asked === "date" ? "a date that exists, as YYYY-MM-DD" : "a time in ISO 8601 with an offset"}`,
  minLength: (asked) => `must have at least ${formatLength(Number(asked))}`,
  maxLength: (asked) => `must have at most ${formatLength(Number(asked))}`,
  minimum: (asked) => `must be at least ${String(asked)}`,
  maximum: (asked) => `must be at most ${String(asked)}`,
  oneOf: (_, means) => `must be ${String(means)}`,
  anyOf: (_, means) => `must be ${String(means)}`,
  not: (_, means) => `must be ${means === undefined ? "a code that fits the status" : String(means)}`,
  minProperties: (_, means) => `must be ${String(means)}`,
  maxProperties: (_, means) => `must be ${String(means)}`,
  additionalProperties: () => "is not in the document",
};

/** Puts our sentences in the place of ajv's, at the moment it writes the code. */
function setErrorMessages(ajv: Ajv2020): void {
  for (const [keyword, sentence] of Object.entries(ERROR_MESSAGES)) {
    const definition = ajv.getKeyword(keyword);
    if (typeof definition !== "object") throw new Error(`ajv does not know the keyword ${keyword}`);
    const error = ("error" in definition ? definition.error : undefined) as KeywordErrorDefinition | undefined;
    definition.error = {
      ...error,
      message: (context: KeywordErrorCxt) => sentence(context.schema, context.parentSchema?.["x-means"]),
    };
  }
}

function createAjvCode(schemas: Schemas, messages: readonly Message[]): string {
  const ajv = createAjv({ code: { source: true, esm: true, lines: false } });
  setErrorMessages(ajv);
  const refs: Record<string, string> = {};
  const bare = removeProse(schemas);
  const readings = { request: bare, tolerant: toTolerant(bare), strict: toStrict(bare) };
  for (const [reading, all] of Object.entries(readings)) {
    const local = JSON.parse(JSON.stringify(all).replaceAll("#/components/schemas/", "#/$defs/")) as Schema;
    ajv.addSchema({ $id: `https://antom-vault.invalid/${reading}`, $defs: local });
  }
  for (const { schema, reading } of messages) {
    for (const branch of getBranches(schemas, schema)) {
      const id = `https://antom-vault.invalid/${reading}/${branch}`;
      ajv.addSchema({ $id: id, $ref: `https://antom-vault.invalid/${reading}#/$defs/${branch}` });
      refs[`${branch}_${reading}`] = id;
    }
  }
  return standaloneCode(ajv, refs);
}

function createEntryCode(schemas: Schemas, messages: readonly Message[]): string {
  const lines = messages.map(({ name, schema, reading }) => {
    const branches = getBranches(schemas, schema).map((branch) => `["${branch}", raw.${branch}_${reading}]`);
    return `export const ${name} = /* @__PURE__ */ check([${branches.join(", ")}]);`;
  });
  return `import * as raw from "./raw.js";\nimport { check } from "./check.js";\n${lines.join("\n")}\n`;
}

/** The run-time part, written out as plain JavaScript because it goes into the bundle. */
const CHECK_SOURCE = `
// Digit runs are masked: an undocumented field's name comes from outside.
const named = (pointer, name) => pointer + "/" + String(name).replace(/~/g, "~0").replace(/\\//g, "~1").replace(/\\d{3,}/g, "***").slice(0, 64);
const kinds = { string: "a string", object: "an object", boolean: "a Boolean", integer: "a whole number" };
// What went wrong inside a choice is told by the choice.
const within = /\\/(?:oneOf|anyOf)\\/\\d+\\/|\\/not\\//;

function issuesOf(errors) {
  return errors.filter((error) => !within.test(error.schemaPath)).map((error) => {
    const missing = error.params.missingProperty ?? error.params.additionalProperty;
    return {
      pointer: missing === undefined ? error.instancePath : named(error.instancePath, missing),
      rule: error.keyword,
      message: error.keyword === "type" ? "must be " + kinds[error.params.type] : error.message,
    };
  });
}

// How far a body is from a branch: the fields that choose the branch weigh more than all others, what must not be there more than what is wrong.
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
      return { valid: false, issues: [{ pointer: "", rule: "oneOf", message: "must fit one branch of the document, not several" }] };
    }
    const closest = branches.map(([, validate]) => (validate(value), issuesOf(validate.errors))).sort((a, b) => distance(a) - distance(b));
    return { valid: false, issues: closest[0] };
  };
}
`;

/** The JavaScript of `validators.js`: a function for each of the messages. */
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

/** The declarations of `validators.js`. `types` is the module with the types of the schemas. */
export function createValidatorsDeclaration(
  schemas: Schemas,
  messages = getMessages(schemas),
  types = "./types.js",
): string {
  const lines = messages.map(({ name, schema, reading }) => {
    const valid = getBranches(schemas, schema).map((branch) => `Valid<"${branch}", Schemas["${branch}"]>`);
    const what =
      reading === "strict"
        ? `Reads ${schema} as a contract test does: codes and fields that the document does not name are faults.`
        : reading === "tolerant"
          ? `Reads ${schema} as a receiver does: unknown fields and codes are accepted. \`branch\` tells which outcome it is.`
          : `Checks ${schema}.`;
    return `/** ${what} */\nexport declare const ${name}: (value: unknown) => ${valid.join(" | ")} | Invalid;`;
  });
  return `import type { components } from "${types}";

type Schemas = components["schemas"];

/** One place where a body breaks the document: JSON Pointer, schema keyword, and what the rule asks for. Never the value. */
export interface Issue {
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}
export interface Valid<Branch extends string, Value> {
  readonly valid: true;
  readonly branch: Branch;
  readonly value: Value;
}
export interface Invalid {
  readonly valid: false;
  readonly issues: readonly Issue[];
}

${lines.join("\n")}
`;
}
