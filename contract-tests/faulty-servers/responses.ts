/** Faults in what is answered. */
import { type Body, cardOf, detailOf, idOf, isS, resultOf, withCard, withResult } from "./bodies.ts";
import { answers, crashes, type Faults, raw, type Wrong } from "./changes.ts";
import { answering, is, utf8 } from "./http-messages.ts";

const vaulted = (change: (body: Body, asked: Body) => Body) =>
  answers((body, asked, call) => (isS(body) && is("vaultPaymentMethod", call) ? change(body, asked) : undefined));
const result = (change: Body) => answers((body) => withResult(body, change));
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

export const answerFaults: Faults<Wrong> = {
  "vaultPaymentMethod.answer.documented": {
    "no-result": answers((body) => without(body, "result")),
    "no-result-message": answers((body) => ({ ...body, result: without({ ...resultOf(body) }, "resultMessage") })),
    "result-code-a-number": result({ resultCode: 200 }),
    "result-status-not-listed": result({ resultStatus: "OK" }),
    "result-message-too-long": result({ resultMessage: "x".repeat(257) }),
    "result-message-null": result({ resultMessage: null }),
    "undocumented-field": answers((body) => ({ ...body, traceId: "1" })),
    "undocumented-field-in-result": result({ hint: "x" }),
    "code-does-not-fit-its-status": answers((body) =>
      isS(body) ? withResult(body, { resultStatus: "U" }) : undefined,
    ),
    "success-in-lower-case": answers((body) => (isS(body) ? withResult(body, { resultCode: "success" }) : undefined)),
    "s-without-payment-method-detail": vaulted((body) => without(body, "paymentMethodDetail")),
    "s-without-card": vaulted((body) => ({ ...body, paymentMethodDetail: without(detailOf(body), "card") })),
    "null-field": vaulted((body) => withCard(body, { brand: null })),
    "empty-card-token": vaulted((body) => withCard(body, { cardToken: "" })),
    "card-token-too-long": vaulted((body) => withCard(body, { cardToken: "A".repeat(2049) })),
    "card-token-a-number": vaulted((body) => withCard(body, { cardToken: 12 })),
    "cvv-echoed": vaulted((body, asked) => withCard(body, { cvv: cardOf(asked)["cvv"] ?? "1" })),
    "expiry-echoed": vaulted((body, asked) => withCard(body, { expiryYear: cardOf(asked)["expiryYear"] ?? "1" })),
    "no-echo": answers((body) => without(body, "vaultingRequestId")),
    "a-list-for-an-answer": answers((body) => [body] as unknown as Body),
    "status-500": status(500),
    "status-201": status(201),
    "content-type-text": header("content-type", "text/plain"),
    "content-type-of-another-charset": header("content-type", "application/json; charset=gbk"),
    "no-content-type": header("content-type", undefined),
    "truncated-json": raw((answer) => ({ ...answer, text: answer.text.slice(0, -3) })),
    "empty-body": raw((answer) => ({ ...answer, text: "" })),
    "html-page": raw((answer) => ({ ...answer, text: "<html>busy</html>" })),
    redirect: raw((answer) => ({ ...answer, status: 307, headers: { location: "/elsewhere" } })),
  },
  "vaultPaymentMethod.request.vaultingRequestId.required": {
    "undocumented-code": answers((body) => (isS(body) ? undefined : withResult(body, { resultCode: "BAD_REQUEST" }))),
    "http-400-for-bad-parameters": status(400, (text) => text.includes("PARAM_ILLEGAL")),
    "http-500-for-bad-parameters": status(500, (text) => text.includes("PARAM_ILLEGAL")),
  },
  "vaultPaymentMethod.answer.no-card-data": {
    "masked-number-is-the-number": vaulted((body, asked) => withCard(body, { maskedCardNo: cardNoOf(asked) })),
    "card-number-in-the-message": answers((body, asked) =>
      cardNoOf(asked) === "undefined" ? undefined : withResult(body, { resultMessage: `Card ${cardNoOf(asked)}.` }),
    ),
  },
  "vaultPaymentMethod.answer.masked": {
    "masked-number-shows-six-and-four": vaulted((body, asked) =>
      withCard(body, { maskedCardNo: cardNoOf(asked).replace(/(?<=^\d{6})\d+(?=\d{4})/, "******") }),
    ),
    "masked-number-of-another-card": vaulted((body) => withCard(body, { maskedCardNo: "************0000" })),
  },
  "vaultPaymentMethod.answer.echo": {
    "wrong-echo": answers((body) =>
      "vaultingRequestId" in body ? { ...body, vaultingRequestId: "other" } : undefined,
    ),
    "echo-in-lower-case": answers((body, asked) =>
      "vaultingRequestId" in body ? { ...body, vaultingRequestId: idOf(asked).toUpperCase() } : undefined,
    ),
  },
  "inquireVaulting.answer.echo": {
    "no-echo-in-refusals": answers((body) =>
      resultOf(body).resultStatus === "F" ? without(body, "vaultingRequestId") : undefined,
    ),
  },
  "protocol.signature.refused.missing": {
    "http-401-for-bad-signatures": status(401, (text) => text.includes("INVALID_SIGNATURE")),
  },
  "protocol.path.refused.unknown": {
    "http-404-for-unknown-paths": status(404, (text) => text.includes("NO_INTERFACE_DEF")),
  },
  "protocol.method.refused.GET": {
    "http-405-for-other-methods": status(405, (text) => text.includes("METHOD_NOT_SUPPORTED")),
  },
  "protocol.media-type.refused.plain-text": {
    "http-415-for-other-media-types": status(415, (text) => text.includes("MEDIA_TYPE")),
  },
  "vaultPaymentMethod.answer.response-time": {
    "no-response-time": header("response-time", undefined),
    "response-time-a-year-old": responseTime(() => "2020-01-01T00:00:00Z"),
    "response-time-in-milliseconds": responseTime(() => String(Date.now())),
  },
  "vaultPaymentMethod.answer.signed": {
    "no-client-id": header("client-id", undefined),
    "client-id-of-another": header("client-id", "SANDBOX_OTHER"),
  },
  "inquireVaulting.state.vaulted": {
    "inquiry-status-of-the-wrong-type": answers((body) =>
      "vaultingStatus" in body ? { ...body, vaultingStatus: 1 } : undefined,
    ),
    "inquiry-status-not-listed": answers((body) =>
      "vaultingStatus" in body ? { ...body, vaultingStatus: "DONE" } : undefined,
    ),
  },
  "createVaultingSession.answer.documented": {
    "session-without-data": answers((body) =>
      "vaultingSessionData" in body ? without(body, "vaultingSessionData") : undefined,
    ),
    "session-data-empty": answers((body) =>
      "vaultingSessionData" in body ? { ...body, vaultingSessionData: "" } : undefined,
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.maxLength": {
    "crash-on-unicode": crashes(502, (call) => /[^\0-\u00ff]/.test(utf8(call))),
  },
};
