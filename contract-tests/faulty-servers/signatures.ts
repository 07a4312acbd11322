/** Mutations that accept signatures over a different string or in a different encoding, or that read the body before they verify the signature. */
import { createPublicKey, randomUUID, verify } from "node:crypto";
import { operations } from "../../generated/operations.ts";
import { getSignedBytes, type SignedStringRow, signedStringRows } from "../../src/contract/checks/signed-strings.ts";
import { stringToSign } from "../../src/signature/index.ts";
import { getCard, getId, getResult, parseBody } from "./bodies.ts";
import { type Call, decodeBody, isCall, signResponse, withBody } from "./http-messages.ts";
import { acceptSeenRequest, acceptSignature } from "./isolation.ts";
import { type Mutation, reject, type Table } from "./mutations.ts";
import { acceptUnverified } from "./requests.ts";

/** Returns the bytes of the signature in a Signature header. */
const readSignature = (header = "", encoding: "base64" | "hex" = "base64"): Buffer =>
  Buffer.from(decodeURIComponent(header.replace(/^.*signature=/, "")), encoding);

/** Accepts a signature over the string of a table row, in addition to a signature over the correct string. */
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

const isChunked = ({ headerLines }: Call): boolean => headerLines?.["transfer-encoding"] !== undefined;

/** Accepts a signature that uses `hash` if the header names `algorithm`. */
const acceptNamedAlgorithm =
  (hash: string, algorithm: string): Mutation =>
  (next, context) =>
  (call) => {
    const { "client-id": clientId = "", "request-time": time = "", signature = "" } = call.headers;
    const text = stringToSign({ path: call.path, clientId, time, body: Buffer.from(call.text, "latin1") });
    const isValid =
      signature.includes(`=${algorithm},`) &&
      verify(hash, text, createPublicKey(context.merchant), readSignature(signature));
    return next(isValid ? withBody(call, decodeBody(call), context) : call);
  };

/** Reads only the first part of a body that arrives in several parts if `when` returns true. */
const readFirstPart =
  (when: (call: Call) => boolean): Mutation =>
  (next) =>
  (call) =>
    next(when(call) ? { ...call, text: call.parts?.[0] ?? "" } : call);

/** Reads only one line of the Signature header. */
const readLine =
  (index: number): Mutation =>
  (next) =>
  (call) => {
    const signature = call.headerLines?.["signature"]?.at(index);
    return next(signature === undefined ? call : { ...call, headers: { ...call.headers, signature } });
  };

/** Changes the Signature header before the server reads it. */
const changeHeader =
  (change: (header: string) => string): Mutation =>
  (next) =>
  (call) => {
    const { signature } = call.headers;
    return next(
      signature === undefined ? call : { ...call, headers: { ...call.headers, signature: change(signature) } },
    );
  };

/**
 * Reads the fields of the Signature header by case-insensitive name if `accepts` returns true for the names. If several fields have the same name,
 * `counts` selects the first or the last one.
 */
const readFields = (accepts: (names: readonly string[]) => boolean, counts: "first" | "last" = "last"): Mutation =>
  changeHeader((header) => {
    const fields = header.split(/, */).map((field) => field.split(/=(.*)/).slice(0, 2) as [string, string]);
    if (!accepts(fields.map(([name]) => name))) return header;
    const ordered = counts === "last" ? fields : fields.toReversed();
    const byName = new Map(ordered.map(([name, value]) => [name.toLowerCase(), value]));
    return [...byName].map(([name, value]) => `${name}=${value}`).join(",");
  });

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
      .flatMap((operation) =>
        ["different-key", "other-merchant"].map((id) => [
          `protocol.signature.rejected.${id}-${operation}`,
          { [`signature-of-${operation}-with-${id}-accepted`]: acceptUnverified((call) => isCall(operation, call)) },
        ]),
      ),
  ),
  ...Object.fromEntries(
    Object.entries({ sha1: "RSA1", sha512: "RSA512" }).map(([hash, algorithm]) => [
      `protocol.signature.rejected.named-${hash}`,
      { [`algorithm-${algorithm}-accepted`]: acceptNamedAlgorithm(hash, algorithm) },
    ]),
  ),
  "protocol.signature.rejected.reused-with-new-signature": {
    "signature-verified-once-for-each-message": acceptSeenRequest(
      ({ text, headers }) => `${headers["client-id"]} ${headers["request-time"]} ${text}`,
    ),
  },
  "protocol.signature.rejected.reused-with-new-path": {
    "signature-verified-once-for-all-paths": acceptSeenRequest(
      ({ text, headers }) => `${headers["signature"]} ${headers["request-time"]} ${text}`,
    ),
  },
  "protocol.signature.rejected.other-merchant": {
    "key-of-last-caller-used": (next, context) => {
      let last = "";
      const accept = acceptUnverified(({ headers }) => headers["client-id"] === context.clientId && last !== "");
      const faulty = accept(next, context);
      return (call) => {
        const { "client-id": clientId = "" } = call.headers;
        const response = faulty(call);
        last = clientId === context.clientId ? "" : clientId;
        return response;
      };
    },
  },
  "protocol.signature.rejected.id-of-other-merchant": {
    "key-of-any-merchant-accepted": (next, context) => async (call) => {
      const { "client-id": clientId = "" } = call.headers;
      const response = await next(call);
      if (clientId === context.clientId || getResult(parseBody(response.text)).resultCode !== "INVALID_SIGNATURE")
        return response;
      // Assume that the first merchant's key created the signature.
      const own = { ...call, headers: { ...call.headers, "client-id": context.clientId } };
      const accepted = await next(withBody(own, decodeBody(call), context));
      const headers = { ...accepted.headers, "client-id": clientId };
      return signResponse(call, { ...accepted, headers }, context.gateway);
    },
  },
  "protocol.signature.rejected.bearer-token": {
    "bearer-token-accepted": acceptUnverified(
      ({ headers: { authorization, signature } }) => !!authorization && !signature,
    ),
  },
  "protocol.signature.rejected.same-lines": { "first-signature-line-read": readLine(0) },
  "protocol.signature.rejected.first-line-valid": { "first-of-different-signature-lines-read": readLine(0) },
  "protocol.signature.rejected.last-line-valid": { "last-signature-line-read": readLine(-1) },
  "protocol.signature.rejected.conditions": {
    "signature-not-verified-with-authorization": acceptUnverified(({ headers }) => "authorization" in headers),
    "signature-not-verified-with-query": acceptUnverified(({ path }) => path.includes("?")),
    "signature-not-verified-on-production-path": acceptUnverified(({ path }) => path.startsWith("/ams/api/")),
    "signature-not-verified-with-iso-time": acceptUnverified(({ headers }) => /T/.test(headers["request-time"] ?? "")),
    "signature-not-verified-without-key-version": acceptUnverified(({ headers }) =>
      /=RSA256,signature/.test(headers["signature"] ?? ""),
    ),
    "signature-not-verified-with-unknown-key-version": acceptUnverified(({ headers }) =>
      /keyVersion=2/.test(headers["signature"] ?? ""),
    ),
    "signature-of-chunked-body-not-verified": acceptUnverified(isChunked),
  },
  "protocol.signature.rejected.header-fields": {
    "last-signature-field-in-any-case-read": readFields((names) => new Set(names).size === names.length),
    "first-signature-field-in-any-case-read": readFields((names) => new Set(names).size === names.length, "first"),
    "algorithm-compared-by-prefix": changeHeader((header) => header.replace(/=RSA256\w+/, "=RSA256")),
    "algorithm-compared-by-suffix": changeHeader((header) => header.replace(/=[\w-]+RSA256\b/, "=RSA256")),
    "key-version-read-up-to-first-letter": changeHeader((header) => header.replace(/(keyVersion=\d+)\w+/, "$1")),
  },
  "protocol.signature.first.known-session": {
    "known-session-returned-before-verification": acceptSeenRequest((call) =>
      isCall("createVaultingSession", call) ? getId(parseBody(decodeBody(call))) : randomUUID(),
    ),
  },
  "protocol.signature.first.known-inquiry": {
    "known-inquiry-result-returned-before-verification": acceptSeenRequest((call) =>
      isCall("inquireVaulting", call) ? getId(parseBody(decodeBody(call))) : randomUUID(),
    ),
  },
  "vaultPaymentMethod.request.forms": {
    "capitalized-header-names-not-found": reject(
      (_, { headerNames }) => headerNames?.includes("Signature") === true,
      "INVALID_SIGNATURE",
    ),
    "lowercase-header-names-not-found": reject(
      (_, { headerNames }) => headerNames?.includes("signature") === true,
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.accepted.order": {
    "signature-header-read-by-position": reject(
      (_, { headers }) => /^signature/.test(headers["signature"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.accepted.name-case": {
    "names-in-signature-header-compared-exactly": reject(
      (_, { headers }) => /Algorithm/.test(headers["signature"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.accepted.again": {
    "same-signature-rejected": (next, context) =>
      reject((_, { headers: { signature = "" } }) => {
        const isKnown = context.memory.has(signature);
        context.memory.add(signature);
        return isKnown;
      }, "INVALID_SIGNATURE")(next, context),
  },
  "protocol.body.accepted.chunked": {
    "first-chunk-of-body-read": readFirstPart(isChunked),
    "chunked-body-read-as-empty": reject((_, call) => isChunked(call), "INVALID_SIGNATURE"),
  },
  "protocol.body.accepted.parts": { "first-part-of-body-read": readFirstPart((call) => !isChunked(call)) },
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
