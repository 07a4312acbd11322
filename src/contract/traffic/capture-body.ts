/** Captures a streamed body if it is small enough to inspect. */
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { BODY_LIMIT } from "../../protocol/json.ts";

export interface CapturedBody {
  /** The bytes received so far, or `undefined` if there are more than 64 KiB. */
  readonly bytes: () => Uint8Array<ArrayBuffer> | undefined;
  readonly length: () => number;
}

export function captureBody(stream: Readable): CapturedBody {
  let chunks: Buffer[] = [];
  let length = 0;
  stream.on("data", (chunk: Buffer) => {
    length += chunk.byteLength;
    if (length > BODY_LIMIT) chunks = [];
    else chunks.push(chunk);
  });
  return {
    bytes: () => (length > BODY_LIMIT ? undefined : new Uint8Array(Buffer.concat(chunks))),
    length: () => length,
  };
}

const DECODERS = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** Decodes a body that has a content coding. Returns `undefined` if the coding is unknown, the body is missing or invalid, or the result exceeds 64 KiB. */
export async function decodeBody(
  bytes: Uint8Array<ArrayBuffer> | undefined,
  coding: string | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const name = coding?.trim().toLowerCase() ?? "";
  if (!bytes || name === "" || name === "identity") return bytes;
  const decode = Object.entries(DECODERS).find(([decoder]) => decoder === name)?.[1];
  // The response to a HEAD request has no body to decode.
  if (!decode || bytes.byteLength === 0) return decode ? bytes : undefined;
  return decode(bytes, { maxOutputLength: BODY_LIMIT }).then(
    (plain) => new Uint8Array(plain),
    () => undefined,
  );
}
