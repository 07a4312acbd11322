/** Mutations that accept signatures over a different string or in a different encoding, or that read the body before they verify the signature. */
import { createPublicKey, verify } from "node:crypto";
import { operations } from "../../generated/operations.ts";
import { getSignedBytes, type SignedStringRow, signedStringRows } from "../../src/contract/checks/signed-strings.ts";
import { getCard, getId, parseBody } from "./bodies.ts";
import { decodeBody, isCall, withBody } from "./http-messages.ts";
import { acceptSeenRequest, acceptSignature } from "./isolation.ts";
import type { Mutation, Table } from "./mutations.ts";
import { acceptUnverified } from "./requests.ts";

/** Reads the bytes of a signature in any common encoding. */
const readSignature = (header = "", encoding: "base64" | "hex" = "base64"): Buffer =>
  Buffer.from(decodeURIComponent(header.replace(/^.*signature=/, "")), encoding);

/** Accepts a signature over the string of a row, in addition to the string to sign. */
const acceptSignedString =
  (row: SignedStringRow): Mutation =>
  (next, context) =>
  (call) => {
    const { "client-id": clientId = "", "request-time": time = "", signature } = call.headers;
    const signed = getSignedBytes(row, { path: call.path, clientId, time, body: Buffer.from(call.text, "latin1") });
    const isValid = verify("sha256", signed, createPublicKey(context.merchant), readSignature(signature));
    const path = call.path.replace(/\/+v1\/vaults\/.*/i, "/v1/vaults/vaultPaymentMethod");
    return next(isValid ? withBody({ ...call, path }, decodeBody(call), context) : call);
  };

/** Changes the bytes of the signature before the server verifies it. */
const changeBytes =
  (change: (header: string) => Buffer): Mutation =>
  (next) =>
  (call) => {
    const { signature = "" } = call.headers;
    const value = encodeURIComponent(change(signature).toString("base64"));
    const changed = signature.replace(/signature=.*$/, `signature=${value}`);
    return next({ ...call, headers: { ...call.headers, ...(signature ? { signature: changed } : {}) } });
  };

export const signatureMutations: Table<Mutation> = {
  ...Object.fromEntries(
    signedStringRows.map((row) => [
      `protocol.signature.rejected.${row.id}`,
      { [`signature-over-${row.id}-accepted`]: acceptSignedString(row) },
    ]),
  ),
  ...Object.fromEntries(
    operations
      .slice(1)
      .map((operation) => [
        `protocol.signature.rejected.different-key-${operation}`,
        { [`signature-of-${operation}-not-verified`]: acceptUnverified((call) => isCall(operation, call)) },
      ]),
  ),
  "protocol.signature.rejected.hexadecimal": {
    "hexadecimal-signature-accepted": changeBytes((header) =>
      readSignature(header, /signature=[0-9a-f]{512}$/.test(header) ? "hex" : "base64"),
    ),
  },
  "protocol.signature.rejected.encoded-twice": {
    "signature-decoded-twice": changeBytes((header) => {
      const bytes = readSignature(header);
      return bytes.length === 344 ? Buffer.from(bytes.toString(), "base64") : bytes;
    }),
  },
  "protocol.signature.rejected.trailing-byte": {
    "signature-cut-to-256-bytes": changeBytes((header) => readSignature(header).subarray(0, 256)),
  },
  "protocol.signature.rejected.leading-byte": {
    "zeros-before-signature-ignored": changeBytes((header) => {
      const bytes = readSignature(header);
      return bytes.length === 257 && bytes[0] === 0 ? bytes.subarray(1) : bytes;
    }),
  },
  "protocol.signature.rejected.reversed": {
    "reversed-signature-accepted": acceptSignature((createString, signature, { merchant }, { path }) =>
      verify("sha256", createString(path), createPublicKey(merchant), Buffer.from(signature).reverse()),
    ),
  },
  "protocol.signature.first.malformed": {
    "malformed-body-reported-before-signature": acceptUnverified((call) => !/\}$/.test(call.text.trim())),
  },
  "protocol.signature.first.deep-list": {
    "deep-body-reported-before-signature": acceptUnverified((call) => call.text.startsWith("[[[[")),
  },
  "protocol.signature.first.missing-field": {
    "missing-field-reported-before-signature": acceptUnverified(
      (call) => getCard(parseBody(decodeBody(call)))["cardNo"] === undefined,
    ),
  },
  "protocol.signature.first.invalid-value": {
    "invalid-value-reported-before-signature": acceptUnverified((call) => decodeBody(call).includes('"FAX"')),
  },
  "protocol.signature.first.known-id": {
    "known-id-reported-before-signature": acceptSeenRequest((call) => getId(parseBody(decodeBody(call)))),
  },
};
