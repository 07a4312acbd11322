/** A copy of a body that streams by, as long as it is short enough to be looked at. */
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { BODY_LIMIT } from "../../protocol/json.ts";

export interface CapturedBody {
  /** So far; `undefined` once there are more than 64 KiB. */
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

/** A body without its content coding; `undefined` where that is unknown or wrong, or what comes of it is larger than 64 KiB. */
export async function decodeBody(
  bytes: Uint8Array<ArrayBuffer> | undefined,
  coding: string | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const name = coding?.trim().toLowerCase() ?? "";
  if (!bytes || name === "" || name === "identity") return bytes;
  const decode = Object.entries(DECODERS).find(([each]) => each === name)?.[1];
  // Of an answer to HEAD there is nothing to decode.
  if (!decode || bytes.byteLength === 0) return decode ? bytes : undefined;
  return decode(bytes, { maxOutputLength: BODY_LIMIT }).then(
    (plain) => new Uint8Array(plain),
    () => undefined,
  );
}
