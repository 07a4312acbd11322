/** Responses and notifications that Antom's pages show or describe, and how the client and the receiver must read them. */
import type { OperationId } from "../../generated/operations.ts";
import {
  createFailureResult,
  createInquiryResponse,
  createUnknownResult,
  ID,
  PAGE,
  sessionResponse,
  TOKEN,
  vaultedResponse,
} from "../../src/testing/messages/client-messages.ts";
import { SAMPLE_RESPONSE } from "./cases/seed-sample.ts";

interface CaseDescription {
  readonly id: string;
  readonly description: string;
  readonly source: string;
}

export interface ResponseCase extends CaseDescription {
  /** An object is sent as JSON. A string is sent unchanged. */
  readonly body: object | string;
  readonly operation: OperationId;
  /** The vaultingRequestId of the request. */
  readonly requestId: string;
  /** Whether the response is unsigned, like the response to a request with an invalid signature. */
  readonly unsigned?: true;
  /** The relevant properties of the outcome, or of the error if the call fails. */
  readonly expected: Readonly<Record<string, unknown>>;
  readonly fails?: true;
}

interface NotificationCase extends CaseDescription {
  readonly body: object;
  /** The Request-Time header. */
  readonly time: string;
  /** The relevant properties of the event. Missing if the notification is rejected. */
  readonly event?: object;
}

/** A case whose request has the ID `ID` by default. */
type PlainCase = Omit<ResponseCase, "operation" | "requestId"> & { readonly requestId?: string };

const SAMPLE_ID = "123487889889";
const VAULT_DOCS = "Vault API page";
const INQUIRY_DOCS = "inquireVaulting page";

const vaultCases: readonly PlainCase[] = [
  {
    id: "sample-response",
    description:
      "The client returns the token of the sample response without the line breaks that the documentation inserts.",
    source: `${VAULT_DOCS}, sample response`,
    body: SAMPLE_RESPONSE,
    requestId: SAMPLE_ID,
    expected: {
      outcome: "vaulted",
      cardToken: TOKEN,
      paymentMethodDetail: { card: { brand: "VISA", maskedCardNo: "************8764" } },
    },
  },
  {
    id: "sample-response-to-the-sample-request",
    description: "The client rejects the sample response to the sample request, because their IDs differ.",
    source: `${VAULT_DOCS}, sample request and sample response`,
    body: SAMPLE_RESPONSE,
    requestId: "123456789206",
    fails: true,
    expected: { code: "RESPONSE_INVALID", issues: [{ pointer: "/vaultingRequestId", rule: "echo" }] },
  },
  {
    id: "invalid-signature",
    description:
      "The response to a request with an invalid signature is unsigned, so the client reports its code only for diagnosis.",
    source: "signature page, sample code",
    body: { result: createFailureResult("INVALID_SIGNATURE") },
    unsigned: true,
    fails: true,
    expected: { code: "SIGNATURE_MISSING", unverified: { resultCode: "INVALID_SIGNATURE" } },
  },
  {
    id: "unsigned-success",
    description: "The client rejects an unsigned success, which two SDKs accept and anyone could forge.",
    source: "Java SDK 2.2 and PHP SDK 1.5, missing signature",
    body: SAMPLE_RESPONSE,
    requestId: SAMPLE_ID,
    unsigned: true,
    fails: true,
    expected: { code: "SIGNATURE_MISSING" },
  },
  ...(
    [
      [createFailureResult("PARAM_ILLEGAL"), { outcome: "failed", action: "fix_request" }],
      [createFailureResult("PROCESS_FAIL"), { outcome: "failed", action: "contact_support" }],
      [createFailureResult("VERIFICATION_FAIL"), { outcome: "failed", action: "new_request_id" }],
      [createUnknownResult("UNKNOWN_EXCEPTION"), { outcome: "unknown", action: "inquire_or_retry" }],
      [createUnknownResult("VERIFICATION_IN_PROCESS"), { outcome: "unknown", action: "new_request_id" }],
    ] as const
  ).map(([result, outcome]): PlainCase => {
    const { resultCode: code, resultStatus: status } = result;
    return {
      id: `code-${code}`,
      description: `${code} (${status})${code === "VERIFICATION_IN_PROCESS" ? " without a URL" : ""} results in the action ${outcome.action}.`,
      source: `${VAULT_DOCS}, result codes and process logic`,
      body: { result, vaultingRequestId: ID },
      expected: { code, ...outcome },
    };
  }),
  ...(
    [
      ["normalUrl", PAGE, "normalUrl"],
      ["schemeUrl", "alipays://vault", "schemeUrl"],
      ["applinkUrl", PAGE, "applinkUrl"],
      ["appLinkUrl", PAGE, "applinkUrl"],
    ] as const
  ).map(
    ([name, url, property]): PlainCase => ({
      id: `verification-${name}`,
      description: `VERIFICATION_IN_PROCESS may contain only ${name}, because the documentation requires at least one of the URLs.`,
      source: `${VAULT_DOCS}, ${name === "appLinkUrl" ? "the different spelling in its notes" : "response parameters"}`,
      body: { result: createUnknownResult("VERIFICATION_IN_PROCESS"), vaultingRequestId: ID, [name]: url },
      expected: { outcome: "verification_required", vaultingRequestId: ID, [property]: url },
    }),
  ),
];

const sessionCases: readonly PlainCase[] = [
  {
    id: "session-with-page",
    description: "The client accepts a session with a hosted page, as in the newest version of the documentation.",
    source: "createVaultingSession page, Chinese capture",
    body: { ...sessionResponse, normalUrl: PAGE },
    expected: { outcome: "created", vaultingSessionId: sessionResponse.vaultingSessionId, normalUrl: PAGE },
  },
  {
    id: "session-older",
    description: "The client accepts a session without a hosted page, as in older versions of the documentation.",
    source: "createVaultingSession page, first capture",
    body: sessionResponse,
    expected: { outcome: "created", vaultingSessionData: sessionResponse.vaultingSessionData },
  },
];

const inquiryCases: readonly PlainCase[] = [
  {
    id: "inquiry-vaulted",
    description:
      "The client accepts an inquiry response without vaultingResultCode, as in older versions of the documentation.",
    source: `${INQUIRY_DOCS}, response parameters`,
    body: createInquiryResponse("SUCCESS"),
    expected: { outcome: "vaulted", cardToken: TOKEN },
  },
  {
    id: "inquiry-processing",
    description: "The client returns the 3-D Secure URL from an inquiry response while the vaulting is in process.",
    source: `${INQUIRY_DOCS}, response parameters`,
    body: createInquiryResponse("PROCESSING", { normalUrl: PAGE }),
    expected: { outcome: "verification_required", normalUrl: PAGE },
  },
  {
    id: "inquiry-failed-vaulting",
    description:
      "The client reports a failed vaulting although the inquiry succeeds, because result and vaultingStatus are independent.",
    source: "Java SDK 2.2, comment on vaultingResultCode",
    body: createInquiryResponse("FAIL", {
      vaultingResultCode: "CARD_EXPIRED",
      vaultingResultMessage: "The card has expired.",
    }),
    expected: { outcome: "failed", code: "CARD_EXPIRED" },
  },
  {
    id: "inquiry-not-found",
    description: "The client reports a failed inquiry if no vaulting has the ID.",
    source: `${INQUIRY_DOCS}, result codes`,
    body: { result: createFailureResult("VAULTING_NOT_EXIST"), vaultingRequestId: ID },
    expected: { outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" },
  },
];

const toResponseCases = (operation: OperationId, cases: readonly PlainCase[]): readonly ResponseCase[] =>
  cases.map((plain) => ({ operation, requestId: ID, ...plain }));

export const responseCases: readonly ResponseCase[] = [
  ...toResponseCases("vaultPaymentMethod", vaultCases),
  ...toResponseCases("createVaultingSession", sessionCases),
  ...toResponseCases("inquireVaulting", inquiryCases),
];

const vaultedEvent = { outcome: "vaulted", vaultingRequestId: ID, cardToken: TOKEN };

export const notificationCases: readonly NotificationCase[] = [
  {
    id: "notification",
    description: "The receiver passes the metadata of the request to the handler.",
    source: "notifyVaulting page, Chinese capture",
    body: { ...vaultedResponse, metadata: '{"customer":"c-17"}' },
    time: "2019-01-01T01:01:01Z",
    event: { ...vaultedEvent, metadata: '{"customer":"c-17"}' },
  },
  {
    id: "notification-apo",
    description:
      "The receiver ignores vaultingStatus and acquirerInfo, which notifications from APO, a different product, contain.",
    source: "notifyVaulting page, APO capture",
    body: { ...vaultedResponse, vaultingStatus: "SUCCESS", acquirerInfo: { acquirerName: "Example Acquirer" } },
    time: "2019-07-12T12:08:56+05:30",
    event: vaultedEvent,
  },
  {
    id: "notification-older",
    description:
      "The receiver ignores vaultingCreateTime and notifyType, which older versions of the documentation and the SDKs have.",
    source: "notifyVaulting page, older APO capture",
    body: { ...vaultedResponse, vaultingCreateTime: "2019-11-27T12:01:01+08:00", notifyType: "VAULTING_RESULT" },
    time: "1685599933871",
    event: vaultedEvent,
  },
  {
    id: "notification-acquirer-as-text",
    description: "The receiver accepts acquirerInfo as a string, as the Go SDK does.",
    source: "Go SDK 1.3, AlipayVaultingNotify",
    body: { ...vaultedResponse, acquirerInfo: "Example Acquirer" },
    time: "2019-01-01T01:01:01Z",
    event: vaultedEvent,
  },
  {
    id: "notification-failed",
    description: "The receiver accepts a failure without paymentMethodDetail.",
    source: "notifyVaulting page, result.resultStatus",
    body: { result: createFailureResult("VERIFICATION_FAIL"), vaultingRequestId: ID },
    time: "2019-01-01T01:01:01Z",
    event: { outcome: "failed", vaultingRequestId: ID, code: "VERIFICATION_FAIL" },
  },
  {
    id: "notification-failed-with-detail",
    description: "The receiver accepts a failure whose card has no token.",
    source: "notifyVaulting page, paymentMethodDetail marked REQUIRED",
    body: {
      result: createFailureResult("DO_NOT_HONOR"),
      vaultingRequestId: ID,
      paymentMethodDetail: { paymentMethodType: "CARD", card: { brand: "VISA", maskedCardNo: "************4822" } },
    },
    time: "2019-01-01T01:01:01Z",
    event: { outcome: "failed", code: "DO_NOT_HONOR" },
  },
  {
    id: "notification-unknown",
    description: "The receiver rejects status U, because a notification reports a final status, S or F.",
    source: "notifyVaulting page, result.resultStatus",
    body: { ...vaultedResponse, result: createUnknownResult("UNKNOWN_EXCEPTION") },
    time: "2019-01-01T01:01:01Z",
  },
];
