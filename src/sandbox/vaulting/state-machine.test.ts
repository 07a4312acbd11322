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

const ASKED = createChallenged(CARD.challenges);
const right = { kind: "code", correct: true } as const;
const wrong = { kind: "code", correct: false } as const;
const nothing = { kind: "nothing" } as const;

/** A vaulting after each of these in turn, all at one moment. */
const run = (vaulting: Vaulting, happenings: readonly VaultingEvent[], now = NOW): Vaulting => {
  const facts = createFacts(now);
  return happenings.reduce((each, happening) => transition(each, happening, facts), vaulting);
};

/** What a test says of a vaulting, and no more. */
const told = (vaulting: Vaulting) => {
  const { resultCode, endedBy } = isFinal(vaulting) ? vaulting : { resultCode: null, endedBy: null };
  const unverified = vaulting.status === "FAIL" && vaulting.verificationFailed ? 1 : 0;
  const token = vaulting.status === "SUCCESS" && vaulting.cardToken ? "token" : "-";
  return `${vaulting.status} ${resultCode} ${unverified} ${endedBy} ${token} ${vaulting.challenge?.wrongCodes ?? 0}`;
};

describe("withCard", () => {
  test.each([
    ["vaults", CARD.vaults, false, "SUCCESS SUCCESS 0 card token 0"],
    ["failed", CARD.fails, false, "FAIL CARD_EXPIRED 0 card - 0"],
    ["the exemption card is never asked", "4035501000000008", true, "SUCCESS SUCCESS 0 card token 0"],
    ["the merchant wants 3-D Secure", CARD.vaults, true, "PROCESSING null 0 null - 0"],
    ["the card always asks", CARD.challenges, false, "PROCESSING null 0 null - 0"],
  ])("%s", (_, cardNo, threeDS, want) => {
    expect(told(applyCard(VAULTING_START, acceptCard(cardNo, threeDS), createFacts()))).toBe(want);
  });

  test("a challenge waits 15 minutes, an abandoned one a second, and its verdict is kept in the card's place", () => {
    expect(ASKED).toMatchObject({ expiresAt: NOW + 15 * 60_000, verdict: "SUCCESS", challenge: { id: "link-1" } });
    expect(createChallenged(CARD.abandoned).expiresAt).toBe(NOW + 1000);
    expect(createChallenged(CARD.challenges, SESSION).expiresAt).toBe(NOW + 15 * 60_000);
  });

  test("a final vaulting no longer expires and knows when it ended", () => {
    const final = applyCard(SESSION, acceptCard(CARD.vaults), createFacts(NOW + 5));
    expect(final).toMatchObject({ finishedAt: NOW + 5 });
    expect(final).not.toHaveProperty("expiresAt");
    expect(final).not.toHaveProperty("verdict");
  });
});

describe("after", () => {
  const passed = "SUCCESS SUCCESS 0 challenge token 0";
  const failed = "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 challenge - 0";
  test.each<readonly [string, Vaulting, readonly VaultingEvent[], string]>([
    ["the right code", ASKED, [right], passed],
    ["a wrong code", ASKED, [wrong], "PROCESSING null 0 null - 1"],
    ["wrong, then right", ASKED, [wrong, wrong, right], "SUCCESS SUCCESS 0 challenge token 2"],
    ["three wrong codes", ASKED, [wrong, wrong, wrong], "FAIL VERIFY_TIMES_EXCEED_LIMIT 1 challenge - 3"],
    [
      "the right code after three wrong ones",
      ASKED,
      [wrong, wrong, wrong, right],
      "FAIL VERIFY_TIMES_EXCEED_LIMIT 1 challenge - 3",
    ],
    ["cancelled", ASKED, [{ kind: "cancelled" }], "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 cancelled - 0"],
    [
      "the issuer refuses afterwards",
      createChallenged(CARD.challengesThenFails),
      [right],
      "FAIL DO_NOT_HONOR 0 challenge - 0",
    ],
    ["transaction status A, whatever is typed", createChallenged("4000009900530000"), [wrong], passed],
    ["transaction status N", createChallenged("4000009900540009"), [right], failed],
    [
      "transaction status R",
      createChallenged("4000009900550008"),
      [right],
      "FAIL AUTHENTICATION_REQUIRED 1 challenge - 0",
    ],
    ["transaction status U", createChallenged("4000009900560007"), [right], "FAIL PROCESS_FAIL 1 challenge - 0"],
    ["told to pass", ASKED, [{ kind: "ended", result: "passed" }], passed],
    ["told to fail", ASKED, [{ kind: "ended", result: "failed" }], failed],
    [
      "told to be refused",
      ASKED,
      [{ kind: "ended", result: "rejected" }],
      "FAIL AUTHENTICATION_REQUIRED 1 challenge - 0",
    ],
    ["told to be unavailable", ASKED, [{ kind: "ended", result: "unavailable" }], "FAIL PROCESS_FAIL 1 challenge - 0"],
    [
      "told to be abandoned",
      ASKED,
      [{ kind: "ended", result: "abandoned" }],
      "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 expired - 0",
    ],
    [
      "told to be cancelled",
      ASKED,
      [{ kind: "ended", result: "cancelled" }],
      "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 cancelled - 0",
    ],
    ["a session's card", SESSION, [{ kind: "card", card: acceptCard(CARD.vaults) }], "SUCCESS SUCCESS 0 card token 0"],
    [
      "a session's card, then its challenge",
      SESSION,
      [{ kind: "card", card: acceptCard(CARD.challenges) }, right],
      passed,
    ],
    [
      "a second card while a challenge waits",
      SESSION,
      [
        { kind: "card", card: acceptCard(CARD.challenges) },
        { kind: "card", card: acceptCard(CARD.fails) },
      ],
      "PROCESSING null 0 null - 0",
    ],
  ])("%s", (_, vaulting, happenings, want) => {
    expect(told(run(vaulting, happenings))).toBe(want);
  });

  test.each<readonly [string, VaultingEvent]>([
    ["a code", right],
    ["a cancellation", { kind: "cancelled" }],
    ["an end", { kind: "ended", result: "passed" }],
    ["nothing", nothing],
  ])("a session without a card is not touched by %s", (_, happening) => {
    expect(transition(SESSION, happening, createFacts())).toBe(SESSION);
  });

  describe("expiry", () => {
    const end = NOW + LIFETIMES.challengeMs;
    test.each<readonly [string, Vaulting, number, string]>([
      ["a challenge a millisecond before", ASKED, end - 1, "PROCESSING null 0 null - 0"],
      ["a challenge", ASKED, end, "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 expired - 0"],
      ["a session before", SESSION, NOW + LIFETIMES.sessionMs - 1, "PROCESSING null 0 null - 0"],
      ["a session", SESSION, NOW + LIFETIMES.sessionMs, "FAIL ORDER_IS_CLOSED 0 expired - 0"],
      [
        "an abandoned challenge",
        createChallenged(CARD.abandoned),
        NOW + 1000,
        "FAIL USER_PAYMENT_VERIFICATION_FAILED 1 expired - 0",
      ],
    ])("%s", (_, vaulting, now, want) => {
      expect(told(run(vaulting, [nothing], now))).toBe(want);
    });

    test("a late event changes nothing, and the end is the time of expiry, not of the call that noticed it", () => {
      const late = transition(ASKED, right, createFacts(end + 60_000));
      expect(late).toMatchObject({ status: "FAIL", finishedAt: end, endedBy: "expired" });
      expect(late).not.toHaveProperty("cardToken");
      expect(transition(SESSION, { kind: "card", card: acceptCard(CARD.vaults) }, createFacts(end * 2)).status).toBe(
        "FAIL",
      );
    });
  });

  test("a final state never changes, only documented states occur, and only a success has a token", () => {
    const happening: fc.Arbitrary<VaultingEvent> = fc.oneof(
      fc.constantFrom(right, wrong, nothing, { kind: "cancelled" } as const),
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
    const step = fc.tuple(happening, fc.constantFrom(0, 1, 999, 1000, 600_000, -3_600_000, 3_600_000));
    fc.assert(
      fc.property(
        fc.constantFrom(SESSION, ASKED, createChallenged(CARD.abandoned)),
        fc.array(step, { maxLength: 20 }),
        (start, steps) => {
          let vaulting: Vaulting = start;
          let now = NOW;
          for (const [each, ms] of steps) {
            now += ms;
            const next = transition(vaulting, each, createFacts(now));
            if (isFinal(vaulting)) expect(next).toBe(vaulting);
            expect("cardToken" in next).toBe(next.status === "SUCCESS");
            expect("finishedAt" in next).toBe(isFinal(next));
            expect("resultCode" in next).toBe(isFinal(next));
            expect("endedBy" in next).toBe(isFinal(next));
            // Nothing waits for ever, and nothing final is woken again.
            expect("expiresAt" in next).toBe(!isFinal(next));
            if (isFinal(next)) expect(next).not.toHaveProperty("verdict");
            // What it was asked with stays.
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
)("%s ends with the code that the table of cards says", (_, { number, challenge, result }) => {
  const begun = createChallenged(number);
  const end = challenge === "abandoned" ? run(begun, [nothing], begun.expiresAt) : run(begun, [right]);
  expect(end).toMatchObject({ resultCode: result });
});
