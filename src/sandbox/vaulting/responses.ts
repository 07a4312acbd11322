/** What a vaulting looks like from outside. Pure, and the same bytes each time: a final answer never changes, the order of its fields included. */
import { vaultingResultCodes } from "../../../generated/result-codes.ts";
import type { components } from "../../../generated/types.ts";
import type { Vaulting } from "./state-machine.ts";

type Schemas = components["schemas"];

/** Where the sandbox's pages are. */
export interface Links {
  readonly challenge: (challengeId: string) => string;
  readonly card: (cardPageId: string) => string;
}

const success = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." } as const;

const meanings: ReadonlyMap<string, string> = new Map(vaultingResultCodes.map(({ code, meaning }) => [code, meaning]));
const meaningOf = (code: string): string => meanings.get(code) ?? code;

const vaultedDetail = ({ brand, cardToken, maskedCardNo }: Vaulting) => ({
  paymentMethodType: "CARD" as const,
  card: { ...(brand === null ? {} : { brand }), cardToken: cardToken ?? "", maskedCardNo: maskedCardNo ?? "" },
});

/** The page to send the buyer to, as long as the vaulting is processing. */
export function normalUrlOf({ status, challengeId, cardPageId }: Vaulting, links: Links): string | undefined {
  if (status !== "PROCESSING") return undefined;
  if (challengeId !== null) return links.challenge(challengeId);
  return cardPageId === null ? undefined : links.card(cardPageId);
}

/** The answer to vaultPaymentMethod. */
export function vaultPaymentMethodAnswer(vaulting: Vaulting, links: Links): object {
  const { vaultingRequestId, status } = vaulting;
  if (status === "SUCCESS") {
    return { result: success, vaultingRequestId, paymentMethodDetail: vaultedDetail(vaulting) };
  }
  if (status === "FAIL") return { result: failure(vaulting, "PROCESS_FAIL"), vaultingRequestId };
  const normalUrl = normalUrlOf(vaulting, links);
  const result = {
    resultCode: "VERIFICATION_IN_PROCESS",
    resultStatus: "U",
    resultMessage: meaningOf("VERIFICATION_IN_PROCESS"),
  };
  return { result, vaultingRequestId, normalUrl };
}

/** A failed verification has a code of its own; of the issuer's codes the operation's table knows none, so they are told in words. */
const failure = ({ resultCode, verificationFailed }: Vaulting, code: string) => ({
  resultCode: verificationFailed === 1 ? "VERIFICATION_FAIL" : code,
  resultStatus: "F" as const,
  resultMessage: `${meaningOf(resultCode ?? "")} (${resultCode})`,
});

/** The answer to createVaultingSession. */
export function sessionAnswer(vaulting: Vaulting, links: Links): Schemas["CreateVaultingSessionCreated"] {
  const { sessionData, sessionId, sessionExpiresAt, cardPageId } = vaulting;
  return {
    result: success,
    vaultingSessionData: sessionData ?? "",
    vaultingSessionId: sessionId ?? "",
    vaultingSessionExpiryTime: new Date(sessionExpiresAt ?? 0).toISOString(),
    normalUrl: links.card(cardPageId ?? ""),
  };
}

/** The answer to inquireVaulting. */
export function inquiryAnswer(vaulting: Vaulting, links: Links): object {
  const { vaultingRequestId, status, metadata } = vaulting;
  const resultCode = status === "PROCESSING" ? "VERIFICATION_IN_PROCESS" : (vaulting.resultCode ?? "");
  return {
    result: success,
    vaultingRequestId,
    vaultingStatus: status,
    ...(metadata === null ? {} : { metadata }),
    vaultingResultCode: resultCode,
    vaultingResultMessage: meaningOf(resultCode),
    ...(status === "SUCCESS" ? { paymentMethodDetail: vaultedDetail(vaulting) } : {}),
    ...(status === "PROCESSING" ? { normalUrl: normalUrlOf(vaulting, links) } : {}),
  };
}

/** The body of notifyVaulting, of a vaulting that is final. */
export function notificationBody(vaulting: Vaulting): string {
  const { vaultingRequestId, status, metadata, brand, maskedCardNo, resultCode } = vaulting;
  const more = metadata === null ? {} : { metadata };
  if (status === "SUCCESS") {
    const paymentMethodDetail = vaultedDetail(vaulting);
    return JSON.stringify({ result: success, vaultingRequestId, paymentMethodDetail, ...more });
  }
  const card = { ...(brand === null ? {} : { brand }), ...(maskedCardNo === null ? {} : { maskedCardNo }) };
  const detail = maskedCardNo === null ? {} : { paymentMethodDetail: { paymentMethodType: "CARD", card } };
  const result = failure(vaulting, resultCode ?? "PROCESS_FAIL");
  return JSON.stringify({ result, vaultingRequestId, ...detail, ...more });
}
