/** Converts vaultings to responses and notifications. A final response must never change, including the order of its fields. */
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

/** Functions that return the URLs of the buyer pages. */
export interface Links {
  readonly challenge: (challengeId: string) => string;
  readonly card: (cardPageId: string) => string;
}

const SUCCESS = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." } as const;

const resultMeanings: ReadonlyMap<string, string> = new Map(
  vaultingResultCodes.map(({ code, meaning }) => [code, meaning]),
);
const getMeaning = (code: string): string => resultMeanings.get(code) ?? code;

const toVaultedDetail = ({ card: { brand, maskedCardNo, details }, cardToken }: Succeeded) => ({
  paymentMethodType: "CARD" as const,
  card: { ...(brand === null ? {} : { brand }), cardToken, maskedCardNo, ...details },
});

/** Returns the URL of the page on which the vaulting waits for the buyer. */
export const getNormalUrl = (vaulting: Processing, links: Links): string =>
  vaulting.challenge === null ? links.card(vaulting.session.cardPageId) : links.challenge(vaulting.challenge.id);

export function toVaultPaymentMethodResponse(vaulting: Vaulting, links: Links): object {
  const { vaultingRequestId } = vaulting;
  if (vaulting.status === "SUCCESS") {
    return { result: SUCCESS, vaultingRequestId, paymentMethodDetail: toVaultedDetail(vaulting) };
  }
  if (vaulting.status === "FAIL") return { result: toFailureResult(vaulting, "PROCESS_FAIL"), vaultingRequestId };
  const normalUrl = getNormalUrl(vaulting, links);
  const result = {
    resultCode: "VERIFICATION_IN_PROCESS",
    resultStatus: "U",
    resultMessage: getMeaning("VERIFICATION_IN_PROCESS"),
  };
  return { result, vaultingRequestId, normalUrl };
}

/** Appends the vaultingResultCode to the message, because the result code can be more general. */
const toFailureResult = ({ resultCode, verificationFailed }: Failed, code: string) => ({
  resultCode: verificationFailed ? "VERIFICATION_FAIL" : code,
  resultStatus: "F" as const,
  resultMessage: `${getMeaning(resultCode)} (${resultCode})`,
});

export const toSessionResponse = (session: Session, links: Links): Schemas["CreateVaultingSessionCreated"] => ({
  result: SUCCESS,
  vaultingSessionData: session.sessionData,
  vaultingSessionId: session.sessionId,
  vaultingSessionExpiryTime: new Date(session.expiresAt).toISOString(),
  normalUrl: links.card(session.cardPageId),
});

export function toInquiryResponse(vaulting: Vaulting, links: Links): object {
  const { vaultingRequestId, status, metadata } = vaulting;
  const resultCode = isFinal(vaulting) ? vaulting.resultCode : "VERIFICATION_IN_PROCESS";
  return {
    result: SUCCESS,
    vaultingRequestId,
    vaultingStatus: status,
    ...(metadata === null ? {} : { metadata }),
    vaultingResultCode: resultCode,
    vaultingResultMessage: getMeaning(resultCode),
    ...(vaulting.status === "SUCCESS" ? { paymentMethodDetail: toVaultedDetail(vaulting) } : {}),
    ...(isFinal(vaulting) ? {} : { normalUrl: getNormalUrl(vaulting, links) }),
  };
}

/** Returns the body of notifyVaulting. */
export function toNotificationBody(vaulting: Final): string {
  const { vaultingRequestId, metadata, card } = vaulting;
  const more = metadata === null ? {} : { metadata };
  if (vaulting.status === "SUCCESS") {
    const paymentMethodDetail = toVaultedDetail(vaulting);
    return JSON.stringify({ result: SUCCESS, vaultingRequestId, paymentMethodDetail, ...more });
  }
  const detail = card === null ? {} : { paymentMethodDetail: { paymentMethodType: "CARD", card: toCardDetail(card) } };
  const result = toFailureResult(vaulting, vaulting.resultCode);
  return JSON.stringify({ result, vaultingRequestId, ...detail, ...more });
}

const toCardDetail = ({ brand, maskedCardNo }: Card) => ({ ...(brand === null ? {} : { brand }), maskedCardNo });
