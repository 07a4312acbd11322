/** A vaulting, and what can happen to it. Pure: random values and the time are parameters. */
import type { ChallengeScript } from "../../cards/test-cards.ts";
import type { CardDecision } from "./decide-card.ts";

/**
 * A vaulting in one of its four states. `status` tells a result from a vaulting in process, and `challenge` tells what the latter waits for.
 * It contains nothing from which a card number, CVV or expiry could be guessed. Times are milliseconds since 1970 on the sandbox's clock.
 */
export type Vaulting = WaitingForCard | WaitingForChallenge | Succeeded | Failed;

/** A vaulting that waits for the buyer. */
export type Processing = WaitingForCard | WaitingForChallenge;

/** A vaulting with its result, which never changes. */
export type Final = Succeeded | Failed;

export type VaultingStatus = Vaulting["status"];

/** What a vaulting starts with, and keeps in every state. */
export interface VaultingStart {
  readonly clientId: string;
  readonly vaultingRequestId: string;
  /** The session of createVaultingSession; `null` if vaultPaymentMethod started the vaulting. Both share one namespace of IDs. */
  readonly session: Session | null;
  readonly notificationUrl: string;
  readonly redirectUrl: string | null;
  readonly metadata: string | null;
  /** Hash of the request after masking: it tells a retry from a different request, and nothing about the card. */
  readonly fingerprint: string;
  readonly createdAt: number;
}

export interface Session {
  /** The page on which the buyer types the card. */
  readonly cardPageId: string;
  readonly sessionId: string;
  readonly sessionData: string;
  readonly expiresAt: number;
  /** Whether the merchant requests 3-D Secure. */
  readonly threeDS: boolean;
}

export interface Card {
  readonly brand: string | null;
  readonly maskedCardNo: string;
}

/** A 3-D Secure challenge. */
export interface Challenge {
  /** Its page. */
  readonly id: string;
  readonly script: ChallengeScript;
  readonly wrongCodes: number;
}

/** A session whose buyer has not typed a card yet. */
export interface WaitingForCard extends VaultingStart {
  readonly status: "PROCESSING";
  readonly session: Session;
  readonly card: null;
  readonly challenge: null;
  /** When it fails by itself. */
  readonly expiresAt: number;
}

export interface WaitingForChallenge extends VaultingStart {
  readonly status: "PROCESSING";
  readonly card: Card;
  readonly challenge: Challenge;
  /** The issuer's result if the challenge is passed. It is decided while the card is in memory, and stored instead of the card. */
  readonly pendingResult: string;
  /** When it fails by itself. */
  readonly expiresAt: number;
}

export interface Succeeded extends VaultingStart {
  readonly status: "SUCCESS";
  readonly resultCode: "SUCCESS";
  readonly card: Card;
  readonly cardToken: string;
  readonly challenge: Challenge | null;
  readonly endedBy: EndedBy;
  readonly finishedAt: number;
}

export interface Failed extends VaultingStart {
  readonly status: "FAIL";
  /** vaultingResultCode. */
  readonly resultCode: string;
  /** Whether vaultPaymentMethod and the notification return VERIFICATION_FAIL. */
  readonly verificationFailed: boolean;
  /** `null` if the buyer typed none. */
  readonly card: Card | null;
  readonly challenge: Challenge | null;
  readonly endedBy: EndedBy;
  readonly finishedAt: number;
}

/** What brought the result. */
export const ENDED_BY = ["card", "challenge", "cancelled", "expired"] as const;
export type EndedBy = (typeof ENDED_BY)[number];

/** Random values, each good for one use. */
export interface RandomValues {
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
  readonly random: RandomValues;
  readonly lifetimes: Lifetimes;
}

export interface Lifetimes {
  /** How long a challenge waits for the buyer, in milliseconds. */
  readonly challengeMs: number;
  /** How long a session waits for the card, in milliseconds. */
  readonly sessionMs: number;
}

export const LIFETIMES: Lifetimes = { challengeMs: 15 * 60_000, sessionMs: 60 * 60_000 };

export type AcceptedCard = Extract<CardDecision, { readonly accepted: true }>;

/** What can happen to a vaulting that is processing. */
export type VaultingEvent =
  /** The buyer typed a card on the session's page. */
  | { readonly kind: "card"; readonly card: AcceptedCard }
  /** The buyer typed a one-time code. */
  | { readonly kind: "code"; readonly correct: boolean }
  | { readonly kind: "cancelled" }
  /** The challenge ends as it is told to, without the page. */
  | { readonly kind: "ended"; readonly result: ChallengeResult }
  /** Time went by. */
  | { readonly kind: "nothing" };

export const CHALLENGE_RESULTS = ["passed", "failed", "rejected", "unavailable", "abandoned", "cancelled"] as const;
export type ChallengeResult = (typeof CHALLENGE_RESULTS)[number];

/** So many wrong one-time codes end a challenge. */
export const MAX_WRONG_CODES = 3;
const ABANDONED_AFTER_MS = 1000;

export const isFinal = (vaulting: Vaulting): vaulting is Final => vaulting.status !== "PROCESSING";

/** The operation that started a vaulting. */
export const getOrigin = ({ session }: VaultingStart) =>
  session === null ? "vaultPaymentMethod" : "createVaultingSession";

/** Returns a vaulting after something has happened to it: the same object if nothing changed. A final one never changes. */
export function transition(vaulting: Vaulting, happening: VaultingEvent, facts: Facts): Vaulting {
  if (isFinal(vaulting)) return vaulting;
  if (facts.now >= vaulting.expiresAt) return expire(vaulting);
  if (vaulting.challenge === null) {
    return happening.kind === "card" ? applyCard(vaulting, happening.card, facts) : vaulting;
  }
  switch (happening.kind) {
    case "code":
      return applyCode(vaulting, happening.correct, facts);
    case "cancelled":
      return applyChallengeResult(vaulting, "cancelled", facts);
    case "ended":
      return applyChallengeResult(vaulting, happening.result, facts);
    case "card":
    case "nothing":
      return vaulting;
  }
}

/** The card is known, and whether it needs a challenge. */
export function applyCard(start: VaultingStart, accepted: AcceptedCard, facts: Facts): WaitingForChallenge | Final {
  const { verdict, challenge: script, brand = null, maskedCardNo } = accepted;
  const card = { brand, maskedCardNo };
  if (script === undefined) return completeWithCard(start, { card, challenge: null, pendingResult: verdict }, facts);
  const challengeMs = script === "abandoned" ? ABANDONED_AFTER_MS : facts.lifetimes.challengeMs;
  return {
    ...pickStart(start),
    status: "PROCESSING",
    card,
    challenge: { id: facts.random.linkId(), script, wrongCodes: 0 },
    pendingResult: verdict,
    expiresAt: facts.now + challengeMs,
  };
}

/** Leaves out what belongs to a state. */
const pickStart = (vaulting: VaultingStart): VaultingStart => ({
  clientId: vaulting.clientId,
  vaultingRequestId: vaulting.vaultingRequestId,
  session: vaulting.session,
  notificationUrl: vaulting.notificationUrl,
  redirectUrl: vaulting.redirectUrl,
  metadata: vaulting.metadata,
  fingerprint: vaulting.fingerprint,
  createdAt: vaulting.createdAt,
});

interface CardResult {
  readonly card: Card;
  readonly challenge: Challenge | null;
  readonly pendingResult: string;
}

/** The issuer's verdict is the result. */
function completeWithCard(
  start: VaultingStart,
  { card, challenge, pendingResult }: CardResult,
  { now, random }: Facts,
): Final {
  const endedBy = challenge === null ? "card" : "challenge";
  const end = { ...pickStart(start), card, challenge, endedBy, finishedAt: now } as const;
  if (pendingResult === "SUCCESS")
    return { ...end, status: "SUCCESS", resultCode: pendingResult, cardToken: random.cardToken() };
  return { ...end, status: "FAIL", resultCode: pendingResult, verificationFailed: false };
}

/** The buyer's identity was not verified: the issuer is not asked. */
function failVerification(
  vaulting: WaitingForChallenge,
  resultCode: string,
  endedBy: EndedBy,
  finishedAt: number,
): Failed {
  const { card, challenge } = vaulting;
  const end = { card, challenge, endedBy, finishedAt };
  return { ...pickStart(vaulting), ...end, status: "FAIL", resultCode, verificationFailed: true };
}

/** The buyer never came. A session without a card is closed; a challenge without a code is a failed verification. */
function expire(vaulting: Processing): Failed {
  const { expiresAt: finishedAt } = vaulting;
  if (vaulting.challenge !== null) {
    return failVerification(vaulting, FAILED_CHALLENGE_CODES.abandoned, "expired", finishedAt);
  }
  const end = { card: null, challenge: null, endedBy: "expired", finishedAt } as const;
  return { ...pickStart(vaulting), ...end, status: "FAIL", resultCode: "ORDER_IS_CLOSED", verificationFailed: false };
}

/** How a challenge ends whatever code is typed. */
const FIXED_RESULTS: Readonly<Partial<Record<ChallengeScript, ChallengeResult>>> = {
  attempted: "passed",
  failed: "failed",
  rejected: "rejected",
  unavailable: "unavailable",
};

function applyCode(vaulting: WaitingForChallenge, right: boolean, facts: Facts): Vaulting {
  const { challenge } = vaulting;
  const result = FIXED_RESULTS[challenge.script] ?? (right ? "passed" : undefined);
  if (result !== undefined) return applyChallengeResult(vaulting, result, facts);
  const wrongCodes = challenge.wrongCodes + 1;
  const next = { ...vaulting, challenge: { ...challenge, wrongCodes } };
  return wrongCodes < MAX_WRONG_CODES
    ? next
    : failVerification(next, "VERIFY_TIMES_EXCEED_LIMIT", "challenge", facts.now);
}

/** The code that an inquiry shows for each way in which a challenge can end without being passed. */
const FAILED_CHALLENGE_CODES: Readonly<Record<Exclude<ChallengeResult, "passed">, string>> = {
  failed: "USER_PAYMENT_VERIFICATION_FAILED",
  rejected: "AUTHENTICATION_REQUIRED",
  unavailable: "PROCESS_FAIL",
  abandoned: "USER_PAYMENT_VERIFICATION_FAILED",
  cancelled: "USER_PAYMENT_VERIFICATION_FAILED",
};

function applyChallengeResult(vaulting: WaitingForChallenge, result: ChallengeResult, facts: Facts): Final {
  if (result === "passed") return completeWithCard(vaulting, vaulting, facts);
  const endedBy = result === "abandoned" ? "expired" : result === "cancelled" ? "cancelled" : "challenge";
  return failVerification(vaulting, FAILED_CHALLENGE_CODES[result], endedBy, facts.now);
}
