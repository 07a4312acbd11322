/** Where things stand in the bundled document: each value with its JSON Pointer, behind its reference if it is one. */
import {
  type Body,
  type Document,
  type Example,
  type MediaType,
  type Operation,
  type Reference,
  resolve,
} from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";

export interface Place<T> {
  readonly at: string;
  readonly value: T;
}

/** A parameter or a header. */
export interface Field {
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, Example | Reference>>;
}

interface Answer extends Body {
  readonly headers?: Readonly<Record<string, Field | Reference>>;
}

/** An operation with what the generator has no use for. */
export interface Call extends Operation {
  readonly parameters?: readonly (Field | Reference)[];
  readonly responses: Readonly<Record<string, Answer | Reference>>;
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

const isReference = (value: object): value is Reference => "$ref" in value;

function stand<T extends object>(document: Document, at: string, value: T | Reference): Place<T> {
  return { at: isReference(value) ? value.$ref : at, value: resolve(document, value) };
}

const distinct = <T>(places: readonly Place<T>[]): readonly Place<T>[] => [
  ...new Map(places.map((place) => [place.at, place])).values(),
];

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

/** What the gateway sends of its own accord: webhooks, and the same as callbacks. */
const notifications = (document: Document): readonly Place<Call>[] => [
  ...webhooks(document),
  ...calls(document).flatMap(callbacks),
];

const mediaOf = ({ at, value }: Place<Body>): readonly Place<MediaType>[] =>
  Object.entries(value.content ?? {}).map(([type, media]) => ({ at: below(at, "content", type), value: media }));

export const requestOf = (document: Document, { at, value }: Place<Call>): readonly Place<MediaType>[] =>
  mediaOf(stand(document, below(at, "requestBody"), value.requestBody));

/** The answers of an operation: those of every status, or those of one. */
export const responsesOf = (
  document: Document,
  { at, value }: Place<Call>,
  only?: string,
): readonly Place<MediaType>[] =>
  Object.entries(value.responses)
    .filter(([status]) => only === undefined || status === only)
    .flatMap(([status, response]) => mediaOf(stand(document, below(at, "responses", status), response)));

/** Every body of the document, in each media type. */
export const messages = (document: Document): readonly Place<MediaType>[] =>
  distinct(
    [...calls(document), ...notifications(document)].flatMap((call) => [
      ...requestOf(document, call),
      ...responsesOf(document, call),
    ]),
  );

/** What the merchant reads or sends back: everything but the requests of its own calls. */
export const answersAndNotifications = (document: Document): readonly Place<MediaType>[] =>
  distinct([
    ...calls(document).flatMap((call) => responsesOf(document, call)),
    ...notifications(document).flatMap((call) => [...requestOf(document, call), ...responsesOf(document, call)]),
  ]);

/** The bodies with one branch for each outcome: the answers of the calls, and the notification. */
export const outcomes = (document: Document): readonly Place<MediaType>[] =>
  distinct([
    ...calls(document).flatMap((call) => responsesOf(document, call, "200")),
    ...webhooks(document).flatMap((call) => requestOf(document, call)),
  ]);

/** Every parameter and header. */
export const fields = (document: Document): readonly Place<Field>[] =>
  distinct(
    [...calls(document), ...notifications(document)].flatMap(({ at, value }) => [
      ...(value.parameters ?? []).map((parameter, index) => stand(document, below(at, "parameters", index), parameter)),
      ...Object.entries(value.responses).flatMap(([status, response]) => {
        const answer = stand(document, below(at, "responses", status), response);
        return Object.entries(answer.value.headers ?? {}).map(([name, header]) =>
          stand(document, below(answer.at, "headers", name), header),
        );
      }),
    ]),
  );

/** The examples beside a body's, parameter's or header's schema. */
export function examplesOf(document: Document, { at, value }: Place<MediaType | Field>): readonly Place<Named>[] {
  const named = Object.entries(value.examples ?? {}).map(([name, example]) => ({
    at: below(at, "examples", name),
    value: { name, value: resolve(document, example).value },
  }));
  return "example" in value
    ? [...named, { at: below(at, "example"), value: { name: "example", value: value.example } }]
    : named;
}
