/** Faults in what is accepted, what is refused, and whose signature is believed. */
import { failure } from "../../src/testing/messages/client-messages.ts";
import { type Body, cardOf, idOf, parsed, withCard } from "./bodies.ts";
import { answers, crashes, type Faults, raw, refuses, takes, type Wrong } from "./changes.ts";
import { type Answer, type Call, is, signed, utf8, withBody } from "./http-messages.ts";

/** Believes a request whatever its signature says, where `when` holds. */
const believes =
  (when: (call: Call) => boolean, mend: (call: Call) => Call = (call) => call): Wrong =>
  (right, keys) =>
  async (call) => {
    if (!when(call)) return right(call);
    const mended = mend(call);
    return right(withBody(mended, utf8(mended), keys));
  };

/** Reads the Signature header otherwise than it was sent. */
const readsSignature =
  (change: (header: string) => string): Wrong =>
  (right) =>
  (call) => {
    const { signature } = call.headers;
    return right(
      signature === undefined ? call : { ...call, headers: { ...call.headers, signature: change(signature) } },
    );
  };

const unsigned = ({ headers: { signature: _, ...headers }, ...answer }: Answer): Answer => ({ ...answer, headers });

export const requestFaults: Faults<Wrong> = {
  "vaultPaymentMethod.request.env.required": {
    "accepts-a-missing-env": takes((asked, call) =>
      "env" in asked || !is("vaultPaymentMethod", call) ? undefined : { ...asked, env: { terminalType: "WEB" } },
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.required": {
    "accepts-a-missing-redirect-url": takes((asked, call) =>
      "redirectUrl" in asked || !is("vaultPaymentMethod", call)
        ? undefined
        : { ...asked, redirectUrl: "https://merchant.example/" },
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cardNo.pattern": {
    "accepts-a-bad-card-number": takes((asked) =>
      /^\d{12,19}$/.test(String(cardOf(asked)["cardNo"] ?? "4054695723100768"))
        ? undefined
        : withCard(asked, { cardNo: "4054695723100768" }),
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.maxLength": {
    "accepts-an-over-long-id": takes((asked) =>
      [...idOf(asked)].length > 64
        ? { ...asked, vaultingRequestId: [...idOf(asked)].slice(0, 64).join("") }
        : undefined,
    ),
    "refuses-an-id-of-64-characters": refuses((asked) => [...idOf(asked)].length === 64),
    "counts-utf-16-units-of-an-id": refuses((asked) => idOf(asked).length > 64 && [...idOf(asked)].length <= 64),
    "refuses-an-emoji-in-an-id": refuses((asked) => /\p{Emoji_Presentation}/u.test(idOf(asked))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.minLength": {
    "accepts-an-empty-id": takes((asked) =>
      asked["vaultingRequestId"] === "" ? { ...asked, vaultingRequestId: "empty" } : undefined,
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.type": {
    "accepts-a-number-for-an-id": takes((asked) =>
      typeof asked["vaultingRequestId"] === "number" ? { ...asked, vaultingRequestId: idOf(asked) } : undefined,
    ),
  },
  "vaultPaymentMethod.request.env.terminalType.enum": {
    "accepts-a-value-outside-an-enumeration": takes((asked) =>
      "env" in asked && typeof asked["env"] === "object"
        ? { ...asked, env: { ...(asked["env"] as Body), terminalType: "WEB" } }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryMonth.pattern": {
    "accepts-a-month-13": takes((asked) =>
      cardOf(asked)["expiryMonth"] === "13" ? withCard(asked, { expiryMonth: "12" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.minLength": {
    "accepts-a-cvv-of-two-digits": takes((asked) =>
      /^\d\d?$/.test(String(cardOf(asked)["cvv"])) ? withCard(asked, { cvv: "123" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryYear.type": {
    "accepts-a-year-of-four-digits": takes((asked) =>
      String(cardOf(asked)["expiryYear"] ?? "").length > 2 ? withCard(asked, { expiryYear: "29" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.pattern": {
    "accepts-a-javascript-url": takes((asked) =>
      String(asked["redirectUrl"]).startsWith("javascript:")
        ? { ...asked, redirectUrl: "https://merchant.example/" }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.paymentMethodType.const": {
    "accepts-any-payment-method-type": takes((asked) =>
      "paymentMethodDetail" in asked && typeof asked["paymentMethodDetail"] === "object"
        ? { ...asked, paymentMethodDetail: { ...(asked["paymentMethodDetail"] as Body), paymentMethodType: "CARD" } }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.additional": {
    "refuses-an-unknown-field": refuses((_, call) => utf8(call).includes("undocumentedField")),
  },
  "vaultPaymentMethod.request.env.deviceModel.maxLength": {
    "fails-the-card-for-an-emoji-in-the-device": refuses(
      ({ env }) => /\p{Emoji_Presentation}/u.test(JSON.stringify(env)),
      "PROCESS_FAIL",
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.maxLength": {
    "refuses-an-amex-cvv": refuses((asked) => String(cardOf(asked)["cvv"]).length === 4),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.optional": {
    "refuses-a-card-without-cvv": refuses((asked, call) => is("vaultPaymentMethod", call) && !("cvv" in cardOf(asked))),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.is3DSAuthentication.oneOf": {
    "refuses-a-native-boolean": refuses((asked) => typeof cardOf(asked)["is3DSAuthentication"] === "boolean"),
    "refuses-a-boolean-as-text": refuses((asked) => typeof cardOf(asked)["is3DSAuthentication"] === "string"),
  },
  "vaultPaymentMethod.example.Sample": {
    "refuses-lower-case-app": refuses((asked) => (asked["env"] as Body | undefined)?.["terminalType"] === "app"),
  },
  "vaultPaymentMethod.json.white-space": {
    "refuses-other-white-space": refuses((_, call) => /^\s/.test(utf8(call))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.required": {
    "wrong-code-for-bad-parameters": answers((body) =>
      JSON.stringify(body).includes("PARAM_ILLEGAL") ? { ...body, result: failure("PROCESS_FAIL") } : undefined,
    ),
    "refusals-unsigned": raw((answer) => (answer.text.includes("PARAM_ILLEGAL") ? unsigned(answer) : answer)),
  },
  "protocol.method.refused.PUT": {
    "accepts-any-method": (right) => (call) => right(call.method === "GET" ? call : { ...call, method: "POST" }),
  },
  "protocol.media-type.refused.plain-text": {
    "accepts-any-media-type": (right) => (call) =>
      right({ ...call, headers: { ...call.headers, "content-type": "application/json" } }),
  },
  "protocol.body.refused.empty": {
    "crash-on-an-empty-body": crashes(500, ({ text, method }) => text === "" && method === "POST"),
  },
  "protocol.body.refused.deep-list": {
    "crash-on-deep-nesting": crashes(500, ({ text }) => text.startsWith("[[[[")),
  },
  "protocol.body.refused.name-twice": {
    "accepts-a-name-twice": believes(
      (call) => (utf8(call).match(/"env":/g) ?? []).length > 1,
      (call) => ({ ...call, text: JSON.stringify(parsed(utf8(call))) }),
    ),
  },
  "protocol.body.refused.byte-order-mark": {
    "accepts-a-byte-order-mark": believes(
      (call) => utf8(call).startsWith("\uFEFF"),
      (call) => ({ ...call, text: call.text.slice(3) }),
    ),
  },
  "protocol.time.accepted.iso-offset": {
    "refuses-times-in-iso-8601": refuses((_, { headers }) => headers["request-time"]?.includes("T") === true),
  },
  "protocol.signature.refused.missing": {
    "no-signature-check": believes(() => true),
    "refused-signatures-are-answered-signed":
      (right, { gateway }) =>
      async (call) =>
        signed(call, await right(call), gateway),
  },
  "protocol.signature.refused.another-key": {
    "signature-checked-for-presence-only": believes((call) => /signature=./.test(call.headers["signature"] ?? "")),
  },
  "protocol.signature.refused.unknown-client": {
    "client-id-not-bound": (right, keys) => (call) =>
      right(
        call.headers["client-id"] === keys.clientId
          ? call
          : withBody({ ...call, headers: { ...call.headers, "client-id": keys.clientId } }, utf8(call), keys),
      ),
  },
  "vaultPaymentMethod.answer.signed": {
    "answer-unsigned": raw(unsigned),
    "answer-signed-with-another-key":
      (right, { merchant }) =>
      async (call) =>
        signed(call, await right(call), merchant),
    "answer-written-anew-after-signing": raw((answer) => ({
      ...answer,
      text: JSON.stringify(parsed(answer.text), null, 1),
    })),
    "answer-signed-for-another-path":
      (right, { gateway }) =>
      async (call) =>
        signed({ ...call, path: `${call.path}/` }, await right(call), gateway),
  },
  "protocol.signature.accepted.lower-case-hex": {
    "refuses-lower-case-hex": refuses(
      (_, { headers }) => /%[0-9]?[a-f]/.test(headers["signature"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.accepted.blanks": {
    "refuses-blanks-after-the-commas": refuses(
      (_, { headers }) => headers["signature"]?.includes(", key") === true,
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.refused.other-algorithm": {
    "any-algorithm": readsSignature((header) => header.replace(/algorithm=\w+/, "algorithm=RSA256")),
  },
  "protocol.signature.refused.doubled": {
    "first-of-two-signatures-taken": readsSignature((header) => header.replace(/, algorithm.*$/, "")),
  },
};
