/** What a vaulting looks like from outside. Pure, and the same bytes each time: a final answer never changes, the order of its fields included. */
import { vaultingResultCodes } from "../../../generated/result-codes.ts";
import type { components } from "../../../generated/types.ts";
import {
  type Card,
  type Failed,
  type Final,
  isFinal,
  type Processing,
  type Session,
  type Succeeded,
  type Vaulting,
} from "./state-machine.ts";

type Schemas = components["schemas"];

/** Where the sandbox's pages are. */
export interface Links {
  readonly challenge: (challengeId: string) => string;
  readonly card: (cardPageId: string) => string;
}

const success = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." } as const;

const meanings: ReadonlyMap<string, string> = new Map(vaultingResultCodes.map(({ code, meaning }) => [code, meaning]));
const meaningOf = (code: string): string => meanings.get(code) ?? code;

const vaultedDetail = ({ card: { brand, maskedCardNo }, cardToken }: Succeeded) => ({
  paymentMethodType: "CARD" as const,
  card: { ...(brand === null ? {} : { brand }), cardToken, maskedCardNo },
});

/** The page on which a vaulting waits for the buyer. */
export const normalUrlOf = (vaulting: Processing, links: Links): string =>
  vaulting.challenge === null ? links.card(vaulting.session.cardPageId) : links.challenge(vaulting.challenge.id);

/** The answer to vaultPaymentMethod. */
export function vaultPaymentMethodAnswer(vaulting: Vaulting, links: Links): object {
  const { vaultingRequestId } = vaulting;
  if (vaulting.status === "SUCCESS") {
    return { result: success, vaultingRequestId, paymentMethodDetail: vaultedDetail(vaulting) };
  }
  if (vaulting.status === "FAIL") return { result: failure(vaulting, "PROCESS_FAIL"), vaultingRequestId };
  const normalUrl = normalUrlOf(vaulting, links);
  const result = {
    resultCode: "VERIFICATION_IN_PROCESS",
    resultStatus: "U",
    resultMessage: meaningOf("VERIFICATION_IN_PROCESS"),
  };
  return { result, vaultingRequestId, normalUrl };
}

/** A failed verification has a code of its own; of the issuer's codes the operation's table knows none, so they are told in words. */
const failure = ({ resultCode, verificationFailed }: Failed, code: string) => ({
  resultCode: verificationFailed ? "VERIFICATION_FAIL" : code,
  resultStatus: "F" as const,
  resultMessage: `${meaningOf(resultCode)} (${resultCode})`,
});

/** The answer to createVaultingSession. */
export const sessionAnswer = (session: Session, links: Links): Schemas["CreateVaultingSessionCreated"] => ({
  result: success,
  vaultingSessionData: session.sessionData,
  vaultingSessionId: session.sessionId,
  vaultingSessionExpiryTime: new Date(session.expiresAt).toISOString(),
  normalUrl: links.card(session.cardPageId),
});

/** The answer to inquireVaulting. */
export function inquiryAnswer(vaulting: Vaulting, links: Links): object {
  const { vaultingRequestId, status, metadata } = vaulting;
  const resultCode = isFinal(vaulting) ? vaulting.resultCode : "VERIFICATION_IN_PROCESS";
  return {
    result: success,
    vaultingRequestId,
    vaultingStatus: status,
    ...(metadata === null ? {} : { metadata }),
    vaultingResultCode: resultCode,
    vaultingResultMessage: meaningOf(resultCode),
    ...(vaulting.status === "SUCCESS" ? { paymentMethodDetail: vaultedDetail(vaulting) } : {}),
    ...(isFinal(vaulting) ? {} : { normalUrl: normalUrlOf(vaulting, links) }),
  };
}

/** The body of notifyVaulting. */
export function notificationBody(vaulting: Final): string {
  const { vaultingRequestId, metadata, card } = vaulting;
  const more = metadata === null ? {} : { metadata };
  if (vaulting.status === "SUCCESS") {
    const paymentMethodDetail = vaultedDetail(vaulting);
    return JSON.stringify({ result: success, vaultingRequestId, paymentMethodDetail, ...more });
  }
  const detail = card === null ? {} : { paymentMethodDetail: { paymentMethodType: "CARD", card: cardIn(card) } };
  const result = failure(vaulting, vaulting.resultCode);
  return JSON.stringify({ result, vaultingRequestId, ...detail, ...more });
}

const cardIn = ({ brand, maskedCardNo }: Card) => ({ ...(brand === null ? {} : { brand }), maskedCardNo });
