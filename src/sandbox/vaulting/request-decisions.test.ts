import { describe, expect, test } from "vitest";
import { validateVaultingNotificationStrict } from "../../../generated/validators.js";
import { passesLuhn } from "../../cards/luhn.ts";
import { decidesVaulting } from "../../control-api/scenario-codes.ts";
import { ALL_CARDS, CARD, documented } from "../../testing/sandbox/sandbox.ts";
import {
  askedFor,
  challenged,
  factsAt,
  judged,
  links,
  NOW,
  rulesAt,
  SESSION,
} from "../../testing/sandbox/vaulting-facts.ts";
import {
  decideCreateVaultingSession,
  decideInquireVaulting,
  decideVaultPaymentMethod,
  type Step,
} from "./request-decisions.ts";
import { notificationBody } from "./responses.ts";
import { after as become, CHALLENGE_RESULTS, isFinal, type Vaulting, withCard } from "./state-machine.ts";

const resultOf = ({ answer }: Step<object>) =>
  (answer as { readonly result: { readonly resultCode: string; readonly resultMessage: string } }).result;

/** The vaulting that a step brings; fails where it brings none. */
const brought = ({ vaulting }: Step<object>): Vaulting => vaulting ?? expect.fail("Nothing is to be stored.");

/** Demands that whatever a vaulting looks like from outside is declared by the document. */
function everyAnswerIsDocumented(vaulting: Vaulting): void {
  const vault = decideVaultPaymentMethod(askedFor(CARD.vaults), vaulting, rulesAt());
  documented("vaultPaymentMethod", vault.answer);
  documented("inquireVaulting", decideInquireVaulting("id-1", vaulting, rulesAt()).answer);
  if (vaulting.session !== null) {
    documented("createVaultingSession", decideCreateVaultingSession(askedFor(CARD.vaults), vaulting, rulesAt()).answer);
  }
  if (!isFinal(vaulting)) return;
  const checked = validateVaultingNotificationStrict(JSON.parse(notificationBody(vaulting)));
  if (!checked.valid) expect.fail(`${notificationBody(vaulting)}: ${JSON.stringify(checked.issues)}`);
}

describe("every test card, begun and ended in every way, gives documented answers", () => {
  test("there are 41 of them", () => expect(ALL_CARDS).toHaveLength(41));

  test.each(ALL_CARDS)("%s", (_, { number, verdict, challenge, exempt }) => {
    for (const is3DSAuthentication of [false, true, "true", "false"]) {
      const step = decideVaultPaymentMethod(askedFor(number, { is3DSAuthentication }), undefined, rulesAt());
      documented("vaultPaymentMethod", step.answer);
      const vaulting = brought(step);
      everyAnswerIsDocumented(vaulting);
      const asked = challenge !== undefined || (!exempt && String(is3DSAuthentication) === "true");
      expect(isFinal(vaulting)).toBe(!asked);
      if (!asked) expect(vaulting).toMatchObject({ resultCode: verdict });
      for (const result of CHALLENGE_RESULTS) {
        everyAnswerIsDocumented(become(vaulting, { kind: "ended", result }, factsAt()));
      }
      for (const right of [true, false]) {
        everyAnswerIsDocumented(become(vaulting, { kind: "code", right }, factsAt()));
      }
      everyAnswerIsDocumented(become(vaulting, { kind: "cancelled" }, factsAt()));
      everyAnswerIsDocumented(become(vaulting, { kind: "nothing" }, factsAt(NOW + 86_400_000)));
      const session = withCard(SESSION, judged(number, String(is3DSAuthentication) === "true"), factsAt());
      everyAnswerIsDocumented(session);
      everyAnswerIsDocumented(become(session, { kind: "nothing" }, factsAt(NOW + 86_400_000)));
    }
  });

  test("a session, waiting and expired", () => {
    everyAnswerIsDocumented(SESSION);
    everyAnswerIsDocumented(become(SESSION, { kind: "nothing" }, factsAt(NOW + 86_400_000)));
  });
});

describe("decideVaultPaymentMethod", () => {
  test.each([
    ["11 digits", "40546957231"],
    ["a wrong check digit", "4054695723100769"],
    ["nothing", ""],
  ])("a number with %s is PARAM_ILLEGAL, stores nothing and is not quoted", (_, cardNo) => {
    const step = decideVaultPaymentMethod(askedFor(cardNo), undefined, rulesAt());
    documented("vaultPaymentMethod", step.answer);
    expect(resultOf(step).resultCode).toBe("PARAM_ILLEGAL");
    expect(resultOf(step).resultMessage).toContain("/paymentMethodDetail/card/cardNo");
    expect(step.vaulting).toBeUndefined();
    if (cardNo !== "") expect(JSON.stringify(step.answer)).not.toContain(cardNo);
  });

  test("any other number with a right check digit vaults, and only its last four digits are kept", () => {
    const cardNo = "6011000990139424";
    expect(passesLuhn(cardNo)).toBe(true);
    const vaulting = brought(decideVaultPaymentMethod(askedFor(cardNo, { cvv: "987" }), undefined, rulesAt()));
    expect(vaulting).toMatchObject({ status: "SUCCESS", card: { maskedCardNo: "************9424" } });
    expect(JSON.stringify(vaulting)).not.toMatch(/601100|987/);
  });

  test("a repeat of what has not changed stores nothing", () => {
    const stored = brought(decideVaultPaymentMethod(askedFor(CARD.asks), undefined, rulesAt()));
    const again = decideVaultPaymentMethod(askedFor(CARD.vaults), stored, rulesAt());
    expect(again.vaulting).toBeUndefined();
    expect(again.answer).toMatchObject({ normalUrl: links.challenge(stored.challenge?.id ?? "") });
  });

  test("a repeat of what has expired unseen records that, and answers so", () => {
    const stored = brought(decideVaultPaymentMethod(askedFor(CARD.asks), undefined, rulesAt()));
    const late = decideVaultPaymentMethod(askedFor(CARD.asks), stored, rulesAt(NOW + 900_000));
    expect(resultOf(late).resultCode).toBe("VERIFICATION_FAIL");
    expect(brought(late)).toMatchObject({ endedBy: "expired" });
  });

  test("other content under a known ID gets the first result, or REPEAT_REQ_INCONSISTENT where that is wanted", () => {
    const stored = brought(decideVaultPaymentMethod(askedFor(CARD.vaults), undefined, rulesAt()));
    const other = { ...askedFor(CARD.fails), fingerprint: "f-2" };
    expect(resultOf(decideVaultPaymentMethod(other, stored, rulesAt())).resultCode).toBe("SUCCESS");
    const refused = decideVaultPaymentMethod(other, stored, rulesAt(NOW, { refuseDifferingRepeats: true }));
    documented("vaultPaymentMethod", refused.answer);
    expect(resultOf(refused).resultCode).toBe("REPEAT_REQ_INCONSISTENT");
    expect(refused.vaulting).toBeUndefined();
    const same = decideVaultPaymentMethod(
      askedFor(CARD.vaults),
      stored,
      rulesAt(NOW, { refuseDifferingRepeats: true }),
    );
    expect(resultOf(same).resultCode).toBe("SUCCESS");
  });

  test("fields that the document does not know reach neither what is stored nor what is answered", () => {
    const body = { isAdmin: "sesame", cardToken: "sesame", result: { resultCode: "sesame" }, status: "sesame" };
    const step = decideVaultPaymentMethod(askedFor(CARD.fails, { cardToken: "sesame" }, body), undefined, rulesAt());
    expect(JSON.stringify(step)).not.toContain("sesame");
  });

  test("an ID that a session has taken leads to the session's page", () => {
    const step = decideVaultPaymentMethod(askedFor(CARD.vaults), SESSION, rulesAt());
    expect(step.answer).toMatchObject({
      result: { resultCode: "VERIFICATION_IN_PROCESS" },
      normalUrl: links.card("page"),
    });
    expect(step.vaulting).toBeUndefined();
  });

  test.each([
    ["SUCCESS", CARD.fails, "SUCCESS", "SUCCESS", "SUCCESS"],
    ["SUCCESS", CARD.asks, "SUCCESS", "SUCCESS", "SUCCESS"],
    ["PROCESS_FAIL", CARD.vaults, "PROCESS_FAIL", "FAIL", "PROCESS_FAIL"],
    ["VERIFICATION_FAIL", CARD.vaults, "VERIFICATION_FAIL", "FAIL", "USER_PAYMENT_VERIFICATION_FAILED"],
    ["VERIFICATION_IN_PROCESS", CARD.vaults, "VERIFICATION_IN_PROCESS", "PROCESSING", null],
    ["VERIFICATION_IN_PROCESS", "4000009900540009", "VERIFICATION_IN_PROCESS", "PROCESSING", null],
    ["CARD_EXPIRED", CARD.vaults, "PROCESS_FAIL", "FAIL", "CARD_EXPIRED"],
    ["STOLEN_CARD", CARD.asks, "PROCESS_FAIL", "FAIL", "STOLEN_CARD"],
  ])("scenario %s with %s", (scenario, cardNo, code, status, stored) => {
    const step = decideVaultPaymentMethod(askedFor(cardNo), undefined, rulesAt(NOW, { scenario }));
    documented("vaultPaymentMethod", step.answer);
    expect(resultOf(step).resultCode).toBe(code);
    const vaulting = brought(step);
    expect(vaulting.status).toBe(status);
    expect(isFinal(vaulting) ? vaulting.resultCode : null).toBe(stored);
    everyAnswerIsDocumented(vaulting);
  });

  test("a scenario decides no vaulting that there is already", () => {
    const stored = brought(decideVaultPaymentMethod(askedFor(CARD.vaults), undefined, rulesAt()));
    const again = decideVaultPaymentMethod(askedFor(CARD.vaults), stored, rulesAt(NOW, { scenario: "STOLEN_CARD" }));
    expect(resultOf(again).resultCode).toBe("SUCCESS");
  });

  test.each([
    ["SUCCESS", true],
    ["VERIFICATION_FAIL", true],
    ["STOLEN_CARD", true],
    ["RISK_REJECT", false],
    ["UNKNOWN_EXCEPTION", false],
    ["PARAM_ILLEGAL", false],
  ])("whether %s is a vaulting's own result: %s", (code, want) => expect(decidesVaulting(code)).toBe(want));
});

describe("decideCreateVaultingSession", () => {
  test("an hour's session with a page", () => {
    const step = decideCreateVaultingSession(
      askedFor(CARD.vaults, {}, { is3DSAuthentication: "true" }),
      undefined,
      rulesAt(),
    );
    documented("createVaultingSession", step.answer);
    expect(step.answer).toMatchObject({
      vaultingSessionExpiryTime: "2026-11-23T13:00:00.000Z",
      normalUrl: links.card("link-2"),
    });
    expect(brought(step)).toMatchObject({
      session: { threeDS: true },
      expiresAt: NOW + 3_600_000,
      status: "PROCESSING",
    });
  });

  test("the same session again, whatever has become of it", () => {
    const first = decideCreateVaultingSession(askedFor(CARD.vaults), undefined, rulesAt());
    const states = [
      brought(first),
      become(brought(first), { kind: "card", card: judged(CARD.vaults) }, factsAt()),
      become(brought(first), { kind: "card", card: judged(CARD.asks) }, factsAt()),
      become(brought(first), { kind: "nothing" }, factsAt(NOW + 86_400_000)),
    ];
    for (const stored of states) {
      const again = decideCreateVaultingSession(askedFor(CARD.vaults), stored, rulesAt());
      expect(JSON.stringify(again.answer)).toBe(JSON.stringify(first.answer));
    }
  });

  test("an ID that vaultPaymentMethod has taken is REPEAT_REQ_INCONSISTENT", () => {
    const step = decideCreateVaultingSession(askedFor(CARD.vaults), challenged(CARD.asks), rulesAt());
    documented("createVaultingSession", step.answer);
    expect(resultOf(step).resultCode).toBe("REPEAT_REQ_INCONSISTENT");
  });
});

test("an inquiry of an unknown ID is VAULTING_NOT_EXIST", () => {
  const step = decideInquireVaulting("id-1", undefined, rulesAt());
  documented("inquireVaulting", step.answer);
  expect(resultOf(step).resultCode).toBe("VAULTING_NOT_EXIST");
});
