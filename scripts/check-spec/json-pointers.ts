/** Where things stand in the bundled document: each value with its JSON Pointer, behind its reference if it is one. */
import {
  type Body,
  type Document,
  type MediaType,
  type Operation,
  type Reference,
  resolve,
} from "../openapi/openapi-document.ts";

export interface Place<T> {
  readonly at: string;
  readonly value: T;
}

/** A parameter, a header, or a body in one media type. */
export interface Typed extends MediaType {
  readonly description?: string;
  readonly example?: unknown;
}

/** An operation with what the generator has no use for. */
export interface Call extends Operation {
  readonly security?: unknown;
}

/** A name of an example, and its value. */
export interface Named {
  readonly name: string;
  readonly value: unknown;
}

type PathItems = Readonly<Record<string, { readonly post: Operation }>> | undefined;

/** The pointer to what stands below `base` under these keys. */
export const below = (base: string, ...keys: readonly (string | number)[]): string =>
  [base, ...keys.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"))].join("/");

const stand = <T extends object>(document: Document, at: string, value: T | Reference): Place<T> => ({
  at: "$ref" in value ? value.$ref : at,
  value: resolve(document, value),
});

/** The operations under these path items. Call only names more of the same object than the generator reads, hence the cast. */
const posts = (at: string, items: PathItems): readonly Place<Call>[] =>
  Object.entries(items ?? {}).map(([key, item]) => ({ at: below(at, key, "post"), value: item.post as Call }));

/** The operations that a merchant calls. */
export const calls = (document: Document): readonly Place<Call>[] => posts("#/paths", document.paths);

export const webhooks = (document: Document): readonly Place<Call>[] => posts("#/webhooks", document.webhooks);

/** The callbacks of an operation by that name. */
export const callbacks = ({ at, value }: Place<Call>): readonly (Place<Call> & { readonly name: string })[] =>
  Object.entries(value.callbacks ?? {}).flatMap(([name, items]) =>
    posts(below(at, "callbacks", name), items).map((place) => ({ name, ...place })),
  );

const mediaOf = ({ at, value }: Place<Body>): readonly Place<MediaType>[] =>
  Object.entries(value.content ?? {}).map(([type, media]) => ({ at: below(at, "content", type), value: media }));

export const requestOf = (document: Document, { at, value }: Place<Call>): readonly Place<MediaType>[] =>
  mediaOf(stand(document, below(at, "requestBody"), value.requestBody));

/** The successful response of an operation. */
export const answerOf = (document: Document, { at, value }: Place<Call>): readonly Place<MediaType>[] =>
  Object.entries(value.responses)
    .filter(([status]) => status === "200")
    .flatMap(([status, response]) => mediaOf(stand(document, below(at, "responses", status), response)));

/** Everything in the document that has a schema, where it is defined. References are not followed: what they point to is found, too. */
export function typed(document: Document): readonly Place<Typed>[] {
  const found: Place<Typed>[] = [];
  const visit = (at: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    // Only parameters, headers, and media types have this key outside of schemas and examples.
    if ("schema" in value) found.push({ at, value: value as Typed });
    for (const [key, inner] of Object.entries(value)) {
      if (!/^(?:schemas?|examples?|x-.*)$/.test(key)) visit(below(at, key), inner);
    }
  };
  visit("#", document);
  return found;
}

const isBody = ({ at }: Place<Typed>): boolean => /\/content\/[^/]+$/.test(at);

/** Every body of the document, in each media type. */
export const messages = (document: Document): readonly Place<Typed>[] => typed(document).filter(isBody);

/** Every parameter and header. */
export const fields = (document: Document): readonly Place<Typed>[] =>
  typed(document).filter((place) => !isBody(place));

/** What the merchant reads or sends back: everything but the requests of its own calls. */
export function answersAndNotifications(document: Document): readonly Place<Typed>[] {
  const requests = new Set(calls(document).flatMap((call) => requestOf(document, call).map(({ at }) => at)));
  return messages(document).filter(({ at }) => !requests.has(at));
}

/** The bodies with one branch for each outcome: the answers of the calls, and the notification. */
export const outcomes = (document: Document): readonly Place<MediaType>[] => [
  ...calls(document).flatMap((call) => answerOf(document, call)),
  ...webhooks(document).flatMap((call) => requestOf(document, call)),
];

/** The examples beside a body's, parameter's or header's schema. */
export function examplesOf(document: Document, { at, value }: Place<Typed>): readonly Place<Named>[] {
  const named = Object.entries(value.examples ?? {}).map(([name, example]) => ({
    at: below(at, "examples", name),
    value: { name, value: resolve(document, example).value },
  }));
  return "example" in value
    ? [...named, { at: below(at, "example"), value: { name: "example", value: value.example } }]
    : named;
}
