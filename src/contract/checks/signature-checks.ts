/** Checks that the target rejects invalid signatures and accepts every valid way to write the Signature header. */
import { constants, sign as signWithNode } from "node:crypto";
import { importSigningKey } from "../../gateway/index.ts";
import { generateKeyPair, importPrivateKey } from "../../signature/index.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { expectAccepted } from "../rules/assertions.ts";
import type { Check } from "./check.ts";
import { createAcceptedChecks, createRejectedChecks, OPERATION, type VariantRow } from "./request-variants.ts";

const SIGNATURE = "/components/securitySchemes/Signature";

const createHeaderRow = (id: string, title: string, change: (header: string) => string | undefined): VariantRow => ({
  id,
  title,
  change: { signatureHeader: change },
});

const getSignature = (header: string): string => header.slice(header.indexOf("signature=") + "signature=".length);
const createValueRow = (id: string, title: string, change: (value: string) => string): VariantRow =>
  createHeaderRow(id, title, (header) => header.replace(getSignature(header), change(getSignature(header))));

/** Creates a row that signs the correct string with an algorithm that the API does not allow. */
const createAlgorithmRow = (
  id: string,
  title: string,
  hash: string,
  padding: number = constants.RSA_PKCS1_PADDING,
): VariantRow => ({
  id,
  title,
  change: {
    createSignature: async (text, merchantPrivateKey) => {
      const key = await importSigningKey(merchantPrivateKey, "merchantPrivateKey");
      return signWithNode(hash, text, { key, padding }).toString("base64");
    },
  },
});

/** Sends a valid request and returns its time. A request with the same time has the same signature. */
async function sendAccepted(client: TargetClient, body: string): Promise<string> {
  const time = String(Date.now());
  expectAccepted(await client.send({ operation: OPERATION, body, time }));
  return time;
}

const invalidSignatures: readonly VariantRow[] = [
  createHeaderRow("missing", "rejects a request without a Signature header", () => undefined),
  createValueRow("empty", "rejects an empty signature", () => ""),
  {
    id: "different-key",
    title: "rejects a signature made with a different key",
    change: async () => ({ key: await importPrivateKey((await generateKeyPair()).privateKey) }),
  },
  {
    id: "body",
    title: "rejects a body that was changed after signing",
    change: (_, text) => ({ signed: { body: text.replace('"Ana"', '"Eva"') } }),
  },
  {
    id: "body-whitespace",
    title: "rejects a body that was reserialized after signing",
    change: (_, text) => ({ signed: { body: JSON.stringify(JSON.parse(text), null, 2) } }),
  },
  {
    id: "body-line-ends",
    title: "rejects a body that was signed with CRLF and sent with LF",
    change: (_, text) => ({ body: `${text}\n`, signed: { body: `${text}\r\n` } }),
  },
  {
    id: "path",
    title: "rejects a signature over a different path",
    change: (client) => ({ signed: { path: client.getPath("inquireVaulting") } }),
  },
  {
    id: "client",
    title: "rejects a signature over a different client ID",
    change: { signed: { clientId: "SANDBOX_ANOTHER" } },
  },
  {
    id: "unknown-client",
    title: "rejects an unknown client ID",
    change: { clientId: "SANDBOX_UNKNOWN_CLIENT" },
  },
  { id: "time", title: "rejects a signature over a different time", change: { signed: { time: "1685599933871" } } },
  {
    id: "reused-with-new-time",
    title: "rejects an accepted signature that is reused with a new time",
    change: async (client, text) => {
      const time = await sendAccepted(client, text);
      return { time: String(Number(time) + 1000), signed: { time } };
    },
  },
  {
    id: "reused-with-new-body",
    title: "rejects an accepted signature that is reused with a new body",
    change: async (client, text) => {
      const time = await sendAccepted(client, text);
      return { time, body: text.replace('"Ana"', '"Eva"'), signed: { time, body: text } };
    },
  },
  createValueRow("truncated", "rejects a truncated signature", (value) => `${value.slice(0, 200)}%3D%3D`),
  createValueRow("zeros", "rejects a signature of 256 zero bytes", () => `${"A".repeat(342)}%3D%3D`),
  createValueRow("not-base64", "rejects a signature that is not base64", () => "***"),
  createValueRow(
    "plus-as-space",
    "rejects a signature in which spaces replace plus signs",
    (value) => ` ${decodeURIComponent(value).replaceAll("+", " ")}`,
  ),
  createHeaderRow("doubled", "rejects 2 signatures in 1 header", (header) => `${header}, ${header}`),
  createAlgorithmRow("sha-1", "rejects a signature with SHA-1 instead of SHA-256", "sha1"),
  createAlgorithmRow("sha-512", "rejects a signature with SHA-512 instead of SHA-256", "sha512"),
  createAlgorithmRow("pss", "rejects a signature with PSS padding", "sha256", constants.RSA_PKCS1_PSS_PADDING),
  {
    id: "other-merchant",
    title: "rejects a signature made with the key of a different merchant",
    requires: ["multiple-merchants"],
    change: async (client) => {
      const { target } = await client.getOtherMerchant("second merchant");
      return { key: await importPrivateKey(target.merchantPrivateKey) };
    },
  },
  createHeaderRow("other-algorithm", "rejects an algorithm other than RSA256", (header) =>
    header.replace("RSA256", "RSA512"),
  ),
  createHeaderRow("no-algorithm", "rejects the algorithm none", (header) => header.replace("RSA256", "none")),
  createHeaderRow("key-version", "rejects a key version that is not a number", (header) =>
    header.replace("keyVersion=1", "keyVersion=__proto__"),
  ),
];

const validSignatures: readonly VariantRow[] = [
  createValueRow("lowercase-hex", "accepts lowercase hexadecimal digits in the encoded signature", (value) =>
    value.replace(/%../g, (encoded) => encoded.toLowerCase()),
  ),
  createValueRow("raw-base64", "accepts a base64 signature without URL encoding", decodeURIComponent),
  createHeaderRow("spaces", "accepts spaces after the commas of the header", (header) => header.replaceAll(",", ", ")),
  createHeaderRow("no-key-version", "accepts a header without keyVersion", (header) =>
    header.replace("keyVersion=1,", ""),
  ),
  createHeaderRow("algorithm-case", "accepts the algorithm in lowercase", (header) =>
    header.replace("RSA256", "rsa256"),
  ),
];

export const createSignatureChecks = (): readonly Check[] => [
  ...createRejectedChecks(
    "signature.rejected",
    "INVALID_SIGNATURE",
    invalidSignatures,
    SIGNATURE,
    "signature-rejected",
  ),
  ...createAcceptedChecks("signature.accepted", validSignatures, SIGNATURE),
];
