/** Types of the parts of the bundled document that the scripts read, and functions that find a part. */
import type { Schema, Schemas } from "./schemas.ts";

export interface ResultCode {
  readonly code: string;
  readonly status: string;
  readonly meaning: string;
  readonly furtherAction: string;
  readonly action: string;
  readonly source: string;
}

export interface Reference {
  readonly $ref: string;
}

export interface Example {
  readonly value: unknown;
}

export interface MediaType {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, Example | Reference>>;
}

export interface Body {
  readonly content: Readonly<Record<string, MediaType>>;
}

export interface Operation {
  readonly operationId: string;
  readonly requestBody: Body | Reference;
  readonly responses: Readonly<Record<string, Body | Reference>>;
  readonly callbacks?: Readonly<Record<string, Readonly<Record<string, { readonly post: Operation }>>>>;
  readonly "x-result-codes": readonly ResultCode[];
  readonly "x-vaulting-result-codes"?: readonly {
    readonly code: string;
    readonly vaultingStatus: string;
    readonly action: string;
    readonly meaning: string;
  }[];
}

export interface Document {
  readonly [key: string]: unknown;
  readonly info: { readonly version: string };
  readonly servers: readonly { readonly url: string; readonly "x-region": string; readonly "x-environment": string }[];
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: { readonly schemas: Schemas; readonly [kind: string]: Readonly<Record<string, unknown>> };
  readonly "x-gateway-result-codes": { readonly codes: readonly ResultCode[] };
}

/** The parts of the control API's document that the scripts read. */
export type ControlDocument = Pick<Document, "components">;

/** Returns the part of a value at a JSON Pointer, or `undefined` if there is none. */
export const getValueAt = (value: unknown, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], value);

/** Resolves a reference inside the bundled document. Returns any other value unchanged. */
export function resolve<T>(document: Document, value: T | Reference): T {
  if (typeof value !== "object" || value === null || !("$ref" in value)) return value as T;
  const target = getValueAt(document, value.$ref);
  if (target === undefined) throw new Error(`reference not found: ${value.$ref}`);
  return resolve(document, target as T | Reference);
}
