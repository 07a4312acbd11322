/** Faults in whose answer is whose, and in which signature is a merchant's. */
import { constants, createPublicKey, verify } from "node:crypto";
import { operationPaths } from "../../generated/operations.ts";
import { parseSignatureHeader, textToSign } from "../../src/signature/index.ts";
import type { Fault } from "./fault.ts";
import {
  answering,
  type Body,
  type Call,
  type Keys,
  parsed,
  signed,
  utf8,
  type Wrong,
  withBody,
} from "./http-messages.ts";
import { answers, cardOf, isS, operationOf, refuses, withCard } from "./mutation-helpers.ts";

const idOf = (body: Body): string => String(body["vaultingRequestId"]);

/** Keeps IDs in another form, and echoes them as they came. */
const keepsIdAs =
  (form: (id: string) => string): Wrong =>
  (right, keys) =>
  async (call) => {
    const asked = parsed(utf8(call));
    const { vaultingRequestId: id } = asked;
    if (typeof id !== "string" || form(id) === id || form(id) === "") return right(call);
    const answer = await right(withBody(call, JSON.stringify({ ...asked, vaultingRequestId: form(id) }), keys));
    const body = parsed(answer.text);
    return "vaultingRequestId" in body
      ? answering(call, answer, JSON.stringify({ ...body, vaultingRequestId: id }), keys)
      : answer;
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

export const identityFaults: readonly Fault[] = [
  {
    name: "ids-are-compared-without-case",
    by: "vaultPaymentMethod.id.exact",
    wrong: keepsIdAs((id) => id.toLowerCase()),
  },
  { name: "ids-are-trimmed", by: "vaultPaymentMethod.id.exact", wrong: keepsIdAs((id) => id.trim()) },
  { name: "ids-are-normalised", by: "vaultPaymentMethod.id.exact", wrong: keepsIdAs((id) => id.normalize("NFC")) },
  { name: "ids-are-cut-to-32", by: "vaultPaymentMethod.id.exact", wrong: keepsIdAs((id) => id.slice(0, 32)) },
  {
    name: "refuses-a-blank-in-an-id",
    by: "vaultPaymentMethod.id.exact",
    wrong: refuses((asked) => idOf(asked).includes(" ")),
  },
  {
    name: "refuses-a-hyphen-at-the-end-of-an-id",
    by: "vaultPaymentMethod.id.exact",
    wrong: refuses((asked) => idOf(asked).endsWith("-")),
  },
  {
    name: "crash-on-an-id-named-like-a-prototype",
    by: "vaultPaymentMethod.id.names",
    wrong: (right) => async (call) =>
      idOf(parsed(utf8(call))) === "__proto__" ? { status: 500, headers: {}, text: "" } : right(call),
  },
  {
    name: "the-last-card-for-all-that-come-at-once",
    by: "vaultPaymentMethod.id.at-once",
    wrong: (right, keys) => {
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
  {
    name: "every-card-is-a-visa",
    by: "vaultPaymentMethod.card.brand",
    wrong: answers((body) => (cardOf(body)["brand"] === undefined ? undefined : withCard(body, { brand: "VISA" }))),
  },
  {
    name: "inquiry-trims-the-id",
    by: "inquireVaulting.id.no-pattern",
    wrong: (right, keys) => {
      const broken = keepsIdAs((id) => id.trim())(right, keys);
      return (call) => (operationOf(call) === "inquireVaulting" ? broken(call) : right(call));
    },
  },
  {
    name: "inquiry-finds-another-merchants-vaulting",
    by: "inquireVaulting.state.other-merchant",
    wrong: (right, keys) => async (call) => {
      const { "client-id": clientId } = call.headers;
      if (operationOf(call) !== "inquireVaulting" || clientId === keys.clientId) return right(call);
      const own = { ...call, headers: { ...call.headers, "client-id": keys.clientId } };
      const answer = await right(withBody(own, utf8(call), keys));
      const headers = { ...answer.headers, "client-id": clientId ?? "" };
      return signed(call, { ...answer, headers }, keys.gateway);
    },
  },
  {
    name: "a-refused-id-is-known-to-the-inquiry",
    by: "vaultPaymentMethod.idempotency.after-refusal",
    wrong: (right, keys) => {
      const refused = new Set<string>();
      const broken = answers((body, asked, call) => {
        const { resultCode } = parsed(JSON.stringify(body["result"] ?? {}));
        if (operationOf(call) !== "inquireVaulting" && resultCode === "PARAM_ILLEGAL") refused.add(idOf(asked));
        const known =
          operationOf(call) === "inquireVaulting" && resultCode === "VAULTING_NOT_EXIST" && refused.has(idOf(asked));
        if (!known) return undefined;
        const result = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." };
        return { result, vaultingRequestId: idOf(asked), vaultingStatus: "PROCESSING" };
      });
      return broken(right, keys);
    },
  },
  {
    name: "path-not-bound",
    by: "protocol.signature.refused.path",
    wrong: believesWhere((text, signature, { merchant }, { path }) =>
      Object.values(operationPaths).some((operation) =>
        verify("sha256", text(path.replace(/\/v1\/vaults\/\w+$/, operation)), createPublicKey(merchant), signature),
      ),
    ),
  },
  {
    name: "time-not-bound",
    by: "protocol.signature.refused.used-again-time",
    wrong: believesSeen(({ text, headers }) => `${headers["signature"]} ${text}`),
  },
  {
    name: "a-signature-is-verified-once",
    by: "protocol.signature.refused.used-again-body",
    wrong: believesSeen(({ headers }) => headers["signature"] ?? ""),
  },
  { name: "sha-1-is-believed", by: "protocol.signature.refused.sha-1", wrong: fitsBy("sha1") },
  { name: "sha-512-is-believed", by: "protocol.signature.refused.sha-512", wrong: fitsBy("sha512") },
  {
    name: "pss-is-believed",
    by: "protocol.signature.refused.pss",
    wrong: fitsBy("sha256", constants.RSA_PKCS1_PSS_PADDING),
  },
  {
    name: "response-time-in-local-time",
    by: "vaultPaymentMethod.answer.response-time",
    wrong: (right, keys) => async (call) => {
      const answer = await right(call);
      const time = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}Z`;
      const changed = { ...answer, headers: { ...answer.headers, "response-time": time } };
      return answer.headers["signature"] === undefined ? changed : signed(call, changed, keys.gateway);
    },
  },
  {
    name: "refuses-an-empty-agent-token",
    by: "protocol.agent-token.accepted.empty",
    wrong: refuses((_, { headers }) => headers["agent-token"] === ""),
  },
  {
    name: "crash-on-a-slash-behind-the-path",
    by: "protocol.survived.trailing-slash",
    wrong: (right) => async (call) =>
      call.path.endsWith("/") ? { status: 404, headers: {}, text: "Not found" } : right(call),
  },
];
