/** The document, as far as checks are derived from it. */
import { type OperationId, operationPaths } from "../../../generated/operations.ts";
import { readGenerated } from "../../machine/generated-documents.ts";
import { field } from "../../protocol/json-fields.ts";

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

/** The host of the vendor's samples is somebody's; what a run asks for must not be sent there. This one never has an address (RFC 6761). */
const text = readGenerated("openapi.json").replaceAll("www.test.com", "www.test.example");
// Ours, made by `npm run generate`, so its shape is known.
const document = JSON.parse(text) as Document;

const at = (ref: string): unknown => ref.slice(2).split("/").map(decodeKey).reduce<unknown>(field, document);

const decodeKey = (key: string) => key.replaceAll("~1", "/").replaceAll("~0", "~");

export interface Place {
  readonly schema: Schema;
  /** JSON Pointer into the document. */
  readonly pointer: string;
}

/** A schema with its references followed, and where it stands. */
export function follow({ schema, pointer }: Place): Place {
  if (schema.$ref === undefined) return { schema, pointer };
  return follow({ schema: at(schema.$ref) as Schema, pointer: schema.$ref.slice(1) });
}

export interface MessageOfOperation extends Place {
  /** The named examples, in the document's order. */
  readonly examples: ReadonlyMap<string, unknown>;
  /** JSON Pointer to the schema and the examples, in the operation itself. */
  readonly media: string;
}

function message(operation: OperationId, part: "request" | "response"): MessageOfOperation {
  const path = operationPaths[operation];
  const { post } = document.paths[path];
  const { content } = part === "request" ? post.requestBody : post.responses["200"];
  const { schema, examples } = content["application/json"];
  const where = part === "request" ? "requestBody" : "responses/200";
  const media = `/paths/${path.replaceAll("/", "~1")}/post/${where}/content/application~1json`;
  return { ...follow({ schema, pointer: `${media}/schema` }), examples: valuesOf(examples), media };
}

const notification = (): MediaType => {
  const { content } = at(document.webhooks.notifyVaulting.post.requestBody.$ref) as {
    readonly content: { readonly "application/json": MediaType };
  };
  return content["application/json"];
};

export const notificationExamples = (): ReadonlyMap<string, unknown> => valuesOf(notification().examples);

export const notificationSchema = (): Place => follow({ schema: notification().schema, pointer: "" });

const valuesOf = (examples: MediaType["examples"]): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(examples).map(([name, { $ref }]) => [name, (at($ref) as { readonly value: unknown }).value]));

export const requestOf = (operation: OperationId): MessageOfOperation => message(operation, "request");
export const responseOf = (operation: OperationId): MessageOfOperation => message(operation, "response");
