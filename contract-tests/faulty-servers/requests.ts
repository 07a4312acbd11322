/** Faults in what is accepted, what is refused, and whose signature is believed. */

import type { Fault } from "./fault.ts";
import { type Body, type Call, parsed, signed, utf8, type Wrong, withBody } from "./http-messages.ts";
import { answers, cardOf, operationOf, raw, refuses, takes, withCard } from "./mutation-helpers.ts";

const sent = (call: Call): Body => parsed(utf8(call));
const shortened = (value: unknown, length: number) =>
  typeof value === "string" ? [...value].slice(0, length).join("") : value;
/** Believes a request whatever its signature says, where `when` holds. */
const believes =
  (when: (call: Call) => boolean, mend: (call: Call) => Call = (call) => call): Wrong =>
  (right, keys) =>
  async (call) => {
    if (!when(call)) return right(call);
    const mended = mend(call);
    return right(withBody(mended, utf8(mended), keys));
  };
export const requestFaults: readonly Fault[] = [
  {
    name: "accepts-a-missing-env",
    by: "vaultPaymentMethod.request.env.required",
    wrong: takes((asked, call) =>
      "env" in asked || operationOf(call) !== "vaultPaymentMethod"
        ? undefined
        : { ...asked, env: { terminalType: "WEB" } },
    ),
  },
  {
    name: "accepts-a-missing-redirect-url",
    by: "vaultPaymentMethod.request.redirectUrl.required",
    wrong: takes((asked, call) =>
      "redirectUrl" in asked || operationOf(call) !== "vaultPaymentMethod"
        ? undefined
        : { ...asked, redirectUrl: "https://merchant.example/" },
    ),
  },
  {
    name: "accepts-a-bad-card-number",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.cardNo.pattern",
    wrong: takes((asked) =>
      /^\d{12,19}$/.test(String(cardOf(asked)["cardNo"] ?? "4054695723100768"))
        ? undefined
        : withCard(asked, { cardNo: "4054695723100768" }),
    ),
  },
  {
    name: "accepts-an-over-long-id",
    by: "vaultPaymentMethod.request.vaultingRequestId.maxLength",
    wrong: takes((asked) =>
      [...String(asked["vaultingRequestId"] ?? "")].length > 64
        ? { ...asked, vaultingRequestId: shortened(asked["vaultingRequestId"], 64) }
        : undefined,
    ),
  },
  {
    name: "accepts-an-empty-id",
    by: "vaultPaymentMethod.request.vaultingRequestId.minLength",
    wrong: takes((asked) => (asked["vaultingRequestId"] === "" ? { ...asked, vaultingRequestId: "empty" } : undefined)),
  },
  {
    name: "accepts-a-number-for-an-id",
    by: "vaultPaymentMethod.request.vaultingRequestId.type",
    wrong: takes((asked) =>
      typeof asked["vaultingRequestId"] === "number"
        ? { ...asked, vaultingRequestId: String(asked["vaultingRequestId"]) }
        : undefined,
    ),
  },
  {
    name: "accepts-a-value-outside-an-enumeration",
    by: "vaultPaymentMethod.request.env.terminalType.enum",
    wrong: takes((asked) =>
      "env" in asked && typeof asked["env"] === "object"
        ? { ...asked, env: { ...(asked["env"] as Body), terminalType: "WEB" } }
        : undefined,
    ),
  },
  {
    name: "accepts-a-month-13",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.expiryMonth.pattern",
    wrong: takes((asked) =>
      cardOf(asked)["expiryMonth"] === "13" ? withCard(asked, { expiryMonth: "12" }) : undefined,
    ),
  },
  {
    name: "accepts-a-cvv-of-two-digits",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.minLength",
    wrong: takes((asked) =>
      /^\d\d?$/.test(String(cardOf(asked)["cvv"])) ? withCard(asked, { cvv: "123" }) : undefined,
    ),
  },
  {
    name: "accepts-a-year-of-four-digits",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.expiryYear.type",
    wrong: takes((asked) =>
      String(cardOf(asked)["expiryYear"] ?? "").length > 2 ? withCard(asked, { expiryYear: "29" }) : undefined,
    ),
  },
  {
    name: "accepts-a-javascript-url",
    by: "vaultPaymentMethod.request.redirectUrl.pattern",
    wrong: takes((asked) =>
      String(asked["redirectUrl"]).startsWith("javascript:")
        ? { ...asked, redirectUrl: "https://merchant.example/" }
        : undefined,
    ),
  },
  {
    name: "accepts-any-payment-method-type",
    by: "vaultPaymentMethod.request.paymentMethodDetail.paymentMethodType.const",
    wrong: takes((asked) =>
      "paymentMethodDetail" in asked && typeof asked["paymentMethodDetail"] === "object"
        ? { ...asked, paymentMethodDetail: { ...(asked["paymentMethodDetail"] as Body), paymentMethodType: "CARD" } }
        : undefined,
    ),
  },
  {
    name: "refuses-an-id-of-64-characters",
    by: "vaultPaymentMethod.request.vaultingRequestId.maxLength",
    wrong: refuses((asked) => [...String(asked["vaultingRequestId"])].length === 64),
  },
  {
    name: "counts-utf-16-units-of-an-id",
    by: "vaultPaymentMethod.request.vaultingRequestId.maxLength",
    wrong: refuses(
      (asked) => String(asked["vaultingRequestId"]).length > 64 && [...String(asked["vaultingRequestId"])].length <= 64,
    ),
  },
  {
    name: "refuses-an-unknown-field",
    by: "vaultPaymentMethod.request.additional",
    wrong: refuses((_, call) => utf8(call).includes("undocumentedField")),
  },
  {
    name: "refuses-an-emoji-in-an-id",
    by: "vaultPaymentMethod.request.vaultingRequestId.maxLength",
    wrong: refuses((asked) => /\p{Emoji_Presentation}/u.test(String(asked["vaultingRequestId"]))),
  },
  {
    name: "fails-the-card-for-an-emoji-in-the-device",
    by: "vaultPaymentMethod.request.env.deviceModel.maxLength",
    wrong: refuses(({ env }) => /\p{Emoji_Presentation}/u.test(JSON.stringify(env)), "PROCESS_FAIL"),
  },
  {
    name: "refuses-an-amex-cvv",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.maxLength",
    wrong: refuses((asked) => String(cardOf(asked)["cvv"]).length === 4),
  },
  {
    name: "refuses-a-card-without-cvv",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.cvv.optional",
    wrong: refuses((asked, call) => operationOf(call) === "vaultPaymentMethod" && !("cvv" in cardOf(asked))),
  },
  {
    name: "refuses-a-native-boolean",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.is3DSAuthentication.oneOf",
    wrong: refuses((asked) => typeof cardOf(asked)["is3DSAuthentication"] === "boolean"),
  },
  {
    name: "refuses-a-boolean-as-text",
    by: "vaultPaymentMethod.request.paymentMethodDetail.card.is3DSAuthentication.oneOf",
    wrong: refuses((asked) => typeof cardOf(asked)["is3DSAuthentication"] === "string"),
  },
  {
    name: "refuses-lower-case-app",
    by: "vaultPaymentMethod.example.Sample",
    wrong: refuses((asked) => (asked["env"] as Body | undefined)?.["terminalType"] === "app"),
  },
  {
    name: "refuses-other-white-space",
    by: "vaultPaymentMethod.json.white-space",
    wrong: refuses((_, call) => /^\s/.test(utf8(call))),
  },
  {
    name: "wrong-code-for-bad-parameters",
    by: "vaultPaymentMethod.request.vaultingRequestId.required",
    wrong: answers((body) =>
      JSON.stringify(body).includes("PARAM_ILLEGAL")
        ? { ...body, result: { resultCode: "PROCESS_FAIL", resultStatus: "F", resultMessage: "No." } }
        : undefined,
    ),
  },
  {
    name: "accepts-any-method",
    by: "protocol.method.refused.PUT",
    wrong: (right) => (call) => right(call.method === "GET" ? call : { ...call, method: "POST" }),
  },
  {
    name: "accepts-any-media-type",
    by: "protocol.media-type.refused.plain-text",
    wrong: (right) => (call) => right({ ...call, headers: { ...call.headers, "content-type": "application/json" } }),
  },
  {
    name: "crash-on-an-empty-body",
    by: "protocol.body.refused.empty",
    wrong: (right) => async (call) =>
      call.text === "" && call.method === "POST"
        ? { status: 500, headers: {}, text: "at Server.<anonymous>" }
        : right(call),
  },
  {
    name: "crash-on-deep-nesting",
    by: "protocol.body.refused.deep-list",
    wrong: (right) => async (call) =>
      call.text.startsWith("[[[[") ? { status: 500, headers: {}, text: "" } : right(call),
  },
  {
    name: "accepts-a-name-twice",
    by: "protocol.body.refused.name-twice",
    wrong: believes(
      (call) => (utf8(call).match(/"env":/g) ?? []).length > 1,
      (call) => ({ ...call, text: JSON.stringify(sent(call)) }),
    ),
  },
  {
    name: "accepts-a-byte-order-mark",
    by: "protocol.body.refused.byte-order-mark",
    wrong: believes(
      (call) => utf8(call).startsWith("\uFEFF"),
      (call) => ({ ...call, text: call.text.slice(3) }),
    ),
  },
  {
    name: "refuses-times-in-iso-8601",
    by: "protocol.time.accepted.iso-offset",
    wrong: (right, keys) => (call) =>
      call.headers["request-time"]?.includes("T") ? refuses(() => true)(right, keys)(call) : right(call),
  },
  { name: "no-signature-check", by: "protocol.signature.refused.missing", wrong: believes(() => true) },
  {
    name: "signature-checked-for-presence-only",
    by: "protocol.signature.refused.another-key",
    wrong: believes((call) => /signature=./.test(call.headers["signature"] ?? "")),
  },
  {
    name: "client-id-not-bound",
    by: "protocol.signature.refused.unknown-client",
    wrong: (right, keys) => (call) =>
      right(
        call.headers["client-id"] === keys.clientId
          ? call
          : withBody({ ...call, headers: { ...call.headers, "client-id": keys.clientId } }, utf8(call), keys),
      ),
  },
  {
    name: "answer-unsigned",
    by: "vaultPaymentMethod.answer.signed",
    wrong: raw(({ headers: { signature: _, ...others }, ...answer }) => ({ ...answer, headers: others })),
  },
  {
    name: "refusals-unsigned",
    by: "vaultPaymentMethod.request.vaultingRequestId.required",
    wrong: raw((answer) =>
      answer.text.includes("PARAM_ILLEGAL")
        ? {
            ...answer,
            headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => name !== "signature")),
          }
        : answer,
    ),
  },
  {
    name: "answer-signed-with-another-key",
    by: "vaultPaymentMethod.answer.signed",
    wrong:
      (right, { merchant }) =>
      async (call) =>
        signed(call, await right(call), merchant),
  },
  {
    name: "answer-written-anew-after-signing",
    by: "vaultPaymentMethod.answer.signed",
    wrong: raw((answer) => ({ ...answer, text: JSON.stringify(parsed(answer.text), null, 1) })),
  },
  {
    name: "answer-signed-for-another-path",
    by: "vaultPaymentMethod.answer.signed",
    wrong:
      (right, { gateway }) =>
      async (call) =>
        signed({ ...call, path: `${call.path}/` }, await right(call), gateway),
  },
  {
    name: "refused-signatures-are-answered-signed",
    by: "protocol.signature.refused.missing",
    wrong:
      (right, { gateway }) =>
      async (call) =>
        signed(call, await right(call), gateway),
  },
  {
    name: "refuses-lower-case-hex",
    by: "protocol.signature.accepted.lower-case-hex",
    wrong: (right, keys) => (call) =>
      /%[0-9]?[a-f]/.test(call.headers["signature"] ?? "")
        ? refuses(() => true, "INVALID_SIGNATURE")(right, keys)(withBody(call, utf8(call), keys))
        : right(call),
  },
  {
    name: "refuses-blanks-after-the-commas",
    by: "protocol.signature.accepted.blanks",
    wrong: (right, keys) => (call) =>
      call.headers["signature"]?.includes(", key")
        ? refuses(() => true, "INVALID_SIGNATURE")(right, keys)(call)
        : right(call),
  },
  {
    name: "any-algorithm",
    by: "protocol.signature.refused.other-algorithm",
    wrong: (right) => (call) =>
      right({
        ...call,
        headers: {
          ...call.headers,
          ...(call.headers["signature"]
            ? { signature: call.headers["signature"].replace(/algorithm=\w+/, "algorithm=RSA256") }
            : {}),
        },
      }),
  },
  {
    name: "first-of-two-signatures-taken",
    by: "protocol.signature.refused.doubled",
    wrong: (right) => (call) =>
      right({
        ...call,
        headers: {
          ...call.headers,
          ...(call.headers["signature"] ? { signature: call.headers["signature"].replace(/, algorithm.*$/, "") } : {}),
        },
      }),
  },
];
