/** The situations that `antom-vault trigger` makes, and what each promises. A table and nothing else. */
import { resultCodes } from "../../../generated/result-codes.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { isVaultingResultCode, NO_URL_CODE } from "../../control-api/scenario-codes.ts";
import type { AntomVaultErrorCode } from "../../protocol/errors.ts";
import { toKebabCase } from "../inputs/test-cards.ts";

export interface Situation {
  readonly name: string;
  /** The heading under which it is listed. */
  readonly group: string;
  /** A sentence for people. */
  readonly title: string;
  /** A name or number of the test cards. */
  readonly card: string;
  /** How the challenge is ended by the control API. Left out, the card's own course is waited for, if it has one. */
  readonly challenge?: ControlSchemas["ChallengeRequest"]["result"];
  readonly fault?: ControlSchemas["FaultRequest"];
  /** The code with which the scenario switch answers vaultPaymentMethod. */
  readonly scenario?: string;
  /** So many notifications are answered with 500. */
  readonly fail?: number;
  /** The notification is sent again by the control API once its first attempt is over. */
  readonly resend?: true;
  /** A second vaulting follows at once. */
  readonly second?: true;
  /** How long the client waits for the answer, in milliseconds; it then calls once only. */
  readonly timeoutMs?: number;
  readonly promises: ExpectedResult;
}

export interface ExpectedResult {
  /** The outcome of vaultPaymentMethod, or the code of the error that it ends with. */
  readonly answer: "vaulted" | "verification_required" | "failed" | "unknown" | AntomVaultErrorCode;
  /** The notifications that arrive, in their order: whether each can be believed. */
  readonly notifications: readonly ("verified" | "rejected")[];
  /** The outcome of the inquiry in the end, and the code where it has one. */
  readonly end: { readonly outcome: "vaulted" | "failed" | "inquiry_failed"; readonly code?: string };
}

type Ungrouped = Omit<Situation, "group">;

const NONE = { outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" } as const;
const VAULTED = { outcome: "vaulted" } as const;
const failedWith = (code: string) => ({ outcome: "failed", code }) as const;
const DONE: ExpectedResult = { answer: "vaulted", notifications: ["verified"], end: VAULTED };

const RESULTS: readonly Ungrouped[] = [
  { name: "success", title: "The card is vaulted.", card: "visa", promises: DONE },
  {
    name: "declined",
    title: "The issuer refuses the vendor's failing card.",
    card: "declined",
    promises: { answer: "failed", notifications: ["verified"], end: failedWith("DO_NOT_HONOR") },
  },
];

const createChallengeSituation = (
  name: string,
  title: string,
  result: NonNullable<Situation["challenge"]>,
  end: ExpectedResult["end"],
): Ungrouped => ({
  name: `challenge-${name}`,
  title,
  card: "challenge",
  challenge: result,
  promises: { answer: "verification_required", notifications: ["verified"], end },
});

const UNVERIFIED = failedWith("USER_PAYMENT_VERIFICATION_FAILED");
const CHALLENGES: readonly Ungrouped[] = [
  createChallengeSituation("passed", "The buyer passes the challenge.", "passed", VAULTED),
  createChallengeSituation("failed", "The buyer does not pass the challenge.", "failed", UNVERIFIED),
  createChallengeSituation("cancelled", "The buyer presses Cancel.", "cancelled", UNVERIFIED),
  createChallengeSituation(
    "rejected",
    "The issuer refuses to authenticate.",
    "rejected",
    failedWith("AUTHENTICATION_REQUIRED"),
  ),
  createChallengeSituation(
    "unavailable",
    "The authentication cannot be performed.",
    "unavailable",
    failedWith("PROCESS_FAIL"),
  ),
  {
    name: "challenge-expired",
    title: "The buyer never comes; the challenge ends by itself.",
    card: "challenge-abandoned",
    promises: { answer: "verification_required", notifications: ["verified"], end: UNVERIFIED },
  },
];

const createNotificationSituation = (
  name: string,
  title: string,
  notifications: ExpectedResult["notifications"],
  more: Partial<Ungrouped>,
): Ungrouped => ({
  name: `notification-${name}`,
  title,
  card: "visa",
  ...more,
  promises: { ...DONE, notifications },
});

const NOTIFICATIONS: readonly Ungrouped[] = [
  createNotificationSituation("resent", "It is answered with 500, and so is sent again.", ["verified", "verified"], {
    fail: 1,
    resend: true,
  }),
  createNotificationSituation("duplicate", "It comes twice.", ["verified", "verified"], {
    fault: { fault: "notification-duplicated" },
  }),
  createNotificationSituation("late", "It comes a second and a half late.", ["verified"], {
    fault: { fault: "notification-delayed", ms: 1500 },
  }),
  createNotificationSituation("out-of-order", "It comes after that of a later vaulting.", ["verified", "verified"], {
    fault: { fault: "notification-out-of-order" },
    second: true,
  }),
  createNotificationSituation(
    "unsigned",
    "It comes without a signature, then as it should.",
    ["rejected", "verified"],
    {
      fault: { fault: "notification-unsigned" },
      resend: true,
    },
  ),
  createNotificationSituation(
    "wrongly-signed",
    "Its signature does not match, then it comes as it should.",
    ["rejected", "verified"],
    {
      fault: { fault: "notification-invalid-signature" },
      resend: true,
    },
  ),
];

const createResponseSituation = (
  name: string,
  title: string,
  fault: Pick<ControlSchemas["FaultRequest"], "fault" | "ms">,
  answered: ExpectedResult["answer"] = "vaulted",
): Ungrouped => ({
  name,
  title,
  card: "visa",
  fault: { ...fault, operation: "vaultPaymentMethod" },
  promises: { ...DONE, answer: answered },
});

const DELAYED = { fault: "response-delayed", ms: 1500 } as const;
const RESPONSES: readonly Ungrouped[] = [
  createResponseSituation("response-delayed", "The answer takes a second and a half.", DELAYED),
  createResponseSituation("response-dropped", "The answer is lost after the work; the client repeats the call.", {
    fault: "response-dropped",
  }),
  createResponseSituation("request-dropped", "The call is dropped before the work; the client repeats it.", {
    fault: "request-dropped",
  }),
  createResponseSituation("response-truncated", "The answer breaks off; the client repeats the call.", {
    fault: "response-truncated",
  }),
  {
    ...createResponseSituation("timeout", "The client gives up before the sandbox has begun to work.", DELAYED),
    timeoutMs: 500,
    promises: { answer: "TIMEOUT", notifications: [], end: NONE },
  },
  createResponseSituation(
    "response-unsigned",
    "The answer has no signature, and is not believed.",
    { fault: "response-unsigned" },
    "SIGNATURE_MISSING",
  ),
  createResponseSituation(
    "response-invalid-signature",
    "The answer's signature does not match, and is not believed.",
    { fault: "response-invalid-signature" },
    "SIGNATURE_INVALID",
  ),
];

const FAILING: readonly Ungrouped[] = TEST_CARDS.filter(
  ({ publishedBy, challenge: script }) => publishedBy === "sandbox" && script === undefined,
).map(({ number, result, purpose }) => ({
  name: toKebabCase(result),
  title: purpose,
  card: number,
  promises: { answer: "failed", notifications: ["verified"], end: failedWith(result) },
}));

const cardSituationNames = new Set(FAILING.map(({ name }) => name));
/** To a signature that it refuses the gateway answers without one, as documented, and what is not signed is no answer. */
const getExpectedOutcome = (code: string, status: string): ExpectedResult["answer"] => {
  if (code === "INVALID_SIGNATURE") return "SIGNATURE_MISSING";
  return status === "F" ? "failed" : "unknown";
};
const createScenarioSituation = (name: string, scenario: string, status: string, title: string): Ungrouped => ({
  name,
  title,
  card: "visa",
  scenario,
  promises: { answer: getExpectedOutcome(scenario, status), notifications: [], end: NONE },
});
const CODES: readonly Ungrouped[] = [
  createScenarioSituation(
    "verification-without-url",
    NO_URL_CODE,
    "U",
    "Verification is in process, and there is no page for it.",
  ),
  // Of the operation's own codes those that start no vaulting.
  ...resultCodes.vaultPaymentMethod
    .filter(({ code }) => !isVaultingResultCode(code))
    .map(({ code, status, meaning }) =>
      createScenarioSituation(
        cardSituationNames.has(toKebabCase(code)) ? `gateway-${toKebabCase(code)}` : toKebabCase(code),
        code,
        status,
        meaning,
      ),
    ),
];

const GROUPS: Readonly<Record<string, readonly Ungrouped[]>> = {
  Results: RESULTS,
  "3-D Secure": CHALLENGES,
  Notifications: NOTIFICATIONS,
  "Answers that are lost, late or wrong": RESPONSES,
  "Failing codes, by card": FAILING,
  "Result codes, by the scenario switch": CODES,
};

/** Every situation by its name, in the order in which they are listed. */
export const situations: ReadonlyMap<string, Situation> = new Map(
  Object.entries(GROUPS).flatMap(([group, members]) => members.map((each) => [each.name, { group, ...each }])),
);
