/** Mutations of request validation and signature verification. */
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

/** Accepts requests without verifying their signature if `when` returns true. */
const acceptUnverified =
  (when: (call: Call) => boolean, fix: (call: Call) => Call = (call) => call): Mutation =>
  (next, context) =>
  async (call) => {
    if (!when(call)) return next(call);
    const fixed = fix(call);
    return next(withBody(fixed, decodeBody(fixed), context));
  };

/** Changes the Signature header before the server reads it. */
const changeSignatureHeader =
  (change: (header: string) => string): Mutation =>
  (next) =>
  (call) => {
    const { signature } = call.headers;
    return next(
      signature === undefined ? call : { ...call, headers: { ...call.headers, signature: change(signature) } },
    );
  };

const removeSignature = ({ headers: { signature: _, ...headers }, ...response }: HttpResponse): HttpResponse => ({
  ...response,
  headers,
});

export const requestMutations: MutationTable<Mutation> = {
  "vaultPaymentMethod.request.env.required": {
    "missing-env-accepted": changeRequest((request, call) =>
      "env" in request || !isOperation("vaultPaymentMethod", call)
        ? undefined
        : { ...request, env: { terminalType: "WEB" } },
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.required": {
    "missing-redirect-url-accepted": changeRequest((request, call) =>
      "redirectUrl" in request || !isOperation("vaultPaymentMethod", call)
        ? undefined
        : { ...request, redirectUrl: "https://merchant.example/" },
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cardNo.pattern": {
    "invalid-card-number-accepted": changeRequest((request) =>
      /^\d{12,19}$/.test(String(getCard(request)["cardNo"] ?? "4054695723100768"))
        ? undefined
        : withCard(request, { cardNo: "4054695723100768" }),
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.maxLength": {
    "overlong-id-accepted": changeRequest((request) =>
      [...getId(request)].length > 64
        ? { ...request, vaultingRequestId: [...getId(request)].slice(0, 64).join("") }
        : undefined,
    ),
    "64-character-id-rejected": rejectRequest((request) => [...getId(request)].length === 64),
    "id-length-in-utf-16-units": rejectRequest(
      (request) => getId(request).length > 64 && [...getId(request)].length <= 64,
    ),
    "emoji-in-id-rejected": rejectRequest((request) => /\p{Emoji_Presentation}/u.test(getId(request))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.minLength": {
    "empty-id-accepted": changeRequest((request) =>
      request["vaultingRequestId"] === "" ? { ...request, vaultingRequestId: "empty" } : undefined,
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.type": {
    "numeric-id-accepted": changeRequest((request) =>
      typeof request["vaultingRequestId"] === "number" ? { ...request, vaultingRequestId: getId(request) } : undefined,
    ),
  },
  "vaultPaymentMethod.request.env.terminalType.enum": {
    "unlisted-terminal-type-accepted": changeRequest((request) =>
      "env" in request && typeof request["env"] === "object"
        ? { ...request, env: { ...(request["env"] as Body), terminalType: "WEB" } }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryMonth.pattern": {
    "month-13-accepted": changeRequest((request) =>
      getCard(request)["expiryMonth"] === "13" ? withCard(request, { expiryMonth: "12" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.minLength": {
    "two-digit-cvv-accepted": changeRequest((request) =>
      /^\d\d?$/.test(String(getCard(request)["cvv"])) ? withCard(request, { cvv: "123" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryYear.type": {
    "four-digit-year-accepted": changeRequest((request) =>
      String(getCard(request)["expiryYear"] ?? "").length > 2 ? withCard(request, { expiryYear: "29" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.pattern": {
    "javascript-url-accepted": changeRequest((request) =>
      String(request["redirectUrl"]).startsWith("javascript:")
        ? { ...request, redirectUrl: "https://merchant.example/" }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.paymentMethodType.const": {
    "any-payment-method-type-accepted": changeRequest((request) =>
      "paymentMethodDetail" in request && typeof request["paymentMethodDetail"] === "object"
        ? {
            ...request,
            paymentMethodDetail: { ...(request["paymentMethodDetail"] as Body), paymentMethodType: "CARD" },
          }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.unknown-field": {
    "unknown-field-rejected": rejectRequest((_, call) => decodeBody(call).includes("undocumentedField")),
  },
  "vaultPaymentMethod.request.env.deviceModel.maxLength": {
    "card-failure-for-emoji-in-device": rejectRequest(
      ({ env }) => /\p{Emoji_Presentation}/u.test(JSON.stringify(env)),
      "PROCESS_FAIL",
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.maxLength": {
    "four-digit-cvv-rejected": rejectRequest((request) => String(getCard(request)["cvv"]).length === 4),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.optional": {
    "card-without-cvv-rejected": rejectRequest(
      (request, call) => isOperation("vaultPaymentMethod", call) && !("cvv" in getCard(request)),
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.is3DSAuthentication.oneOf": {
    "native-boolean-rejected": rejectRequest((request) => typeof getCard(request)["is3DSAuthentication"] === "boolean"),
    "quoted-boolean-rejected": rejectRequest((request) => typeof getCard(request)["is3DSAuthentication"] === "string"),
  },
  "vaultPaymentMethod.example.Sample": {
    "lowercase-app-rejected": rejectRequest(
      (request) => (request["env"] as Body | undefined)?.["terminalType"] === "app",
    ),
  },
  "vaultPaymentMethod.json.white-space": {
    "leading-white-space-rejected": rejectRequest((_, call) => /^\s/.test(decodeBody(call))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.required": {
    "process-fail-for-invalid-parameters": changeResponse((body) =>
      JSON.stringify(body).includes("PARAM_ILLEGAL") ? { ...body, result: failureResult("PROCESS_FAIL") } : undefined,
    ),
    "unsigned-rejections": changeRawResponse((response) =>
      response.text.includes("PARAM_ILLEGAL") ? removeSignature(response) : response,
    ),
  },
  "protocol.method.rejected.PUT": {
    "any-method-accepted": (next) => (call) => next(call.method === "GET" ? call : { ...call, method: "POST" }),
  },
  "protocol.media-type.rejected.plain-text": {
    "any-media-type-accepted": (next) => (call) =>
      next({ ...call, headers: { ...call.headers, "content-type": "application/json" } }),
  },
  "protocol.body.rejected.empty": {
    "crash-on-empty-body": crash(500, ({ text, method }) => text === "" && method === "POST"),
  },
  "protocol.body.rejected.deep-list": {
    "crash-on-deep-nesting": crash(500, ({ text }) => text.startsWith("[[[[")),
  },
  "protocol.body.rejected.duplicate-name": {
    "duplicate-field-accepted": acceptUnverified(
      (call) => (decodeBody(call).match(/"env":/g) ?? []).length > 1,
      (call) => ({ ...call, text: JSON.stringify(parseBody(decodeBody(call))) }),
    ),
  },
  "protocol.body.rejected.byte-order-mark": {
    "byte-order-mark-accepted": acceptUnverified(
      (call) => decodeBody(call).startsWith("\uFEFF"),
      (call) => ({ ...call, text: call.text.slice(3) }),
    ),
  },
  "protocol.time.accepted.iso-offset": {
    "iso-8601-request-time-rejected": rejectRequest(
      (_, { headers }) => headers["request-time"]?.includes("T") === true,
    ),
  },
  "protocol.signature.rejected.missing": {
    "signature-check-missing": acceptUnverified(() => true),
    "signed-response-to-invalid-signature":
      (next, { gateway }) =>
      async (call) =>
        signResponse(call, await next(call), gateway),
  },
  "protocol.signature.rejected.different-key": {
    "signature-checked-for-presence-only": acceptUnverified((call) =>
      /signature=./.test(call.headers["signature"] ?? ""),
    ),
  },
  "protocol.signature.rejected.unknown-client": {
    "client-id-not-verified": (next, context) => (call) =>
      next(
        call.headers["client-id"] === context.clientId
          ? call
          : withBody(
              { ...call, headers: { ...call.headers, "client-id": context.clientId } },
              decodeBody(call),
              context,
            ),
      ),
  },
  "vaultPaymentMethod.response.signed": {
    "unsigned-responses": changeRawResponse(removeSignature),
    "response-signed-with-different-key":
      (next, { merchant }) =>
      async (call) =>
        signResponse(call, await next(call), merchant),
    "response-reformatted-after-signing": changeRawResponse((response) => ({
      ...response,
      text: JSON.stringify(parseBody(response.text), null, 1),
    })),
    "response-signed-for-different-path":
      (next, { gateway }) =>
      async (call) =>
        signResponse({ ...call, path: `${call.path}/` }, await next(call), gateway),
  },
  "protocol.signature.accepted.lower-case-hex": {
    "lowercase-hex-rejected": rejectRequest(
      (_, { headers }) => /%[0-9]?[a-f]/.test(headers["signature"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.accepted.spaces": {
    "spaces-after-commas-rejected": rejectRequest(
      (_, { headers }) => headers["signature"]?.includes(", key") === true,
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.rejected.other-algorithm": {
    "any-signature-algorithm-accepted": changeSignatureHeader((header) =>
      header.replace(/algorithm=\w+/, "algorithm=RSA256"),
    ),
  },
  "protocol.signature.rejected.doubled": {
    "first-of-two-signatures-accepted": changeSignatureHeader((header) => header.replace(/, algorithm.*$/, "")),
  },
};
