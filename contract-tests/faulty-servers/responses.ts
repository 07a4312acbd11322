/** Mutations of the status, headers, and bodies of responses. */
import { type Body, getCard, getDetail, getId, getResult, isSuccess, withCard, withResult } from "./bodies.ts";
import { decodeBody, isCall, replaceBody } from "./http-messages.ts";
import { changeRaw, changeResponse, crash, type Mutation, replaceField, type Table } from "./mutations.ts";

const changeVaulted = (change: (body: Body, request: Body) => Body) =>
  changeResponse((body, request, call) =>
    isSuccess(body) && isCall("vaultPaymentMethod", call) ? change(body, request) : undefined,
  );
const changeResult = (change: Body) => changeResponse((body) => withResult(body, change));
const omit = (body: Body, name: string): Body =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
const setHeader = (name: string, value: string | undefined) =>
  changeRaw((response) => {
    const others = omit(response.headers, name) as Readonly<Record<string, string>>;
    return { ...response, headers: value === undefined ? others : { ...others, [name]: value } };
  });
const setStatus = (code: number, when: (text: string) => boolean = () => true) =>
  changeRaw((response) => (when(response.text) ? { ...response, status: code } : response));
const getCardNo = (request: Body): string => String(getCard(request)["cardNo"]);

/** Changes the Response-Time header, and signs the response again if it was signed. */
const setResponseTime =
  (time: () => string): Mutation =>
  (next, context) =>
  async (call) => {
    const response = await next(call);
    return replaceBody(
      call,
      { ...response, headers: { ...response.headers, "response-time": time() } },
      response.text,
      context,
    );
  };

export const responseMutations: Table<Mutation> = {
  "vaultPaymentMethod.response.documented": {
    "result-missing": changeResponse((body) => omit(body, "result")),
    "result-message-missing": changeResponse((body) => ({
      ...body,
      result: omit({ ...getResult(body) }, "resultMessage"),
    })),
    "numeric-result-code": changeResult({ resultCode: 200 }),
    "undocumented-result-status": changeResult({ resultStatus: "OK" }),
    "overlong-result-message": changeResult({ resultMessage: "x".repeat(257) }),
    "null-result-message": changeResult({ resultMessage: null }),
    "undocumented-field": changeResponse((body) => ({ ...body, traceId: "1" })),
    "undocumented-field-in-result": changeResult({ hint: "x" }),
    "success-code-with-status-u": changeResponse((body) =>
      isSuccess(body) ? withResult(body, { resultStatus: "U" }) : undefined,
    ),
    "lowercase-success-code": changeResponse((body) =>
      isSuccess(body) ? withResult(body, { resultCode: "success" }) : undefined,
    ),
    "success-without-payment-method-detail": changeVaulted((body) => omit(body, "paymentMethodDetail")),
    "success-without-card": changeVaulted((body) => ({ ...body, paymentMethodDetail: omit(getDetail(body), "card") })),
    "null-card-brand": changeVaulted((body) => withCard(body, { brand: null })),
    "empty-card-token": changeVaulted((body) => withCard(body, { cardToken: "" })),
    "overlong-card-token": changeVaulted((body) => withCard(body, { cardToken: "A".repeat(2049) })),
    "numeric-card-token": changeVaulted((body) => withCard(body, { cardToken: 12 })),
    "cvv-in-response": changeVaulted((body, request) => withCard(body, { cvv: getCard(request)["cvv"] ?? "1" })),
    "request-id-missing": changeResponse((body) => omit(body, "vaultingRequestId")),
    "array-response": changeResponse((body) => [body] as unknown as Body),
    "http-500-responses": setStatus(500),
    "http-201-responses": setStatus(201),
    "plain-text-content-type": setHeader("content-type", "text/plain"),
    "gbk-charset": setHeader("content-type", "application/json; charset=gbk"),
    "content-type-missing": setHeader("content-type", undefined),
    "truncated-json": changeRaw((response) => ({ ...response, text: response.text.slice(0, -3) })),
    "empty-body": changeRaw((response) => ({ ...response, text: "" })),
    "html-response": changeRaw((response) => ({ ...response, text: "<html>busy</html>" })),
    redirect: changeRaw((response) => ({ ...response, status: 307, headers: { location: "/elsewhere" } })),
  },
  "vaultPaymentMethod.request.vaultingRequestId.required": {
    "undocumented-result-code": changeResponse((body) =>
      isSuccess(body) ? undefined : withResult(body, { resultCode: "BAD_REQUEST" }),
    ),
    "http-400-for-invalid-parameters": setStatus(400, (text) => text.includes("PARAM_ILLEGAL")),
    "http-500-for-invalid-parameters": setStatus(500, (text) => text.includes("PARAM_ILLEGAL")),
  },
  "vaultPaymentMethod.response.no-card-data": {
    "cvv-as-cvv-result": changeVaulted((body, request) =>
      withCard(body, { cvvResultRaw: getCard(request)["cvv"] ?? "M" }),
    ),
    "card-number-in-address": changeVaulted((body, request) =>
      withCard(body, { billingAddress: { address1: getCardNo(request) } }),
    ),
    "unmasked-card-number": changeVaulted((body, request) => withCard(body, { maskedCardNo: getCardNo(request) })),
    "card-number-in-result-message": changeResponse((body, request) =>
      getCardNo(request) === "undefined"
        ? undefined
        : withResult(body, { resultMessage: `Card ${getCardNo(request)}.` }),
    ),
  },
  "vaultPaymentMethod.response.masked": {
    "first-six-digits-unmasked": changeVaulted((body, request) =>
      withCard(body, { maskedCardNo: getCardNo(request).replace(/(?<=^\d{6})\d+(?=\d{4})/, "******") }),
    ),
    "last-four-of-different-card": changeVaulted((body) => withCard(body, { lastFour: "0000" })),
    "bin-of-different-card": changeVaulted((body) => withCard(body, { bin: "000000" })),
    "masked-number-of-different-card": changeVaulted((body) => withCard(body, { maskedCardNo: "************0000" })),
  },
  "vaultPaymentMethod.response.echo": {
    "mismatched-request-id": replaceField("vaultingRequestId", "other"),
    "uppercase-request-id": changeResponse((body, request) =>
      "vaultingRequestId" in body ? { ...body, vaultingRequestId: getId(request).toUpperCase() } : undefined,
    ),
  },
  "inquireVaulting.response.echo": {
    "request-id-missing-in-rejections": changeResponse((body) =>
      getResult(body).resultStatus === "F" ? omit(body, "vaultingRequestId") : undefined,
    ),
  },
  "protocol.signature.rejected.missing": {
    "http-401-for-invalid-signatures": setStatus(401, (text) => text.includes("INVALID_SIGNATURE")),
  },
  "protocol.path.rejected.unknown": {
    "http-404-for-unknown-paths": setStatus(404, (text) => text.includes("NO_INTERFACE_DEF")),
  },
  "protocol.method.rejected.GET": {
    "http-405-for-unsupported-methods": setStatus(405, (text) => text.includes("METHOD_NOT_SUPPORTED")),
  },
  "protocol.media-type.rejected.plain-text": {
    "http-415-for-unsupported-media-types": setStatus(415, (text) => text.includes("MEDIA_TYPE")),
  },
  "vaultPaymentMethod.response.response-time": {
    "response-time-missing": setHeader("response-time", undefined),
    "outdated-response-time": setResponseTime(() => "2020-01-01T00:00:00Z"),
    "response-time-in-milliseconds": setResponseTime(() => String(Date.now())),
  },
  "vaultPaymentMethod.response.signed": {
    "client-id-of-different-merchant": setHeader("client-id", "SANDBOX_OTHER"),
  },
  "inquireVaulting.state.vaulted": {
    "numeric-vaulting-status": replaceField("vaultingStatus", 1),
    "undocumented-vaulting-status": replaceField("vaultingStatus", "DONE"),
  },
  "createVaultingSession.response.documented": {
    "session-data-missing": changeResponse((body) =>
      "vaultingSessionData" in body ? omit(body, "vaultingSessionData") : undefined,
    ),
    "empty-session-data": replaceField("vaultingSessionData", ""),
    "session-expiry-without-offset": replaceField("vaultingSessionExpiryTime", "2027-06-01T12:00:00"),
    "session-expiry-without-time": replaceField("vaultingSessionExpiryTime", "2027-06-01"),
    "session-expiry-in-milliseconds": replaceField("vaultingSessionExpiryTime", 1811836800000),
  },
  "vaultPaymentMethod.request.vaultingRequestId.maxLength": {
    "crash-on-unicode": crash(502, (call) => /[^\0-\u00ff]/.test(decodeBody(call))),
  },
};
