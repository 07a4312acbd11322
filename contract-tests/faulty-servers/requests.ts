/** Faults in what is accepted, what is refused, and whose signature is believed. */
import { failureResult } from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, parseBody, withCard } from "./bodies.ts";
import { type Call, decodeBody, type HttpResponse, isOperation, signResponse, withBody } from "./http-messages.ts";
import {
  changeRawResponse,
  changeRequest,
  changeResponse,
  crash,
  type Mutation,
  type MutationTable,
  rejectRequest,
} from "./mutations.ts";

/** Believes a request whatever its signature says, where `when` holds. */
const acceptUnverified =
  (when: (call: Call) => boolean, mend: (call: Call) => Call = (call) => call): Mutation =>
  (right, keys) =>
  async (call) => {
    if (!when(call)) return right(call);
    const mended = mend(call);
    return right(withBody(mended, decodeBody(mended), keys));
  };

/** Reads the Signature header otherwise than it was sent. */
const changeSignatureHeader =
  (change: (header: string) => string): Mutation =>
  (right) =>
  (call) => {
    const { signature } = call.headers;
    return right(
      signature === undefined ? call : { ...call, headers: { ...call.headers, signature: change(signature) } },
    );
  };

const removeSignature = ({ headers: { signature: _, ...headers }, ...answer }: HttpResponse): HttpResponse => ({
  ...answer,
  headers,
});

export const requestMutations: MutationTable<Mutation> = {
  "vaultPaymentMethod.request.env.required": {
    "accepts-a-missing-env": changeRequest((asked, call) =>
      "env" in asked || !isOperation("vaultPaymentMethod", call)
        ? undefined
        : { ...asked, env: { terminalType: "WEB" } },
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.required": {
    "accepts-a-missing-redirect-url": changeRequest((asked, call) =>
      "redirectUrl" in asked || !isOperation("vaultPaymentMethod", call)
        ? undefined
        : { ...asked, redirectUrl: "https://merchant.example/" },
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cardNo.pattern": {
    "accepts-a-bad-card-number": changeRequest((asked) =>
      /^\d{12,19}$/.test(String(getCard(asked)["cardNo"] ?? "4054695723100768"))
        ? undefined
        : withCard(asked, { cardNo: "4054695723100768" }),
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.maxLength": {
    "accepts-an-over-long-id": changeRequest((asked) =>
      [...getId(asked)].length > 64
        ? { ...asked, vaultingRequestId: [...getId(asked)].slice(0, 64).join("") }
        : undefined,
    ),
    "refuses-an-id-of-64-characters": rejectRequest((asked) => [...getId(asked)].length === 64),
    "counts-utf-16-units-of-an-id": rejectRequest(
      (asked) => getId(asked).length > 64 && [...getId(asked)].length <= 64,
    ),
    "refuses-an-emoji-in-an-id": rejectRequest((asked) => /\p{Emoji_Presentation}/u.test(getId(asked))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.minLength": {
    "accepts-an-empty-id": changeRequest((asked) =>
      asked["vaultingRequestId"] === "" ? { ...asked, vaultingRequestId: "empty" } : undefined,
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.type": {
    "accepts-a-number-for-an-id": changeRequest((asked) =>
      typeof asked["vaultingRequestId"] === "number" ? { ...asked, vaultingRequestId: getId(asked) } : undefined,
    ),
  },
  "vaultPaymentMethod.request.env.terminalType.enum": {
    "accepts-a-value-outside-an-enumeration": changeRequest((asked) =>
      "env" in asked && typeof asked["env"] === "object"
        ? { ...asked, env: { ...(asked["env"] as Body), terminalType: "WEB" } }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryMonth.pattern": {
    "accepts-a-month-13": changeRequest((asked) =>
      getCard(asked)["expiryMonth"] === "13" ? withCard(asked, { expiryMonth: "12" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.minLength": {
    "accepts-a-cvv-of-two-digits": changeRequest((asked) =>
      /^\d\d?$/.test(String(getCard(asked)["cvv"])) ? withCard(asked, { cvv: "123" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryYear.type": {
    "accepts-a-year-of-four-digits": changeRequest((asked) =>
      String(getCard(asked)["expiryYear"] ?? "").length > 2 ? withCard(asked, { expiryYear: "29" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.pattern": {
    "accepts-a-javascript-url": changeRequest((asked) =>
      String(asked["redirectUrl"]).startsWith("javascript:")
        ? { ...asked, redirectUrl: "https://merchant.example/" }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.paymentMethodType.const": {
    "accepts-any-payment-method-type": changeRequest((asked) =>
      "paymentMethodDetail" in asked && typeof asked["paymentMethodDetail"] === "object"
        ? { ...asked, paymentMethodDetail: { ...(asked["paymentMethodDetail"] as Body), paymentMethodType: "CARD" } }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.unknown-field": {
    "refuses-an-unknown-field": rejectRequest((_, call) => decodeBody(call).includes("undocumentedField")),
  },
  "vaultPaymentMethod.request.env.deviceModel.maxLength": {
    "fails-the-card-for-an-emoji-in-the-device": rejectRequest(
      ({ env }) => /\p{Emoji_Presentation}/u.test(JSON.stringify(env)),
      "PROCESS_FAIL",
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.maxLength": {
    "refuses-an-amex-cvv": rejectRequest((asked) => String(getCard(asked)["cvv"]).length === 4),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.optional": {
    "refuses-a-card-without-cvv": rejectRequest(
      (asked, call) => isOperation("vaultPaymentMethod", call) && !("cvv" in getCard(asked)),
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.is3DSAuthentication.oneOf": {
    "refuses-a-native-boolean": rejectRequest((asked) => typeof getCard(asked)["is3DSAuthentication"] === "boolean"),
    "refuses-a-boolean-as-text": rejectRequest((asked) => typeof getCard(asked)["is3DSAuthentication"] === "string"),
  },
  "vaultPaymentMethod.example.Sample": {
    "refuses-lower-case-app": rejectRequest((asked) => (asked["env"] as Body | undefined)?.["terminalType"] === "app"),
  },
  "vaultPaymentMethod.json.white-space": {
    "refuses-other-white-space": rejectRequest((_, call) => /^\s/.test(decodeBody(call))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.required": {
    "wrong-code-for-bad-parameters": changeResponse((body) =>
      JSON.stringify(body).includes("PARAM_ILLEGAL") ? { ...body, result: failureResult("PROCESS_FAIL") } : undefined,
    ),
    "refusals-unsigned": changeRawResponse((answer) =>
      answer.text.includes("PARAM_ILLEGAL") ? removeSignature(answer) : answer,
    ),
  },
  "protocol.method.rejected.PUT": {
    "accepts-any-method": (right) => (call) => right(call.method === "GET" ? call : { ...call, method: "POST" }),
  },
  "protocol.media-type.rejected.plain-text": {
    "accepts-any-media-type": (right) => (call) =>
      right({ ...call, headers: { ...call.headers, "content-type": "application/json" } }),
  },
  "protocol.body.rejected.empty": {
    "crash-on-an-empty-body": crash(500, ({ text, method }) => text === "" && method === "POST"),
  },
  "protocol.body.rejected.deep-list": {
    "crash-on-deep-nesting": crash(500, ({ text }) => text.startsWith("[[[[")),
  },
  "protocol.body.rejected.duplicate-name": {
    "accepts-a-duplicate-name": acceptUnverified(
      (call) => (decodeBody(call).match(/"env":/g) ?? []).length > 1,
      (call) => ({ ...call, text: JSON.stringify(parseBody(decodeBody(call))) }),
    ),
  },
  "protocol.body.rejected.byte-order-mark": {
    "accepts-a-byte-order-mark": acceptUnverified(
      (call) => decodeBody(call).startsWith("\uFEFF"),
      (call) => ({ ...call, text: call.text.slice(3) }),
    ),
  },
  "protocol.time.accepted.iso-offset": {
    "refuses-times-in-iso-8601": rejectRequest((_, { headers }) => headers["request-time"]?.includes("T") === true),
  },
  "protocol.signature.rejected.missing": {
    "no-signature-check": acceptUnverified(() => true),
    "refused-signatures-are-answered-signed":
      (right, { gateway }) =>
      async (call) =>
        signResponse(call, await right(call), gateway),
  },
  "protocol.signature.rejected.different-key": {
    "signature-checked-for-presence-only": acceptUnverified((call) =>
      /signature=./.test(call.headers["signature"] ?? ""),
    ),
  },
  "protocol.signature.rejected.unknown-client": {
    "client-id-not-bound": (right, keys) => (call) =>
      right(
        call.headers["client-id"] === keys.clientId
          ? call
          : withBody({ ...call, headers: { ...call.headers, "client-id": keys.clientId } }, decodeBody(call), keys),
      ),
  },
  "vaultPaymentMethod.response.signed": {
    "answer-unsigned": changeRawResponse(removeSignature),
    "answer-signed-with-different-key":
      (right, { merchant }) =>
      async (call) =>
        signResponse(call, await right(call), merchant),
    "answer-written-anew-after-signing": changeRawResponse((answer) => ({
      ...answer,
      text: JSON.stringify(parseBody(answer.text), null, 1),
    })),
    "answer-signed-for-another-path":
      (right, { gateway }) =>
      async (call) =>
        signResponse({ ...call, path: `${call.path}/` }, await right(call), gateway),
  },
  "protocol.signature.accepted.lower-case-hex": {
    "refuses-lower-case-hex": rejectRequest(
      (_, { headers }) => /%[0-9]?[a-f]/.test(headers["signature"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.accepted.spaces": {
    "refuses-blanks-after-the-commas": rejectRequest(
      (_, { headers }) => headers["signature"]?.includes(", key") === true,
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.rejected.other-algorithm": {
    "any-algorithm": changeSignatureHeader((header) => header.replace(/algorithm=\w+/, "algorithm=RSA256")),
  },
  "protocol.signature.rejected.doubled": {
    "first-of-two-signatures-taken": changeSignatureHeader((header) => header.replace(/, algorithm.*$/, "")),
  },
};
