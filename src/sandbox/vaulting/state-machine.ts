/** The states of a vaulting and its transitions. The functions do no I/O: the time and the generators of random values are parameters. */
import type { ChallengeScript } from "../../cards/test-cards.ts";
import { type CardDetails, type CardIds, describeCard } from "./card-details.ts";
import type { CardDecision } from "./decide-card.ts";

/**
 * A vaulting in one of its four states. `challenge` distinguishes the two states with the status `PROCESSING`.
 * A vaulting contains no card data except the brand, the masked card number, and the details that `describeCard` returns.
 * Times are in milliseconds since the Unix epoch, on the sandbox's clock.
 */
export type Vaulting = WaitingForCard | WaitingForChallenge | Succeeded | Failed;

/** A vaulting that waits for the buyer. */
export type Processing = WaitingForCard | WaitingForChallenge;

/** A vaulting with its final result. */
export type Final = Succeeded | Failed;

export type VaultingStatus = Vaulting["status"];

/** The fields that a vaulting has in every state. */
export interface VaultingStart {
  readonly clientId: string;
  readonly vaultingRequestId: string;
  /** `null` if vaultPaymentMethod, not createVaultingSession, created the vaulting. An ID identifies the same vaulting in both operations. */
  readonly session: Session | null;
  readonly notificationUrl: string;
  readonly redirectUrl: string | null;
  readonly metadata: string | null;
  /** The hash of the masked request. It distinguishes a retry from a different request. */
  readonly fingerprint: string;
  readonly createdAt: number;
}

export interface Session {
  /** The ID of the page on which the buyer enters the card. */
  readonly cardPageId: string;
  readonly sessionId: string;
  readonly sessionData: string;
  readonly expiresAt: number;
  /** Whether the merchant requested 3-D Secure. */
  readonly threeDS: boolean;
}

export interface Card {
  readonly brand: string | null;
  readonly maskedCardNo: string;
  /** `null` if the vaulting was created by an early version of the sandbox, which stored no details. */
  readonly details: CardDetails | null;
}

/** A 3-D Secure challenge. */
export interface Challenge {
  /** The ID of the challenge page. */
  readonly id: string;
  readonly script: ChallengeScript;
  readonly wrongCodes: number;
}

/** A vaulting whose buyer has not yet entered a card on the session's page. */
export interface WaitingForCard extends VaultingStart {
  readonly status: "PROCESSING";
  readonly session: Session;
  readonly card: null;
  readonly challenge: null;
  readonly expiresAt: number;
}

export interface WaitingForChallenge extends VaultingStart {
  readonly status: "PROCESSING";
  readonly card: Card;
  readonly challenge: Challenge;
  /** The result if the buyer passes the challenge. It is decided while the card number is in memory, and is stored instead of the number. */
  readonly pendingResult: string;
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
  /** The vaultingResultCode. */
  readonly resultCode: string;
  /** Whether the response to vaultPaymentMethod and the notification contain VERIFICATION_FAIL. */
  readonly verificationFailed: boolean;
  /** `null` if the buyer entered no card. */
  readonly card: Card | null;
  readonly challenge: Challenge | null;
  readonly endedBy: EndedBy;
  readonly finishedAt: number;
}

/** The causes of a final result. */
export const ENDED_BY = ["card", "challenge", "cancelled", "expired"] as const;
export type EndedBy = (typeof ENDED_BY)[number];

/** The generators of random values, and a function that computes the fingerprint of a card. */
export interface RandomValues extends CardIds {
  /** Returns a token in the format of Antom's sample: `ALIPAY`, followed by 64 random bytes in Base64. */
  readonly cardToken: () => string;
  /** Returns a 128-bit ID for the URL of a page. */
  readonly linkId: () => string;
  /** Returns a session ID of at most 64 characters. */
  readonly sessionId: () => string;
  /** Returns encrypted data that the merchant passes to Antom's component. */
  readonly sessionData: (sessionId: string, expiresAt: number) => string;
}

export interface Facts {
  /** The time on the sandbox's clock. */
  readonly now: number;
  readonly random: RandomValues;
  readonly lifetimes: Lifetimes;
}

/** The lifetimes of challenges and sessions, in milliseconds on the sandbox's clock. */
export interface Lifetimes {
  /** The time that the buyer has to complete a challenge. Default: 15 minutes. */
  readonly challengeMs: number;
  /** The time that the buyer has to enter a card on the session's page. Default: 1 hour. */
  readonly sessionMs: number;
}

export const LIFETIMES: Lifetimes = { challengeMs: 15 * 60_000, sessionMs: 60 * 60_000 };

export type AcceptedCard = Extract<CardDecision, { readonly accepted: true }>;

/** An event in the life of a vaulting in progress. */
export type VaultingEvent =
  /** The buyer entered a card on the session's page. */
  | { readonly kind: "card"; readonly card: AcceptedCard }
  /** The buyer entered a one-time code. */
  | { readonly kind: "code"; readonly correct: boolean }
  | { readonly kind: "cancelled" }
  /** `completeChallenge` completed the challenge, instead of the buyer on its page. */
  | { readonly kind: "ended"; readonly result: ChallengeResult }
  /** Only time has passed, so the vaulting might have expired. */
  | { readonly kind: "nothing" };

export const CHALLENGE_RESULTS = ["passed", "failed", "rejected", "unavailable", "abandoned", "cancelled"] as const;
/**
 * The result of a 3-D Secure challenge. The card can be vaulted only after `passed`.
 *
 * - `passed`: the buyer was authenticated.
 * - `failed`: the buyer was not authenticated.
 * - `rejected`: the issuer rejected the authentication.
 * - `unavailable`: the issuer could not be reached.
 * - `abandoned`: the buyer left the page.
 * - `cancelled`: the buyer selected Cancel.
 */
export type ChallengeResult = (typeof CHALLENGE_RESULTS)[number];

/** The number of incorrect one-time codes after which a challenge fails. */
export const MAX_WRONG_CODES = 3;
const ABANDONED_AFTER_MS = 1000;

export const isFinal = (vaulting: Vaulting): vaulting is Final => vaulting.status !== "PROCESSING";

/** Returns the operation that created the vaulting. */
export const getOrigin = ({ session }: VaultingStart) =>
  session === null ? "vaultPaymentMethod" : "createVaultingSession";

/** Returns the vaulting after an event, or the same object if nothing changed. A final vaulting never changes. */
export function transition(vaulting: Vaulting, event: VaultingEvent, facts: Facts): Vaulting {
  if (isFinal(vaulting)) return vaulting;
  if (facts.now >= vaulting.expiresAt) return expire(vaulting);
  if (vaulting.challenge === null) {
    return event.kind === "card" ? applyCard(vaulting, event.card, facts) : vaulting;
  }
  switch (event.kind) {
    case "code":
      return applyCode(vaulting, event.correct, facts);
    case "cancelled":
      return applyChallengeResult(vaulting, "cancelled", facts);
    case "ended":
      return applyChallengeResult(vaulting, event.result, facts);
    case "card":
    case "nothing":
      return vaulting;
  }
}

/** Applies the issuer's decision, which either requires a challenge or contains the final result. */
export function applyCard(start: VaultingStart, accepted: AcceptedCard, facts: Facts): WaitingForChallenge | Final {
  const { result, challenge: script, brand = null, maskedCardNo } = accepted;
  const card = { brand, maskedCardNo, details: describeCard(accepted, start.clientId, facts.random) };
  if (script === undefined) return completeWithCard(start, { card, challenge: null, result }, facts);
  const challengeMs = script === "abandoned" ? ABANDONED_AFTER_MS : facts.lifetimes.challengeMs;
  return {
    ...pickStart(start),
    status: "PROCESSING",
    card,
    challenge: { id: facts.random.linkId(), script, wrongCodes: 0 },
    pendingResult: result,
    expiresAt: facts.now + challengeMs,
  };
}

/** Returns only the fields that every state has. */
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
  readonly result: string;
}

function completeWithCard(
  start: VaultingStart,
  { card, challenge, result }: CardResult,
  { now, random }: Facts,
): Final {
  const endedBy = challenge === null ? "card" : "challenge";
  const end = { ...pickStart(start), card, challenge, endedBy, finishedAt: now } as const;
  if (result === "SUCCESS") return { ...end, status: "SUCCESS", resultCode: result, cardToken: random.cardToken() };
  return { ...end, status: "FAIL", resultCode: result, verificationFailed: false };
}

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

/** Ends a vaulting whose buyer did not act in time: closes a session without a card, or fails the verification. */
function expire(vaulting: Processing): Failed {
  const { expiresAt: finishedAt } = vaulting;
  if (vaulting.challenge !== null) {
    return failVerification(vaulting, FAILED_CHALLENGE_CODES.abandoned, "expired", finishedAt);
  }
  const end = { card: null, challenge: null, endedBy: "expired", finishedAt } as const;
  return { ...pickStart(vaulting), ...end, status: "FAIL", resultCode: "ORDER_IS_CLOSED", verificationFailed: false };
}

/** The results of the challenge scripts that ignore the code. */
const FIXED_RESULTS: Readonly<Partial<Record<ChallengeScript, ChallengeResult>>> = {
  attempted: "passed",
  failed: "failed",
  rejected: "rejected",
  unavailable: "unavailable",
};

function applyCode(vaulting: WaitingForChallenge, isCorrect: boolean, facts: Facts): Vaulting {
  const { challenge } = vaulting;
  const result = FIXED_RESULTS[challenge.script] ?? (isCorrect ? "passed" : undefined);
  if (result !== undefined) return applyChallengeResult(vaulting, result, facts);
  const wrongCodes = challenge.wrongCodes + 1;
  const next = { ...vaulting, challenge: { ...challenge, wrongCodes } };
  return wrongCodes < MAX_WRONG_CODES
    ? next
    : failVerification(next, "VERIFY_TIMES_EXCEED_LIMIT", "challenge", facts.now);
}

/** The vaultingResultCode of each challenge result other than `passed`. */
const FAILED_CHALLENGE_CODES: Readonly<Record<Exclude<ChallengeResult, "passed">, string>> = {
  failed: "USER_PAYMENT_VERIFICATION_FAILED",
  rejected: "AUTHENTICATION_REQUIRED",
  unavailable: "PROCESS_FAIL",
  abandoned: "USER_PAYMENT_VERIFICATION_FAILED",
  cancelled: "USER_PAYMENT_VERIFICATION_FAILED",
};

function applyChallengeResult(vaulting: WaitingForChallenge, result: ChallengeResult, facts: Facts): Final {
  if (result === "passed") return completeWithCard(vaulting, { ...vaulting, result: vaulting.pendingResult }, facts);
  const endedBy = result === "abandoned" ? "expired" : result === "cancelled" ? "cancelled" : "challenge";
  return failVerification(vaulting, FAILED_CHALLENGE_CODES[result], endedBy, facts.now);
}
