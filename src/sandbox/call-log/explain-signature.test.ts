import { describe, expect, test } from "vitest";
import type { RejectedSignature } from "../../gateway/index.ts";
import { generateKeyPair, importKeyring, importPrivateKey, sign } from "../../signature/index.ts";
import { createSignatureExplainer } from "./explain-signature.ts";

const body = new TextEncoder().encode('{\n"a": 1\n}');
const parts = { path: "/p", clientId: "C", time: "1700000000000" };

async function createRejected(signed: string): Promise<RejectedSignature> {
  const { privateKey, publicKey } = await generateKeyPair();
  const value = await sign({ ...parts, body: signed }, await importPrivateKey(privateKey));
  const merchant = { clientId: "C", publicKeys: await importKeyring(publicKey, "key") };
  const headerValue = `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(value)}`;
  return { ...parts, reason: "", body, headerValue, merchant };
}

describe("createSignatureExplainer", () => {
  test("explains signatures in order", async () => {
    const all = [await createRejected('{\r\n"a": 1\r\n}'), await createRejected('{"a":1}')];
    const found: string[] = [];
    await new Promise<void>((resolve) => {
      const explain = createSignatureExplainer((sequence, message) => {
        found.push(`${sequence}: ${message}`);
        if (found.length === all.length) resolve();
      });
      for (const [at, rejected] of all.entries()) explain(at, rejected);
    });
    expect(found[0]).toMatch(/^0: .*CRLF/);
    expect(found[1]).toMatch(/^1: .*the same JSON in a different format/);
  });

  test("limits the rate of explanations", async () => {
    let now = 0;
    const one = await createRejected('{\r\n"a": 1\r\n}');
    const found: number[] = [];
    let onFound = () => {};
    const explain = createSignatureExplainer(
      (sequence) => {
        found.push(sequence);
        onFound();
      },
      { burst: 2, refillMs: 1000, now: () => now },
    );
    const next = (count: number) =>
      new Promise<void>((resolve) => {
        onFound = () => found.length === count && resolve();
      });
    const two = next(2);
    for (let sequence = 1; sequence <= 100; sequence++) explain(sequence, one);
    await two;
    now = 1500;
    const three = next(3);
    explain(101, one);
    explain(102, one);
    await three;
    now = 2000;
    const four = next(4);
    explain(103, one);
    await four;
    expect(found).toEqual([1, 2, 101, 103]);
  });

  test("skips unknown clients, and continues after an error", async () => {
    const one = await createRejected('{\r\n"a": 1\r\n}');
    const found: number[] = [];
    await new Promise<void>((resolve) => {
      const explain = createSignatureExplainer((sequence) => {
        found.push(sequence);
        resolve();
      });
      explain(1, { ...one, merchant: undefined });
      explain(2, { ...one, body: undefined as never });
      explain(3, one);
    });
    expect(found).toEqual([3]);
  });
});
