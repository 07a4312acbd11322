import { describe, expect, test } from "vitest";
import type { Merchant, RejectedSignature } from "../../gateway/index.ts";
import { generateKeyPair, importKeyring, importPrivateKey, type SignedMessage, sign } from "../../signature/index.ts";
import { createSignatureExplainer, describeClosestClient, type Explanation } from "./explain-signature.ts";

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

const keys = await generateKeyPair();
const otherKeys = await generateKeyPair();
const createMerchant = async (clientId: string, { publicKey } = keys): Promise<Merchant> => ({
  clientId,
  publicKeys: await importKeyring(publicKey, "key"),
});
const merchant = await createMerchant("SANDBOX_A");
const clients = [merchant, await createMerchant("SANDBOX_B", otherKeys)];
const message = { path: "/p", clientId: "SANDBOX_A", time: String(Date.now()), body: '{ "cvv": "123", "n": 1.0 }' };

/** Explains the rejection of a request whose signature covers the values in `signed` instead of the received ones. */
async function explain(
  signed: Partial<SignedMessage>,
  { privateKey } = keys,
  received: Partial<RejectedSignature> = {},
) {
  const value = await sign({ ...message, ...signed }, await importPrivateKey(privateKey));
  const headerValue = `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(value)}`;
  const explanations: Explanation[] = [];
  const explainCall = createSignatureExplainer((_: number, explanation) => explanations.push(explanation), {
    listClients: () => clients,
  });
  const bytes = new TextEncoder().encode(message.body);
  explainCall(1, { ...message, body: bytes, reason: "Unknown.", headerValue, merchant, ...received });
  await expect.poll(() => explanations, WAIT).toHaveLength(1);
  return explanations[0];
}

describe("createSignatureExplainer", () => {
  test("explains rejected signatures in order", async () => {
    const signatures = [await createRejectedSignature('{\r\n"a": 1\r\n}'), await createRejectedSignature('{"a":1}')];
    const found: string[] = [];
    const explain = createSignatureExplainer((sequence: number, { note }) => found.push(`${sequence}: ${note}`));
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

  test("explains nothing if the client is unknown and no client ID is similar, and continues after an error", async () => {
    const signature = await createRejectedSignature('{\r\n"a": 1\r\n}');
    const found: number[] = [];
    const explain = createSignatureExplainer((sequence: number) => found.push(sequence));
    explain(1, { ...signature, merchant: undefined });
    explain(2, { ...signature, body: undefined as never });
    explain(3, signature);
    await expect.poll(() => found, WAIT).toEqual([3]);
  });

  test("names the client whose key was used to sign", async () => {
    const { note, signedString } = (await explain({}, otherKeys)) ?? expect.fail();
    expect(note).toContain("valid for the key of client SANDBOX_B");
    expect(signedString).toBeUndefined();
  });

  test("finds the ID of a different client in the signed string", async () => {
    const { note, signedString } = (await explain({ clientId: "SANDBOX_B" })) ?? expect.fail();
    expect(note).toContain("The signed client ID is different");
    expect(signedString).toBe(`POST /p\nSANDBOX_B.${message.time}.{ "cvv": "***", "n": 1.0 }`);
  });

  test("suggests the known client ID that is closest to an unknown one, and nothing if the ID is missing", async () => {
    expect(await explain({}, keys, { merchant: undefined, clientId: "SANDBOX_BX" })).toEqual({
      note: "Unknown. Did you mean SANDBOX_B?",
    });
    expect(describeClosestClient("", clients)).toBe("");
  });
});
