/**
 * Probes, derived from the document: for each constraint of a request, bodies that must be accepted and bodies that must be refused, at the
 * limit and one past it. A new constraint in the document brings new probes; nobody writes them.
 *
 * Each body is judged by the generated validators before it is used: one that must be refused breaks the constraint it is made for at the place it is
 * made for, and nothing else anywhere.
 */
import { requestValidators } from "../../../generated/operation-validators.ts";
import type { OperationId } from "../../../generated/operations.ts";
import type { Invalid } from "../../../generated/validators.js";
import { field } from "../../protocol/json-fields.ts";
import { beyond, ofOtherType, outside, textOfLength, type Value } from "./boundary-values.ts";
import { follow, type Place, requestOf, type Schema } from "./openapi-document.ts";
import type { Constraint } from "./request-constraints.ts";
import type { Body } from "./sample-requests.ts";

export interface Variant {
  /** What is special about it, never its value. */
  readonly note: string;
  readonly body: Body;
}

export interface Probe extends Constraint {
  /** JSON Pointer into the document. */
  readonly source: string;
  readonly accepted: readonly Variant[];
  readonly refused: readonly Variant[];
}

export function probesOf(operation: OperationId): readonly Probe[] {
  const { schema, pointer, examples } = requestOf(operation);
  const bodies = [...examples.values()] as readonly Body[];
  return objectProbes(operation, bodies, [], { schema, pointer });
}

function objectProbes(
  operation: OperationId,
  bodies: readonly Body[],
  path: readonly string[],
  { schema, pointer }: Place,
): readonly Probe[] {
  const [base] = bodies;
  if (!base) throw new Error(`${operation} has no example`);
  const judge = requestValidators[operation];
  const here = pointerOf(path);
  const probe: MakeProbe = (keyword, source, at, accepted, refused) => ({
    operation,
    pointer: at,
    keyword,
    source,
    accepted: oneOfEach(accepted.filter(({ body }) => judge(body).valid)),
    refused: oneOfEach(refused.filter(({ body }) => breaksOnly(judge(body), keyword, at))),
  });
  const own = [
    probe(
      "additional",
      `${pointer}/properties`,
      here,
      [{ note: "a field that the document does not name", body: put(base, [...path, "undocumentedField"], "x") }],
      [],
    ),
  ];
  if (path.length > 0) own.push(typeProbe(probe, base, path, { schema, pointer }));
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const at = [...path, name];
    const place = follow({ schema: property, pointer: `${pointer}/properties/${name}` });
    const holders = bodies.filter((body) => get(body, at) !== undefined);
    const holder = holders[0] ?? put(base, at, exampleOf(place.schema));
    const without = { note: "without the field", body: remove(holder, at) };
    const withField = { note: "with the field", body: holder };
    const presence = schema.required?.includes(name)
      ? probe("required", `${pointer}/required`, pointerOf(at), [withField], [without])
      : probe("optional", `${pointer}/properties/${name}`, pointerOf(at), [withField, without], []);
    if (place.schema.type === "object")
      return [presence, ...objectProbes(operation, holders.length > 0 ? holders : [holder], at, place)];
    return [presence, ...valueProbes(probe, holder, at, place)];
  });
  return [...own, ...inner];
}

/** One body of each kind is worth a request. A listed value is a kind of its own. */
const oneOfEach = (variants: readonly Variant[]): readonly Variant[] =>
  variants.filter(({ note }, index) => note === LISTED || variants.findIndex((other) => other.note === note) === index);

const LISTED = "a listed value";

type MakeProbe = (
  keyword: string,
  source: string,
  at: string,
  accepted: readonly Variant[],
  refused: readonly Variant[],
) => Probe;

function typeProbe(probe: MakeProbe, base: Body, path: readonly string[], { schema, pointer }: Place): Probe {
  const wrong = ofOtherType(schema.type ?? "").map(({ note, value }) => ({ note, body: put(base, path, value) }));
  return probe("type", `${pointer}/type`, pointerOf(path), [{ note: "of the right type", body: base }], wrong);
}

function valueProbes(probe: MakeProbe, base: Body, path: readonly string[], place: Place): readonly Probe[] {
  const { schema, pointer } = place;
  const at = pointerOf(path);
  const variants = (values: readonly Value[]) =>
    values.map(({ note, value }) => ({ note, body: put(base, path, value) }));
  const make = (keyword: string, accepted: readonly Value[], refused: readonly Value[]) =>
    probe(keyword, `${pointer}/${keyword}`, at, variants(accepted), variants(refused));
  if (schema.oneOf) {
    const branches = schema.oneOf.map((branch) => follow({ schema: branch, pointer }).schema);
    return [make("oneOf", branches.flatMap(edgesOf), [...branches.flatMap(beyondEdgesOf), ...ofOtherType("")])];
  }
  const example = String(exampleOf(schema));
  const probes = [typeProbe(probe, base, path, place)];
  const { minLength, maxLength } = schema;
  if (schema.const !== undefined)
    probes.push(make("const", [{ note: "the constant", value: schema.const }], outside([schema.const])));
  if (schema.enum)
    probes.push(
      make(
        "enum",
        sample(schema.enum).map((value) => ({ note: LISTED, value })),
        outside(schema.enum),
      ),
    );
  const ofLength = (length: number) => textOfLength(example, length, path);
  if (minLength !== undefined) probes.push(make("minLength", ofLength(minLength), ofLength(minLength - 1)));
  if (maxLength !== undefined) probes.push(make("maxLength", ofLength(maxLength), ofLength(maxLength + 1)));
  if (schema.pattern !== undefined) probes.push(make("pattern", edgesOf(schema), beyond(example)));
  if (schema.format !== undefined) {
    probes.push(
      make(
        "format",
        [
          { note: "the example", value: example },
          { note: "29 February of a leap year", value: "2024-02-29" },
        ],
        [
          { note: "30 February", value: "2024-02-30" },
          { note: "29 February of another year", value: "2023-02-29" },
          { note: "no hyphens", value: "20240229" },
          { note: "a month 13", value: "2024-13-01" },
        ],
      ),
    );
  }
  return probes;
}

/** What a schema allows at its edges. */
function edgesOf(schema: Schema): readonly Value[] {
  const edges: Value[] = [];
  if (schema.type === "boolean") edges.push({ note: "true", value: true }, { note: "false", value: false });
  for (const value of schema.enum ?? []) edges.push({ note: LISTED, value });
  const { minimum, maximum } = schema;
  if (minimum !== undefined) edges.push({ note: "the minimum", value: minimum });
  if (maximum !== undefined) edges.push({ note: "the maximum", value: maximum });
  if (schema.pattern !== undefined) {
    // Whichever of these the pattern takes; the judge drops the others.
    for (const value of [exampleOf(schema), "-720", "720", "0"])
      edges.push({ note: "a text of the right form", value });
  }
  return edges;
}

function beyondEdgesOf(schema: Schema): readonly Value[] {
  const { minimum, maximum } = schema;
  const past: Value[] = [{ note: "a text of no allowed form", value: "maybe" }];
  if (minimum !== undefined)
    past.push(
      { note: "one below the minimum", value: minimum - 1 },
      { note: "one below the minimum, quoted", value: String(minimum - 1) },
    );
  if (maximum !== undefined)
    past.push(
      { note: "one above the maximum", value: maximum + 1 },
      { note: "one above the maximum, quoted", value: String(maximum + 1) },
    );
  return past;
}

/** The first, the last and some between: each value of a long list is not worth a request. */
const sample = (values: readonly string[]): readonly string[] =>
  values.length <= 12
    ? values
    : values.filter((_, index) => index % Math.ceil(values.length / 8) === 0 || index === values.length - 1);

function exampleOf(schema: Schema): unknown {
  if (schema.type === "object") {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, property]) => [
        name,
        exampleOf(follow({ schema: property, pointer: "" }).schema),
      ]),
    );
  }
  return (
    schema.const ?? schema.examples?.[0] ?? schema.enum?.[0] ?? schema.oneOf?.map((branch) => exampleOf(branch))[0]
  );
}

/** Whether a body is refused for one constraint at one place and for nothing else. An empty text may break its pattern as well as its length. */
function breaksOnly(checked: { readonly valid: true } | Invalid, keyword: string, pointer: string): boolean {
  if (checked.valid) return false;
  return (
    checked.issues.every((issue) => issue.pointer === pointer) && checked.issues.some(({ rule }) => rule === keyword)
  );
}

const pointerOf = (path: readonly string[]): string => path.map((name) => `/${name}`).join("");

const get = (body: Body, path: readonly string[]): unknown => path.reduce<unknown>(field, body);

/** A copy of a body with a value put at a path; objects on the way are made where there are none. */
function put(body: Body, [name, ...rest]: readonly string[], value: unknown): Body {
  if (name === undefined) return body;
  const inner = body[name];
  return {
    ...body,
    [name]:
      rest.length === 0 ? value : put(typeof inner === "object" && inner !== null ? (inner as Body) : {}, rest, value),
  };
}

function remove(body: Body, [name, ...rest]: readonly string[]): Body {
  if (name === undefined) return body;
  const { [name]: inner, ...others } = body;
  if (rest.length === 0 || typeof inner !== "object" || inner === null) return others;
  return { ...body, [name]: remove(inner as Body, rest) };
}
