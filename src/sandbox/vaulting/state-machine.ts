/** A vaulting, and what can happen to it. Pure: whatever is random or from a clock is handed in. */
import type { Judgement } from "./decide-card.ts";

export type VaultingStatus = "PROCESSING" | "SUCCESS" | "FAIL";

/** A vaulting as it is stored. It holds nothing by which a card number, CVV or expiry could be guessed. Times are milliseconds since 1970 on the sandbox's clock. */
export interface Vaulting {
  readonly clientId: string;
  readonly vaultingRequestId: string;
  /** The operation that began it; both share one name space of IDs. */
  readonly origin: "vaultPaymentMethod" | "createVaultingSession";
  readonly status: VaultingStatus;
  /** vaultingResultCode; `null` while it is processing. */
  readonly resultCode: string | null;
  /** The resultCode of vaultPaymentMethod and of the notification where that is not vaultingResultCode: the verification failed. */
  readonly verificationFailed: 0 | 1;
  readonly brand: string | null;
  readonly maskedCardNo: string | null;
  readonly cardToken: string | null;
  readonly notificationUrl: string;
  readonly redirectUrl: string | null;
  readonly metadata: string | null;
  /** Of the request, card data masked before: it tells a repeat from another request, and nothing of the card. */
  readonly fingerprint: string;
  /** The page on which the card is typed: of a session only. */
  readonly cardPageId: string | null;
  readonly sessionId: string | null;
  readonly sessionData: string | null;
  readonly sessionExpiresAt: number | null;
  readonly sessionThreeDS: 0 | 1;
  /** The page of the 3-D Secure challenge, once there is one. */
  readonly challengeId: string | null;
  readonly challengeScript: string | null;
  /** What the issuer says once the challenge is passed. It is known while the card is in memory, and kept in its place. */
  readonly pendingVerdict: string | null;
  /** What brought the result. */
  readonly endedBy: "card" | "challenge" | "cancelled" | "expired" | null;
  readonly wrongCodes: number;
  /** When it ends by itself, as long as it is processing. */
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

/** Random values, each good for one use. */
export interface Fresh {
  /** In the shape of the vendor's sample: `ALIPAY` and the base64 of 64 bytes. */
  readonly cardToken: () => string;
  /** 128 bits, for the address of a page. */
  readonly linkId: () => string;
  /** At most 64 characters. */
  readonly sessionId: () => string;
  /** What the merchant hands on to the vendor's component, encrypted. */
  readonly sessionData: (sessionId: string, expiresAt: number) => string;
}

export interface Facts {
  /** The sandbox's clock. */
  readonly now: number;
  readonly fresh: Fresh;
  readonly lifetimes: Lifetimes;
}

export interface Lifetimes {
  /** How long a challenge waits for the buyer, in milliseconds. */
  readonly challengeMs: number;
  /** How long a session waits for the card, in milliseconds. */
  readonly sessionMs: number;
}

export const LIFETIMES: Lifetimes = { challengeMs: 15 * 60_000, sessionMs: 60 * 60_000 };

export type AcceptedCard = Extract<Judgement, { readonly accepted: true }>;

/** What can happen to a vaulting that is processing. */
export type Happening =
  /** The buyer typed a card on the session's page. */
  | { readonly kind: "card"; readonly card: AcceptedCard }
  /** The buyer typed a one-time code. */
  | { readonly kind: "code"; readonly right: boolean }
  | { readonly kind: "cancelled" }
  /** The challenge ends as it is told to, without the page. */
  | { readonly kind: "ended"; readonly result: ChallengeResult }
  /** Time went by. */
  | { readonly kind: "nothing" };

export const CHALLENGE_RESULTS = ["passed", "failed", "refused", "unavailable", "abandoned", "cancelled"] as const;
export type ChallengeResult = (typeof CHALLENGE_RESULTS)[number];

/** So many wrong one-time codes end a challenge. */
export const WRONG_CODES = 3;
const ABANDONED_AFTER_MS = 1000;

export const isFinal = ({ status }: Pick<Vaulting, "status">): boolean => status !== "PROCESSING";

/** A vaulting after something has happened to it: the very same value where nothing changed. What is final stays as it is. */
export function after(vaulting: Vaulting, happening: Happening, facts: Facts): Vaulting {
  if (isFinal(vaulting)) return vaulting;
  if (vaulting.expiresAt !== null && facts.now >= vaulting.expiresAt) return expired(vaulting);
  switch (happening.kind) {
    case "card":
      return vaulting.challengeId === null ? withCard(vaulting, happening.card, facts) : vaulting;
    case "code":
      return vaulting.challengeId === null ? vaulting : afterCode(vaulting, happening.right, facts);
    case "cancelled":
      return vaulting.challengeId === null ? vaulting : afterResult(vaulting, "cancelled", facts);
    case "ended":
      return vaulting.challengeId === null ? vaulting : afterResult(vaulting, happening.result, facts);
    case "nothing":
      return vaulting;
  }
}

/** The card is known, and whether it needs a challenge. */
export function withCard(vaulting: Vaulting, card: AcceptedCard, facts: Facts): Vaulting {
  const known = { ...vaulting, brand: card.brand ?? null, maskedCardNo: card.maskedCardNo };
  if (card.challenge === undefined) return decided(known, card.verdict, facts);
  const waits = card.challenge === "abandoned" ? ABANDONED_AFTER_MS : facts.lifetimes.challengeMs;
  return {
    ...known,
    challengeId: facts.fresh.linkId(),
    challengeScript: card.challenge,
    pendingVerdict: card.verdict,
    expiresAt: facts.now + waits,
  };
}

/** The issuer's verdict is the result. */
function decided(vaulting: Vaulting, verdict: string, { now, fresh }: Facts): Vaulting {
  const endedBy = vaulting.challengeId === null ? "card" : "challenge";
  const end = { resultCode: verdict, endedBy, pendingVerdict: null, expiresAt: null, finishedAt: now } as const;
  if (verdict === "SUCCESS") return { ...vaulting, ...end, status: "SUCCESS", cardToken: fresh.cardToken() };
  return { ...vaulting, ...end, status: "FAIL" };
}

/** The buyer's identity was not proved: the issuer is not asked. */
const unverified = (
  vaulting: Vaulting,
  resultCode: string,
  finishedAt: number,
  endedBy: Vaulting["endedBy"] = "challenge",
): Vaulting => ({
  ...vaulting,
  endedBy,
  status: "FAIL",
  resultCode,
  verificationFailed: 1,
  pendingVerdict: null,
  expiresAt: null,
  finishedAt,
});

/** The buyer never came. A session without a card is closed; a challenge without an answer is a failed verification. */
function expired(vaulting: Vaulting): Vaulting {
  const at = vaulting.expiresAt ?? 0;
  if (vaulting.challengeId !== null) return unverified(vaulting, "USER_PAYMENT_VERIFICATION_FAILED", at, "expired");
  return {
    ...vaulting,
    status: "FAIL",
    resultCode: "ORDER_IS_CLOSED",
    endedBy: "expired",
    expiresAt: null,
    finishedAt: at,
  };
}

function afterCode(vaulting: Vaulting, right: boolean, facts: Facts): Vaulting {
  switch (vaulting.challengeScript) {
    case "fails":
      return afterResult(vaulting, "failed", facts);
    case "refused":
      return afterResult(vaulting, "refused", facts);
    case "unavailable":
      return afterResult(vaulting, "unavailable", facts);
    case "passes_without_code":
      return afterResult(vaulting, "passed", facts);
  }
  if (right) return afterResult(vaulting, "passed", facts);
  const wrongCodes = vaulting.wrongCodes + 1;
  if (wrongCodes < WRONG_CODES) return { ...vaulting, wrongCodes };
  return unverified({ ...vaulting, wrongCodes }, "VERIFY_TIMES_EXCEED_LIMIT", facts.now);
}

/** The code that an inquiry shows for each way in which a challenge can end without being passed. */
const FAILED_CHALLENGE: Readonly<Record<Exclude<ChallengeResult, "passed">, string>> = {
  failed: "USER_PAYMENT_VERIFICATION_FAILED",
  refused: "AUTHENTICATION_REQUIRED",
  unavailable: "PROCESS_FAIL",
  abandoned: "USER_PAYMENT_VERIFICATION_FAILED",
  cancelled: "USER_PAYMENT_VERIFICATION_FAILED",
};

function afterResult(vaulting: Vaulting, result: ChallengeResult, facts: Facts): Vaulting {
  if (result === "passed") return decided(vaulting, vaulting.pendingVerdict ?? "PROCESS_FAIL", facts);
  const endedBy = result === "abandoned" ? "expired" : result === "cancelled" ? "cancelled" : "challenge";
  return unverified(vaulting, FAILED_CHALLENGE[result], facts.now, endedBy);
}
