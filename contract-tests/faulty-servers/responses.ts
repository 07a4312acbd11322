/** Faults in what is answered. */
import { type Body, getCard, getDetail, getId, getResult, isSuccess, withCard, withResult } from "./bodies.ts";
import { decodeBody, isOperation, replaceBody } from "./http-messages.ts";
import { changeRawResponse, changeResponse, crash, type Mutation, type MutationTable } from "./mutations.ts";

const changeVaulted = (change: (body: Body, asked: Body) => Body) =>
  changeResponse((body, asked, call) =>
    isSuccess(body) && isOperation("vaultPaymentMethod", call) ? change(body, asked) : undefined,
  );
const changeResult = (change: Body) => changeResponse((body) => withResult(body, change));
const omit = (body: Body, name: string): Body =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
const setHeader = (name: string, value: string | undefined) =>
  changeRawResponse((answer) => {
    const others = omit(answer.headers, name) as Readonly<Record<string, string>>;
    return { ...answer, headers: value === undefined ? others : { ...others, [name]: value } };
  });
const setStatus = (code: number, when: (text: string) => boolean = () => true) =>
  changeRawResponse((answer) => (when(answer.text) ? { ...answer, status: code } : answer));
const getCardNo = (asked: Body): string => String(getCard(asked)["cardNo"]);

/** Another response-time, and signed with it. */
const setResponseTime =
  (time: () => string): Mutation =>
  (right, keys) =>
  async (call) => {
    const answer = await right(call);
    return replaceBody(call, { ...answer, headers: { ...answer.headers, "response-time": time() } }, answer.text, keys);
  };

export const responseMutations: MutationTable<Mutation> = {
  "vaultPaymentMethod.response.documented": {
    "no-result": changeResponse((body) => omit(body, "result")),
    "no-result-message": changeResponse((body) => ({ ...body, result: omit({ ...getResult(body) }, "resultMessage") })),
    "result-code-a-number": changeResult({ resultCode: 200 }),
    "result-status-not-listed": changeResult({ resultStatus: "OK" }),
    "result-message-too-long": changeResult({ resultMessage: "x".repeat(257) }),
    "result-message-null": changeResult({ resultMessage: null }),
    "undocumented-field": changeResponse((body) => ({ ...body, traceId: "1" })),
    "undocumented-field-in-result": changeResult({ hint: "x" }),
    "code-does-not-fit-its-status": changeResponse((body) =>
      isSuccess(body) ? withResult(body, { resultStatus: "U" }) : undefined,
    ),
    "success-in-lower-case": changeResponse((body) =>
      isSuccess(body) ? withResult(body, { resultCode: "success" }) : undefined,
    ),
    "s-without-payment-method-detail": changeVaulted((body) => omit(body, "paymentMethodDetail")),
    "s-without-card": changeVaulted((body) => ({ ...body, paymentMethodDetail: omit(getDetail(body), "card") })),
    "null-field": changeVaulted((body) => withCard(body, { brand: null })),
    "empty-card-token": changeVaulted((body) => withCard(body, { cardToken: "" })),
    "card-token-too-long": changeVaulted((body) => withCard(body, { cardToken: "A".repeat(2049) })),
    "card-token-a-number": changeVaulted((body) => withCard(body, { cardToken: 12 })),
    "cvv-echoed": changeVaulted((body, asked) => withCard(body, { cvv: getCard(asked)["cvv"] ?? "1" })),
    "expiry-echoed": changeVaulted((body, asked) =>
      withCard(body, { expiryYear: getCard(asked)["expiryYear"] ?? "1" }),
    ),
    "no-echo": changeResponse((body) => omit(body, "vaultingRequestId")),
    "a-list-for-an-answer": changeResponse((body) => [body] as unknown as Body),
    "status-500": setStatus(500),
    "status-201": setStatus(201),
    "content-type-text": setHeader("content-type", "text/plain"),
    "content-type-of-another-charset": setHeader("content-type", "application/json; charset=gbk"),
    "no-content-type": setHeader("content-type", undefined),
    "truncated-json": changeRawResponse((answer) => ({ ...answer, text: answer.text.slice(0, -3) })),
    "empty-body": changeRawResponse((answer) => ({ ...answer, text: "" })),
    "html-page": changeRawResponse((answer) => ({ ...answer, text: "<html>busy</html>" })),
    redirect: changeRawResponse((answer) => ({ ...answer, status: 307, headers: { location: "/elsewhere" } })),
  },
  "vaultPaymentMethod.request.vaultingRequestId.required": {
    "undocumented-code": changeResponse((body) =>
      isSuccess(body) ? undefined : withResult(body, { resultCode: "BAD_REQUEST" }),
    ),
    "http-400-for-bad-parameters": setStatus(400, (text) => text.includes("PARAM_ILLEGAL")),
    "http-500-for-bad-parameters": setStatus(500, (text) => text.includes("PARAM_ILLEGAL")),
  },
  "vaultPaymentMethod.response.no-card-data": {
    "masked-number-is-the-number": changeVaulted((body, asked) => withCard(body, { maskedCardNo: getCardNo(asked) })),
    "card-number-in-the-message": changeResponse((body, asked) =>
      getCardNo(asked) === "undefined" ? undefined : withResult(body, { resultMessage: `Card ${getCardNo(asked)}.` }),
    ),
  },
  "vaultPaymentMethod.response.masked": {
    "masked-number-shows-six-and-four": changeVaulted((body, asked) =>
      withCard(body, { maskedCardNo: getCardNo(asked).replace(/(?<=^\d{6})\d+(?=\d{4})/, "******") }),
    ),
    "masked-number-of-another-card": changeVaulted((body) => withCard(body, { maskedCardNo: "************0000" })),
  },
  "vaultPaymentMethod.response.echo": {
    "wrong-echo": changeResponse((body) =>
      "vaultingRequestId" in body ? { ...body, vaultingRequestId: "other" } : undefined,
    ),
    "echo-in-lower-case": changeResponse((body, asked) =>
      "vaultingRequestId" in body ? { ...body, vaultingRequestId: getId(asked).toUpperCase() } : undefined,
    ),
  },
  "inquireVaulting.response.echo": {
    "no-echo-in-refusals": changeResponse((body) =>
      getResult(body).resultStatus === "F" ? omit(body, "vaultingRequestId") : undefined,
    ),
  },
  "protocol.signature.rejected.missing": {
    "http-401-for-bad-signatures": setStatus(401, (text) => text.includes("INVALID_SIGNATURE")),
  },
  "protocol.path.rejected.unknown": {
    "http-404-for-unknown-paths": setStatus(404, (text) => text.includes("NO_INTERFACE_DEF")),
  },
  "protocol.method.rejected.GET": {
    "http-405-for-other-methods": setStatus(405, (text) => text.includes("METHOD_NOT_SUPPORTED")),
  },
  "protocol.media-type.rejected.plain-text": {
    "http-415-for-other-media-types": setStatus(415, (text) => text.includes("MEDIA_TYPE")),
  },
  "vaultPaymentMethod.response.response-time": {
    "no-response-time": setHeader("response-time", undefined),
    "response-time-a-year-old": setResponseTime(() => "2020-01-01T00:00:00Z"),
    "response-time-in-milliseconds": setResponseTime(() => String(Date.now())),
  },
  "vaultPaymentMethod.response.signed": {
    "no-client-id": setHeader("client-id", undefined),
    "client-id-of-another": setHeader("client-id", "SANDBOX_OTHER"),
  },
  "inquireVaulting.state.vaulted": {
    "inquiry-status-of-the-wrong-type": changeResponse((body) =>
      "vaultingStatus" in body ? { ...body, vaultingStatus: 1 } : undefined,
    ),
    "inquiry-status-not-listed": changeResponse((body) =>
      "vaultingStatus" in body ? { ...body, vaultingStatus: "DONE" } : undefined,
    ),
  },
  "createVaultingSession.response.documented": {
    "session-without-data": changeResponse((body) =>
      "vaultingSessionData" in body ? omit(body, "vaultingSessionData") : undefined,
    ),
    "session-data-empty": changeResponse((body) =>
      "vaultingSessionData" in body ? { ...body, vaultingSessionData: "" } : undefined,
    ),
  },
  "vaultPaymentMethod.request.vaultingRequestId.maxLength": {
    "crash-on-unicode": crash(502, (call) => /[^\0-\u00ff]/.test(decodeBody(call))),
  },
};
