/**
 * The runtime part of the generated validators. Interprets the schemas that `validators.ts` emits, and creates messages that never contain a value.
 */
import { formatCount } from "../format-count.ts";

/** A schema whose keywords are in evaluation order and whose references are resolved. */
export interface CompactSchema {
  readonly type?: keyof typeof TYPES;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly not?: CompactSchema;
  readonly anyOf?: readonly CompactSchema[];
  readonly oneOf?: readonly CompactSchema[];
  readonly maximum?: number;
  readonly minimum?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: RegExp;
  readonly format?: "date" | "date-time";
  readonly minItems?: number;
  readonly items?: CompactSchema;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly properties?: Readonly<Record<string, CompactSchema>>;
  /** The rule in words, for keywords whose value does not explain it. */
  readonly text?: string;
}

interface Issue {
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}

/** The context in which a keyword is evaluated. */
interface Context {
  readonly schema: CompactSchema;
  readonly pointer: string;
  readonly issues: Issue[];
  /** Whether to stop at the first issue. */
  readonly quick: boolean;
}

/** Evaluates a keyword. Returns the error message, if there is one. */
type Keyword<Argument> = (argument: Argument, value: unknown, context: Context) => string | false | undefined;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const TYPES = {
  string: ["a string", (value: unknown) => typeof value === "string"],
  object: ["an object", isObject],
  boolean: ["a Boolean", (value: unknown) => typeof value === "boolean"],
  integer: ["a whole number", Number.isInteger],
  array: ["an array", Array.isArray],
} as const;

// Masks digits, because the name of an undocumented field may contain a card number.
function addFieldIssue({ pointer, issues, quick }: Context, name: string, rule: string, message: string) {
  const escaped = quick
    ? ""
    : name
        .replace(/~/g, "~0")
        .replace(/\//g, "~1")
        .replace(/\d{3,}/g, "***")
        .slice(0, 64);
  issues.push({ pointer: `${pointer}/${escaped}`, rule, message });
}

const MAX_LISTED = 12;
const formatValues = (values: readonly unknown[]) =>
  values.length > MAX_LISTED
    ? `one of the ${values.length} values in the document`
    : values.length > 1
      ? `one of ${values.join(", ")}`
      : String(values[0]);

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Accepts RFC 3339 times. Also accepts a space instead of `T`, and an offset without the colon or the minutes. */
function isDateTime(text: string): boolean {
  const [, date = "", ...parts] =
    /^(\d{4}-\d\d-\d\d)[t\s](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-]\d\d)(?::?(\d\d))?)$/i.exec(text) ?? [];
  const [hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = parts.map((part) => Number(part ?? 0));
  const utc = (hour - offsetHour) * 60 + minute - (parts[3]?.startsWith("-") ? -offsetMinute : offsetMinute);
  return (
    isDate(date) &&
    hour < 24 &&
    minute < 60 &&
    Math.abs(offsetHour) < 24 &&
    offsetMinute < 60 &&
    // A leap second is the last second of a day in UTC.
    (second < 60 || (second === 60 && (utc + 1440) % 1440 === 1439))
  );
}

const mustBe = (isValid: boolean, requirement: unknown) => !isValid && `must be ${String(requirement)}`;
const isValid = (schema: CompactSchema, value: unknown) => findIssues(schema, value, "", [], true).length === 0;
const countFields = (value: unknown) => (isObject(value) ? Object.keys(value).length : undefined);
// Counts code points, as JSON Schema does.
const countCodePoints = (text: string) => [...text].length;

const KEYWORDS: {
  readonly [Name in Exclude<keyof CompactSchema, "text">]-?: Keyword<NonNullable<CompactSchema[Name]>>;
} = {
  type: (name, value) => mustBe(TYPES[name][1](value), TYPES[name][0]),
  const: (expected, value) => mustBe(value === expected, expected),
  enum: (values, value) => !values.includes(value) && `must be ${formatValues(values)}`,
  // `not` and `oneOf` report a single error instead of the errors of their inner schemas.
  not: (inner, value, { schema }) => mustBe(!isValid(inner, value), schema.text ?? "a code that matches the status"),
  anyOf: (branches, value, { schema, pointer, issues }) => {
    if (branches.some((branch) => isValid(branch, value))) return undefined;
    // For an object, only the branch for objects reports details.
    for (const branch of branches)
      if (branch.type === "object" && isObject(value)) findIssues(branch, value, pointer, issues);
    return mustBe(false, schema.text);
  },
  oneOf: (branches, value, { schema }) =>
    mustBe(branches.filter((branch) => isValid(branch, value)).length === 1, schema.text),
  maximum: (limit, value) => mustBe(!Number.isFinite(value) || Number(value) <= limit, `at most ${limit}`),
  minimum: (limit, value) => mustBe(!Number.isFinite(value) || Number(value) >= limit, `at least ${limit}`),
  // A code point has 1 or 2 code units, so most strings do not need counting.
  maxLength: (limit, value) =>
    typeof value === "string" &&
    value.length > limit &&
    countCodePoints(value) > limit &&
    `must have at most ${formatCount(limit, "character")}`,
  minLength: (limit, value) =>
    typeof value === "string" &&
    value.length < 2 * limit &&
    countCodePoints(value) < limit &&
    `must have at least ${formatCount(limit, "character")}`,
  pattern: (pattern, value, { schema }) => mustBe(typeof value !== "string" || pattern.test(value), schema.text),
  format: (format, value) =>
    format === "date"
      ? mustBe(typeof value !== "string" || isDate(value), "an existing date in the format YYYY-MM-DD")
      : mustBe(typeof value !== "string" || isDateTime(value), "a time in ISO 8601 with an offset"),
  minItems: (limit, value) =>
    Array.isArray(value) && value.length < limit && `must have at least ${formatCount(limit, "item")}`,
  items: (inner, value, { pointer, issues }) => {
    if (Array.isArray(value))
      value.forEach((item, index) => void findIssues(inner, item, `${pointer}/${index}`, issues));
    return undefined;
  },
  maxProperties: (limit, value, { schema }) => mustBe((countFields(value) ?? 0) <= limit, schema.text),
  minProperties: (limit, value, { schema }) => mustBe((countFields(value) ?? limit) >= limit, schema.text),
  required: (names, value, context) => {
    if (!isObject(value)) return undefined;
    for (const name of names) if (value[name] === undefined) addFieldIssue(context, name, "required", "is required");
    return undefined;
  },
  additionalProperties: (_, value, context) => {
    if (!isObject(value)) return undefined;
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(context.schema.properties ?? {}, name))
        addFieldIssue(context, name, "additionalProperties", "is not in the OpenAPI document");
    }
    return undefined;
  },
  properties: (properties, value, { pointer, issues, quick }) => {
    if (!isObject(value)) return undefined;
    for (const name in properties) {
      const schema = properties[name];
      if (schema && value[name] !== undefined)
        findIssues(schema, value[name], quick ? "" : `${pointer}/${name}`, issues, quick);
      if (quick && issues.length > 0) return undefined;
    }
    return undefined;
  },
};

function findIssues(
  schema: CompactSchema,
  value: unknown,
  pointer = "",
  issues: Issue[] = [],
  quick = false,
): readonly Issue[] {
  const context = { schema, pointer, issues, quick };
  for (const rule in schema) {
    if (rule === "text") continue;
    if (quick && issues.length > 0) return issues;
    // TypeScript cannot relate the keyword to the type of its argument.
    const evaluate = KEYWORDS[rule as keyof typeof KEYWORDS] as Keyword<unknown>;
    const message = evaluate(schema[rule as keyof CompactSchema], value, context);
    if (message) issues.push({ pointer, rule, message });
  }
  return issues;
}

// The distance between a body and a branch. Fields that select the branch count most, then forbidden values, then all other errors.
const CHOOSERS = ["/result/resultStatus", "/result/resultCode", "/vaultingStatus"];
const getDistance = (issues: readonly Issue[]) =>
  issues.reduce((sum, { pointer, rule }) => {
    const at = CHOOSERS.indexOf(pointer);
    return sum + (at >= 0 ? 1000 ** (CHOOSERS.length - at) : rule === "not" ? 10 : 1);
  }, 0);

/** Creates the validator of a message from the schemas of its branches. */
export const createValidator = (branches: Readonly<Record<string, CompactSchema>>) => (value: unknown) => {
  const names = Object.keys(branches);
  const [branch, ...others] = names.filter((name) => isValid(branches[name] ?? {}, value));
  if (branch === undefined) {
    const results = Object.values(branches).map((schema) => findIssues(schema, value));
    const [closest] = results.sort((a, b) => getDistance(a) - getDistance(b));
    return { valid: false, issues: closest };
  }
  if (others.length === 0) return { valid: true, branch, value };
  const message = "must match exactly one branch of the OpenAPI document";
  return { valid: false, issues: [{ pointer: "", rule: "oneOf", message }] };
};
