/**
 * Derives probes from the OpenAPI document: for each constraint of a request, bodies to accept and bodies to reject, at the
 * limit and just beyond it. A new constraint in the document gets probes without further code.
 *
 * The generated validators select the bodies. A body to reject violates the constraint, and is invalid only at the pointer of the
 * constraint.
 */
import { requestValidators } from "../../../generated/operation-validators.ts";
import type { OperationId } from "../../../generated/operations.ts";
import type { Invalid } from "../../../generated/validators.js";
import { getField, removeNulls } from "../../protocol/json-fields.ts";
import {
  generateLargestNumber,
  generateMalformedValues,
  generateStringsOfLength,
  generateUnlistedValues,
  generateValuesOfOtherTypes,
  type TestValue,
} from "./boundary-values.ts";
import { findFormat } from "./formats.ts";
import type { Constraint } from "./list-constraints.ts";
import { getRequestMessage, type LocatedSchema, resolveReference, type Schema } from "./openapi-document.ts";
import type { RequestBody } from "./sample-requests.ts";

export interface Variant {
  /** Describes the variant without its value. */
  readonly note: string;
  readonly body: RequestBody;
}

export interface Probe extends Constraint {
  /** The location of the constraint in the OpenAPI document, as a JSON Pointer. */
  readonly source: string;
  readonly accepted: readonly Variant[];
  readonly rejected: readonly Variant[];
}

export function deriveProbes(operation: OperationId): readonly Probe[] {
  const { schema, pointer, examples } = getRequestMessage(operation);
  const bodies = [...examples.values()] as readonly RequestBody[];
  return deriveObjectProbes(operation, bodies, [], { schema, pointer });
}

function deriveObjectProbes(
  operation: OperationId,
  bodies: readonly RequestBody[],
  path: readonly string[],
  { schema, pointer }: LocatedSchema,
): readonly Probe[] {
  const [base] = bodies;
  if (!base) throw new Error(`The OpenAPI document has no example of ${operation}.`);
  // Gateways treat null as an absent field.
  const validate = (body: RequestBody) => requestValidators[operation](removeNulls(body));
  const objectPointer = toPointer(path);
  const createProbe: CreateProbe = (keyword, source, at, accepted, rejected) => ({
    operation,
    pointer: at,
    keyword,
    source,
    accepted: keepOnePerNote(accepted.filter(({ body }) => validate(body).valid)),
    rejected: keepOnePerNote(rejected.filter(({ body }) => violatesOnly(validate(body), keyword, at))),
  });
  const objectProbes = [
    createProbe(
      "unknown-field",
      `${pointer}/properties`,
      objectPointer,
      [
        { note: "an unknown field", body: setAt(base, [...path, "undocumentedField"], "x") },
        ...(path.length === 0 ? [{ note: "fields of other operations", body: addForeignFields(base, schema) }] : []),
      ],
      [],
    ),
  ];
  if (path.length > 0) objectProbes.push(createTypeProbe(createProbe, base, path, { schema, pointer }));
  const fieldProbes = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const at = [...path, name];
    const fieldSchema = resolveReference({ schema: property, pointer: `${pointer}/properties/${name}` });
    const bodiesWithField = bodies.filter((body) => getAt(body, at) !== undefined);
    const bodyWithField = bodiesWithField[0] ?? setAt(base, at, getExample(fieldSchema.schema));
    const without = { note: "without the field", body: removeAt(bodyWithField, at) };
    const withField = { note: "with the field", body: bodyWithField };
    const withNull = { note: "with null", body: setAt(bodyWithField, at, null) };
    const misplaced = listMisplacements(at).map(([note, other]) => ({
      note,
      body: setAt(without.body, other, getAt(bodyWithField, at)),
    }));
    const others = listObjectsWithout(name, schema).map(([note, object]) => ({
      note,
      body: setAt(base, path, object),
    }));
    const presence = schema.required?.includes(name)
      ? createProbe(
          "required",
          `${pointer}/required`,
          toPointer(at),
          [withField],
          [without, withNull, ...misplaced, ...(path.length === 0 ? [] : others)],
        )
      : createProbe("optional", `${pointer}/properties/${name}`, toPointer(at), [withField, without, withNull], []);
    if (fieldSchema.schema.type === "object")
      return [
        presence,
        ...deriveObjectProbes(
          operation,
          bodiesWithField.length > 0 ? bodiesWithField : [bodyWithField],
          at,
          fieldSchema,
        ),
      ];
    return [presence, ...createValueProbes(createProbe, bodyWithField, at, fieldSchema)];
  });
  return [...objectProbes, ...fieldProbes];
}

/** Returns an object with only the other required fields, and an object with all other fields. They test that no optional field replaces a required field. */
function listObjectsWithout(
  name: string,
  { properties = {}, required = [] }: Schema,
): readonly (readonly [note: string, object: unknown])[] {
  const { [name]: _, ...others } = properties;
  const minimal = Object.fromEntries(Object.entries(others).filter(([other]) => required.includes(other)));
  return [
    ["without the field and without optional fields", getExample({ type: "object", properties: minimal })],
    ["without the field and with all others", getExample({ type: "object", properties: others })],
  ];
}

/** Adds the fields that only other operations have, with values that those operations reject. */
function addForeignFields(body: RequestBody, { properties = {} }: Schema): RequestBody {
  const names = REQUESTS.flatMap((operation) => Object.keys(getRequestMessage(operation).schema.properties ?? {}));
  const foreign = names.filter((name) => !(name in properties));
  return { ...body, ...Object.fromEntries(foreign.map((name) => [name, [{ value: "x".repeat(2100) }]])) };
}

const REQUESTS = ["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"] as const;

/** Lists incorrect places where a client might put a field. */
function listMisplacements(path: readonly string[]): readonly (readonly [note: string, path: readonly string[]])[] {
  const name = path.at(-1) ?? "";
  const rename = (other: string) => [...path.slice(0, -1), other];
  const snakeCase = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [
    ["with the field under a capitalized name", rename(name.slice(0, 1).toUpperCase() + name.slice(1))],
    ...(snakeCase === name ? [] : [["with the field under a name in snake case", rename(snakeCase)] as const]),
    ...(path.length === 1 ? [] : [["with the field outside of its object", [...path.slice(0, -2), name]] as const]),
  ];
}

/** Keeps only 1 variant per body and per note, to limit the number of requests. Variants with the note {@link LISTED} may share it. */
function keepOnePerNote(variants: readonly Variant[]): readonly Variant[] {
  const seen = new Set<string>();
  return variants.filter(({ note, body }) => {
    const keys = [JSON.stringify(body), ...(note === LISTED ? [] : [note])];
    if (keys.some((key) => seen.has(key))) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
}

const LISTED = "a listed value";

type CreateProbe = (
  keyword: string,
  source: string,
  at: string,
  accepted: readonly Variant[],
  rejected: readonly Variant[],
) => Probe;

function createTypeProbe(
  createProbe: CreateProbe,
  base: RequestBody,
  path: readonly string[],
  { schema, pointer }: LocatedSchema,
): Probe {
  const invalid = toVariants(base, path, generateValuesOfOtherTypes(schema.type ?? "", getAt(base, path)));
  return createProbe("type", `${pointer}/type`, toPointer(path), [{ note: "the correct type", body: base }], invalid);
}

const toVariants = (base: RequestBody, path: readonly string[], values: readonly TestValue[]): readonly Variant[] =>
  values.map(({ note, value }) => ({ note, body: setAt(base, path, value) }));

function createValueProbes(
  createProbe: CreateProbe,
  base: RequestBody,
  path: readonly string[],
  locatedSchema: LocatedSchema,
): readonly Probe[] {
  const { schema, pointer } = locatedSchema;
  const at = toPointer(path);
  const make = (keyword: string, accepted: readonly TestValue[], rejected: readonly TestValue[]) =>
    createProbe(
      keyword,
      `${pointer}/${keyword}`,
      at,
      toVariants(base, path, accepted),
      toVariants(base, path, rejected),
    );
  const example = String(getExample(schema));
  const errors = (findFormat(locatedSchema)?.rejected(example) ?? []).map(([note, value]) => ({ note, value }));
  if (schema.oneOf) {
    const branches = schema.oneOf.map((branch) => resolveReference({ schema: branch, pointer }).schema);
    return [
      make("oneOf", branches.flatMap(getEdgeValues), [
        ...branches.flatMap(getOutOfRangeValues),
        ...generateValuesOfOtherTypes("", getExample(schema)),
        ...errors,
      ]),
    ];
  }
  const probes = [createTypeProbe(createProbe, base, path, locatedSchema)];
  const { minLength, maxLength } = schema;
  if (schema.const !== undefined)
    probes.push(make("const", [{ note: "the constant", value: schema.const }], generateUnlistedValues([schema.const])));
  if (schema.enum)
    probes.push(
      make(
        "enum",
        pickSample(schema.enum).map((value) => ({ note: LISTED, value })),
        [...generateUnlistedValues(schema.enum), ...errors],
      ),
    );
  const createStrings = (length: number) => generateStringsOfLength(example, length, path);
  if (minLength !== undefined) {
    // Card numbers and CVVs have several valid lengths, which depend on the brand.
    const otherLengths = schema["x-rule-text"] === "digits only" ? (maxLength ?? minLength) - minLength : 0;
    const lengths = Array.from({ length: otherLengths + 1 }, (_, index) => minLength + index);
    probes.push(make("minLength", lengths.flatMap(createStrings), createStrings(minLength - 1)));
  }
  if (maxLength !== undefined) {
    const largest = generateLargestNumber(maxLength, path);
    probes.push(make("maxLength", [...createStrings(maxLength), ...largest], createStrings(maxLength + 1)));
  }
  if (schema.pattern !== undefined)
    probes.push(make("pattern", getEdgeValues(schema), [...generateMalformedValues(example), ...errors]));
  if (schema.format !== undefined) probes.push(make("format", [{ note: "the example", value: example }], errors));
  return probes;
}

/** Returns candidate values at the limits of a schema. */
function getEdgeValues(schema: Schema): readonly TestValue[] {
  const edges: TestValue[] = [];
  if (schema.type === "boolean") edges.push({ note: "true", value: true }, { note: "false", value: false });
  for (const value of schema.enum ?? []) edges.push({ note: LISTED, value });
  const { minimum, maximum } = schema;
  if (minimum !== undefined) edges.push({ note: "the minimum", value: minimum });
  if (maximum !== undefined) edges.push({ note: "the maximum", value: maximum });
  // Values that do not match the pattern are dropped later.
  if (schema.pattern !== undefined)
    for (const value of [getExample(schema), "-720", "720", "0"]) edges.push({ note: "a valid string", value });
  return edges;
}

function getOutOfRangeValues(schema: Schema): readonly TestValue[] {
  const { minimum, maximum } = schema;
  const values: TestValue[] = [{ note: "an invalid string", value: "maybe" }];
  if (minimum !== undefined)
    values.push(
      { note: "1 below the minimum", value: minimum - 1 },
      { note: "1 below the minimum, as a string", value: String(minimum - 1) },
    );
  if (maximum !== undefined)
    values.push(
      { note: "1 above the maximum", value: maximum + 1 },
      { note: "1 above the maximum, as a string", value: String(maximum + 1) },
    );
  return values;
}

/** Samples a long list, including its first and last values, to limit the number of requests. `form-requests.ts` adds more of the values. */
const pickSample = (values: readonly string[]): readonly string[] =>
  values.length <= 6
    ? values
    : values.filter((_, index) => index % Math.ceil(values.length / 2) === 0 || index === values.length - 1);

export function getExample(schema: Schema): unknown {
  if (schema.type === "object")
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, property]) => [
        name,
        getExample(resolveReference({ schema: property, pointer: "" }).schema),
      ]),
    );
  return (
    schema.const ?? schema.examples?.[0] ?? schema.enum?.[0] ?? schema.oneOf?.map((branch) => getExample(branch))[0]
  );
}

/** Returns whether a body violates the keyword and is invalid only at the pointer. An empty string can violate both a pattern and a length. */
function violatesOnly(validation: { readonly valid: true } | Invalid, keyword: string, pointer: string): boolean {
  if (validation.valid) return false;
  return (
    validation.issues.every((issue) => issue.pointer === pointer) &&
    validation.issues.some(({ rule }) => rule === keyword)
  );
}

export const toPointer = (path: readonly string[]): string => path.map((name) => `/${name}`).join("");

export const getAt = (body: RequestBody, path: readonly string[]): unknown => path.reduce<unknown>(getField, body);

/** Returns a copy of a body with a value at a path. Creates missing parent objects. */
export function setAt(body: RequestBody, [name, ...rest]: readonly string[], value: unknown): RequestBody {
  if (name === undefined) return body;
  const inner = body[name];
  return {
    ...body,
    [name]:
      rest.length === 0
        ? value
        : setAt(typeof inner === "object" && inner !== null ? (inner as RequestBody) : {}, rest, value),
  };
}

function removeAt(body: RequestBody, [name, ...rest]: readonly string[]): RequestBody {
  if (name === undefined) return body;
  const { [name]: inner, ...others } = body;
  if (rest.length === 0 || typeof inner !== "object" || inner === null) return others;
  return { ...body, [name]: removeAt(inner as RequestBody, rest) };
}
