/** Checks that the target rejects invalid signatures and accepts every valid way to write the Signature header. */
import { constants, sign as signWithNode } from "node:crypto";
import { promisify } from "node:util";
import { type OperationId, operations } from "../../../generated/operations.ts";
import { importSigningKey } from "../../gateway/index.ts";
import { getField } from "../../protocol/json-fields.ts";
import { generateKeyPair, stringToSign } from "../../signature/index.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { createRequestBody, replaceCard } from "../document/sample-requests.ts";
import { CheckSkipped } from "../model/failure.ts";
import { expectAccepted, expectRejected } from "../rules/assertions.ts";
import { addNoteToFailure } from "../rules/fail.ts";
import type { Check } from "./check.ts";
import {
  applyChange,
  type ChangeSource,
  createAcceptedChecks,
  createRejectedChecks,
  INTRODUCTION,
  OPERATION,
  sendVariant,
  type VariantRow,
} from "./request-variants.ts";
import { getSignedBytes, signedStringRows } from "./signed-strings.ts";

const SIGNATURE = "/components/securitySchemes/Signature";

const createHeaderRow = (id: string, title: string, change: (header: string) => string | undefined): VariantRow => ({
  id,
  title,
  change: { signatureHeader: change },
});

const getSignature = (header: string): string => header.slice(header.indexOf("signature=") + "signature=".length);
const createValueRow = (id: string, title: string, change: (value: string) => string): VariantRow =>
  createHeaderRow(id, title, (header) => header.replace(getSignature(header), change(getSignature(header))));

/** A signature of 256 zero bytes. */
const zeroSignature = `${"A".repeat(342)}%3D%3D`;
const toInvalid = (header: string): string => header.replace(getSignature(header), zeroSignature);
const createLinesRow = (
  id: string,
  lines: string,
  createLines: (header: string) => readonly [string, string],
): VariantRow => ({
  id,
  title: `rejects 2 Signature headers ${lines}`,
  change: { signatureLines: createLines },
});

const decodeSignature = (value: string) => Buffer.from(decodeURIComponent(value), "base64");

const createBytesRow = (id: string, title: string, change: (bytes: number[]) => number[]): VariantRow =>
  createValueRow(id, title, (value) =>
    encodeURIComponent(Buffer.from(change([...decodeSignature(value)])).toString("base64")),
  );

const getUnknownKey = (client: TargetClient) =>
  client.once("unknown key", async () => importSigningKey((await generateKeyPair()).privateKey, "privateKey"));

/** Signs the request of a row with an unknown key. The target must not reveal anything about a body before it verifies the signature. */
const withUnknownKey = ({ change, ...row }: VariantRow): VariantRow => ({
  ...row,
  title: `${row.title} only after verifying the signature`,
  change: async (client, text) => ({
    ...(await applyChange(change, client, text)),
    key: await getUnknownKey(client),
  }),
});

const signedStringVariants = signedStringRows.map(
  (row): VariantRow => ({
    id: row.id,
    title: `rejects a signature over ${row.title}`,
    alsoAllowed: row.id.startsWith("path-") ? "NO_INTERFACE_DEF" : undefined,
    change: async (client, text) => {
      const { clientId, merchantPrivateKey, card } = client.target;
      const body = Buffer.from(card ? replaceCard(text, card) : text);
      const valid = { path: client.getPath(OPERATION), clientId, time: String(Date.now()), body };
      const sent = { ...valid, ...row.send(valid) };
      const signed = getSignedBytes(row, sent);
      if (Buffer.from(stringToSign(sent)).equals(signed))
        throw new CheckSkipped("For this target, the incorrect string is the same as the string to sign.");
      const key = await client.once("signing key", () => importSigningKey(merchantPrivateKey, "merchantPrivateKey"));
      // Signs on a different thread, because there are many of these checks.
      const signature = await promisify(signWithNode)("sha256", signed, key);
      return { ...sent, createSignature: async () => signature.toString("base64") };
    },
  }),
);

/** Creates a row whose request is signed with an algorithm that the API does not allow. */
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

/** Sends a valid request and returns its time. A request with the same body and time has the same signature. */
async function sendAccepted(client: TargetClient, body: string): Promise<string> {
  const time = String(Date.now());
  expectAccepted(await client.send({ operation: OPERATION, body, time }));
  return time;
}

/** Conditions under which a target might skip the verification of a signature. Each is a change to a valid request. */
const SKIP_CONDITIONS: readonly (readonly [condition: string, change: ChangeSource])[] = [
  ["an agent-token", { headers: { "agent-token": "token" } }],
  ["an Authorization header", { headers: { authorization: "Bearer token" } }],
  ["a query", (client) => ({ path: `${client.getPath(OPERATION)}?trace=1` })],
  ["a trailing slash", (client) => ({ path: `${client.getPath(OPERATION)}/` })],
  ["the production path", (client) => ({ path: client.getPath(OPERATION, "production") })],
  ["a time in ISO 8601", () => ({ time: `${new Date().toISOString().slice(0, 19)}Z` })],
  ["no keyVersion", { signatureHeader: (header) => header.replace("keyVersion=1,", "") }],
  ["a different keyVersion", { signatureHeader: (header) => header.replace("keyVersion=1", "keyVersion=2") }],
  ["a chunked body", { isChunked: true }],
  ["2 Content-Type headers", { headerLines: { "content-type": ["application/json", "application/json"] } }],
];

/** Result codes with which a gateway may reject a request under these conditions. */
const REJECTION_CODES =
  /^(?:INVALID_SIGNATURE|KEY_NOT_FOUND|OAUTH_FAIL|ACCESS_DENIED|NO_INTERFACE_DEF|MEDIA_TYPE_NOT_ACCEPTABLE)$/;

/**
 * Expects the target to reject a signature made with an unknown key under each condition. Accepts any response with an HTTP status other than 200,
 * because it is not an API response.
 */
async function expectVerified(client: TargetClient): Promise<void> {
  const key = await getUnknownKey(client);
  await Promise.all(
    SKIP_CONDITIONS.map(async ([condition, change]) => {
      const exchange = await sendVariant(
        client,
        async (_, text) => ({ key, ...(await applyChange(change, client, text)) }),
        "signature-rejected",
      );
      if (exchange.status === 200 && !REJECTION_CODES.test(exchange.resultCode ?? ""))
        addNoteToFailure(condition, () => expectRejected(exchange, "INVALID_SIGNATURE"));
    }),
  );
}

/** Changes that make a valid Signature header invalid, each with a note of what the changed header contains. */
const INVALID_HEADERS: readonly (readonly [note: string, change: (header: string) => string])[] = [
  [
    "a different signature before the valid one, with a capitalized field name",
    (header) => `Signature=${zeroSignature},${header}`,
  ],
  [
    "a different signature after the valid one, with a capitalized field name",
    (header) => `${header},Signature=${zeroSignature}`,
  ],
  ["the same signature again, with an uppercase field name", (header) => `${header},SIGNATURE=${getSignature(header)}`],
  ["the algorithm again, with a capitalized field name", (header) => `Algorithm=RSA256,${header}`],
  ["a second algorithm", (header) => `${header},algorithm=RSA512`],
  ["a second key version, with a lowercase field name", (header) => `keyversion=2,${header}`],
  ...["RSA256PSS", "RSA", "HMAC-RSA256", "SHA256withRSA"].map(
    (name) => [`the algorithm ${name}`, (header: string) => header.replace("RSA256", name)] as const,
  ),
  ["a key version with a letter after the number", (header) => header.replace("keyVersion=1", "keyVersion=1x")],
];

async function expectHeadersRejected(client: TargetClient): Promise<void> {
  const sent = INVALID_HEADERS.map(async ([note, signatureHeader]) => {
    const exchange = await sendVariant(client, { signatureHeader }, "signature-rejected");
    addNoteToFailure(note, () => expectRejected(exchange, "INVALID_SIGNATURE"));
  });
  await Promise.all(sent);
}

/** Creates a request whose body is a string, so that the run does not expect the response to echo the ID: the target need not read the body. */
const createTextRequest = (client: TargetClient, operation: OperationId, id: unknown = client.createId()) => ({
  operation,
  body: JSON.stringify(createRequestBody(operation, String(id))),
});

const invalidSignatures: readonly VariantRow[] = [
  createHeaderRow("missing", "rejects a request without a Signature header", () => undefined),
  createValueRow("empty", "rejects an empty signature", () => ""),
  ...operations.map(
    (operation): VariantRow => ({
      id: operation === OPERATION ? "different-key" : `different-key-${operation}`,
      title: `rejects a signature for ${operation} made with a different key`,
      change: async (client) => ({
        operation,
        body: JSON.stringify(createRequestBody(operation, client.createId())),
        key: await getUnknownKey(client),
      }),
    }),
  ),
  {
    id: "body",
    title: "rejects a body that was changed after signing",
    change: (_, text) => ({ signed: { body: text.replace('"Ana"', '"Eva"') } }),
  },
  ...signedStringVariants,
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
  {
    id: "agent-token",
    title: "rejects a signature over a different body, even with an agent-token",
    change: { headers: { "agent-token": "token" }, signed: { body: "{}" } },
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
  {
    id: "reused-with-new-signature",
    title: "rejects an accepted request that is sent again with a different signature",
    change: async (client, text) => ({ time: await sendAccepted(client, text), key: await getUnknownKey(client) }),
  },
  {
    id: "reused-with-new-path",
    title: "rejects an accepted signature that is reused for a different operation",
    change: async (client, text) => ({
      operation: "inquireVaulting",
      time: await sendAccepted(client, text),
      signed: { path: client.getPath(OPERATION) },
    }),
  },
  createValueRow("truncated", "rejects a truncated signature", (value) => `${value.slice(0, 200)}%3D%3D`),
  createValueRow("zeros", "rejects a signature of 256 zero bytes", () => zeroSignature),
  createValueRow("not-base64", "rejects a signature that is not base64", () => "***"),
  createValueRow(
    "plus-as-space",
    "rejects a signature in which spaces replace plus signs",
    (value) => ` ${decodeURIComponent(value).replaceAll("+", " ")}`,
  ),
  createValueRow("hexadecimal", "rejects a signature in hexadecimal", (value) =>
    decodeSignature(value).toString("hex"),
  ),
  createValueRow("encoded-twice", "rejects a signature that is base64-encoded twice", (value) =>
    encodeURIComponent(btoa(decodeURIComponent(value))),
  ),
  createBytesRow("trailing-byte", "rejects a signature with an additional byte at the end", (bytes) => [...bytes, 0]),
  createBytesRow("leading-byte", "rejects a signature with an additional byte at the start", (bytes) => [0, ...bytes]),
  createBytesRow("reversed", "rejects a signature with its bytes in reverse order", (bytes) => bytes.reverse()),
  createHeaderRow("doubled", "rejects 2 signatures in 1 header", (header) => `${header}, ${header}`),
  createAlgorithmRow("sha-1", "rejects a signature with SHA-1 instead of SHA-256", "sha1"),
  createAlgorithmRow("sha-512", "rejects a signature with SHA-512 instead of SHA-256", "sha512"),
  createAlgorithmRow("pss", "rejects a signature with PSS padding", "sha256", constants.RSA_PKCS1_PSS_PADDING),
  ...operations.map(
    (operation): VariantRow => ({
      id: operation === OPERATION ? "other-merchant" : `other-merchant-${operation}`,
      title: `rejects a signature for ${operation} made with the key of a different merchant`,
      requires: ["multiple-merchants"],
      change: async (client, text) => {
        const other = await client.getOtherMerchant("second merchant");
        // A target that caches only the last caller's key now has the second merchant's key.
        await other.send({ operation: "inquireVaulting", body: { vaultingRequestId: other.createId() } });
        const key = await importSigningKey(other.target.merchantPrivateKey, "merchantPrivateKey");
        return operation === OPERATION ? { body: text, key } : { ...createTextRequest(client, operation), key };
      },
    }),
  ),
  {
    id: "id-of-other-merchant",
    title: "rejects a signature made with the merchant's key for the client ID of a different merchant",
    requires: ["multiple-merchants"],
    change: async (client) => ({ clientId: (await client.getOtherMerchant("second merchant")).target.clientId }),
  },
  createHeaderRow("other-algorithm", "rejects an algorithm other than RSA256", (header) =>
    header.replace("RSA256", "RSA512"),
  ),
  ...(["sha1", "sha512"] as const).map((hash): VariantRow => {
    const algorithm = hash.replace("sha", "RSA");
    const title = `rejects a signature with ${hash.replace("sha", "SHA-")}, even if its header specifies the algorithm ${algorithm}`;
    const row = createAlgorithmRow(`named-${hash}`, title, hash);
    return { ...row, change: { ...row.change, signatureHeader: (header) => header.replace("RSA256", algorithm) } };
  }),
  {
    id: "bearer-token",
    title: "rejects a bearer token without a signature",
    alsoAllowed: "OAUTH_FAIL",
    change: { headers: { authorization: "Bearer token" }, signatureHeader: () => undefined },
  },
  createLinesRow("same-lines", "with the same signature", (header) => [header, header]),
  createLinesRow("first-line-valid", "of which only the first is valid", (header) => [header, toInvalid(header)]),
  createLinesRow("last-line-valid", "of which only the last is valid", (header) => [toInvalid(header), header]),
  createHeaderRow("no-algorithm", "rejects the algorithm none", (header) => header.replace("RSA256", "none")),
  createHeaderRow("key-version", "rejects a key version that is not a number", (header) =>
    header.replace("keyVersion=1", "keyVersion=__proto__"),
  ),
];

const validSignatures: readonly VariantRow[] = [
  createValueRow("lowercase-hex", "accepts lowercase hexadecimal digits in the URL-encoded signature", (value) =>
    value.replace(/%../g, (encoded) => encoded.toLowerCase()),
  ),
  createValueRow("raw-base64", "accepts a base64 signature without URL encoding", decodeURIComponent),
  createHeaderRow("spaces", "accepts spaces after the commas in the header", (header) => header.replaceAll(",", ", ")),
  createHeaderRow("no-key-version", "accepts a header without keyVersion", (header) =>
    header.replace("keyVersion=1,", ""),
  ),
  createHeaderRow("algorithm-case", "accepts the algorithm in lowercase", (header) =>
    header.replace("RSA256", "rsa256"),
  ),
  createHeaderRow("name-case", "accepts the names of the header's fields in any case", (header) =>
    header.replace("algorithm", "Algorithm").replace("keyVersion", "keyversion").replace("signature", "SIGNATURE"),
  ),
  createHeaderRow("order", "accepts the fields of the header in any order", (header) =>
    header.split(",").reverse().join(","),
  ),
  {
    id: "again",
    title: "accepts a request that is sent again unchanged",
    change: async (client, text) => ({ time: await sendAccepted(client, text) }),
  },
];

const invalidFields: readonly VariantRow[] = [
  {
    id: "missing-field",
    title: "rejects a missing field",
    change: (_, text) => ({ body: text.replace('"paymentMethodDetail"', '"unknown"') }),
  },
  {
    id: "invalid-value",
    title: "rejects an invalid value",
    change: (_, text) => ({ body: text.replace('"WEB"', '"FAX"') }),
  },
  ...(["createVaultingSession", "inquireVaulting"] as const).flatMap((operation): readonly VariantRow[] =>
    (
      [
        ["invalid", "an invalid body", "{}"],
        ["malformed", "a body that is not JSON", "{"],
      ] as const
    ).map(([id, name, body]) => ({
      id: `${operation}-${id}`,
      title: `rejects ${name} of ${operation}`,
      change: (client) => ({ operation, path: client.getPath(operation), body }),
    })),
  ),
  {
    id: "known-id",
    title: "returns an earlier result",
    change: async (client, text) => {
      await sendAccepted(client, text);
      return {};
    },
  },
  {
    id: "known-session",
    title: "returns an earlier session",
    change: async (client) => {
      const request = createTextRequest(client, "createVaultingSession");
      expectAccepted(await client.send(request));
      return request;
    },
  },
  {
    id: "known-inquiry",
    title: "returns the result of a vaulting to an inquiry",
    change: async (client, text) => {
      await sendAccepted(client, text);
      const request = createTextRequest(client, "inquireVaulting", getField(JSON.parse(text), "vaultingRequestId"));
      expectAccepted(await client.send(request));
      return request;
    },
  },
];

export const createSignatureFirstChecks = (invalidBodies: readonly VariantRow[]): readonly Check[] =>
  createRejectedChecks(
    "signature.first",
    "INVALID_SIGNATURE",
    [...invalidBodies, ...invalidFields].map(withUnknownKey),
    INTRODUCTION,
    "signature-rejected",
  );

export const createSignatureChecks = (): readonly Check[] => [
  ...createRejectedChecks(
    "signature.rejected",
    "INVALID_SIGNATURE",
    invalidSignatures,
    SIGNATURE,
    "signature-rejected",
  ),
  {
    id: "protocol.signature.rejected.conditions",
    operation: "protocol",
    title: "verifies the signature of every request, regardless of the path and the other headers",
    source: SIGNATURE,
    run: expectVerified,
  },
  {
    id: "protocol.signature.rejected.header-fields",
    operation: "protocol",
    title: "rejects a Signature header with a duplicate field, an unknown algorithm, or an invalid key version",
    source: SIGNATURE,
    run: expectHeadersRejected,
  },
  ...createAcceptedChecks("signature.accepted", validSignatures, SIGNATURE),
];
