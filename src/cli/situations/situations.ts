/** The situations that `antom-vault trigger` produces, with the expected result of each. @module */
import { resultCodes } from "../../../generated/result-codes.ts";
import { toKebabCase } from "../../cards/card-names.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { isVaultingResultCode, NO_URL_CODE } from "../../control-api/scenario-codes.ts";
import type { AntomVaultErrorCode } from "../../protocol/errors.ts";

export interface Situation {
  readonly name: string;
  /** The heading of the situation's group in the list. */
  readonly group: string;
  /** A human-readable description. */
  readonly title: string;
  /** The name or number of a test card. */
  readonly card: string;
  /** The result with which the control API completes the challenge. If omitted, the control API does not complete it. */
  readonly challenge?: ControlSchemas["ChallengeRequest"]["result"];
  readonly fault?: ControlSchemas["FaultRequest"];
  /** The result code that the scenario returns for vaultPaymentMethod. */
  readonly scenario?: string;
  /** The number of notifications that get status 500 before the next one is acknowledged. */
  readonly failFirst?: number;
  /** Whether to resend the notification after its first attempt. */
  readonly resend?: true;
  /** Whether to create a second vaulting immediately after the first. */
  readonly second?: true;
  /** The timeout of the client, in milliseconds. With a timeout, the client does not retry. */
  readonly timeoutMs?: number;
  readonly expected: ExpectedResult;
}

export interface ExpectedResult {
  /** The outcome of vaultPaymentMethod, or the code of its error. */
  readonly outcome: "vaulted" | "verification_required" | "failed" | "unknown" | AntomVaultErrorCode;
  /** Whether each notification is verified or rejected, in the order in which the notifications arrive. */
  readonly notifications: readonly ("verified" | "rejected")[];
  /** The outcome of the final inquiry, and its result code. */
  readonly inquiry: { readonly outcome: "vaulted" | "failed" | "inquiry_failed"; readonly code?: string };
}

type UngroupedSituation = Omit<Situation, "group">;

const NOT_FOUND = { outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" } as const;
const VAULTED = { outcome: "vaulted" } as const;
const failedWith = (code: string) => ({ outcome: "failed", code }) as const;
const SUCCESS: ExpectedResult = { outcome: "vaulted", notifications: ["verified"], inquiry: VAULTED };

const RESULTS: readonly UngroupedSituation[] = [
  { name: "success", title: "The card is vaulted.", card: "visa", expected: SUCCESS },
  {
    name: "declined",
    title: "The issuer declines the card.",
    card: "declined",
    expected: { outcome: "failed", notifications: ["verified"], inquiry: failedWith("DO_NOT_HONOR") },
  },
];

const createChallengeSituation = (
  name: string,
  title: string,
  result: NonNullable<Situation["challenge"]>,
  inquiry: ExpectedResult["inquiry"],
): UngroupedSituation => ({
  name: `challenge-${name}`,
  title,
  card: "challenge",
  challenge: result,
  expected: { outcome: "verification_required", notifications: ["verified"], inquiry },
});

const VERIFICATION_FAILED = failedWith("USER_PAYMENT_VERIFICATION_FAILED");
const CHALLENGES: readonly UngroupedSituation[] = [
  createChallengeSituation("passed", "The buyer passes the challenge.", "passed", VAULTED),
  createChallengeSituation("failed", "The buyer fails the challenge.", "failed", VERIFICATION_FAILED),
  createChallengeSituation("cancelled", "The buyer cancels the challenge.", "cancelled", VERIFICATION_FAILED),
  createChallengeSituation(
    "rejected",
    "The issuer rejects the authentication.",
    "rejected",
    failedWith("AUTHENTICATION_REQUIRED"),
  ),
  createChallengeSituation("unavailable", "Authentication is unavailable.", "unavailable", failedWith("PROCESS_FAIL")),
  {
    name: "challenge-expired",
    title: "The buyer never opens the challenge, so it expires.",
    card: "challenge-abandoned",
    expected: { outcome: "verification_required", notifications: ["verified"], inquiry: VERIFICATION_FAILED },
  },
];

const createNotificationSituation = (
  name: string,
  title: string,
  notifications: ExpectedResult["notifications"],
  settings: Partial<UngroupedSituation>,
): UngroupedSituation => ({
  name: `notification-${name}`,
  title,
  card: "visa",
  ...settings,
  expected: { ...SUCCESS, notifications },
});

const NOTIFICATIONS: readonly UngroupedSituation[] = [
  createNotificationSituation(
    "resent",
    "The listener responds with status 500, so the sandbox resends the notification.",
    ["verified", "verified"],
    { failFirst: 1, resend: true },
  ),
  createNotificationSituation("duplicated", "The notification arrives twice.", ["verified", "verified"], {
    fault: { fault: "notification-duplicated" },
  }),
  createNotificationSituation("delayed", "The notification arrives 1.5 seconds late.", ["verified"], {
    fault: { fault: "notification-delayed", ms: 1500 },
  }),
  createNotificationSituation(
    "out-of-order",
    "The notification arrives after the notification for a later vaulting.",
    ["verified", "verified"],
    { fault: { fault: "notification-out-of-order" }, second: true },
  ),
  createNotificationSituation(
    "unsigned",
    "The notification has no signature. The resent notification is valid.",
    ["rejected", "verified"],
    { fault: { fault: "notification-unsigned" }, resend: true },
  ),
  createNotificationSituation(
    "invalid-signature",
    "The signature of the notification is invalid. The resent notification is valid.",
    ["rejected", "verified"],
    { fault: { fault: "notification-invalid-signature" }, resend: true },
  ),
];

const createResponseSituation = (
  name: string,
  title: string,
  fault: Pick<ControlSchemas["FaultRequest"], "fault" | "ms">,
  outcome: ExpectedResult["outcome"] = "vaulted",
): UngroupedSituation => ({
  name,
  title,
  card: "visa",
  fault: { ...fault, operation: "vaultPaymentMethod" },
  expected: { ...SUCCESS, outcome },
});

const DELAYED = { fault: "response-delayed", ms: 1500 } as const;
const RESPONSES: readonly UngroupedSituation[] = [
  createResponseSituation("response-delayed", "The response takes 1.5 seconds.", DELAYED),
  createResponseSituation("response-dropped", "The response is lost after the card is vaulted. The client retries.", {
    fault: "response-dropped",
  }),
  createResponseSituation("request-dropped", "The request is lost before the card is vaulted. The client retries.", {
    fault: "request-dropped",
  }),
  createResponseSituation("response-truncated", "The response is cut off. The client retries.", {
    fault: "response-truncated",
  }),
  {
    ...createResponseSituation("timeout", "The client times out before the sandbox creates the vaulting.", DELAYED),
    timeoutMs: 500,
    expected: { outcome: "TIMEOUT", notifications: [], inquiry: NOT_FOUND },
  },
  createResponseSituation(
    "response-unsigned",
    "The response has no signature, so the client rejects it.",
    { fault: "response-unsigned" },
    "SIGNATURE_MISSING",
  ),
  createResponseSituation(
    "response-invalid-signature",
    "The signature of the response is invalid, so the client rejects it.",
    { fault: "response-invalid-signature" },
    "SIGNATURE_INVALID",
  ),
  {
    ...createResponseSituation(
      "error-unsigned",
      "The issuer declines the card, but the response is not signed, so the client rejects it.",
      {
        fault: "error-unsigned",
      },
    ),
    card: "declined",
    expected: { outcome: "SIGNATURE_MISSING", notifications: ["verified"], inquiry: failedWith("DO_NOT_HONOR") },
  },
];

const CARD_FAILURES: readonly UngroupedSituation[] = TEST_CARDS.filter(
  ({ publishedBy, challenge }) => publishedBy === "sandbox" && challenge === undefined,
).map(({ number, result, purpose }) => ({
  name: toKebabCase(result),
  title: purpose,
  card: number,
  expected: { outcome: "failed", notifications: ["verified"], inquiry: failedWith(result) },
}));

const cardSituationNames = new Set(CARD_FAILURES.map(({ name }) => name));
const getExpectedOutcome = (code: string, status: string): ExpectedResult["outcome"] => {
  // The response to a request with an invalid signature is unsigned, as documented, so the client rejects it.
  if (code === "INVALID_SIGNATURE") return "SIGNATURE_MISSING";
  return status === "F" ? "failed" : "unknown";
};
const createScenarioSituation = (
  name: string,
  scenario: string,
  status: string,
  title: string,
): UngroupedSituation => ({
  name,
  title,
  card: "visa",
  scenario,
  expected: { outcome: getExpectedOutcome(scenario, status), notifications: [], inquiry: NOT_FOUND },
});
const SCENARIO_RESULTS: readonly UngroupedSituation[] = [
  createScenarioSituation(
    "verification-without-url",
    NO_URL_CODE,
    "U",
    "Verification is in progress, but the response contains no URL for it.",
  ),
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

const GROUPS: Readonly<Record<string, readonly UngroupedSituation[]>> = {
  Results: RESULTS,
  "3-D Secure": CHALLENGES,
  Notifications: NOTIFICATIONS,
  "Lost, delayed, and invalid responses": RESPONSES,
  "Failures by test card": CARD_FAILURES,
  "Result codes by scenario": SCENARIO_RESULTS,
};

/** All situations by name, in the order in which they are listed. */
export const situations: ReadonlyMap<string, Situation> = new Map(
  Object.entries(GROUPS).flatMap(([group, members]) =>
    members.map((situation) => [situation.name, { group, ...situation }]),
  ),
);
