import { Readable } from "node:stream";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { captureBody, decodeBody } from "./capture-body.ts";

const text = new TextEncoder().encode('{"a":1}');

test.each([
  ["none", undefined, text],
  ["identity", "identity", text],
  ["gzip", "GZIP", new Uint8Array(gzipSync(text))],
  ["deflate", "deflate", new Uint8Array(deflateSync(text))],
  ["brotli", " br ", new Uint8Array(brotliCompressSync(text))],
])("decodeBody decodes the content coding %s", async (_, coding, bytes) => {
  expect(await decodeBody(bytes, coding)).toEqual(text);
});

test.each([
  ["an unknown coding", "zstd", text],
  ["invalid data", "gzip", text],
  ["a decompression bomb", "gzip", new Uint8Array(gzipSync(Buffer.alloc(70_000)))],
])("decodeBody returns undefined for %s", async (_, coding, bytes) => {
  expect(await decodeBody(bytes, coding)).toBeUndefined();
});

test("captureBody keeps bodies of up to 64 KiB, and counts all bytes", async () => {
  for (const [size, kept] of [
    [65_536, true],
    [65_537, false],
  ] as const) {
    const stream = Readable.from([Buffer.alloc(1), Buffer.alloc(size - 1, "x")]);
    const body = captureBody(stream);
    for await (const _ of stream);
    expect({ length: body.length(), kept: body.bytes()?.byteLength === size }).toEqual({ length: size, kept });
  }
});
