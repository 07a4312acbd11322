/** Finds parts of the bundled document, each with its JSON Pointer. */
import {
  type Body,
  type Document,
  type MediaType,
  type Operation,
  type Reference,
  resolve,
} from "../openapi/openapi-document.ts";

export interface Located<T> {
  readonly at: string;
  readonly value: T;
}

/** A parameter, a header, or a body of one media type. */
export interface SchemaOwner extends MediaType {
  readonly description?: string;
  readonly example?: unknown;
}

/** An operation, a webhook, or a callback, with its `security`, which the generator does not read. */
export interface SecuredOperation extends Operation {
  readonly security?: unknown;
}

/** An example with its name. */
export interface NamedExample {
  readonly name: string;
  readonly value: unknown;
}

type PathItems = Readonly<Record<string, { readonly post: Operation }>> | undefined;

/** Appends keys to a JSON Pointer. */
export const joinPointer = (base: string, ...keys: readonly (string | number)[]): string =>
  [base, ...keys.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"))].join("/");

const locate = <T extends object>(document: Document, at: string, value: T | Reference): Located<T> => ({
  at: "$ref" in value ? value.$ref : at,
  value: resolve(document, value),
});

/** Returns the POST operations of path items. The cast is safe, because `SecuredOperation` only declares an additional optional field. */
const findPosts = (at: string, items: PathItems): readonly Located<SecuredOperation>[] =>
  Object.entries(items ?? {}).map(([key, item]) => ({
    at: joinPointer(at, key, "post"),
    value: item.post as SecuredOperation,
  }));

/** Returns the operations that a merchant calls. */
export const findCalls = (document: Document): readonly Located<SecuredOperation>[] =>
  findPosts("#/paths", document.paths);

export const findWebhooks = (document: Document): readonly Located<SecuredOperation>[] =>
  findPosts("#/webhooks", document.webhooks);

/** Returns the callbacks of an operation. */
export const findCallbacks = ({
  at,
  value,
}: Located<SecuredOperation>): readonly (Located<SecuredOperation> & { readonly name: string })[] =>
  Object.entries(value.callbacks ?? {}).flatMap(([name, items]) =>
    findPosts(joinPointer(at, "callbacks", name), items).map((place) => ({ name, ...place })),
  );

const findMediaTypes = ({ at, value }: Located<Body>): readonly Located<MediaType>[] =>
  Object.entries(value.content ?? {}).map(([type, media]) => ({ at: joinPointer(at, "content", type), value: media }));

export const findRequestBodies = (
  document: Document,
  { at, value }: Located<SecuredOperation>,
): readonly Located<MediaType>[] => findMediaTypes(locate(document, joinPointer(at, "requestBody"), value.requestBody));

/** Returns the bodies of an operation's HTTP 200 response. */
export const findResponseBodies = (
  document: Document,
  { at, value }: Located<SecuredOperation>,
): readonly Located<MediaType>[] =>
  Object.entries(value.responses)
    .filter(([status]) => status === "200")
    .flatMap(([status, response]) => findMediaTypes(locate(document, joinPointer(at, "responses", status), response)));

/** Returns all parameters, headers, and bodies of the document. Does not follow references, because their targets are found too. */
export function findSchemaOwners(document: Document): readonly Located<SchemaOwner>[] {
  const found: Located<SchemaOwner>[] = [];
  const visit = (at: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    // Outside schemas and examples, only parameters, headers, and media types have this key.
    if ("schema" in value) found.push({ at, value: value as SchemaOwner });
    for (const [key, inner] of Object.entries(value)) {
      if (!/^(?:schemas?|examples?|x-.*)$/.test(key)) visit(joinPointer(at, key), inner);
    }
  };
  visit("#", document);
  return found;
}

const isBody = ({ at }: Located<SchemaOwner>): boolean => /\/content\/[^/]+$/.test(at);

/** Returns every body of the document, in each media type. */
export const findBodies = (document: Document): readonly Located<SchemaOwner>[] =>
  findSchemaOwners(document).filter(isBody);

/** Returns every parameter and header. */
export const findParametersAndHeaders = (document: Document): readonly Located<SchemaOwner>[] =>
  findSchemaOwners(document).filter((place) => !isBody(place));

/** Returns all bodies except those of the merchant's requests. */
export function findBodiesExceptRequests(document: Document): readonly Located<SchemaOwner>[] {
  const requests = new Set(
    findCalls(document).flatMap((call) => findRequestBodies(document, call).map(({ at }) => at)),
  );
  return findBodies(document).filter(({ at }) => !requests.has(at));
}

/** Returns the bodies whose schema has one `oneOf` branch per outcome: those of the responses and the notification. */
export const findOutcomeBodies = (document: Document): readonly Located<MediaType>[] => [
  ...findCalls(document).flatMap((call) => findResponseBodies(document, call)),
  ...findWebhooks(document).flatMap((call) => findRequestBodies(document, call)),
];

/** Returns the examples next to the schema of a body, parameter, or header. */
export function findExamples(
  document: Document,
  { at, value }: Located<SchemaOwner>,
): readonly Located<NamedExample>[] {
  const named = Object.entries(value.examples ?? {}).map(([name, example]) => ({
    at: joinPointer(at, "examples", name),
    value: { name, value: resolve(document, example).value },
  }));
  return "example" in value
    ? [...named, { at: joinPointer(at, "example"), value: { name: "example", value: value.example } }]
    : named;
}
