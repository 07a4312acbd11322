/** Faults in whose answer is whose, and in which signature is a merchant's. */
import { constants, createPublicKey, verify } from "node:crypto";
import { operationPaths } from "../../generated/operations.ts";
import { parseSignatureHeader, stringToSign } from "../../src/signature/index.ts";
import { getCard, getId, getResult, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { type Call, decodeBody, isOperation, type MutationContext, signResponse, withBody } from "./http-messages.ts";
import {
  callWithOtherId,
  changeResponse,
  crash,
  type Mutation,
  type MutationTable,
  rejectRequest,
} from "./mutations.ts";

/** Keeps IDs in another form, and echoes them as they came. */
const storeIdAs =
  (form: (id: string) => string): Mutation =>
  (right, keys) =>
  async (call) => {
    const { vaultingRequestId: id } = parseBody(decodeBody(call));
    if (typeof id !== "string" || form(id) === id || form(id) === "") return right(call);
    return callWithOtherId(right, call, keys, form(id));
  };

/** Takes a request whose signature fits in a way in which it must not. */
const acceptSignature =
  (
    fits: (text: (path: string) => Uint8Array, signature: Uint8Array, keys: MutationContext, call: Call) => boolean,
  ): Mutation =>
  (right, keys) =>
  async (call) => {
    const { "client-id": clientId = "", "request-time": time = "", signature: header = null } = call.headers;
    const read = parseSignatureHeader(header);
    if (!("signature" in read) || clientId !== keys.clientId) return right(call);
    const body = Buffer.from(call.text, "latin1");
    const text = (path: string) => stringToSign({ path, clientId, time, body });
    return right(fits(text, read.signature, keys, call) ? withBody(call, decodeBody(call), keys) : call);
  };

/** Believes what it has taken before, by as much of a request as it remembers. */
const acceptSeenRequest =
  (key: (call: Call) => string): Mutation =>
  (right, keys) =>
  async (call) => {
    if (keys.memory.has(key(call))) return right(withBody(call, decodeBody(call), keys));
    const answer = await right(call);
    if (isSuccess(parseBody(answer.text))) keys.memory.add(key(call));
    return answer;
  };

const acceptHash = (hash: string, padding: number = constants.RSA_PKCS1_PADDING): Mutation =>
  acceptSignature((text, signature, { merchant }, { path }) =>
    verify(hash, text(path), { key: createPublicKey(merchant), padding }, signature),
  );

export const isolationMutations: MutationTable<Mutation> = {
  "vaultPaymentMethod.id.exact": {
    "ids-are-compared-without-case": storeIdAs((id) => id.toLowerCase()),
    "ids-are-trimmed": storeIdAs((id) => id.trim()),
    "ids-are-normalised": storeIdAs((id) => id.normalize("NFC")),
    "ids-are-cut-to-32": storeIdAs((id) => id.slice(0, 32)),
    "refuses-a-blank-in-an-id": rejectRequest((asked) => getId(asked).includes(" ")),
    "refuses-a-hyphen-at-the-end-of-an-id": rejectRequest((asked) => getId(asked).endsWith("-")),
  },
  "vaultPaymentMethod.id.reserved-words": {
    "crash-on-an-id-named-like-a-prototype": crash(500, (call) => getId(parseBody(decodeBody(call))) === "__proto__"),
  },
  "vaultPaymentMethod.id.concurrent": {
    "the-last-card-for-all-that-come-at-once": (right, keys) => {
      let last = "";
      const broken = changeResponse((body) =>
        isSuccess(body) && last !== "" ? withCard(body, { maskedCardNo: `************${last}` }) : undefined,
      );
      return async (call) => {
        last = String(getCard(parseBody(decodeBody(call)))["cardNo"] ?? "").slice(-4);
        return broken(right, keys)(call);
      };
    },
  },
  "vaultPaymentMethod.card.brand": {
    "every-card-is-a-visa": changeResponse((body) =>
      getCard(body)["brand"] === undefined ? undefined : withCard(body, { brand: "VISA" }),
    ),
  },
  "inquireVaulting.id.no-pattern": {
    "inquiry-trims-the-id": (right, keys) => {
      const broken = storeIdAs((id) => id.trim())(right, keys);
      return (call) => (isOperation("inquireVaulting", call) ? broken(call) : right(call));
    },
  },
  "inquireVaulting.state.other-merchant": {
    "inquiry-finds-another-merchants-vaulting": (right, keys) => async (call) => {
      const { "client-id": clientId } = call.headers;
      if (!isOperation("inquireVaulting", call) || clientId === keys.clientId) return right(call);
      const own = { ...call, headers: { ...call.headers, "client-id": keys.clientId } };
      const answer = await right(withBody(own, decodeBody(call), keys));
      const headers = { ...answer.headers, "client-id": clientId ?? "" };
      return signResponse(call, { ...answer, headers }, keys.gateway);
    },
  },
  "vaultPaymentMethod.idempotency.after-rejection": {
    "a-refused-id-is-known-to-the-inquiry": (right, keys) => {
      const refused = new Set<string>();
      const broken = changeResponse((body, asked, call) => {
        const { resultCode } = getResult(body);
        const inquiry = isOperation("inquireVaulting", call);
        if (!inquiry && resultCode === "PARAM_ILLEGAL") refused.add(getId(asked));
        const known = inquiry && resultCode === "VAULTING_NOT_EXIST" && refused.has(getId(asked));
        return known ? toProcessing(asked) : undefined;
      });
      return broken(right, keys);
    },
  },
  "protocol.signature.rejected.path": {
    "path-not-bound": acceptSignature((text, signature, { merchant }, { path }) =>
      Object.values(operationPaths).some((operation) =>
        verify("sha256", text(path.replace(/\/v1\/vaults\/\w+$/, operation)), createPublicKey(merchant), signature),
      ),
    ),
  },
  "protocol.signature.rejected.reused-with-new-time": {
    "time-not-bound": acceptSeenRequest(({ text, headers }) => `${headers["signature"]} ${text}`),
  },
  "protocol.signature.rejected.reused-with-new-body": {
    "a-signature-is-verified-once": acceptSeenRequest(({ headers }) => headers["signature"] ?? ""),
  },
  "protocol.signature.rejected.sha-1": {
    "sha-1-is-believed": acceptHash("sha1"),
  },
  "protocol.signature.rejected.sha-512": {
    "sha-512-is-believed": acceptHash("sha512"),
  },
  "protocol.signature.rejected.pss": {
    "pss-is-believed": acceptHash("sha256", constants.RSA_PKCS1_PSS_PADDING),
  },
  "vaultPaymentMethod.response.response-time": {
    "response-time-in-local-time": (right, keys) => async (call) => {
      const answer = await right(call);
      const time = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}Z`;
      const changed = { ...answer, headers: { ...answer.headers, "response-time": time } };
      return answer.headers["signature"] === undefined ? changed : signResponse(call, changed, keys.gateway);
    },
  },
  "protocol.agent-token.accepted.empty": {
    "refuses-an-empty-agent-token": rejectRequest((_, { headers }) => headers["agent-token"] === ""),
  },
  "protocol.robustness.trailing-slash": {
    "crash-on-a-slash-behind-the-path": crash(404, ({ path }) => path.endsWith("/")),
  },
};
