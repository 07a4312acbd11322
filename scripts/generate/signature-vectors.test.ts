import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import published from "../../generated/signature-vectors.json" with { type: "json" };

const keys = published.keys as Readonly<Record<string, { readonly privateKey: string; readonly publicKey: string }>>;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

describe.runIf(hasOpenssl)("the signature vectors agree with the openssl command", () => {
  let directory: string;
  const file = (name: string) => join(directory, name);
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "antom-vault-vectors-"));
    for (const [name, { privateKey, publicKey }] of Object.entries(keys)) {
      const der = { format: "der", type: "pkcs8" } as const;
      const key = createPrivateKey({ key: Buffer.from(privateKey, "base64"), ...der });
      writeFileSync(file(`${name}.pem`), key.export({ format: "pem", type: "pkcs8" }));
      expect(createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64")).toBe(publicKey);
    }
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** Signs with the openssl command, instead of the program that created the vectors. */
  const signWithOpenssl = (input: Uint8Array, keyName: string) =>
    execFileSync("openssl", ["dgst", "-sha256", "-sign", file(`${keyName}.pem`)], { input }).toString("base64");

  test.each(published.vectors)("$id is $expected", (vector) => {
    const { stringToSignBase64, publicKey, header, expected } = vector;
    const signature = signWithOpenssl(Buffer.from(stringToSignBase64, "base64"), publicKey);
    const canonical = `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`;
    expect(header === canonical).toBe(vector.privateKey !== undefined);
    if (expected === "valid") expect(decodeURIComponent(header)).toContain(signature);
  });
});

test.runIf(!hasOpenssl)(
  "the signature vectors are not compared with openssl, because it is not installed",
  ({ skip }) => {
    skip("install openssl");
  },
);

test("the tab-separated signature vectors have the same IDs and results as the JSON file", () => {
  const file = join(import.meta.dirname, "../../generated/signature-vectors.tsv");
  const [, ...rows] = readFileSync(file, "utf8").trimEnd().split("\n");
  const ids = rows.map((row) => row.split("\t").slice(0, 2));
  expect(ids).toEqual(published.vectors.map(({ id, expected }) => [id, expected]));
});

test("the vectors for signature encodings contain the characters that the encodings change", () => {
  const headers = new Map(published.vectors.map(({ id, header }) => [id, header]));
  expect(headers.get("not-url-encoded")).toMatch(/\+.*\//);
  expect(headers.get("plus-decoded")).toMatch(/signature=.* /);
  expect(headers.get("base64url")).toMatch(/[-_]/);
});
