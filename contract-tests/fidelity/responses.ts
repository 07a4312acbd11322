/** Answers and notifications as the vendor's pages show or describe them, and how they are to be read. */
import type { OperationId } from "../../generated/operations.ts";
import {
  failureResult,
  ID,
  inquiryResponse,
  PAGE,
  sessionResponse,
  TOKEN,
  unknownResult,
  vaultedResponse,
} from "../../src/testing/messages/client-messages.ts";
import { SAMPLE_RESPONSE } from "./cases/seed-sample.ts";

interface CaseDescription {
  readonly id: string;
  readonly standsFor: string;
  readonly source: string;
}

export interface ResponseCase extends CaseDescription {
  /** A text comes as it is, a value as JSON. */
  readonly body: object | string;
  readonly operation: OperationId;
  /** The vaultingRequestId that was asked. */
  readonly asked: string;
  /** The answer comes without a signature, as the one to a refused signature does. */
  readonly unsigned?: true;
  /** The outcome as far as it counts; where the call fails, its error. */
  readonly reads: Readonly<Record<string, unknown>>;
  readonly fails?: true;
}

interface NotificationCase extends CaseDescription {
  readonly body: object;
  /** The text of Request-Time. */
  readonly time: string;
  /** The event as far as it counts; none where the notification is not taken. */
  readonly event?: object;
}

/** A row whose answer is to `ID`, unless it says otherwise. */
type PlainCase = Omit<ResponseCase, "operation" | "asked"> & { readonly asked?: string };

const SAMPLE_ID = "123487889889";
const VAULT_PAGE = "Vault API page";
const INQUIRY_PAGE = "inquireVaulting page";

const vaultCases: readonly PlainCase[] = [
  {
    id: "sample-response",
    standsFor: "The page's own sample: the card is vaulted, the token whole although the page wraps it.",
    source: `${VAULT_PAGE}, sample response`,
    body: SAMPLE_RESPONSE,
    asked: SAMPLE_ID,
    reads: {
      outcome: "vaulted",
      cardToken: TOKEN,
      paymentMethodDetail: { card: { brand: "VISA", maskedCardNo: "************8764" } },
    },
  },
  {
    id: "sample-response-to-the-sample-request",
    standsFor: "The page's two samples do not belong together: the answer is for another ID, so it is not believed.",
    source: `${VAULT_PAGE}, sample request and sample response`,
    body: SAMPLE_RESPONSE,
    asked: "123456789206",
    fails: true,
    reads: { code: "RESPONSE_INVALID", issues: [{ pointer: "/vaultingRequestId", rule: "echo" }] },
  },
  {
    id: "refused-signature",
    standsFor: "The answer to a refused signature comes unsigned: told for diagnosis, and no outcome.",
    source: "signature page, sample code",
    body: { result: failureResult("INVALID_SIGNATURE") },
    unsigned: true,
    fails: true,
    reads: { code: "SIGNATURE_MISSING", unverified: { resultCode: "INVALID_SIGNATURE" } },
  },
  {
    id: "unsigned-success",
    standsFor: "Two SDKs return an unsigned success; anybody could have written it.",
    source: "Java SDK 2.2 and PHP SDK 1.5, missing signature",
    body: SAMPLE_RESPONSE,
    asked: SAMPLE_ID,
    unsigned: true,
    fails: true,
    reads: { code: "SIGNATURE_MISSING" },
  },
  ...(
    [
      [failureResult("PARAM_ILLEGAL"), { outcome: "failed", action: "fix_request" }],
      [failureResult("PROCESS_FAIL"), { outcome: "failed", action: "contact_support" }],
      [failureResult("VERIFICATION_FAIL"), { outcome: "failed", action: "new_request_id" }],
      [unknownResult("UNKNOWN_EXCEPTION"), { outcome: "unknown", action: "inquire_or_retry" }],
      [unknownResult("VERIFICATION_IN_PROCESS"), { outcome: "unknown", action: "new_request_id" }],
    ] as const
  ).map(([result, outcome]): PlainCase => {
    const { resultCode: code, resultStatus: status } = result;
    return {
      id: `code-${code}`,
      standsFor: `${code} / ${status}${code === "VERIFICATION_IN_PROCESS" ? " without an address" : ""}, and what is to be done then.`,
      source: `${VAULT_PAGE}, result codes and process logic`,
      body: { result, vaultingRequestId: ID },
      reads: { code, ...outcome },
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
    ([name, url, read]): PlainCase => ({
      id: `verification-${name}`,
      standsFor: `VERIFICATION_IN_PROCESS with ${name} alone: one or more of the addresses may come.`,
      source: `${VAULT_PAGE}, ${name === "appLinkUrl" ? "the other spelling in its notes" : "response parameters"}`,
      body: { result: unknownResult("VERIFICATION_IN_PROCESS"), vaultingRequestId: ID, [name]: url },
      reads: { outcome: "verification_required", vaultingRequestId: ID, [read]: url },
    }),
  ),
];

const sessionCases: readonly PlainCase[] = [
  {
    id: "session-with-page",
    standsFor: "A session with the hosted page of the newest capture; no source echoes the ID.",
    source: "createVaultingSession page, Chinese capture",
    body: { ...sessionResponse, normalUrl: PAGE },
    reads: { outcome: "created", vaultingSessionId: sessionResponse.vaultingSessionId, normalUrl: PAGE },
  },
  {
    id: "session-older",
    standsFor: "A session without a page, as older captures show it.",
    source: "createVaultingSession page, first capture",
    body: sessionResponse,
    reads: { outcome: "created", vaultingSessionData: sessionResponse.vaultingSessionData },
  },
];

const inquiryCases: readonly PlainCase[] = [
  {
    id: "inquiry-vaulted",
    standsFor: "An older answer: vaulted, without vaultingResultCode.",
    source: `${INQUIRY_PAGE}, response parameters`,
    body: inquiryResponse("SUCCESS"),
    reads: { outcome: "vaulted", cardToken: TOKEN },
  },
  {
    id: "inquiry-processing",
    standsFor: "An inquiry gives the address of 3-D Secure again while the vaulting is unfinished.",
    source: `${INQUIRY_PAGE}, response parameters`,
    body: inquiryResponse("PROCESSING", { normalUrl: PAGE }),
    reads: { outcome: "verification_required", normalUrl: PAGE },
  },
  {
    id: "inquiry-failed-vaulting",
    standsFor: "The inquiry succeeded, the vaulting failed: result and vaultingStatus are two things.",
    source: "Java SDK 2.2, comment on vaultingResultCode",
    body: inquiryResponse("FAIL", {
      vaultingResultCode: "CARD_EXPIRED",
      vaultingResultMessage: "The card has expired.",
    }),
    reads: { outcome: "failed", code: "CARD_EXPIRED" },
  },
  {
    id: "inquiry-of-nothing",
    standsFor: "No vaulting has this ID: a failure of the inquiry, and not of a vaulting.",
    source: `${INQUIRY_PAGE}, result codes`,
    body: { result: failureResult("VAULTING_NOT_EXIST"), vaultingRequestId: ID },
    reads: { outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" },
  },
];

const casesFor = (operation: OperationId, answers: readonly PlainCase[]): readonly ResponseCase[] =>
  answers.map((answer) => ({ operation, asked: ID, ...answer }));

export const responseCases: readonly ResponseCase[] = [
  ...casesFor("vaultPaymentMethod", vaultCases),
  ...casesFor("createVaultingSession", sessionCases),
  ...casesFor("inquireVaulting", inquiryCases),
];

const vaultedEvent = { outcome: "vaulted", vaultingRequestId: ID, cardToken: TOKEN };

export const notificationCases: readonly NotificationCase[] = [
  {
    id: "notification",
    standsFor: "The card is vaulted; the metadata of the request comes back.",
    source: "notifyVaulting page, Chinese capture",
    body: { ...vaultedResponse, metadata: '{"customer":"c-17"}' },
    time: "2019-01-01T01:01:01Z",
    event: { ...vaultedEvent, metadata: '{"customer":"c-17"}' },
  },
  {
    id: "notification-apo",
    standsFor: "The other product adds vaultingStatus and acquirerInfo.",
    source: "notifyVaulting page, APO capture",
    body: { ...vaultedResponse, vaultingStatus: "SUCCESS", acquirerInfo: { acquirerName: "Example Acquirer" } },
    time: "2019-07-12T12:08:56+05:30",
    event: vaultedEvent,
  },
  {
    id: "notification-older",
    standsFor: "The older flavour requires vaultingCreateTime; the SDKs' base class has notifyType.",
    source: "notifyVaulting page, older APO capture",
    body: { ...vaultedResponse, vaultingCreateTime: "2019-11-27T12:01:01+08:00", notifyType: "VAULTING_RESULT" },
    time: "1685599933871",
    event: vaultedEvent,
  },
  {
    id: "notification-acquirer-as-text",
    standsFor: "One SDK reads acquirerInfo as a text where the others read an object.",
    source: "Go SDK 1.3, AlipayVaultingNotify",
    body: { ...vaultedResponse, acquirerInfo: "Example Acquirer" },
    time: "2019-01-01T01:01:01Z",
    event: vaultedEvent,
  },
  {
    id: "notification-failed",
    standsFor: "The vaulting failed; no sample shows whether paymentMethodDetail comes then.",
    source: "notifyVaulting page, result.resultStatus",
    body: { result: failureResult("VERIFICATION_FAIL"), vaultingRequestId: ID },
    time: "2019-01-01T01:01:01Z",
    event: { outcome: "failed", vaultingRequestId: ID, code: "VERIFICATION_FAIL" },
  },
  {
    id: "notification-failed-with-detail",
    standsFor: "The same with a card that has no token.",
    source: "notifyVaulting page, paymentMethodDetail marked REQUIRED",
    body: {
      result: failureResult("DO_NOT_HONOR"),
      vaultingRequestId: ID,
      paymentMethodDetail: { paymentMethodType: "CARD", card: { brand: "VISA", maskedCardNo: "************4822" } },
    },
    time: "2019-01-01T01:01:01Z",
    event: { outcome: "failed", code: "DO_NOT_HONOR" },
  },
  {
    id: "notification-unknown",
    standsFor: "A notification is sent of a final state: S or F, never U.",
    source: "notifyVaulting page, result.resultStatus",
    body: { ...vaultedResponse, result: unknownResult("UNKNOWN_EXCEPTION") },
    time: "2019-01-01T01:01:01Z",
  },
];
