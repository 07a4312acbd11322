import { describe, expect, test } from "vitest";
import published from "../../generated/signature-vectors.json" with { type: "json" };
import { findSignatureErrorSync } from "../gateway/node-crypto.ts";
import { fromBase64, toBase64 } from "../protocol/base64.ts";
import { findSignatureError } from "./find-signature-error.ts";
import { importKeyring } from "./keyring.ts";
import { importPrivateKey } from "./keys/import-keys.ts";
import { sign } from "./sign.ts";
import { formatSignatureHeader } from "./signature-header.ts";
import { stringToSign } from "./string-to-sign.ts";

const keys = published.keys as Readonly<Record<string, { readonly privateKey: string; readonly publicKey: string }>>;
const decode = (base64: string) => fromBase64(base64) ?? new Uint8Array();

describe("a published signature vector", () => {
  test.each(published.vectors)("$id is $expected: $reason", async (vector) => {
    const { expected, method, path, clientId, time, header, publicKey, privateKey } = vector;
    const message = { method, path, clientId, time, body: decode(vector.bodyBase64) };
    expect(toBase64(stringToSign(message))).toBe(vector.stringToSignBase64);
    if (vector.body !== undefined)
      expect(stringToSign({ ...message, body: vector.body })).toEqual(stringToSign(message));

    const keyring = await importKeyring(keys[publicKey]?.publicKey ?? "", "publicKey");
    const error = await findSignatureError(keyring, message, header);
    expect(error === undefined ? "valid" : "invalid").toBe(expected);
    expect(findSignatureErrorSync(keyring, message, header)).toBe(error);

    if (privateKey === undefined) return;
    const key = await importPrivateKey(keys[privateKey]?.privateKey ?? "");
    expect(formatSignatureHeader(await sign(message, key), 1)).toBe(header);
  });
});
