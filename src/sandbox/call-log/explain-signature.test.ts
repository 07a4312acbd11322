import { describe, expect, test } from "vitest";
import type { RejectedSignature } from "../../gateway/index.ts";
import { generateKeyPair, importKeyring, importPrivateKey, sign } from "../../signature/index.ts";
import { createSignatureExplainer } from "./explain-signature.ts";

const body = new TextEncoder().encode('{\n"a": 1\n}');
const WAIT = { timeout: 10_000 };
const parts = { path: "/p", clientId: "C", time: "1700000000000" };

async function createRejectedSignature(signed: string): Promise<RejectedSignature> {
  const { privateKey, publicKey } = await generateKeyPair();
  const value = await sign({ ...parts, body: signed }, await importPrivateKey(privateKey));
  const merchant = { clientId: "C", publicKeys: await importKeyring(publicKey, "key") };
  const headerValue = `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(value)}`;
  return { ...parts, reason: "", body, headerValue, merchant };
}

describe("createSignatureExplainer", () => {
  test("explains rejected signatures in order", async () => {
    const signatures = [await createRejectedSignature('{\r\n"a": 1\r\n}'), await createRejectedSignature('{"a":1}')];
    const found: string[] = [];
    const explain = createSignatureExplainer((sequence: number, message) => found.push(`${sequence}: ${message}`));
    for (const [sequence, signature] of signatures.entries()) explain(sequence, signature);
    await expect.poll(() => found, WAIT).toHaveLength(2);
    expect(found[0]).toMatch(/^0: .*CRLF/);
    expect(found[1]).toMatch(/^1: .*the same JSON in a different format/);
  });

  test("limits the rate of explanations", async () => {
    let now = 0;
    const signature = await createRejectedSignature('{\r\n"a": 1\r\n}');
    const found: number[] = [];
    const explain = createSignatureExplainer((sequence: number) => found.push(sequence), {
      burst: 2,
      refillMs: 1000,
      now: () => now,
    });
    for (let sequence = 1; sequence <= 100; sequence++) explain(sequence, signature);
    await expect.poll(() => found, WAIT).toEqual([1, 2]);
    now = 1500;
    explain(101, signature);
    explain(102, signature);
    await expect.poll(() => found, WAIT).toEqual([1, 2, 101]);
    now = 2000;
    explain(103, signature);
    await expect.poll(() => found, WAIT).toEqual([1, 2, 101, 103]);
  });

  test("skips signatures of unknown clients, and continues after an error", async () => {
    const signature = await createRejectedSignature('{\r\n"a": 1\r\n}');
    const found: number[] = [];
    const explain = createSignatureExplainer((sequence: number) => found.push(sequence));
    explain(1, { ...signature, merchant: undefined });
    explain(2, { ...signature, body: undefined as never });
    explain(3, signature);
    await expect.poll(() => found, WAIT).toEqual([3]);
  });
});
