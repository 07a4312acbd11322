/** The test cards: every verdict and every course of a challenge can be had by a number. @module */
import { vaultingResultCodes } from "../../generated/result-codes.ts";
import type { components } from "../../generated/types.ts";

export type CardBrand = components["schemas"]["CardBrand"];

/** A `vaultingResultCode` of a vaulting that failed. */
export type VaultingFailureCode = Extract<
  (typeof vaultingResultCodes)[number],
  { readonly vaultingStatus: "FAIL" }
>["code"];

/**
 * What 3-D Secure does with a card. The letters are EMV 3-D Secure's own for the result.
 *
 * - `asked`: the page asks for the one-time code; the right one passes (Y).
 * - `attempted`: authentication was attempted, whatever is typed passes (A).
 * - `fails`: whatever is typed, the authentication fails (N).
 * - `refused`: the issuer refuses the authentication (R).
 * - `unavailable`: the authentication cannot be performed (U).
 * - `abandoned`: the buyer never comes; the challenge ends by itself one second after it began.
 */
export type ChallengeScript = (typeof CHALLENGE_SCRIPTS)[number];
export const CHALLENGE_SCRIPTS = [
  "code_required",
  "attempted",
  "failed",
  "rejected",
  "unavailable",
  "abandoned",
] as const;

/** The one-time code that the challenge's page takes; any other is wrong. */
export const ONE_TIME_CODE = "123456";

/** A card number that stands for a behaviour. Any CVV and any possible expiry go with it. */
export interface TestCard {
  /** 16 digits, the last a Luhn check digit. */
  readonly number: string;
  readonly brand: CardBrand;
  /** Country of the issuer, ISO 3166-1 alpha-2; left out for a global card. */
  readonly country?: string;
  /** A sentence for people. */
  readonly purpose: string;
  readonly publishedBy: "antom" | "sandbox";
  /** How the vaulting ends, unless a challenge that could have been passed was not. */
  readonly result: "SUCCESS" | VaultingFailureCode;
  /** Such a card is challenged whatever `is3DSAuthentication` says. */
  readonly challenge: ChallengeScript | undefined;
  /** Such a card is never challenged, whatever `is3DSAuthentication` says. */
  readonly exempt?: true;
}

const antomCard = {
  publishedBy: "antom",
  brand: "VISA",
  purpose: "Vaults.",
  result: "SUCCESS",
  challenge: undefined,
} as const satisfies Partial<TestCard>;

// The vendor says no more than that these fail; of the codes, this one gives no reason either.
const antomFailure = { ...antomCard, purpose: "Fails.", result: "DO_NOT_HONOR" } as const;

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
    purpose: "Vaults without a challenge, even if one is wanted.",
  },
];

/** Numbers from 01 to 50 of the sandbox's family. A code that is new in the document does not compile before it has one. */
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

// Nobody passes those that fail, so that even a caller that forgets the challenge vaults nothing.
const AUTHENTICATION_FAILED = "USER_PAYMENT_VERIFICATION_FAILED";

/** Numbers from 51 of the sandbox's family. */
const CHALLENGES: readonly (readonly [number: string, ChallengeScript, TestCard["result"], purpose: string])[] = [
  ["4000009900510002", "code_required", "SUCCESS", "Asks for the one-time code, then vaults."],
  [
    "4000009900520001",
    "code_required",
    "DO_NOT_HONOR",
    "Asks for the one-time code, then the issuer refuses the card.",
  ],
  ["4000009900530000", "attempted", "SUCCESS", "Authentication is only attempted (A): whatever is typed passes."],
  ["4000009900540009", "failed", AUTHENTICATION_FAILED, "Authentication fails (N), whatever is typed."],
  ["4000009900550008", "rejected", "AUTHENTICATION_REQUIRED", "The issuer refuses to authenticate (R)."],
  ["4000009900560007", "unavailable", "PROCESS_FAIL", "Authentication cannot be performed (U)."],
  [
    "4000009900570006",
    "abandoned",
    AUTHENTICATION_FAILED,
    "The buyer never comes: ends by itself one second after it began.",
  ],
];

const CHALLENGED_CARDS = CHALLENGES.map(
  ([number, challenge, verdict, purpose]): TestCard => ({
    number,
    brand: "VISA",
    purpose,
    publishedBy: "sandbox",
    result: verdict,
    challenge,
  }),
);

/**
 * Every test card: the vendor's published ones, then the sandbox's own, one for each failure code and each course of a challenge.
 * The vendor's come from its page of test cards, which speaks of payments; here they do the same in vaulting.
 *
 * @example
 * ```ts
 * TEST_CARDS.find(({ verdict }) => verdict === "CARD_EXPIRED")?.number; // "4000009900050009"
 * ```
 */
export const TEST_CARDS: readonly TestCard[] = [...ANTOM_CARDS, ...FAILING_CARDS, ...CHALLENGED_CARDS];
