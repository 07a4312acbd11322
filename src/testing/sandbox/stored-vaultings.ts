/** Vaultings to store. */
import { randomUUID } from "node:crypto";
import type { Vaulting } from "../../sandbox/vaulting/state-machine.ts";

/** One that waits for the buyer. */
export function processing(changed: Partial<Vaulting> = {}): Vaulting {
  return {
    clientId: "SANDBOX_1",
    vaultingRequestId: randomUUID(),
    origin: "vaultPaymentMethod",
    status: "PROCESSING",
    resultCode: null,
    verificationFailed: 0,
    brand: "VISA",
    maskedCardNo: "************1111",
    cardToken: null,
    notificationUrl: "http://127.0.0.1:9/notify",
    redirectUrl: "https://merchant.example/back?a=1",
    metadata: '{"order":"1"}',
    fingerprint: "fingerprint",
    cardPageId: null,
    sessionId: null,
    sessionData: null,
    sessionExpiresAt: null,
    sessionThreeDS: 0,
    challengeId: randomUUID(),
    challengeScript: "asked",
    pendingVerdict: "SUCCESS",
    endedBy: null,
    wrongCodes: 0,
    expiresAt: 2_000,
    createdAt: 1_000,
    finishedAt: null,
    ...changed,
  };
}

/** What becomes of one in the end. */
export const succeeded = (vaulting: Vaulting, cardToken: string = `ALIPAY${randomUUID()}`): Vaulting => ({
  ...vaulting,
  status: "SUCCESS",
  resultCode: "SUCCESS",
  cardToken,
  pendingVerdict: null,
  endedBy: "challenge",
  expiresAt: null,
  finishedAt: 1_500,
});

export const failed = (vaulting: Vaulting): Vaulting => ({
  ...vaulting,
  status: "FAIL",
  resultCode: "CARD_EXPIRED",
  pendingVerdict: null,
  endedBy: "card",
  expiresAt: null,
  finishedAt: 1_500,
});

/** By what a merchant asks for it. */
export const idOf = ({ clientId, vaultingRequestId }: Vaulting) => ({ clientId, vaultingRequestId });
