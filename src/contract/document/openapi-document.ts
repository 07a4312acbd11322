/** The parts of the OpenAPI document from which checks are derived. */
import { type OperationId, operationPaths } from "../../../generated/operations.ts";
import { readGenerated } from "../../machine/generated-documents.ts";
import { getField } from "../../protocol/json-fields.ts";

export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly oneOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface MediaType {
  readonly schema: Schema;
  readonly examples: Readonly<Record<string, { readonly $ref: string }>>;
}

interface Document {
  readonly webhooks: {
    readonly notifyVaulting: { readonly post: { readonly requestBody: { readonly $ref: string } } };
  };
  readonly paths: Readonly<
    Record<
      (typeof operationPaths)[OperationId],
      {
        readonly post: {
          readonly requestBody: { readonly content: { readonly "application/json": MediaType } };
          readonly responses: { readonly "200": { readonly content: { readonly "application/json": MediaType } } };
        };
      }
    >
  >;
}

/** Antom's samples use a real host, which a run must never call. The host that replaces it is reserved for examples (RFC 6761). */
const text = readGenerated("openapi.json").replaceAll("www.test.com", "www.test.example");
// `npm run generate` writes `openapi.json`, so its structure is known.
const document = JSON.parse(text) as Document;

const resolvePointer = (ref: string): unknown =>
  ref.slice(2).split("/").map(decodeKey).reduce<unknown>(getField, document);

const decodeKey = (key: string) => key.replaceAll("~1", "/").replaceAll("~0", "~");

export interface LocatedSchema {
  readonly schema: Schema;
  /** The location in the OpenAPI document, as a JSON Pointer. */
  readonly pointer: string;
}

/** Follows the references of a schema, and returns the referenced schema with its location. */
export function resolveReference({ schema, pointer }: LocatedSchema): LocatedSchema {
  if (schema.$ref === undefined) return { schema, pointer };
  return resolveReference({ schema: resolvePointer(schema.$ref) as Schema, pointer: schema.$ref.slice(1) });
}

export interface OperationMessage extends LocatedSchema {
  /** The named examples, in document order. */
  readonly examples: ReadonlyMap<string, unknown>;
  /** A JSON Pointer to the media type object, which contains the schema and the examples. */
  readonly media: string;
}

function getMessage(operation: OperationId, part: "request" | "response"): OperationMessage {
  const path = operationPaths[operation];
  const { post } = document.paths[path];
  const { content } = part === "request" ? post.requestBody : post.responses["200"];
  const { schema, examples } = content["application/json"];
  const location = part === "request" ? "requestBody" : "responses/200";
  const media = `/paths/${path.replaceAll("/", "~1")}/post/${location}/content/application~1json`;
  return { ...resolveReference({ schema, pointer: `${media}/schema` }), examples: resolveExamples(examples), media };
}

const getNotificationMedia = (): MediaType => {
  const { content } = resolvePointer(document.webhooks.notifyVaulting.post.requestBody.$ref) as {
    readonly content: { readonly "application/json": MediaType };
  };
  return content["application/json"];
};

export const getNotificationExamples = (): ReadonlyMap<string, unknown> =>
  resolveExamples(getNotificationMedia().examples);

export const getNotificationSchema = (): LocatedSchema =>
  resolveReference({ schema: getNotificationMedia().schema, pointer: "" });

const resolveExamples = (examples: MediaType["examples"]): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(examples).map(([name, { $ref }]) => [
      name,
      (resolvePointer($ref) as { readonly value: unknown }).value,
    ]),
  );

export const getRequestMessage = (operation: OperationId): OperationMessage => getMessage(operation, "request");
export const getResponseMessage = (operation: OperationId): OperationMessage => getMessage(operation, "response");
