/** Generates bodies by making one to three random changes to bodies from the OpenAPI document. */
import fc from "fast-check";
import { type OperationId, operations } from "../../generated/operations.ts";
import { findRepeatedCardNumber } from "../../src/cards/card-digits.ts";
import { deriveProbes } from "../../src/contract/document/derive-probes.ts";
import { getRequestMessage } from "../../src/contract/document/openapi-document.ts";
import { fieldName, nested, nonString, oddCharacter, text } from "./field-values.ts";

export interface GeneratedBody {
  readonly operation: OperationId;
  readonly body: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** A placeholder for a new ID. The test replaces the placeholder before sending the body. */
export const PLACEHOLDER_ID = "placeholder-id";

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** Creates the bodies to change: the document's examples, and valid and invalid bodies at each of its limits. */
function createBases(operation: OperationId): fc.Arbitrary<Fields> {
  const pickFrom = (bodies: readonly unknown[]) =>
    fc.constantFrom(...bodies.filter(isObject)).map((body): Fields => ({ ...body, vaultingRequestId: PLACEHOLDER_ID }));
  const probes = deriveProbes(operation);
  const valid = [
    ...getRequestMessage(operation).examples.values(),
    ...probes.flatMap(({ accepted }) => accepted.map(({ body }) => body)),
  ];
  const invalid = probes.flatMap(({ rejected }) => rejected.map(({ body }) => body));
  return fc.oneof({ weight: 3, arbitrary: pickFrom(valid) }, { weight: 1, arbitrary: pickFrom(invalid) });
}

const BASES: Readonly<Record<OperationId, fc.Arbitrary<Fields>>> = {
  vaultPaymentMethod: createBases("vaultPaymentMethod"),
  createVaultingSession: createBases("createVaultingSession"),
  inquireVaulting: createBases("inquireVaulting"),
};

/** A function that changes a field or a body, or returns `undefined` to remove it. */
type Change = (value: unknown) => unknown;

const replaceWith =
  (replacement: unknown): Change =>
  () =>
    replacement;

const insertAt =
  (part: string, at: number): Change =>
  (value) => {
    if (typeof value !== "string") return value;
    const characters = [...value];
    return characters.toSpliced(at % (characters.length + 1), 0, part).join("");
  };

const addField =
  (key: string, field: unknown): Change =>
  (value) =>
    isObject(value) && !Array.isArray(value) ? Object.fromEntries([...Object.entries(value), [key, field]]) : value;

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(replaceWith(undefined)) },
  { weight: 5, arbitrary: text.map(replaceWith) },
  { weight: 3, arbitrary: nonString.map(replaceWith) },
  { weight: 3, arbitrary: fc.tuple(oddCharacter, fc.nat(20)).map(([part, at]) => insertAt(part, at)) },
  // Unknown fields are accepted, so this change produces most of the valid bodies.
  {
    weight: 14,
    arbitrary: fc.tuple(fieldName, fc.oneof(text, nonString, nested)).map(([key, field]) => addField(key, field)),
  },
);

function findPaths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isObject(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => findPaths(inner, [...path, key]))];
}

/** Returns the value with the part at the path changed. Works on entries, because assigning to `__proto__` would change the prototype. */
function changeAt(value: unknown, [key, ...rest]: readonly string[], changePart: (inner: unknown) => unknown): unknown {
  if (key === undefined) return changePart(value);
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? changeAt(inner, rest, changePart) : inner));
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(
    entries
      .map(([name, inner]) => [name, name === key ? changeAt(inner, rest, changePart) : inner] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

/** Applies a change at one of the paths in a value. Returns an empty object if the change removes the body. */
function applyChange(value: unknown, [index, changePart]: readonly [number, Change]): unknown {
  const paths = findPaths(value);
  const changed = changeAt(value, paths[index % paths.length] ?? [], changePart);
  return changed === undefined ? {} : changed;
}

/**
 * Valid and invalid bodies of the three operations. Each card number is a published test number or violates the document. The test cases cover
 * numbers whose only error is the check digit.
 */
export const generatedBodies: fc.Arbitrary<GeneratedBody> = fc
  .constantFrom<OperationId[]>("vaultPaymentMethod", ...operations)
  .chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      body: fc
        .tuple(BASES[operation], fc.array(fc.tuple(fc.nat(200), change), { minLength: 1, maxLength: 3 }))
        .map(([base, steps]) => steps.reduce<unknown>(applyChange, base))
        // The document cannot express that no other field may contain the card number.
        .filter((body) => findRepeatedCardNumber(body, "").length === 0),
    }),
  );

/** Returns whether all parsers read a body in the same way: at most 16 levels, no `__proto__`, no NUL, and no lone surrogate. */
export function isReadable(value: unknown, levels = 0): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (!isObject(value)) return true;
  const entries = Object.entries(value);
  return (
    levels < 16 &&
    entries.every(([key, inner]) => key !== "__proto__" && isReadable(key) && isReadable(inner, levels + 1))
  );
}
