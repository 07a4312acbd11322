/** Bodies that nobody wrote: a legal one of the document with none, one or a few changes made to it. */
import fc from "fast-check";
import { type OperationId, operations } from "../../generated/operations.ts";
import { follow, type Place, requestOf } from "../../src/contract/document/openapi-document.ts";
import { name, nested, oddCharacter, ofOtherType, text } from "./field-values.ts";

export interface MadeBody {
  readonly operation: OperationId;
  readonly body: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Stands in a base for an ID that nobody used yet; a body that still has it is given one when it is sent. */
export const OWN_ID = "an-id-of-its-own";

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** Every field that the document describes, each with the first of its examples. */
function wholeBody(place: Place): unknown {
  const { schema, pointer } = follow(place);
  if (!schema.properties) return schema.examples?.[0];
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, inner]) => [name, wholeBody({ schema: inner, pointer })]),
  );
}

function basesOf(operation: OperationId): readonly Fields[] {
  const request = requestOf(operation);
  const bodies = [wholeBody(request), ...request.examples.values()].filter(isFields);
  return bodies.map((body) => ({ ...body, vaultingRequestId: OWN_ID }));
}

const BASES = new Map(operations.map((operation) => [operation, basesOf(operation)]));

type Change =
  | { readonly kind: "drop" }
  | { readonly kind: "put"; readonly value: unknown }
  | { readonly kind: "insert"; readonly text: string; readonly at: number }
  | { readonly kind: "add"; readonly name: string; readonly value: unknown };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "drop" } as const) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("put" as const), value: text }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("put" as const), value: ofOtherType }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("insert" as const), text: oddCharacter, at: fc.nat(20) }) },
  {
    // Most of what is legal comes of it: unknown fields are accepted.
    weight: 14,
    arbitrary: fc.record({ kind: fc.constant("add" as const), name, value: fc.oneof(text, ofOtherType, nested) }),
  },
);

/** A body and the path to a place in it. */
interface Step {
  readonly where: number;
  readonly change: Change;
}

function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isFields(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The value with what is at the path exchanged; by entries, so that `__proto__` is a name like any other. */
function changedAt(value: unknown, [key, ...rest]: readonly string[], make: (inner: unknown) => unknown): unknown {
  if (key === undefined) return make(value);
  if (Array.isArray(value))
    return value.map((inner, at) => (String(at) === key ? changedAt(inner, rest, make) : inner));
  const entries = Object.entries(isFields(value) ? value : {});
  return Object.fromEntries(
    entries
      .map(([each, inner]) => [each, each === key ? changedAt(inner, rest, make) : inner] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

function applied(value: unknown, { where, change: made }: Step): unknown {
  const places = placesIn(value);
  const path = places[where % places.length] ?? [];
  return changedAt(value, path, (inner) => {
    switch (made.kind) {
      case "drop":
        // Without the body there would be nothing to send.
        return path.length === 0 ? {} : undefined;
      case "put":
        return made.value;
      case "insert": {
        if (typeof inner !== "string") return inner;
        const characters = [...inner];
        return characters.toSpliced(made.at % (characters.length + 1), 0, made.text).join("");
      }
      case "add":
        if (!isFields(inner) || Array.isArray(inner)) return inner;
        return Object.fromEntries([...Object.entries(inner), [made.name, made.value]]);
    }
  });
}

/**
 * Legal and illegal bodies of the three operations. A card number is one of the published test numbers or breaks the document:
 * what only the check digit rules out is left to a row of the table.
 */
export const madeBodies: fc.Arbitrary<MadeBody> = fc
  .constantFrom<OperationId[]>("vaultPaymentMethod", ...operations)
  .chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      body: fc
        .tuple(
          fc.constantFrom(...(BASES.get(operation) ?? [])),
          fc.array(fc.record({ where: fc.nat(200), change }), { minLength: 1, maxLength: 3 }),
        )
        .map(([base, steps]) => steps.reduce<unknown>(applied, base)),
    }),
  );

/**
 * Whether the text of a body is JSON that all readers read in the same way, as the document asks in words: at most 16 levels, no `__proto__`,
 * no NUL, no half of a character.
 */
export function isReadable(value: unknown, levels = 0): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (!isFields(value)) return true;
  const inside = Object.entries(value);
  return (
    levels < 16 &&
    inside.every(([key, inner]) => key !== "__proto__" && isReadable(key) && isReadable(inner, levels + 1))
  );
}
