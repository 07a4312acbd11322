/** The test cards, which cover every vaulting result and every challenge behavior. @module */
import { vaultingResultCodes } from "../../generated/result-codes.ts";
import type { components } from "../../generated/types.ts";

/** A card brand of the OpenAPI document. */
export type CardBrand = components["schemas"]["CardBrand"];

/** A `vaultingResultCode` of a failed vaulting. */
export type VaultingFailureCode = Extract<
  (typeof vaultingResultCodes)[number],
  { readonly vaultingStatus: "FAIL" }
>["code"];

/**
 * The behavior of a 3-D Secure challenge. The letters are EMV 3-D Secure transaction statuses.
 *
 * - `code_required`: the page requests a one-time code; the correct code passes (Y).
 * - `attempted`: authentication is only attempted; any code passes (A).
 * - `failed`: authentication fails with any code (N).
 * - `rejected`: the issuer rejects the authentication (R).
 * - `unavailable`: the authentication cannot be performed (U).
 * - `abandoned`: the buyer never opens the page; the challenge expires 1 second after it starts.
 */
export type ChallengeScript = (typeof CHALLENGE_SCRIPTS)[number];
/** All challenge behaviors. */
export const CHALLENGE_SCRIPTS = [
  "code_required",
  "attempted",
  "failed",
  "rejected",
  "unavailable",
  "abandoned",
] as const;

/**
 * The card fields in the sandbox's responses for a test card. For any other card, the responses contain only the first 4 fields, without brand if
 * the brand is unknown.
 */
export const VAULTED_CARD_FIELDS = [
  "brand",
  "cardToken",
  "maskedCardNo",
  "lastFour",
  "bin",
  "funding",
  "issuerName",
  "issuingCountry",
  "fingerprint",
  "networkTransactionId",
  "avsResultRaw",
  "cvvResultRaw",
] as const satisfies readonly (keyof components["schemas"]["VaultedCard"])[];

/** The one-time code that the challenge page accepts as correct. */
export const ONE_TIME_CODE = "123456";

/** A card number with a fixed behavior. Use it with any CVV and any valid expiry date. */
export interface TestCard {
  /** 16 digits, the last of which is the Luhn check digit. */
  readonly number: string;
  /** The brand of the card, as in API responses. */
  readonly brand: CardBrand;
  /** The country of the issuer (ISO 3166-1 alpha-2). Absent for a global card. */
  readonly country?: string;
  /** The behavior of the card, or the meaning of its result code, as a sentence. */
  readonly purpose: string;
  /** The party that documents the card: Antom, or this project for its sandbox. */
  readonly publishedBy: "antom" | "sandbox";
  /** The result of the vaulting: `SUCCESS` or the vaultingResultCode, unless the buyer fails the challenge. */
  readonly result: "SUCCESS" | VaultingFailureCode;
  /** The challenge that this card always has, regardless of `is3DSAuthentication`. `undefined` if the card has no fixed challenge. */
  readonly challenge: ChallengeScript | undefined;
  /** Set if the card is never challenged, regardless of `is3DSAuthentication`. */
  readonly exempt?: true;
}

const antomCard = {
  publishedBy: "antom",
  brand: "VISA",
  purpose: "The card is vaulted.",
  result: "SUCCESS",
  challenge: undefined,
} as const satisfies Partial<TestCard>;

// Antom documents no result code for these cards. DO_NOT_HONOR is the code that gives no reason.
const antomFailure = { ...antomCard, purpose: "The issuer declines the card.", result: "DO_NOT_HONOR" } as const;

const ANTOM_CARDS: readonly TestCard[] = [
  { ...antomCard, number: "9490220011669217", brand: "HYUNDAI", country: "KR" },
  { ...antomCard, number: "4294097400915107", country: "BR" },
  { ...antomCard, number: "4006055482525268", country: "MX" },
  { ...antomCard, number: "4600729331819383", country: "CL" },
  { ...antomCard, number: "4310377720003234", country: "PE" },
  { ...antomCard, number: "4054695723100768" },
  { ...antomCard, number: "5162774114974622", brand: "MASTERCARD" },
  { ...antomFailure, number: "4054692760174822" },
  { ...antomFailure, number: "5162770472561357", brand: "MASTERCARD" },
  {
    ...antomCard,
    number: "4035501000000008",
    exempt: true,
    purpose: "The card is vaulted without a challenge, even if 3-D Secure is requested.",
  },
];

/** The numbers 4000009900NN000C, where NN counts from 01 and C is the check digit. The type requires a number for every documented code. */
const FAILING_NUMBERS: Readonly<Record<VaultingFailureCode, string>> = {
  ACCESS_DENIED: "4000009900010003",
  ACCOUNT_CLOSED: "4000009900020002",
  AUTHENTICATION_REQUIRED: "4000009900030001",
  BLOCKED_FIRST_USED: "4000009900040000",
  CARD_EXPIRED: "4000009900050009",
  CARD_NOT_SUPPORTED: "4000009900060008",
  DO_NOT_HONOR: "4000009900070007",
  FRAUD_REJECT: "4000009900080006",
  INVALID_CARD_NUMBER: "4000009900090005",
  INVALID_CVV: "4000009900100002",
  INVALID_EXPIRATION_DATE: "4000009900110001",
  LOST_CARD: "4000009900120000",
  NO_SELECTED_ACCOUNT: "4000009900130009",
  ORDER_IS_CLOSED: "4000009900140008",
  PAYMENT_AMOUNT_EXCEED_LIMIT: "4000009900150007",
  PAYMENT_COUNT_EXCEED_LIMIT: "4000009900160006",
  PICKUP_CARD: "4000009900170005",
  POLICY: "4000009900180004",
  PROCESS_FAIL: "4000009900190003",
  RESTRICTED_CARD: "4000009900200000",
  STOLEN_CARD: "4000009900210009",
  USER_BALANCE_NOT_ENOUGH: "4000009900220008",
  USER_PAYMENT_VERIFICATION_FAILED: "4000009900230007",
  VERIFY_TIMES_EXCEED_LIMIT: "4000009900240006",
};

const FAILING_CARDS: readonly TestCard[] = vaultingResultCodes
  .filter((row) => row.vaultingStatus === "FAIL")
  .map(({ code, meaning }) => ({
    number: FAILING_NUMBERS[code],
    brand: "VISA",
    purpose: meaning,
    publishedBy: "sandbox",
    result: code,
    challenge: undefined,
  }));

// After a failed authentication, the card must not be vaulted, even if the caller ignores the challenge.
const AUTHENTICATION_FAILED = "USER_PAYMENT_VERIFICATION_FAILED";

/** The numbers 4000009900NN000C, where NN counts from 51. */
const CHALLENGES: readonly (readonly [number: string, ChallengeScript, TestCard["result"], purpose: string])[] = [
  ["4000009900510002", "code_required", "SUCCESS", "The page requests a one-time code, and then the card is vaulted."],
  [
    "4000009900520001",
    "code_required",
    "DO_NOT_HONOR",
    "The page requests a one-time code, and then the issuer declines the card.",
  ],
  ["4000009900530000", "attempted", "SUCCESS", "Authentication is only attempted (A): any code passes."],
  ["4000009900540009", "failed", AUTHENTICATION_FAILED, "Authentication fails (N) with any code."],
  ["4000009900550008", "rejected", "AUTHENTICATION_REQUIRED", "The issuer rejects the authentication (R)."],
  ["4000009900560007", "unavailable", "PROCESS_FAIL", "Authentication cannot be performed (U)."],
  [
    "4000009900570006",
    "abandoned",
    AUTHENTICATION_FAILED,
    "The buyer never opens the page: the challenge expires after 1 second.",
  ],
];

const CHALLENGED_CARDS = CHALLENGES.map(
  ([number, challenge, result, purpose]): TestCard => ({
    number,
    brand: "VISA",
    purpose,
    publishedBy: "sandbox",
    result,
    challenge,
  }),
);

/**
 * All test cards: first the cards that Antom publishes for payments, then the sandbox's cards for each failure code and each challenge behavior.
 *
 * @example
 * ```ts
 * TEST_CARDS.find(({ result }) => result === "CARD_EXPIRED")?.number; // "4000009900050009"
 * ```
 */
export const TEST_CARDS: readonly TestCard[] = [...ANTOM_CARDS, ...FAILING_CARDS, ...CHALLENGED_CARDS];
