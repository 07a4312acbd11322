/** Faults in whose answer is whose, and in which signature is a merchant's. */
import { constants, createPublicKey, verify } from "node:crypto";
import { operationPaths } from "../../generated/operations.ts";
import { parseSignatureHeader, textToSign } from "../../src/signature/index.ts";
import { cardOf, idOf, isS, parsed, processing, resultOf, withCard } from "./bodies.ts";
import { answers, crashes, type Faults, refuses, underOtherId, type Wrong } from "./changes.ts";
import { type Call, is, type Keys, signed, utf8, withBody } from "./http-messages.ts";

/** Keeps IDs in another form, and echoes them as they came. */
const keepsIdAs =
  (form: (id: string) => string): Wrong =>
  (right, keys) =>
  async (call) => {
    const { vaultingRequestId: id } = parsed(utf8(call));
    if (typeof id !== "string" || form(id) === id || form(id) === "") return right(call);
    return underOtherId(right, call, keys, form(id));
  };

/** Takes a request whose signature fits in a way in which it must not. */
const believesWhere =
  (fits: (text: (path: string) => Uint8Array, signature: Uint8Array, keys: Keys, call: Call) => boolean): Wrong =>
  (right, keys) =>
  async (call) => {
    const { "client-id": clientId = "", "request-time": time = "", signature: header = null } = call.headers;
    const read = parseSignatureHeader(header);
    if (!("signature" in read) || clientId !== keys.clientId) return right(call);
    const body = Buffer.from(call.text, "latin1");
    const text = (path: string) => textToSign({ path, clientId, time, body });
    return right(fits(text, read.signature, keys, call) ? withBody(call, utf8(call), keys) : call);
  };

/** Believes what it has taken before, by as much of a request as it remembers. */
const believesSeen =
  (key: (call: Call) => string): Wrong =>
  (right, keys) =>
  async (call) => {
    if (keys.memory.has(key(call))) return right(withBody(call, utf8(call), keys));
    const answer = await right(call);
    if (isS(parsed(answer.text))) keys.memory.add(key(call));
    return answer;
  };

const fitsBy = (hash: string, padding: number = constants.RSA_PKCS1_PADDING): Wrong =>
  believesWhere((text, signature, { merchant }, { path }) =>
    verify(hash, text(path), { key: createPublicKey(merchant), padding }, signature),
  );

export const identityFaults: Faults<Wrong> = {
  "vaultPaymentMethod.id.exact": {
    "ids-are-compared-without-case": keepsIdAs((id) => id.toLowerCase()),
    "ids-are-trimmed": keepsIdAs((id) => id.trim()),
    "ids-are-normalised": keepsIdAs((id) => id.normalize("NFC")),
    "ids-are-cut-to-32": keepsIdAs((id) => id.slice(0, 32)),
    "refuses-a-blank-in-an-id": refuses((asked) => idOf(asked).includes(" ")),
    "refuses-a-hyphen-at-the-end-of-an-id": refuses((asked) => idOf(asked).endsWith("-")),
  },
  "vaultPaymentMethod.id.names": {
    "crash-on-an-id-named-like-a-prototype": crashes(500, (call) => idOf(parsed(utf8(call))) === "__proto__"),
  },
  "vaultPaymentMethod.id.at-once": {
    "the-last-card-for-all-that-come-at-once": (right, keys) => {
      let last = "";
      const broken = answers((body) =>
        isS(body) && last !== "" ? withCard(body, { maskedCardNo: `************${last}` }) : undefined,
      );
      return async (call) => {
        last = String(cardOf(parsed(utf8(call)))["cardNo"] ?? "").slice(-4);
        return broken(right, keys)(call);
      };
    },
  },
  "vaultPaymentMethod.card.brand": {
    "every-card-is-a-visa": answers((body) =>
      cardOf(body)["brand"] === undefined ? undefined : withCard(body, { brand: "VISA" }),
    ),
  },
  "inquireVaulting.id.no-pattern": {
    "inquiry-trims-the-id": (right, keys) => {
      const broken = keepsIdAs((id) => id.trim())(right, keys);
      return (call) => (is("inquireVaulting", call) ? broken(call) : right(call));
    },
  },
  "inquireVaulting.state.other-merchant": {
    "inquiry-finds-another-merchants-vaulting": (right, keys) => async (call) => {
      const { "client-id": clientId } = call.headers;
      if (!is("inquireVaulting", call) || clientId === keys.clientId) return right(call);
      const own = { ...call, headers: { ...call.headers, "client-id": keys.clientId } };
      const answer = await right(withBody(own, utf8(call), keys));
      const headers = { ...answer.headers, "client-id": clientId ?? "" };
      return signed(call, { ...answer, headers }, keys.gateway);
    },
  },
  "vaultPaymentMethod.idempotency.after-refusal": {
    "a-refused-id-is-known-to-the-inquiry": (right, keys) => {
      const refused = new Set<string>();
      const broken = answers((body, asked, call) => {
        const { resultCode } = resultOf(body);
        const inquiry = is("inquireVaulting", call);
        if (!inquiry && resultCode === "PARAM_ILLEGAL") refused.add(idOf(asked));
        const known = inquiry && resultCode === "VAULTING_NOT_EXIST" && refused.has(idOf(asked));
        return known ? processing(asked) : undefined;
      });
      return broken(right, keys);
    },
  },
  "protocol.signature.refused.path": {
    "path-not-bound": believesWhere((text, signature, { merchant }, { path }) =>
      Object.values(operationPaths).some((operation) =>
        verify("sha256", text(path.replace(/\/v1\/vaults\/\w+$/, operation)), createPublicKey(merchant), signature),
      ),
    ),
  },
  "protocol.signature.refused.used-again-time": {
    "time-not-bound": believesSeen(({ text, headers }) => `${headers["signature"]} ${text}`),
  },
  "protocol.signature.refused.used-again-body": {
    "a-signature-is-verified-once": believesSeen(({ headers }) => headers["signature"] ?? ""),
  },
  "protocol.signature.refused.sha-1": {
    "sha-1-is-believed": fitsBy("sha1"),
  },
  "protocol.signature.refused.sha-512": {
    "sha-512-is-believed": fitsBy("sha512"),
  },
  "protocol.signature.refused.pss": {
    "pss-is-believed": fitsBy("sha256", constants.RSA_PKCS1_PSS_PADDING),
  },
  "vaultPaymentMethod.answer.response-time": {
    "response-time-in-local-time": (right, keys) => async (call) => {
      const answer = await right(call);
      const time = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}Z`;
      const changed = { ...answer, headers: { ...answer.headers, "response-time": time } };
      return answer.headers["signature"] === undefined ? changed : signed(call, changed, keys.gateway);
    },
  },
  "protocol.agent-token.accepted.empty": {
    "refuses-an-empty-agent-token": refuses((_, { headers }) => headers["agent-token"] === ""),
  },
  "protocol.survived.trailing-slash": {
    "crash-on-a-slash-behind-the-path": crashes(404, ({ path }) => path.endsWith("/")),
  },
};
