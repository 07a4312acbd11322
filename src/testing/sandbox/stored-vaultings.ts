/** Vaultings for the tests of the store. */
import { randomUUID } from "node:crypto";
import type { Failed, Succeeded, Vaulting, WaitingForChallenge } from "../../sandbox/vaulting/state-machine.ts";

/** Creates a vaulting that waits for a challenge. */
export function createProcessing(changes: Partial<WaitingForChallenge> = {}): WaitingForChallenge {
  return {
    clientId: "SANDBOX_1",
    vaultingRequestId: randomUUID(),
    session: null,
    notificationUrl: "http://127.0.0.1:9/notify",
    redirectUrl: "https://merchant.example/back?a=1",
    metadata: '{"order":"1"}',
    fingerprint: "fingerprint",
    createdAt: 1_000,
    status: "PROCESSING",
    card: { brand: "VISA", maskedCardNo: "************1111", details: { lastFour: "1111", funding: "DEBIT" } },
    challenge: { id: randomUUID(), script: "code_required", wrongCodes: 0 },
    pendingResult: "SUCCESS",
    expiresAt: 2_000,
    ...changes,
  };
}

/** Returns the vaulting as it is after `wrongCodes` incorrect codes. */
export const withWrongCodes = (vaulting: WaitingForChallenge, wrongCodes: number): WaitingForChallenge => ({
  ...vaulting,
  challenge: { ...vaulting.challenge, wrongCodes },
});

/** Returns the vaulting as it is after a successful challenge. */
export function toSucceeded(
  { pendingResult: _pendingResult, expiresAt: _expiresAt, ...vaulting }: WaitingForChallenge,
  cardToken: string = `ALIPAY${randomUUID()}`,
): Succeeded {
  const end = { endedBy: "challenge", finishedAt: 1_500 } as const;
  return { ...vaulting, ...end, status: "SUCCESS", resultCode: "SUCCESS", cardToken };
}

export function toFailed({
  pendingResult: _pendingResult,
  expiresAt: _expiresAt,
  ...vaulting
}: WaitingForChallenge): Failed {
  const end = { endedBy: "challenge", finishedAt: 1_500 } as const;
  return { ...vaulting, ...end, status: "FAIL", resultCode: "CARD_EXPIRED", verificationFailed: false };
}

/** Returns the key by which a merchant identifies a vaulting. */
export const getVaultingKey = ({ clientId, vaultingRequestId }: Vaulting) => ({ clientId, vaultingRequestId });

export const getCardToken = (vaulting: Vaulting) => (vaulting.status === "SUCCESS" ? vaulting.cardToken : null);
