/** Faults in what is answered. */

import type { Fault } from "./fault.ts";
import { answering, type Body, utf8, type Wrong } from "./http-messages.ts";
import { answers, cardOf, detailOf, isS, operationOf, raw, resultOf, withCard } from "./mutation-helpers.ts";

const vaulted = (change: (body: Body, asked: Body) => Body) =>
  answers((body, asked, call) =>
    isS(body) && operationOf(call) === "vaultPaymentMethod" ? change(body, asked) : undefined,
  );
const result = (change: Body) => answers((body) => ({ ...body, result: { ...resultOf(body), ...change } }));
const without = (body: Body, name: string): Body =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
const header = (name: string, value: string | undefined) =>
  raw((answer) => {
    const others = without(answer.headers, name) as Readonly<Record<string, string>>;
    return { ...answer, headers: value === undefined ? others : { ...others, [name]: value } };
  });
const status = (code: number, when: (text: string) => boolean = () => true) =>
  raw((answer) => (when(answer.text) ? { ...answer, status: code } : answer));
const cardNoOf = (asked: Body): string => String(cardOf(asked)["cardNo"]);

/** Another response-time, and signed with it. */
const responseTime =
  (time: () => string): Wrong =>
  (right, keys) =>
  async (call) => {
    const answer = await right(call);
    return answering(call, { ...answer, headers: { ...answer.headers, "response-time": time() } }, answer.text, keys);
  };

export const answerFaults: readonly Fault[] = [
  { name: "no-result", by: "vaultPaymentMethod.answer.documented", wrong: answers((body) => without(body, "result")) },
  {
    name: "no-result-message",
    by: "vaultPaymentMethod.answer.documented",
    wrong: answers((body) => ({ ...body, result: without({ ...resultOf(body) }, "resultMessage") })),
  },
  { name: "result-code-a-number", by: "vaultPaymentMethod.answer.documented", wrong: result({ resultCode: 200 }) },
  {
    name: "result-status-not-listed",
    by: "vaultPaymentMethod.answer.documented",
    wrong: result({ resultStatus: "OK" }),
  },
  {
    name: "result-message-too-long",
    by: "vaultPaymentMethod.answer.documented",
    wrong: result({ resultMessage: "x".repeat(257) }),
  },
  { name: "result-message-null", by: "vaultPaymentMethod.answer.documented", wrong: result({ resultMessage: null }) },
  {
    name: "undocumented-field",
    by: "vaultPaymentMethod.answer.documented",
    wrong: answers((body) => ({ ...body, traceId: "1" })),
  },
  { name: "undocumented-field-in-result", by: "vaultPaymentMethod.answer.documented", wrong: result({ hint: "x" }) },
  {
    name: "undocumented-code",
    by: "vaultPaymentMethod.request.vaultingRequestId.required",
    wrong: answers((body) =>
      isS(body) ? undefined : { ...body, result: { ...resultOf(body), resultCode: "BAD_REQUEST" } },
    ),
  },
  {
    name: "code-does-not-fit-its-status",
    by: "vaultPaymentMethod.answer.documented",
    wrong: answers((body) => (isS(body) ? { ...body, result: { ...resultOf(body), resultStatus: "U" } } : undefined)),
  },
  {
    name: "success-in-lower-case",
    by: "vaultPaymentMethod.answer.documented",
    wrong: answers((body) =>
      isS(body) ? { ...body, result: { ...resultOf(body), resultCode: "success" } } : undefined,
    ),
  },
  {
    name: "s-without-payment-method-detail",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body) => without(body, "paymentMethodDetail")),
  },
  {
    name: "s-without-card",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body) => ({ ...body, paymentMethodDetail: without(detailOf(body), "card") })),
  },
  {
    name: "null-field",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body) => withCard(body, { brand: null })),
  },
  {
    name: "empty-card-token",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body) => withCard(body, { cardToken: "" })),
  },
  {
    name: "card-token-too-long",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body) => withCard(body, { cardToken: "A".repeat(2049) })),
  },
  {
    name: "card-token-a-number",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body) => withCard(body, { cardToken: 12 })),
  },
  {
    name: "masked-number-is-the-number",
    by: "vaultPaymentMethod.answer.no-card-data",
    wrong: vaulted((body, asked) => withCard(body, { maskedCardNo: cardNoOf(asked) })),
  },
  {
    name: "masked-number-shows-six-and-four",
    by: "vaultPaymentMethod.answer.masked",
    wrong: vaulted((body, asked) =>
      withCard(body, { maskedCardNo: cardNoOf(asked).replace(/(?<=^\d{6})\d+(?=\d{4})/, "******") }),
    ),
  },
  {
    name: "masked-number-of-another-card",
    by: "vaultPaymentMethod.answer.masked",
    wrong: vaulted((body) => withCard(body, { maskedCardNo: "************0000" })),
  },
  {
    name: "card-number-in-the-message",
    by: "vaultPaymentMethod.answer.no-card-data",
    wrong: answers((body, asked) =>
      cardNoOf(asked) === "undefined"
        ? undefined
        : { ...body, result: { ...resultOf(body), resultMessage: `Card ${cardNoOf(asked)}.` } },
    ),
  },
  {
    name: "cvv-echoed",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body, asked) => withCard(body, { cvv: cardOf(asked)["cvv"] ?? "1" })),
  },
  {
    name: "expiry-echoed",
    by: "vaultPaymentMethod.answer.documented",
    wrong: vaulted((body, asked) => withCard(body, { expiryYear: cardOf(asked)["expiryYear"] ?? "1" })),
  },
  {
    name: "wrong-echo",
    by: "vaultPaymentMethod.answer.echo",
    wrong: answers((body) => ("vaultingRequestId" in body ? { ...body, vaultingRequestId: "other" } : undefined)),
  },
  {
    name: "echo-in-lower-case",
    by: "vaultPaymentMethod.answer.echo",
    wrong: answers((body, asked) =>
      "vaultingRequestId" in body
        ? { ...body, vaultingRequestId: String(asked["vaultingRequestId"]).toUpperCase() }
        : undefined,
    ),
  },
  {
    name: "no-echo",
    by: "vaultPaymentMethod.answer.documented",
    wrong: answers((body) => without(body, "vaultingRequestId")),
  },
  {
    name: "no-echo-in-refusals",
    by: "inquireVaulting.answer.echo",
    wrong: answers((body) => (resultOf(body).resultStatus === "F" ? without(body, "vaultingRequestId") : undefined)),
  },
  {
    name: "a-list-for-an-answer",
    by: "vaultPaymentMethod.answer.documented",
    wrong: answers((body) => [body] as unknown as Body),
  },
  { name: "status-500", by: "vaultPaymentMethod.answer.documented", wrong: status(500) },
  { name: "status-201", by: "vaultPaymentMethod.answer.documented", wrong: status(201) },
  {
    name: "http-400-for-bad-parameters",
    by: "vaultPaymentMethod.request.vaultingRequestId.required",
    wrong: status(400, (text) => text.includes("PARAM_ILLEGAL")),
  },
  {
    name: "http-500-for-bad-parameters",
    by: "vaultPaymentMethod.request.vaultingRequestId.required",
    wrong: status(500, (text) => text.includes("PARAM_ILLEGAL")),
  },
  {
    name: "http-401-for-bad-signatures",
    by: "protocol.signature.refused.missing",
    wrong: status(401, (text) => text.includes("INVALID_SIGNATURE")),
  },
  {
    name: "http-404-for-unknown-paths",
    by: "protocol.path.refused.unknown",
    wrong: status(404, (text) => text.includes("NO_INTERFACE_DEF")),
  },
  {
    name: "http-405-for-other-methods",
    by: "protocol.method.refused.GET",
    wrong: status(405, (text) => text.includes("METHOD_NOT_SUPPORTED")),
  },
  {
    name: "http-415-for-other-media-types",
    by: "protocol.media-type.refused.plain-text",
    wrong: status(415, (text) => text.includes("MEDIA_TYPE")),
  },
  {
    name: "content-type-text",
    by: "vaultPaymentMethod.answer.documented",
    wrong: header("content-type", "text/plain"),
  },
  {
    name: "content-type-of-another-charset",
    by: "vaultPaymentMethod.answer.documented",
    wrong: header("content-type", "application/json; charset=gbk"),
  },
  { name: "no-content-type", by: "vaultPaymentMethod.answer.documented", wrong: header("content-type", undefined) },
  {
    name: "no-response-time",
    by: "vaultPaymentMethod.answer.response-time",
    wrong: header("response-time", undefined),
  },
  { name: "no-client-id", by: "vaultPaymentMethod.answer.signed", wrong: header("client-id", undefined) },
  { name: "client-id-of-another", by: "vaultPaymentMethod.answer.signed", wrong: header("client-id", "SANDBOX_OTHER") },
  {
    name: "truncated-json",
    by: "vaultPaymentMethod.answer.documented",
    wrong: raw((answer) => ({ ...answer, text: answer.text.slice(0, -3) })),
  },
  { name: "empty-body", by: "vaultPaymentMethod.answer.documented", wrong: raw((answer) => ({ ...answer, text: "" })) },
  {
    name: "html-page",
    by: "vaultPaymentMethod.answer.documented",
    wrong: raw((answer) => ({ ...answer, text: "<html>busy</html>" })),
  },
  {
    name: "redirect",
    by: "vaultPaymentMethod.answer.documented",
    wrong: raw((answer) => ({ ...answer, status: 307, headers: { location: "/elsewhere" } })),
  },
  {
    name: "response-time-a-year-old",
    by: "vaultPaymentMethod.answer.response-time",
    wrong: responseTime(() => "2020-01-01T00:00:00Z"),
  },
  {
    name: "response-time-in-milliseconds",
    by: "vaultPaymentMethod.answer.response-time",
    wrong: responseTime(() => String(Date.now())),
  },
  {
    name: "inquiry-status-of-the-wrong-type",
    by: "inquireVaulting.state.vaulted",
    wrong: answers((body) => ("vaultingStatus" in body ? { ...body, vaultingStatus: 1 } : undefined)),
  },
  {
    name: "inquiry-status-not-listed",
    by: "inquireVaulting.state.vaulted",
    wrong: answers((body) => ("vaultingStatus" in body ? { ...body, vaultingStatus: "DONE" } : undefined)),
  },
  {
    name: "session-without-data",
    by: "createVaultingSession.answer.documented",
    wrong: answers((body) => ("vaultingSessionData" in body ? without(body, "vaultingSessionData") : undefined)),
  },
  {
    name: "session-data-empty",
    by: "createVaultingSession.answer.documented",
    wrong: answers((body) => ("vaultingSessionData" in body ? { ...body, vaultingSessionData: "" } : undefined)),
  },
  {
    name: "crash-on-unicode",
    by: "vaultPaymentMethod.request.vaultingRequestId.maxLength",
    wrong: (right) => async (call) =>
      /[^\0-\u00ff]/.test(utf8(call)) ? { status: 502, headers: {}, text: "" } : right(call),
  },
];
