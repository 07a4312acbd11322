import { createPrivateKey, KeyObject } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { generateKeyPair, importPrivateKey, importPublicKey } from "../signature/index.ts";
import { inspectAll } from "../testing/attacks/client-canary.ts";
import * as messages from "../testing/messages/client-messages.ts";
import {
  ENCRYPTED_PKCS8,
  OTHER_PKCS8,
  OTHER_SPKI,
  PKCS1,
  PKCS8,
  SHORT_PKCS8,
  SPKI,
} from "../testing/messages/signature-vectors.ts";
import { CLIENT_ID, catchError, createScriptedFetch, createTestClient } from "../testing/servers/scripted-gateway.ts";
import { createVaultClient, type VaultClientOptions } from "./index.ts";

const otherPair = await generateKeyPair();
const merchantPrivateKey = await importPrivateKey(PKCS8);
const merchantPublicKey = await importPublicKey(SPKI);
const antomPublicKey = await importPublicKey(OTHER_SPKI);

const unhandled = vi.fn();
beforeEach(() => void process.on("unhandledRejection", unhandled));
afterEach(() => {
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

const fetch = vi.fn(createScriptedFetch(() => ({ body: messages.vaultedResponse })));
const createClient = (keys: Partial<VaultClientOptions>) => createTestClient({ region: "asia", fetch, ...keys });

describe("ready() and every call reject an invalid key and send nothing:", () => {
  test.each<[string, Partial<VaultClientOptions>, RegExp]>([
    [
      "a public key as merchantPrivateKey",
      { merchantPrivateKey: SPKI },
      /^merchantPrivateKey is a public key, but must be a private key/,
    ],
    [
      "a private key as antomPublicKey",
      { antomPublicKey: OTHER_PKCS8 },
      /^antomPublicKey is a private key, but must be a public key/,
    ],
    [
      "a private key among Antom's keys",
      { antomPublicKey: { 1: OTHER_SPKI, 2: otherPair.privateKey } },
      /^antomPublicKey\[2\] is a private key/,
    ],
    ["the merchant's public key as antomPublicKey", { antomPublicKey: SPKI }, /^antomPublicKey is your own public key/],
    [
      "the merchant's public key among Antom's keys",
      { antomPublicKey: { 1: OTHER_SPKI, 2: SPKI } },
      /^antomPublicKey is your own public key/,
    ],
    [
      "the merchant's public key as antomPublicKey, with merchantPrivateKey as a CryptoKey",
      { merchantPrivateKey, antomPublicKey: SPKI },
      /^antomPublicKey is your own/,
    ],
    [
      "the merchant's public key as antomPublicKey, with both keys as CryptoKeys",
      { merchantPrivateKey, antomPublicKey: merchantPublicKey },
      /^antomPublicKey is your own/,
    ],
    ["half a key", { merchantPrivateKey: PKCS8.slice(0, 801) }, /^merchantPrivateKey /],
    [
      "a damaged key",
      { merchantPrivateKey: `${PKCS8.slice(0, 1100)}${PKCS8[1100] === "A" ? "B" : "A"}${PKCS8.slice(1101)}` },
      /^merchantPrivateKey is damaged/,
    ],
    ["an encrypted key", { merchantPrivateKey: ENCRYPTED_PKCS8 }, /^merchantPrivateKey .*encrypted/],
    ["a short key", { merchantPrivateKey: SHORT_PKCS8 }, /^merchantPrivateKey is an RSA key of only 1024 bits/],
    [
      "a value that is not a key",
      { merchantPrivateKey: {} as string },
      /^merchantPrivateKey is not a string, Uint8Array, KeyObject, or CryptoKey/,
    ],
  ])("%s", async (_, keys, message) => {
    const client = createClient(keys);
    const errors = [
      await catchError(client.ready()),
      await catchError(client.vaultPaymentMethod(messages.vaultRequest)),
      await catchError(createClient(keys).inquireVaulting(messages.inquiryRequest)),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({ code: "KEY_INVALID", message: expect.stringMatching(message) });
      const text = inspectAll(error);
      const pieces = Object.values(keys).flatMap((key) =>
        typeof key === "string" ? (key.match(/[\w+/]{12}/g) ?? []) : [],
      );
      expect(pieces.filter((piece) => text.includes(piece))).toEqual([]);
    }
    expect(fetch).not.toHaveBeenCalled();
  });
});

test("an invalid key causes no unhandled rejection", async () => {
  createClient({ merchantPrivateKey: "x" });
  createClient({ merchantPrivateKey: "x" })
    .ready()
    .catch(() => {});
  await new Promise(setImmediate);
});

describe("the client accepts keys as", () => {
  test.each<[string, Partial<VaultClientOptions>]>([
    ["strings", {}],
    ["PKCS#1", { merchantPrivateKey: PKCS1 }],
    ["CryptoKeys", { merchantPrivateKey, antomPublicKey }],
    ["Buffers", { merchantPrivateKey: Buffer.from(PKCS8), antomPublicKey: Buffer.from(OTHER_SPKI) }],
    [
      "KeyObjects",
      {
        merchantPrivateKey: createPrivateKey({ key: Buffer.from(PKCS8, "base64"), format: "der", type: "pkcs8" }),
        antomPublicKey: KeyObject.from(antomPublicKey),
      },
    ],
    ["a version map", { antomPublicKey: { 1: OTHER_SPKI } }],
  ])("%s", async (_, keys) => {
    const client = createClient(keys);
    await client.ready();
    expect(await client.vaultPaymentMethod(messages.vaultRequest)).toHaveProperty("outcome", "vaulted");
  });
});

test("the client uses the keys that it was created with, even if the options change later", async () => {
  const target = { clientId: CLIENT_ID, region: "asia", fetch } as const;
  const options = { ...target, merchantPrivateKey: PKCS8, antomPublicKey: OTHER_SPKI };
  const client = createVaultClient(options);
  options.merchantPrivateKey = "";
  options.antomPublicKey = "";
  await client.ready();
});
