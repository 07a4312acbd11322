import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { CARD } from "../../testing/sandbox/sandbox.ts";
import {
  acceptCard,
  createChallenged,
  createFacts,
  NOW,
  SESSION,
  VAULTING_START,
} from "../../testing/sandbox/vaulting-facts.ts";
import {
  applyCard,
  CHALLENGE_RESULTS,
  isFinal,
  LIFETIMES,
  transition,
  type Vaulting,
  type VaultingEvent,
} from "./state-machine.ts";

const WAITING = createChallenged(CARD.challenges);
const correct = { kind: "code", correct: true } as const;
const wrong = { kind: "code", correct: false } as const;
const nothing = { kind: "nothing" } as const;

/** Applies events in order, without advancing the clock. */
const run = (vaulting: Vaulting, events: readonly VaultingEvent[], now = NOW): Vaulting => {
  const facts = createFacts(now);
  return events.reduce((current, event) => transition(current, event, facts), vaulting);
};

/** Summarizes the state of a vaulting in one line. */
const summarize = (vaulting: Vaulting) => {
  const { resultCode, endedBy } = isFinal(vaulting) ? vaulting : { resultCode: null, endedBy: null };
  const unverified = vaulting.status === "FAIL" && vaulting.verificationFailed ? 1 : 0;
  const token = vaulting.status === "SUCCESS" && vaulting.cardToken ? "token" : "-";
  return `${vaulting.status} ${resultCode} ${unverified} ${endedBy} ${token} ${vaulting.challenge?.wrongCodes ?? 0}`;
};

describe("applyCard", () => {
  test.each([
    ["the card is valid", CARD.vaults, false, "SUCCESS SUCCESS 0 card token 0"],
    ["the card has expired", CARD.fails, false, "FAIL CARD_EXPIRED 0 card - 0"],
    ["the card is exempt from 3-D Secure", "4035501000000008", true, "SUCCESS SUCCESS 0 card token 0"],
    ["the merchant requests 3-D Secure", CARD.vaults, true, "PROCESSING null 0 null - 0"],
    ["the card always requires a challenge", CARD.challenges, false, "PROCESSING null 0 null - 0"],
  ])("decides the state if %s", (_, cardNo, threeDS, expected) => {
    expect(summarize(applyCard(VAULTING_START, acceptCard(cardNo, threeDS), createFacts()))).toBe(expected);
  });

  test("sets the expiry time of a challenge, and stores the issuer's decision as the pending result", () => {
    expect(WAITING).toMatchObject({
      expiresAt: NOW + 15 * 60_000,
      pendingResult: "SUCCESS",
      challenge: { id: "link-1" },
    });
    expect(createChallenged(CARD.abandoned).expiresAt).toBe(NOW + 1000);
    expect(createChallenged(CARD.challenges, SESSION).expiresAt).toBe(NOW + 15 * 60_000);
  });

  test("removes the expiry time of a session that becomes final, and stores its end time", () => {
    const final = applyCard(SESSION, acceptCard(CARD.vaults), createFacts(NOW + 5));
    expect(final).toMatchObject({ finishedAt: NOW + 5 });
    expect(final).not.toHaveProperty("expiresAt");
    expect(final).not.toHaveProperty("pendingResult");
  });
});

describe("transition", () => {
  const passed = "SUCCESS SUCCESS 0 challenge token 0";
  const failed = "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 challenge - 0";
  test.each<readonly [string, Vaulting, readonly VaultingEvent[], string]>([
    ["the correct code", WAITING, [correct], passed],
    ["an incorrect code", WAITING, [wrong], "PROCESSING null 0 null - 1"],
    [
      "two incorrect codes, then the correct one",
      WAITING,
      [wrong, wrong, correct],
      "SUCCESS SUCCESS 0 challenge token 2",
    ],
    ["three incorrect codes", WAITING, [wrong, wrong, wrong], "FAIL VERIFY_TIMES_EXCEED_LIMIT 1 challenge - 3"],
    [
      "the correct code after three incorrect ones",
      WAITING,
      [wrong, wrong, wrong, correct],
      "FAIL VERIFY_TIMES_EXCEED_LIMIT 1 challenge - 3",
    ],
    ["a cancellation", WAITING, [{ kind: "cancelled" }], "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 cancelled - 0"],
    [
      "a correct code, then a decline by the issuer",
      createChallenged(CARD.challengesThenFails),
      [correct],
      "FAIL DO_NOT_HONOR 0 challenge - 0",
    ],
    ["transaction status A with an incorrect code", createChallenged("4000009900530000"), [wrong], passed],
    ["transaction status N", createChallenged("4000009900540009"), [correct], failed],
    [
      "transaction status R",
      createChallenged("4000009900550008"),
      [correct],
      "FAIL AUTHENTICATION_REQUIRED 1 challenge - 0",
    ],
    ["transaction status U", createChallenged("4000009900560007"), [correct], "FAIL PROCESS_FAIL 1 challenge - 0"],
    ["completion as passed", WAITING, [{ kind: "ended", result: "passed" }], passed],
    ["completion as failed", WAITING, [{ kind: "ended", result: "failed" }], failed],
    [
      "completion as rejected",
      WAITING,
      [{ kind: "ended", result: "rejected" }],
      "FAIL AUTHENTICATION_REQUIRED 1 challenge - 0",
    ],
    [
      "completion as unavailable",
      WAITING,
      [{ kind: "ended", result: "unavailable" }],
      "FAIL PROCESS_FAIL 1 challenge - 0",
    ],
    [
      "completion as abandoned",
      WAITING,
      [{ kind: "ended", result: "abandoned" }],
      "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 expired - 0",
    ],
    [
      "completion as cancelled",
      WAITING,
      [{ kind: "ended", result: "cancelled" }],
      "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 cancelled - 0",
    ],
    ["a session's card", SESSION, [{ kind: "card", card: acceptCard(CARD.vaults) }], "SUCCESS SUCCESS 0 card token 0"],
    [
      "a session's card, then its challenge",
      SESSION,
      [{ kind: "card", card: acceptCard(CARD.challenges) }, correct],
      passed,
    ],
    [
      "a second card during a challenge",
      SESSION,
      [
        { kind: "card", card: acceptCard(CARD.challenges) },
        { kind: "card", card: acceptCard(CARD.fails) },
      ],
      "PROCESSING null 0 null - 0",
    ],
  ])("decides the state after %s", (_, vaulting, events, expected) => {
    expect(summarize(run(vaulting, events))).toBe(expected);
  });

  test.each<readonly [string, VaultingEvent]>([
    ["a code", correct],
    ["a cancellation", { kind: "cancelled" }],
    ["a challenge result", { kind: "ended", result: "passed" }],
    ["the passage of time", nothing],
  ])("ignores %s for a session without a card", (_, event) => {
    expect(transition(SESSION, event, createFacts())).toBe(SESSION);
  });

  const end = NOW + LIFETIMES.challengeMs;
  test.each<readonly [string, Vaulting, number, string]>([
    ["a challenge 1 ms before it expires", WAITING, end - 1, "PROCESSING null 0 null - 0"],
    ["an expired challenge", WAITING, end, "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 expired - 0"],
    ["a session 1 ms before it expires", SESSION, NOW + LIFETIMES.sessionMs - 1, "PROCESSING null 0 null - 0"],
    ["an expired session", SESSION, NOW + LIFETIMES.sessionMs, "FAIL ORDER_IS_CLOSED 0 expired - 0"],
    [
      "an abandoned challenge",
      createChallenged(CARD.abandoned),
      NOW + 1000,
      "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 expired - 0",
    ],
  ])("decides the state of %s", (_, vaulting, now, expected) => {
    expect(summarize(run(vaulting, [nothing], now))).toBe(expected);
  });

  test("ignores an event after the expiry time, and stores the expiry time as the end time", () => {
    const late = transition(WAITING, correct, createFacts(end + 60_000));
    expect(late).toMatchObject({ status: "FAIL", finishedAt: end, endedBy: "expired" });
    expect(late).not.toHaveProperty("cardToken");
    expect(transition(SESSION, { kind: "card", card: acceptCard(CARD.vaults) }, createFacts(end * 2)).status).toBe(
      "FAIL",
    );
  });

  test("never changes a final state or the fields of the request, and sets only the fields that each state has", () => {
    const event: fc.Arbitrary<VaultingEvent> = fc.oneof(
      fc.constantFrom(correct, wrong, nothing, { kind: "cancelled" } as const),
      fc.constantFrom(...CHALLENGE_RESULTS).map((result) => ({ kind: "ended", result }) as const),
      fc
        .constantFrom(
          CARD.vaults,
          CARD.fails,
          CARD.challenges,
          CARD.challengesThenFails,
          CARD.abandoned,
          "4000009900540009",
        )
        .map((cardNo) => ({ kind: "card", card: acceptCard(cardNo) }) as const),
    );
    const step = fc.tuple(event, fc.constantFrom(0, 1, 999, 1000, 600_000, -3_600_000, 3_600_000));
    fc.assert(
      fc.property(
        fc.constantFrom(SESSION, WAITING, createChallenged(CARD.abandoned)),
        fc.array(step, { maxLength: 20 }),
        (start, steps) => {
          let vaulting: Vaulting = start;
          let now = NOW;
          for (const [event, ms] of steps) {
            now += ms;
            const next = transition(vaulting, event, createFacts(now));
            if (isFinal(vaulting)) expect(next).toBe(vaulting);
            expect("cardToken" in next).toBe(next.status === "SUCCESS");
            expect("finishedAt" in next).toBe(isFinal(next));
            expect("resultCode" in next).toBe(isFinal(next));
            expect("endedBy" in next).toBe(isFinal(next));
            // Only a vaulting in progress has an expiry time.
            expect("expiresAt" in next).toBe(!isFinal(next));
            if (isFinal(next)) expect(next).not.toHaveProperty("pendingResult");
            // The fields of the request never change.
            const { fingerprint, notificationUrl, createdAt, session } = start;
            expect(next).toMatchObject({ fingerprint, notificationUrl, createdAt, session });
            vaulting = next;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.each(
  TEST_CARDS.filter(({ challenge }) => challenge !== undefined).map((card) => [card.number, card] as const),
)("the challenge of test card %s ends with the documented result of the card", (_, { number, challenge, result }) => {
  const vaulting = createChallenged(number);
  const end = challenge === "abandoned" ? run(vaulting, [nothing], vaulting.expiresAt) : run(vaulting, [correct]);
  expect(end).toMatchObject({ resultCode: result });
});
