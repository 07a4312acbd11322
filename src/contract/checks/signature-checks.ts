/** Every way in which a request's signature can be wrong, and the forms in which it is right. */
import { constants, sign as signByNode } from "node:crypto";
import { importSigningKey } from "../../gateway/index.ts";
import { generateKeyPair, importPrivateKey } from "../../signature/index.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { expectAccepted } from "../rules/assertions.ts";
import type { Check } from "./check.ts";
import { acceptedChecks, OPERATION, rejectedChecks, type VariantRow } from "./request-variants.ts";

const SIGNATURE = "/components/securitySchemes/Signature";

const createHeaderRow = (id: string, title: string, change: (right: string) => string | undefined): VariantRow => ({
  id,
  title,
  change: { signatureHeader: change },
});

const getSignature = (right: string): string => right.slice(right.indexOf("signature=") + "signature=".length);
const createValueRow = (id: string, title: string, change: (value: string) => string): VariantRow =>
  createHeaderRow(id, title, (right) => right.replace(getSignature(right), change(getSignature(right))));

/** A signature over the right text that is made otherwise than the API says. */
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
      return signByNode(hash, text, { key, padding }).toString("base64");
    },
  },
});

/** Has a request accepted, and gives its time: signed again it has the same signature. */
async function sendAccepted(conversation: TargetClient, body: string): Promise<string> {
  const time = String(Date.now());
  expectAccepted(await conversation.send({ operation: OPERATION, body, time }));
  return time;
}

const invalidSignatures: readonly VariantRow[] = [
  createHeaderRow("missing", "a request without a Signature header is refused", () => undefined),
  createValueRow("empty", "an empty signature is refused", () => ""),
  {
    id: "different-key",
    title: "a signature made with another key is refused",
    change: async () => ({ key: await importPrivateKey((await generateKeyPair()).privateKey) }),
  },
  {
    id: "body",
    title: "a body changed after signing is refused",
    change: (_, text) => ({ signed: { body: text.replace('"xu"', '"xv"') } }),
  },
  {
    id: "body-white-space",
    title: "a body written anew after signing is refused",
    change: (_, text) => ({ signed: { body: JSON.stringify(JSON.parse(text), null, 2) } }),
  },
  {
    id: "body-line-ends",
    title: "a body signed with CRLF and sent with LF is refused",
    change: (_, text) => ({ body: `${text}\n`, signed: { body: `${text}\r\n` } }),
  },
  {
    id: "path",
    title: "a signature over another path is refused",
    change: (conversation) => ({ signed: { path: conversation.path("inquireVaulting") } }),
  },
  {
    id: "client",
    title: "a signature over another client ID is refused",
    change: { signed: { clientId: "SANDBOX_ANOTHER" } },
  },
  {
    id: "unknown-client",
    title: "a client ID that is not known is refused",
    change: { clientId: "SANDBOX_UNKNOWN_CLIENT" },
  },
  { id: "time", title: "a signature over another time is refused", change: { signed: { time: "1685599933871" } } },
  {
    id: "reused-with-new-time",
    title: "a signature that was accepted is refused with another time",
    change: async (conversation, text) => {
      const time = await sendAccepted(conversation, text);
      return { time: String(Number(time) + 1000), signed: { time } };
    },
  },
  {
    id: "reused-with-new-body",
    title: "a signature that was accepted is refused with another body",
    change: async (conversation, text) => {
      const time = await sendAccepted(conversation, text);
      return { time, body: text.replace('"xu"', '"xv"'), signed: { time, body: text } };
    },
  },
  createValueRow("truncated", "a truncated signature is refused", (value) => `${value.slice(0, 200)}%3D%3D`),
  createValueRow("zeros", "a signature of 256 zero bytes is refused", () => `${"A".repeat(342)}%3D%3D`),
  createValueRow("not-base64", "a signature that is no base64 is refused", () => "***"),
  createValueRow(
    "plus-as-space",
    "a signature whose plus signs became blanks is refused",
    (value) => ` ${decodeURIComponent(value).replaceAll("+", " ")}`,
  ),
  createHeaderRow("doubled", "two signatures are refused, whichever is right", (right) => `${right}, ${right}`),
  createAlgorithmRow("sha-1", "a signature with SHA-1 in the place of SHA-256 is refused", "sha1"),
  createAlgorithmRow("sha-512", "a signature with SHA-512 in the place of SHA-256 is refused", "sha512"),
  createAlgorithmRow(
    "pss",
    "a signature with the padding of PSS is refused",
    "sha256",
    constants.RSA_PKCS1_PSS_PADDING,
  ),
  {
    id: "other-merchant",
    title: "a signature made with another merchant's key is refused",
    requires: ["multiple-merchants"],
    change: async (conversation) => {
      const { target } = await conversation.getOtherMerchant("next door");
      return { key: await importPrivateKey(target.merchantPrivateKey) };
    },
  },
  createHeaderRow("other-algorithm", "another algorithm than RSA256 is refused", (right) =>
    right.replace("RSA256", "RSA512"),
  ),
  createHeaderRow("no-algorithm", "the algorithm none is refused", (right) => right.replace("RSA256", "none")),
  createHeaderRow("key-version", "a key version that is no number is refused", (right) =>
    right.replace("keyVersion=1", "keyVersion=__proto__"),
  ),
];

const validSignatures: readonly VariantRow[] = [
  createValueRow("lower-case-hex", "lower-case hexadecimal digits in the encoded signature are accepted", (value) =>
    value.replace(/%../g, (encoded) => encoded.toLowerCase()),
  ),
  createValueRow("raw-base64", "a signature in base64 without URL encoding is accepted", decodeURIComponent),
  createHeaderRow("spaces", "blanks after the commas are accepted", (right) => right.replaceAll(",", ", ")),
  createHeaderRow("no-key-version", "a header without keyVersion is accepted", (right) =>
    right.replace("keyVersion=1,", ""),
  ),
  createHeaderRow("algorithm-case", "the algorithm in lower case is accepted", (right) =>
    right.replace("RSA256", "rsa256"),
  ),
];

export const signatureChecks = (): readonly Check[] => [
  ...rejectedChecks("signature.rejected", "INVALID_SIGNATURE", invalidSignatures, SIGNATURE, "signature-rejected"),
  ...acceptedChecks("signature.accepted", validSignatures, SIGNATURE),
];
