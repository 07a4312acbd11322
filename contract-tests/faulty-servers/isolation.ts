/** Mutations that mix up IDs, cards, or merchants, or that process signatures, headers, or paths incorrectly. */
import { constants, createPublicKey, verify } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { operationPaths } from "../../generated/operations.ts";
import { parseSignatureHeader, stringToSign } from "../../src/signature/index.ts";
import { getCard, getId, getResult, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { type Call, type Context, decodeBody, isCall, signResponse, withBody } from "./http-messages.ts";
import { callWithDifferentId, changeResponse, crash, type Mutation, reject, type Table } from "./mutations.ts";

/** Stores vaultings under transformed IDs, and restores the original IDs in responses. */
const storeIdAs =
  (transform: (id: string) => string): Mutation =>
  (next, context) =>
  async (call) => {
    const { vaultingRequestId: id } = parseBody(decodeBody(call));
    if (typeof id !== "string" || transform(id) === id || transform(id) === "") return next(call);
    return callWithDifferentId(next, call, context, transform(id));
  };

/** Accepts requests, even with an invalid signature, if `matches` returns true. */
export const acceptSignature =
  (
    matches: (
      createStringToSign: (path: string) => Uint8Array,
      signature: Uint8Array,
      context: Context,
      call: Call,
    ) => boolean,
  ): Mutation =>
  (next, context) =>
  async (call) => {
    const { "client-id": clientId = "", "request-time": time = "", signature: header = null } = call.headers;
    const parsed = parseSignatureHeader(header);
    if (!("signature" in parsed) || clientId !== context.clientId) return next(call);
    const body = Buffer.from(call.text, "latin1");
    const createString = (path: string) => stringToSign({ path, clientId, time, body });
    return next(
      matches(createString, parsed.signature, context, call) ? withBody(call, decodeBody(call), context) : call,
    );
  };

/** Accepts a request without verification if `getKey` returned the same text for an earlier request that succeeded. */
export const acceptSeenRequest =
  (getKey: (call: Call) => string): Mutation =>
  (next, context) =>
  async (call) => {
    if (context.memory.has(getKey(call))) return next(withBody(call, decodeBody(call), context));
    const response = await next(call);
    if (isSuccess(parseBody(response.text))) context.memory.add(getKey(call));
    return response;
  };

const acceptHash = (hash: string, padding: number = constants.RSA_PKCS1_PADDING): Mutation =>
  acceptSignature((createString, signature, { merchant }, { path }) =>
    verify(hash, createString(path), { key: createPublicKey(merchant), padding }, signature),
  );

export const isolationMutations: Table<Mutation> = {
  "vaultPaymentMethod.id.exact": {
    "case-insensitive-ids": storeIdAs((id) => id.toLowerCase()),
    "trimmed-ids": storeIdAs((id) => id.trim()),
    "normalized-ids": storeIdAs((id) => id.normalize("NFC")),
    "compatibility-normalized-ids": storeIdAs((id) => id.normalize("NFKC")),
    "ids-stored-as-ascii": storeIdAs((id) => id.replace(/[^ -~]/gu, "?")),
    "ids-without-invisible-characters": storeIdAs((id) => id.replace(/\p{Cf}/gu, "")),
    "ids-without-punctuation": storeIdAs((id) => id.replace(/[-_.:]/g, "")),
    "percent-decoded-ids": storeIdAs((id) => id.replaceAll("%62", "b")),
    "numeric-ids-stored-as-numbers": storeIdAs((id) => (/^\d+(?:\.\d+)?$/.test(id) ? String(Number(id)) : id)),
    "ids-truncated-to-63-characters": storeIdAs((id) => id.slice(0, 63)),
    "ids-truncated-to-32-characters": storeIdAs((id) => id.slice(0, 32)),
    "space-in-id-rejected": reject((request) => getId(request).includes(" ")),
    "trailing-hyphen-in-id-rejected": reject((request) => getId(request).endsWith("-")),
  },
  "vaultPaymentMethod.id.reserved-words": {
    "crash-on-proto-id": crash(500, (call) => getId(parseBody(decodeBody(call))) === "__proto__"),
  },
  "vaultPaymentMethod.id.concurrent": {
    "last-card-in-all-concurrent-responses": (next, context) => {
      let lastDigits = "";
      const mutate = changeResponse((body) =>
        isSuccess(body) && lastDigits !== ""
          ? withCard(body, { maskedCardNo: `************${lastDigits}` })
          : undefined,
      );
      return async (call) => {
        lastDigits = String(getCard(parseBody(decodeBody(call)))["cardNo"] ?? "").slice(-4);
        // The other concurrent requests arrive during this delay.
        await wait(50);
        return mutate(next, context)(call);
      };
    },
  },
  "vaultPaymentMethod.card.brand": {
    "visa-brand-for-every-card": changeResponse((body) =>
      getCard(body)["brand"] === undefined ? undefined : withCard(body, { brand: "VISA" }),
    ),
  },
  "inquireVaulting.id.no-pattern": {
    "trimmed-ids-in-inquiry": (next, context) => {
      const faulty = storeIdAs((id) => id.trim())(next, context);
      return (call) => (isCall("inquireVaulting", call) ? faulty(call) : next(call));
    },
  },
  "inquireVaulting.state.other-merchant": {
    "vaulting-of-different-merchant-in-inquiry": (next, context) => async (call) => {
      const { "client-id": clientId } = call.headers;
      if (!isCall("inquireVaulting", call) || clientId === context.clientId) return next(call);
      const impersonatedCall = { ...call, headers: { ...call.headers, "client-id": context.clientId } };
      const response = await next(withBody(impersonatedCall, decodeBody(call), context));
      const headers = { ...response.headers, "client-id": clientId ?? "" };
      return signResponse(call, { ...response, headers }, context.gateway);
    },
  },
  "vaultPaymentMethod.idempotency.after-rejection": {
    "rejected-id-found-by-inquiry": (next, context) => {
      const rejected = new Set<string>();
      const mutate = changeResponse((body, request, call) => {
        const { resultCode } = getResult(body);
        const isInquiry = isCall("inquireVaulting", call);
        if (!isInquiry && resultCode === "PARAM_ILLEGAL") rejected.add(getId(request));
        const isKnown = isInquiry && resultCode === "VAULTING_NOT_EXIST" && rejected.has(getId(request));
        return isKnown ? toProcessing(request) : undefined;
      });
      return mutate(next, context);
    },
  },
  "protocol.signature.rejected.path": {
    "path-not-verified": acceptSignature((createString, signature, { merchant }, { path }) =>
      Object.values(operationPaths).some((operation) =>
        verify(
          "sha256",
          createString(path.replace(/\/v1\/vaults\/\w+$/, operation)),
          createPublicKey(merchant),
          signature,
        ),
      ),
    ),
  },
  "protocol.signature.rejected.reused-with-new-time": {
    "request-time-not-verified": acceptSeenRequest(({ text, headers }) => `${headers["signature"]} ${text}`),
  },
  "protocol.signature.rejected.reused-with-new-body": {
    "signature-verified-only-once": acceptSeenRequest(({ headers }) => headers["signature"] ?? ""),
  },
  "protocol.signature.rejected.sha-1": {
    "sha-1-signature-accepted": acceptHash("sha1"),
  },
  "protocol.signature.rejected.sha-512": {
    "sha-512-signature-accepted": acceptHash("sha512"),
  },
  "protocol.signature.rejected.pss": {
    "pss-signature-accepted": acceptHash("sha256", constants.RSA_PKCS1_PSS_PADDING),
  },
  "vaultPaymentMethod.response.response-time": {
    "response-time-in-local-time": (next, context) => async (call) => {
      const response = await next(call);
      const time = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}Z`;
      const changed = { ...response, headers: { ...response.headers, "response-time": time } };
      return response.headers["signature"] === undefined ? changed : signResponse(call, changed, context.gateway);
    },
  },
  "protocol.agent-token.accepted.empty": {
    "empty-agent-token-rejected": reject((_, { headers }) => headers["agent-token"] === ""),
  },
  "protocol.robustness.trailing-slash": {
    "http-404-for-trailing-slash": crash(404, ({ path }) => path.endsWith("/")),
  },
};
