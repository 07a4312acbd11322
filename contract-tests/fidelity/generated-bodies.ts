/** Bodies that nobody wrote: a legal one of the document with none, one or a few changes made to it. */
import fc from "fast-check";
import { type OperationId, operations } from "../../generated/operations.ts";
import { deriveProbes } from "../../src/contract/document/derive-probes.ts";
import { getRequestMessage } from "../../src/contract/document/openapi-document.ts";
import { fieldName, nested, nonString, oddCharacter, text } from "./field-values.ts";

export interface GeneratedBody {
  readonly operation: OperationId;
  readonly body: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Stands in a base for an ID that nobody used yet; a body that still has it is given one when it is sent. */
export const PLACEHOLDER_ID = "an-id-of-its-own";

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** The document's examples, and bodies at each of its limits: legal ones, and illegal ones. */
function createBases(operation: OperationId): fc.Arbitrary<Fields> {
  const bases = (bodies: readonly unknown[]) =>
    fc.constantFrom(...bodies.filter(isObject)).map((body): Fields => ({ ...body, vaultingRequestId: PLACEHOLDER_ID }));
  const probes = deriveProbes(operation);
  const legal = [
    ...getRequestMessage(operation).examples.values(),
    ...probes.flatMap(({ accepted }) => accepted.map(({ body }) => body)),
  ];
  const illegal = probes.flatMap(({ rejected: refused }) => refused.map(({ body }) => body));
  return fc.oneof({ weight: 3, arbitrary: bases(legal) }, { weight: 1, arbitrary: bases(illegal) });
}

const BASES: Readonly<Record<OperationId, fc.Arbitrary<Fields>>> = {
  vaultPaymentMethod: createBases("vaultPaymentMethod"),
  createVaultingSession: createBases("createVaultingSession"),
  inquireVaulting: createBases("inquireVaulting"),
};

/** Changes a value in a body; `undefined` takes it away. */
type Change = (value: unknown) => unknown;

const replaceWith =
  (made: unknown): Change =>
  () =>
    made;

const insertAt =
  (part: string, at: number): Change =>
  (value) => {
    if (typeof value !== "string") return value;
    const characters = [...value];
    return characters.toSpliced(at % (characters.length + 1), 0, part).join("");
  };

const addField =
  (key: string, made: unknown): Change =>
  (value) =>
    isObject(value) && !Array.isArray(value) ? Object.fromEntries([...Object.entries(value), [key, made]]) : value;

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(replaceWith(undefined)) },
  { weight: 5, arbitrary: text.map(replaceWith) },
  { weight: 3, arbitrary: nonString.map(replaceWith) },
  { weight: 3, arbitrary: fc.tuple(oddCharacter, fc.nat(20)).map(([part, at]) => insertAt(part, at)) },
  // Most of what is legal comes of it: unknown fields are accepted.
  {
    weight: 14,
    arbitrary: fc.tuple(fieldName, fc.oneof(text, nonString, nested)).map(([key, made]) => addField(key, made)),
  },
);

function findPaths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isObject(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => findPaths(inner, [...path, key]))];
}

/** The value with what is at the path exchanged; by entries, so that `__proto__` is a name like any other. */
function changeAt(value: unknown, [key, ...rest]: readonly string[], make: (inner: unknown) => unknown): unknown {
  if (key === undefined) return make(value);
  if (Array.isArray(value)) return value.map((inner, at) => (String(at) === key ? changeAt(inner, rest, make) : inner));
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(
    entries
      .map(([each, inner]) => [each, each === key ? changeAt(inner, rest, make) : inner] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

/** Makes a change at one of the places in a value. Without a body there would be nothing to send. */
function applyChange(value: unknown, [where, make]: readonly [number, Change]): unknown {
  const places = findPaths(value);
  const made = changeAt(value, places[where % places.length] ?? [], make);
  return made === undefined ? {} : made;
}

/**
 * Legal and illegal bodies of the three operations. A card number is one of the published test numbers or breaks the document:
 * what only the check digit rules out is left to a row of the table.
 */
export const generatedBodies: fc.Arbitrary<GeneratedBody> = fc
  .constantFrom<OperationId[]>("vaultPaymentMethod", ...operations)
  .chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      body: fc
        .tuple(BASES[operation], fc.array(fc.tuple(fc.nat(200), change), { minLength: 1, maxLength: 3 }))
        .map(([base, steps]) => steps.reduce<unknown>(applyChange, base)),
    }),
  );

/**
 * Whether the text of a body is JSON that all readers read in the same way, as the document asks in words: at most 16 levels, no `__proto__`,
 * no NUL, no half of a character.
 */
export function isReadable(value: unknown, levels = 0): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (!isObject(value)) return true;
  const inside = Object.entries(value);
  return (
    levels < 16 &&
    inside.every(([key, inner]) => key !== "__proto__" && isReadable(key) && isReadable(inner, levels + 1))
  );
}
