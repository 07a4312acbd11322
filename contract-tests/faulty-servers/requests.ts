/** Mutations of request validation and signature verification. */
import { formatMessageTime } from "../../src/protocol/http.ts";
import { createFailureResult } from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, isSuccess, parseBody, withCard } from "./bodies.ts";
import { type Call, decodeBody, type HttpResponse, isCall, signResponse, withBody } from "./http-messages.ts";
import { changeRaw, changeRequest, changeResponse, crash, type Mutation, reject, type Table } from "./mutations.ts";

/** Accepts requests without verifying their signatures if `when` returns true. `fix` can repair these requests first. */
export const acceptUnverified =
  (when: (call: Call) => boolean, fix: (call: Call) => Call = (call) => call): Mutation =>
  (next, context) =>
  async (call) => {
    if (!when(call)) return next(call);
    const fixed = fix(call);
    return next(withBody(fixed, decodeBody(fixed), context));
  };

/** Changes the Signature header before the server reads it. */
const changeSignature =
  (change: (header: string) => string): Mutation =>
  (next) =>
  (call) => {
    const { signature } = call.headers;
    return next(
      signature === undefined ? call : { ...call, headers: { ...call.headers, signature: change(signature) } },
    );
  };

const removeHeaders = (response: HttpResponse, ...names: readonly string[]): HttpResponse => ({
  ...response,
  headers: Object.fromEntries(Object.entries(response.headers).filter(([name]) => !names.includes(name))),
});
const removeFromErrors = (...names: readonly string[]): Mutation =>
  changeRaw((response) => (isSuccess(parseBody(response.text)) ? response : removeHeaders(response, ...names)));
const addTime = (response: HttpResponse): HttpResponse => ({
  ...response,
  headers: { "response-time": formatMessageTime(Date.now()), ...response.headers },
});

/** Sends errors without the signature and response-time headers, as a gateway may. */
export const sendErrorsUnsigned = removeFromErrors("signature", "response-time");

/** Accepts undocumented Request-Time formats, which `read` converts to a documented format. */
const readTime = (read: (time: string) => string): Mutation =>
  acceptUnverified(
    ({ headers: { "request-time": time = "" } }) => read(time) !== time,
    (call) => ({ ...call, headers: { ...call.headers, "request-time": read(call.headers["request-time"] ?? "") } }),
  );

export const requestMutations: Table<Mutation> = {
  "vaultPaymentMethod.request.env.required": {
    "missing-env-accepted": changeRequest((body, call) =>
      "env" in body || !isCall("vaultPaymentMethod", call) ? undefined : { ...body, env: { terminalType: "WEB" } },
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.required": {
    "missing-redirect-url-accepted": changeRequest((body, call) =>
      "redirectUrl" in body || !isCall("vaultPaymentMethod", call)
        ? undefined
        : { ...body, redirectUrl: "https://merchant.example/" },
    ),
    "null-redirect-url-accepted": changeRequest((body) =>
      body["redirectUrl"] === null ? { ...body, redirectUrl: "https://merchant.example/" } : undefined,
    ),
  },
  "vaultPaymentMethod.request.merchantRegion.optional": {
    "null-region-rejected": reject((body) => body["merchantRegion"] === null),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cardholderName.optional": {
    "null-in-card-rejected": reject((body) => getCard(body)["cardholderName"] === null),
  },
  "protocol.media-type.accepted.without-charset": {
    "charset-defaults-to-latin-1": reject(
      (_, call) => call.headers["content-type"] === "application/json" && /[^\0-\x7f]/.test(decodeBody(call)),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.media-type.accepted.two-lines": {
    "second-content-type-rejected": reject(
      (_, { headers }) => headers["content-type"]?.includes(",") === true,
      "MEDIA_TYPE_NOT_ACCEPTABLE",
    ),
  },
  "protocol.media-type.rejected.two-lines": {
    "second-content-type-ignored": (next) => (call) =>
      next({
        ...call,
        headers: { ...call.headers, "content-type": call.headers["content-type"]?.split(",")[0] ?? "" },
      }),
  },
  "protocol.media-type.rejected.first-line": {
    "last-content-type-read": (next) => (call) =>
      next({
        ...call,
        headers: { ...call.headers, "content-type": call.headers["content-type"]?.split(", ").at(-1) ?? "" },
      }),
  },
  "protocol.media-type.rejected.second-charset": {
    "charset-ignored": (next) => (call) =>
      next({
        ...call,
        headers: {
          ...call.headers,
          "content-type": call.headers["content-type"]?.replace(/; charset=ISO.*/, "") ?? "",
        },
      }),
  },
  "protocol.rejected.other-operations": {
    "inquiry-with-any-media-type-accepted": (next) => (call) =>
      next(
        isCall("inquireVaulting", call)
          ? { ...call, headers: { ...call.headers, "content-type": "application/json" } }
          : call,
      ),
    "session-with-any-method-accepted": (next) => (call) =>
      next(isCall("createVaultingSession", call) ? { ...call, method: "POST" } : call),
    "duplicate-name-in-session-accepted": acceptUnverified(
      (call) => isCall("createVaultingSession", call) && /\{("\w+":"\w+"),\1/.test(call.text),
      (call) => ({ ...call, text: JSON.stringify(parseBody(decodeBody(call))) }),
    ),
    "text-after-inquiry-ignored": acceptUnverified(
      (call) => isCall("inquireVaulting", call) && call.text.endsWith("}x"),
      (call) => ({ ...call, text: call.text.slice(0, -1) }),
    ),
    "inquiry-with-any-agent-token-accepted": (next) => (call) =>
      next(isCall("inquireVaulting", call) ? { ...call, headers: { ...call.headers, "agent-token": "" } } : call),
  },
  "protocol.accepted.other-operations": {
    "inquiry-with-nanoseconds-rejected": reject(
      (_, call) => isCall("inquireVaulting", call) && call.headers["request-time"]?.length === 19,
    ),
    "resent-inquiry-rejected": (next, context) =>
      reject((_, call) => {
        const key = String(call.headers["signature"]);
        const isKnown = isCall("inquireVaulting", call) && context.memory.has(key);
        context.memory.add(key);
        return isKnown;
      }, "INVALID_SIGNATURE")(next, context),
    "signature-header-of-session-read-by-position": reject(
      (_, call) => isCall("createVaultingSession", call) && /^signature/.test(call.headers["signature"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.robustness.large": {
    "signature-over-64-kib-verified": (next) => (call) => next({ ...call, text: call.text.slice(0, 64 * 1024) }),
  },
  "protocol.robustness.query": {
    "response-signed-over-decoded-query":
      (next, { gateway }) =>
      async (call) => {
        const response = await next(call);
        return call.path.includes("?")
          ? signResponse({ ...call, path: call.path.replace("%2F", "/") }, response, gateway)
          : response;
      },
  },
  "protocol.robustness.nul-in-metadata": {
    "crash-on-nul-in-metadata": crash(500, ({ text }) => text.includes('"a\\u0000b"')),
  },
  "protocol.time.accepted.iso-minute": {
    "time-without-seconds-in-string-to-sign": reject(
      (_, { headers }) => /:00[+-]/.test(headers["request-time"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.time.accepted.iso-zeros": {
    "time-without-zeros-in-string-to-sign": reject(
      (_, { headers }) => headers["request-time"]?.endsWith(".000Z") === true,
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.time.accepted.old": {
    "old-request-rejected": reject(
      (_, { headers }) => Number(headers["request-time"]) < Date.now() - 3_600_000,
      "PARAM_ILLEGAL",
    ),
  },
  "protocol.time.accepted.iso-fraction": {
    "nanoseconds-in-iso-time-rejected": reject((_, { headers }) => /\.\d{8}/.test(headers["request-time"] ?? "")),
  },
  "protocol.time.rejected.forms": {
    "microseconds-accepted": readTime((time) => (/^\d{16}$/.test(time) ? time.slice(0, 13) : time)),
    "seconds-accepted": readTime((time) => (/^\d{10}$/.test(time) ? `${time}000` : time)),
    "compact-time-accepted": readTime((time) => (/^\d{14}$/.test(time) ? String(Date.now()) : time)),
    "date-without-time-accepted": readTime((time) => (/^[\d-]{10}$/.test(time) ? `${time}T00:00:00Z` : time)),
    "space-in-time-accepted": readTime((time) => time.replace(/ (?=.*Z$)/, "T")),
    "time-of-date-header-accepted": readTime((time) => (/GMT$/.test(time) ? new Date(time).toISOString() : time)),
  },
  "protocol.time.accepted.nanoseconds": {
    "nanoseconds-rejected": reject((_, { headers }) => headers["request-time"]?.length === 19),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cardNo.pattern": {
    "invalid-card-number-accepted": changeRequest((body) =>
      /^\d{12,19}$/.test(String(getCard(body)["cardNo"] ?? "4054695723100768"))
        ? undefined
        : withCard(body, { cardNo: "4054695723100768" }),
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.maxLength": {
    "overlong-id-accepted": changeRequest((body) =>
      [...getId(body)].length > 64 ? { ...body, vaultingRequestId: [...getId(body)].slice(0, 64).join("") } : undefined,
    ),
    "64-character-id-rejected": reject((body) => [...getId(body)].length === 64),
    "id-length-in-utf-16-units": reject((body) => getId(body).length > 64 && [...getId(body)].length <= 64),
    "emoji-in-id-rejected": reject((body) => /\p{Emoji_Presentation}/u.test(getId(body))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.minLength": {
    "empty-id-accepted": changeRequest((body) =>
      body["vaultingRequestId"] === "" ? { ...body, vaultingRequestId: "empty" } : undefined,
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.type": {
    "numeric-id-accepted": changeRequest((body) =>
      typeof body["vaultingRequestId"] === "number" ? { ...body, vaultingRequestId: getId(body) } : undefined,
    ),
  },
  "vaultPaymentMethod.request.env.terminalType.enum": {
    "unlisted-terminal-type-accepted": changeRequest((body) =>
      "env" in body && typeof body["env"] === "object"
        ? { ...body, env: { ...(body["env"] as Body), terminalType: "WEB" } }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryMonth.pattern": {
    "month-13-accepted": changeRequest((body) =>
      getCard(body)["expiryMonth"] === "13" ? withCard(body, { expiryMonth: "12" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.minLength": {
    "two-digit-cvv-accepted": changeRequest((body) =>
      /^\d\d?$/.test(String(getCard(body)["cvv"])) ? withCard(body, { cvv: "123" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.expiryYear.type": {
    "four-digit-year-accepted": changeRequest((body) =>
      String(getCard(body)["expiryYear"] ?? "").length > 2 ? withCard(body, { expiryYear: "29" }) : undefined,
    ),
  },
  "vaultPaymentMethod.request.redirectUrl.pattern": {
    "javascript-url-accepted": changeRequest((body) =>
      String(body["redirectUrl"]).startsWith("javascript:")
        ? { ...body, redirectUrl: "https://merchant.example/" }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.paymentMethodType.const": {
    "any-payment-method-type-accepted": changeRequest((body) =>
      "paymentMethodDetail" in body && typeof body["paymentMethodDetail"] === "object"
        ? {
            ...body,
            paymentMethodDetail: { ...(body["paymentMethodDetail"] as Body), paymentMethodType: "CARD" },
          }
        : undefined,
    ),
  },
  "vaultPaymentMethod.request.unknown-field": {
    "unknown-field-rejected": reject((_, call) => decodeBody(call).includes("undocumentedField")),
  },
  "vaultPaymentMethod.request.env.deviceModel.maxLength": {
    "process-fail-for-emoji-in-env": reject(
      ({ env }) => /\p{Emoji_Presentation}/u.test(JSON.stringify(env)),
      "PROCESS_FAIL",
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.maxLength": {
    "four-digit-cvv-rejected": reject((body) => String(getCard(body)["cvv"]).length === 4),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.optional": {
    "card-without-cvv-rejected": reject(
      (body, call) => isCall("vaultPaymentMethod", call) && !("cvv" in getCard(body)),
    ),
  },
  "vaultPaymentMethod.request.paymentMethodDetail.card.is3DSAuthentication.oneOf": {
    "native-boolean-rejected": reject((body) => typeof getCard(body)["is3DSAuthentication"] === "boolean"),
    "quoted-boolean-rejected": reject((body) => typeof getCard(body)["is3DSAuthentication"] === "string"),
  },
  "vaultPaymentMethod.example.Sample": {
    "lowercase-app-rejected": reject((body) => (body["env"] as Body | undefined)?.["terminalType"] === "app"),
  },
  "vaultPaymentMethod.json.whitespace": {
    "leading-whitespace-rejected": reject((_, call) => /^\s/.test(decodeBody(call))),
  },
  "vaultPaymentMethod.request.vaultingRequestId.required": {
    "process-fail-for-invalid-parameters": changeResponse((body) =>
      JSON.stringify(body).includes("PARAM_ILLEGAL")
        ? { ...body, result: createFailureResult("PROCESS_FAIL") }
        : undefined,
    ),
    "errors-without-signature": removeFromErrors("signature"),
    "errors-without-response-time": removeFromErrors("response-time"),
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
    "iso-8601-request-time-rejected": reject((_, { headers }) => headers["request-time"]?.includes("T") === true),
  },
  "protocol.signature.rejected.missing": {
    "signature-check-missing": acceptUnverified(() => true),
    "signed-response-to-invalid-signature":
      (next, { gateway }) =>
      async (call) =>
        signResponse(call, addTime(await next(call)), gateway),
    "response-time-on-response-to-invalid-signature": changeRaw(addTime),
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
    "responses-without-signature": changeRaw((response) => removeHeaders(response, "signature")),
    "unsigned-successes": changeRaw((response) =>
      isSuccess(parseBody(response.text)) ? removeHeaders(response, "signature", "response-time") : response,
    ),
    "response-signed-with-different-key":
      (next, { merchant }) =>
      async (call) =>
        signResponse(call, await next(call), merchant),
    "response-reformatted-after-signing": changeRaw((response) => ({
      ...response,
      text: JSON.stringify(parseBody(response.text), null, 1),
    })),
    "response-signed-for-different-path":
      (next, { gateway }) =>
      async (call) =>
        signResponse({ ...call, path: `${call.path}/` }, await next(call), gateway),
  },
  "protocol.signature.accepted.lowercase-hex": {
    "lowercase-hex-rejected": reject(
      (_, { headers }) => /%[0-9]?[a-f]/.test(headers["signature"] ?? ""),
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.accepted.spaces": {
    "spaces-after-commas-rejected": reject(
      (_, { headers }) => headers["signature"]?.includes(", key") === true,
      "INVALID_SIGNATURE",
    ),
  },
  "protocol.signature.rejected.other-algorithm": {
    "any-signature-algorithm-accepted": changeSignature((header) =>
      header.replace(/algorithm=\w+/, "algorithm=RSA256"),
    ),
  },
  "protocol.signature.rejected.doubled": {
    "first-of-two-signatures-accepted": changeSignature((header) => header.replace(/, algorithm.*$/, "")),
  },
};
