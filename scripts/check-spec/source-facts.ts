/**
 * Compares the fields of the document with Antom's sources. Reports each difference that agreed-differences.yaml does not list,
 * and each listed difference that no longer exists.
 */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parse } from "yaml";
import type { Document } from "../openapi/openapi-document.ts";
import type { Check } from "./check.ts";
import { findCalls, findRequestBodies, findResponseBodies, findWebhooks } from "./document-parts.ts";
import { type Field, findFields } from "./message-fields.ts";

/** The properties of a field, as far as the sources state them. */
type Statement = Partial<Field> & Pick<Field, "type">;

interface FactGroup {
  /** An operationId, followed by `.request` or `.response`, such as `vaultPaymentMethod.request`. */
  readonly message: string;
  /** Keys of `sources`. */
  readonly sources: readonly string[];
  readonly fields?: Readonly<Record<string, Statement>>;
  readonly withoutText?: Readonly<Record<string, readonly string[]>>;
}

interface FactTable {
  readonly sources: Readonly<Record<string, { readonly date: string }>>;
  readonly facts: readonly FactGroup[];
}

/** A difference between the document and a source. */
interface Difference {
  readonly message: string;
  readonly pointer: string;
  readonly differs: "presence" | keyof Field;
  /** The value in the source, and the value in the document. */
  readonly source: string;
  readonly document: string;
  /** The sources with their dates. */
  readonly from: string;
}

/** Intended differences that share a reason: each of the fields differs in each of the messages. */
interface AgreedDifference extends Pick<Difference, "differs" | "document"> {
  readonly messages: readonly string[];
  /** JSON Pointers. A pointer that ends with two asterisks matches a field and everything below it. */
  readonly fields: readonly string[];
  readonly reason: string;
  /** The row in the table of decisions in spec/README.md. */
  readonly row?: number;
}

const readTable = (name: string): unknown => parse(readFileSync(join(import.meta.dirname, name), "utf8"));

// The casts are safe, because both files are committed with this code.
export const { sources, facts: groups } = readTable("source-facts.yaml") as FactTable;
export const agreedDifferences = readTable("agreed-differences.yaml") as readonly AgreedDifference[];

const facts = groups.flatMap(({ message, sources: keys, fields = {}, withoutText = {} }) => {
  const from = keys.map((key) => `${key}, ${sources[key]?.date}`).join("; ");
  const listed = Object.entries(withoutText).flatMap(([parent, names]) =>
    names.map((name): readonly [string, Statement] => {
      const pointer = posix.join(parent, name);
      return [pointer, { type: pointer in withoutText ? "object" : "string" }];
    }),
  );
  return [...Object.entries(fields), ...listed].map(([pointer, stated]) => ({ message, pointer, stated, from }));
});

const agreed = agreedDifferences.flatMap(({ messages, fields, differs, document }) =>
  messages.flatMap((message) => fields.map((pointer) => ({ message, pointer, differs, document }))),
);

/** Describes the values that the other enumeration lacks. */
function formatValues(values: readonly string[] | undefined, other: readonly string[] = []): string {
  if (values === undefined) return "no enumeration";
  const extra = values.filter((value) => !other.includes(value));
  return extra.length === 0 ? "no additional values" : `also ${extra.join(", ")}`;
}

/** Compares only the properties that the source states. A limit or an enumeration that only the document has is not a difference. */
function compare(
  { type, required, maxLength, enum: values, deprecated = false }: Statement,
  field: Field | undefined,
): readonly Pick<Difference, "differs" | "source" | "document">[] {
  if (!field) return [{ differs: "presence", source: `a field of type ${type}`, document: "absent" }];
  const limit = field.enum ? Math.max(...field.enum.map((value) => value.length)) : field.maxLength;
  // The values of an enumeration may be shorter than the stated limit.
  const sameLimit = limit === maxLength || (field.enum && Number(limit) < Number(maxLength));
  const differ = (differs: keyof Field, same: boolean | undefined, source: unknown, document: unknown) =>
    same ? [] : [{ differs, source: String(source), document: String(document) }];
  return [
    ...differ("type", type === field.type, type, field.type),
    ...differ("maxLength", maxLength === undefined || sameLimit, maxLength, limit ?? "no limit"),
    ...differ(
      "enum",
      values === undefined || values.toSorted().join() === field.enum?.join(),
      formatValues(values, field.enum),
      formatValues(field.enum, values),
    ),
    ...differ("required", required === undefined || required === field.required, required, field.required),
    ...differ("deprecated", deprecated === field.deprecated, deprecated, field.deprecated),
  ];
}

/** Returns the fields of each message. */
function findMessages(document: Document): ReadonlyMap<string, ReadonlyMap<string, Field>> {
  const calls = findCalls(document);
  const bodies = [
    ...[...calls, ...findWebhooks(document)].map(
      (call) => [`${call.value.operationId}.request`, findRequestBodies(document, call)] as const,
    ),
    ...calls.map((call) => [`${call.value.operationId}.response`, findResponseBodies(document, call)] as const),
  ];
  return new Map(
    bodies.map(([message, media]) => [
      message,
      findFields(document, { oneOf: media.map(({ value }) => value.schema) }),
    ]),
  );
}

function findDifferences(document: Document): readonly Difference[] {
  const messages = findMessages(document);
  const stated = facts.flatMap(({ message, pointer, stated, from }) =>
    compare(stated, messages.get(message)?.get(pointer)).map((compared) => ({ message, pointer, from, ...compared })),
  );
  const known = new Set(facts.map(({ message, pointer }) => message + pointer));
  const unstated = [...messages].flatMap(([message, fields]) =>
    [...fields]
      .filter(([pointer]) => !known.has(message + pointer))
      .map(([pointer, { type }]): Difference => {
        const document = `a field of type ${type}`;
        return { message, pointer, differs: "presence", source: "absent", document, from: "no source" };
      }),
  );
  return [...stated, ...unstated];
}

const matchesPointer = (pointer: string, pattern: string): boolean =>
  pattern.endsWith("/**") ? `${pointer}/`.startsWith(pattern.slice(0, -2)) : pointer === pattern;

const isAgreed = (difference: Difference, { message, pointer, differs, document }: (typeof agreed)[number]): boolean =>
  difference.message === message &&
  difference.differs === differs &&
  difference.document === document &&
  matchesPointer(difference.pointer, pointer);

const fieldsAsInSources: Check = {
  title: "fields that match Antom's sources",
  requirement: "no differences except the agreed ones",
  measure: (document) => {
    const differences = findDifferences(document);
    const others = differences
      .filter((difference) => !agreed.some((entry) => isAgreed(difference, entry)))
      .map(({ message, pointer, differs, source, document, from }) => ({
        at: `${message} ${pointer}`,
        message: `${differs}: ${source} in the source, but ${document} in the document (${from})`,
      }));
    const outdated = agreed
      .filter((entry) => !differences.some((difference) => isAgreed(difference, entry)))
      .map(({ message, pointer, differs, document }) => ({
        at: `${message} ${pointer}`,
        message: `${differs}: "${document}" is no longer a difference; delete it from agreed-differences.yaml`,
      }));
    return {
      measured: `${facts.length} facts, ${differences.length} differences`,
      violations: [...others, ...outdated],
    };
  },
};

export const sourceChecks: readonly Check[] = [fieldsAsInSources];
