/** Answers and notifications as the vendor's pages show or describe them, and how they are to be read. */
import type { OperationId } from "../../generated/operations.ts";
import { SAMPLE_RESPONSE } from "./cases/seed-sample.ts";

interface Described {
  readonly id: string;
  readonly standsFor: string;
  readonly source: string;
  /** The text that comes. */
  readonly text: string;
}

export interface AnswerRow extends Described {
  readonly operation: OperationId;
  /** The vaultingRequestId that was asked. */
  readonly asked: string;
  /** The answer comes without a signature, as the one to a refused signature does. */
  readonly unsigned?: true;
  /** The outcome as far as it counts; where the call fails, its error. */
  readonly reads: Readonly<Record<string, unknown>>;
  readonly fails?: true;
}

export interface NotificationRow extends Described {
  /** The text of Request-Time. */
  readonly time: string;
  /** The event as far as it counts; none where the notification is not taken. */
  readonly event?: object;
}

const ID = "123456789206";
const TOKEN = "ALIPAY9CGwsAeMBug+G2dSKDV6AIsNKTxAFNkOMoj8Gxvt8h0eDUbd6nO5CwMFIjEFERWxCAo/b1OjVTvtl1zspyMGcg==";
const PAGE = "https://open-na-global.alipay.com/vaulting/3ds/9f0c1d";

const result = (resultCode: string, resultStatus: "S" | "F" | "U") => ({
  resultCode,
  resultStatus,
  resultMessage: "as the page words it",
});
const VAULTED = {
  paymentMethodType: "CARD",
  card: { brand: "VISA", cardToken: TOKEN, maskedCardNo: "************8764" },
};

const VAULT_PAGE = "Vault API page";
const INQUIRY_PAGE = "inquireVaulting page";

const vaultAnswers: readonly AnswerRow[] = [
  {
    id: "sample-response",
    standsFor: "The page's own sample: the card is vaulted, the token whole although the page wraps it.",
    source: `${VAULT_PAGE}, sample response`,
    text: SAMPLE_RESPONSE,
    operation: "vaultPaymentMethod",
    asked: "123487889889",
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
    text: SAMPLE_RESPONSE,
    operation: "vaultPaymentMethod",
    asked: ID,
    fails: true,
    reads: { code: "RESPONSE_BREAKS_CONTRACT", issues: [{ pointer: "/vaultingRequestId", rule: "echo" }] },
  },
  {
    id: "refused-signature",
    standsFor: "The answer to a refused signature comes unsigned: told for diagnosis, and no outcome.",
    source: "signature page, sample code",
    text: JSON.stringify({ result: result("INVALID_SIGNATURE", "F") }),
    operation: "vaultPaymentMethod",
    asked: ID,
    unsigned: true,
    fails: true,
    reads: { code: "SIGNATURE_MISSING", unverified: { resultCode: "INVALID_SIGNATURE" } },
  },
  {
    id: "unsigned-success",
    standsFor: "Two SDKs return an unsigned success; anybody could have written it.",
    source: "Java SDK 2.2 and PHP SDK 1.5, missing signature",
    text: SAMPLE_RESPONSE,
    operation: "vaultPaymentMethod",
    asked: "123487889889",
    unsigned: true,
    fails: true,
    reads: { code: "SIGNATURE_MISSING" },
  },
  ...(
    [
      ["PARAM_ILLEGAL", "F", { outcome: "failed", action: "fix_request" }],
      ["PROCESS_FAIL", "F", { outcome: "failed", action: "contact_support" }],
      ["VERIFICATION_FAIL", "F", { outcome: "failed", action: "new_request_id" }],
      ["UNKNOWN_EXCEPTION", "U", { outcome: "unknown", action: "inquire_or_repeat" }],
      ["VERIFICATION_IN_PROCESS", "U", { outcome: "unknown", action: "new_request_id" }],
    ] as const
  ).map(
    ([code, status, outcome]): AnswerRow => ({
      id: `code-${code}`,
      standsFor: `${code} / ${status}${code === "VERIFICATION_IN_PROCESS" ? " without an address" : ""}, and what is to be done then.`,
      source: `${VAULT_PAGE}, result codes and process logic`,
      text: JSON.stringify({ result: result(code, status), vaultingRequestId: ID }),
      operation: "vaultPaymentMethod",
      asked: ID,
      reads: { code, ...outcome },
    }),
  ),
  ...(
    [
      ["normalUrl", { normalUrl: PAGE }, { normalUrl: PAGE }],
      ["schemeUrl", { schemeUrl: "alipays://vault" }, { schemeUrl: "alipays://vault" }],
      ["applinkUrl", { applinkUrl: PAGE }, { applinkUrl: PAGE }],
      ["appLinkUrl", { appLinkUrl: PAGE }, { applinkUrl: PAGE }],
    ] as const
  ).map(
    ([name, urls, read]): AnswerRow => ({
      id: `verification-${name}`,
      standsFor: `VERIFICATION_IN_PROCESS with ${name} alone: one or more of the addresses may come.`,
      source: `${VAULT_PAGE}, ${name === "appLinkUrl" ? "the other spelling in its notes" : "response parameters"}`,
      text: JSON.stringify({ result: result("VERIFICATION_IN_PROCESS", "U"), vaultingRequestId: ID, ...urls }),
      operation: "vaultPaymentMethod",
      asked: ID,
      reads: { outcome: "verification_required", vaultingRequestId: ID, ...read },
    }),
  ),
];

const SESSION = {
  result: result("SUCCESS", "S"),
  vaultingSessionData: "UAE8n2Zk0vD3xq1T9uJ5aQ7wK4rY6bH0",
  vaultingSessionId: "UAE8n2Zk0vD3xq1T9uJ5",
  vaultingSessionExpiryTime: "2027-01-01T12:01:01+08:00",
};

const otherAnswers: readonly AnswerRow[] = [
  {
    id: "session-with-page",
    standsFor: "A session with the hosted page of the newest capture; no source echoes the ID.",
    source: "createVaultingSession page, Chinese capture",
    text: JSON.stringify({ ...SESSION, normalUrl: PAGE }),
    operation: "createVaultingSession",
    asked: "session",
    reads: { outcome: "created", vaultingSessionId: SESSION.vaultingSessionId, normalUrl: PAGE },
  },
  {
    id: "session-older",
    standsFor: "A session without a page, as older captures show it.",
    source: "createVaultingSession page, first capture",
    text: JSON.stringify(SESSION),
    operation: "createVaultingSession",
    asked: "session",
    reads: { outcome: "created", vaultingSessionData: SESSION.vaultingSessionData },
  },
  {
    id: "inquiry-vaulted",
    standsFor: "An older answer: vaulted, without vaultingResultCode.",
    source: `${INQUIRY_PAGE}, response parameters`,
    text: JSON.stringify({
      result: result("SUCCESS", "S"),
      vaultingRequestId: ID,
      vaultingStatus: "SUCCESS",
      paymentMethodDetail: VAULTED,
    }),
    operation: "inquireVaulting",
    asked: ID,
    reads: { outcome: "vaulted", cardToken: TOKEN },
  },
  {
    id: "inquiry-processing",
    standsFor: "An inquiry gives the address of 3-D Secure again while the vaulting is unfinished.",
    source: `${INQUIRY_PAGE}, response parameters`,
    text: JSON.stringify({
      result: result("SUCCESS", "S"),
      vaultingRequestId: ID,
      vaultingStatus: "PROCESSING",
      normalUrl: PAGE,
    }),
    operation: "inquireVaulting",
    asked: ID,
    reads: { outcome: "verification_required", normalUrl: PAGE },
  },
  {
    id: "inquiry-failed-vaulting",
    standsFor: "The inquiry succeeded, the vaulting failed: result and vaultingStatus are two things.",
    source: "Java SDK 2.2, comment on vaultingResultCode",
    text: JSON.stringify({
      result: result("SUCCESS", "S"),
      vaultingRequestId: ID,
      vaultingStatus: "FAIL",
      vaultingResultCode: "CARD_EXPIRED",
      vaultingResultMessage: "The card has expired.",
    }),
    operation: "inquireVaulting",
    asked: ID,
    reads: { outcome: "failed", code: "CARD_EXPIRED" },
  },
  {
    id: "inquiry-of-nothing",
    standsFor: "No vaulting has this ID: a failure of the inquiry, and not of a vaulting.",
    source: `${INQUIRY_PAGE}, result codes`,
    text: JSON.stringify({ result: result("VAULTING_NOT_EXIST", "F"), vaultingRequestId: ID }),
    operation: "inquireVaulting",
    asked: ID,
    reads: { outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" },
  },
];

export const answerRows: readonly AnswerRow[] = [...vaultAnswers, ...otherAnswers];

const told = (more: object): string =>
  JSON.stringify({ result: result("SUCCESS", "S"), vaultingRequestId: ID, paymentMethodDetail: VAULTED, ...more });
const vaultedEvent = { outcome: "vaulted", vaultingRequestId: ID, cardToken: TOKEN };

export const notificationRows: readonly NotificationRow[] = [
  {
    id: "notification",
    standsFor: "The card is vaulted; the metadata of the request comes back.",
    source: "notifyVaulting page, Chinese capture",
    text: told({ metadata: '{"customer":"c-17"}' }),
    time: "2019-01-01T01:01:01Z",
    event: { ...vaultedEvent, metadata: '{"customer":"c-17"}' },
  },
  {
    id: "notification-apo",
    standsFor: "The other product adds vaultingStatus and acquirerInfo.",
    source: "notifyVaulting page, APO capture",
    text: told({ vaultingStatus: "SUCCESS", acquirerInfo: { acquirerName: "Example Acquirer" } }),
    time: "2019-07-12T12:08:56+05:30",
    event: vaultedEvent,
  },
  {
    id: "notification-older",
    standsFor: "The older flavour requires vaultingCreateTime; the SDKs' base class has notifyType.",
    source: "notifyVaulting page, older APO capture",
    text: told({ vaultingCreateTime: "2019-11-27T12:01:01+08:00", notifyType: "VAULTING_RESULT" }),
    time: "1685599933871",
    event: vaultedEvent,
  },
  {
    id: "notification-acquirer-as-text",
    standsFor: "One SDK reads acquirerInfo as a text where the others read an object.",
    source: "Go SDK 1.3, AlipayVaultingNotify",
    text: told({ acquirerInfo: "Example Acquirer" }),
    time: "2019-01-01T01:01:01Z",
    event: vaultedEvent,
  },
  {
    id: "notification-failed",
    standsFor: "The vaulting failed; no sample shows whether paymentMethodDetail comes then.",
    source: "notifyVaulting page, result.resultStatus",
    text: JSON.stringify({ result: result("VERIFICATION_FAIL", "F"), vaultingRequestId: ID }),
    time: "2019-01-01T01:01:01Z",
    event: { outcome: "failed", vaultingRequestId: ID, code: "VERIFICATION_FAIL" },
  },
  {
    id: "notification-failed-with-detail",
    standsFor: "The same with a card that has no token.",
    source: "notifyVaulting page, paymentMethodDetail marked REQUIRED",
    text: JSON.stringify({
      result: result("DO_NOT_HONOR", "F"),
      vaultingRequestId: ID,
      paymentMethodDetail: { paymentMethodType: "CARD", card: { brand: "VISA", maskedCardNo: "************4822" } },
    }),
    time: "2019-01-01T01:01:01Z",
    event: { outcome: "failed", code: "DO_NOT_HONOR" },
  },
  {
    id: "notification-unknown",
    standsFor: "A notification is sent of a final state: S or F, never U.",
    source: "notifyVaulting page, result.resultStatus",
    text: told({ result: result("UNKNOWN_EXCEPTION", "U") }),
    time: "2019-01-01T01:01:01Z",
  },
];
