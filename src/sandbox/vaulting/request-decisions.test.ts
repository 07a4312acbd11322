import { describe, expect, test } from "vitest";
import { validateVaultingNotificationStrict } from "../../../generated/validators.js";
import { isLuhnValid } from "../../cards/luhn.ts";
import { isVaultingResultCode } from "../../control-api/scenario-codes.ts";
import { ALL_CARDS, CARD, expectDocumented } from "../../testing/sandbox/sandbox.ts";
import {
  acceptCard,
  createChallenged,
  createFacts,
  createRequest,
  createRules,
  links,
  NOW,
  SESSION,
} from "../../testing/sandbox/vaulting-facts.ts";
import {
  decideCreateVaultingSession,
  decideInquireVaulting,
  decideVaultPaymentMethod,
  type RequestDecision,
} from "./request-decisions.ts";
import { toNotificationBody } from "./responses.ts";
import { applyCard, CHALLENGE_RESULTS, isFinal, transition, type Vaulting } from "./state-machine.ts";

const resultOf = ({ response }: RequestDecision<object>) =>
  (response as { readonly result: { readonly resultCode: string; readonly resultMessage: string } }).result;

/** The vaulting that a step brings; fails where it brings none. */
const brought = ({ vaulting }: RequestDecision<object>): Vaulting =>
  vaulting ?? expect.fail("Nothing is to be stored.");

/** Demands that whatever a vaulting looks like from outside is declared by the document. */
function everyAnswerIsDocumented(vaulting: Vaulting): void {
  const vault = decideVaultPaymentMethod(createRequest(CARD.vaults), vaulting, createRules());
  expectDocumented("vaultPaymentMethod", vault.response);
  expectDocumented("inquireVaulting", decideInquireVaulting("id-1", vaulting, createRules()).response);
  if (vaulting.session !== null) {
    expectDocumented(
      "createVaultingSession",
      decideCreateVaultingSession(createRequest(CARD.vaults), vaulting, createRules()).response,
    );
  }
  if (!isFinal(vaulting)) return;
  const checked = validateVaultingNotificationStrict(JSON.parse(toNotificationBody(vaulting)));
  if (!checked.valid) expect.fail(`${toNotificationBody(vaulting)}: ${JSON.stringify(checked.issues)}`);
}

describe("every test card, begun and ended in every way, gives documented answers", () => {
  test("there are 41 of them", () => expect(ALL_CARDS).toHaveLength(41));

  test.each(ALL_CARDS)("%s", (_, { number, result: verdict, challenge, exempt }) => {
    for (const is3DSAuthentication of [false, true, "true", "false"]) {
      const step = decideVaultPaymentMethod(createRequest(number, { is3DSAuthentication }), undefined, createRules());
      expectDocumented("vaultPaymentMethod", step.response);
      const vaulting = brought(step);
      everyAnswerIsDocumented(vaulting);
      const asked = challenge !== undefined || (!exempt && String(is3DSAuthentication) === "true");
      expect(isFinal(vaulting)).toBe(!asked);
      if (!asked) expect(vaulting).toMatchObject({ resultCode: verdict });
      for (const result of CHALLENGE_RESULTS) {
        everyAnswerIsDocumented(transition(vaulting, { kind: "ended", result }, createFacts()));
      }
      for (const right of [true, false]) {
        everyAnswerIsDocumented(transition(vaulting, { kind: "code", correct: right }, createFacts()));
      }
      everyAnswerIsDocumented(transition(vaulting, { kind: "cancelled" }, createFacts()));
      everyAnswerIsDocumented(transition(vaulting, { kind: "nothing" }, createFacts(NOW + 86_400_000)));
      const session = applyCard(SESSION, acceptCard(number, String(is3DSAuthentication) === "true"), createFacts());
      everyAnswerIsDocumented(session);
      everyAnswerIsDocumented(transition(session, { kind: "nothing" }, createFacts(NOW + 86_400_000)));
    }
  });

  test("a session, waiting and expired", () => {
    everyAnswerIsDocumented(SESSION);
    everyAnswerIsDocumented(transition(SESSION, { kind: "nothing" }, createFacts(NOW + 86_400_000)));
  });
});

describe("decideVaultPaymentMethod", () => {
  test.each([
    ["11 digits", "40546957231"],
    ["a wrong check digit", "4054695723100769"],
    ["nothing", ""],
  ])("a number with %s is PARAM_ILLEGAL, stores nothing and is not quoted", (_, cardNo) => {
    const step = decideVaultPaymentMethod(createRequest(cardNo), undefined, createRules());
    expectDocumented("vaultPaymentMethod", step.response);
    expect(resultOf(step).resultCode).toBe("PARAM_ILLEGAL");
    expect(resultOf(step).resultMessage).toContain("/paymentMethodDetail/card/cardNo");
    expect(step.vaulting).toBeUndefined();
    if (cardNo !== "") expect(JSON.stringify(step.response)).not.toContain(cardNo);
  });

  test("any other number with a right check digit vaults, and only its last four digits are kept", () => {
    const cardNo = "6011000990139424";
    expect(isLuhnValid(cardNo)).toBe(true);
    const vaulting = brought(decideVaultPaymentMethod(createRequest(cardNo, { cvv: "987" }), undefined, createRules()));
    expect(vaulting).toMatchObject({ status: "SUCCESS", card: { maskedCardNo: "************9424" } });
    expect(JSON.stringify(vaulting)).not.toMatch(/601100|987/);
  });

  test("a repeat of what has not changed stores nothing", () => {
    const stored = brought(decideVaultPaymentMethod(createRequest(CARD.challenges), undefined, createRules()));
    const again = decideVaultPaymentMethod(createRequest(CARD.vaults), stored, createRules());
    expect(again.vaulting).toBeUndefined();
    expect(again.response).toMatchObject({ normalUrl: links.challenge(stored.challenge?.id ?? "") });
  });

  test("a repeat of what has expired unseen records that, and answers so", () => {
    const stored = brought(decideVaultPaymentMethod(createRequest(CARD.challenges), undefined, createRules()));
    const late = decideVaultPaymentMethod(createRequest(CARD.challenges), stored, createRules(NOW + 900_000));
    expect(resultOf(late).resultCode).toBe("VERIFICATION_FAIL");
    expect(brought(late)).toMatchObject({ endedBy: "expired" });
  });

  test("other content under a known ID gets the first result, or REPEAT_REQ_INCONSISTENT where that is wanted", () => {
    const stored = brought(decideVaultPaymentMethod(createRequest(CARD.vaults), undefined, createRules()));
    const other = { ...createRequest(CARD.fails), fingerprint: "f-2" };
    expect(resultOf(decideVaultPaymentMethod(other, stored, createRules())).resultCode).toBe("SUCCESS");
    const refused = decideVaultPaymentMethod(other, stored, createRules(NOW, { rejectIdReuse: true }));
    expectDocumented("vaultPaymentMethod", refused.response);
    expect(resultOf(refused).resultCode).toBe("REPEAT_REQ_INCONSISTENT");
    expect(refused.vaulting).toBeUndefined();
    const same = decideVaultPaymentMethod(
      createRequest(CARD.vaults),
      stored,
      createRules(NOW, { rejectIdReuse: true }),
    );
    expect(resultOf(same).resultCode).toBe("SUCCESS");
  });

  test("fields that the document does not know reach neither what is stored nor what is answered", () => {
    const body = { isAdmin: "sesame", cardToken: "sesame", result: { resultCode: "sesame" }, status: "sesame" };
    const step = decideVaultPaymentMethod(
      createRequest(CARD.fails, { cardToken: "sesame" }, body),
      undefined,
      createRules(),
    );
    expect(JSON.stringify(step)).not.toContain("sesame");
  });

  test("an ID that a session has taken leads to the session's page", () => {
    const step = decideVaultPaymentMethod(createRequest(CARD.vaults), SESSION, createRules());
    expect(step.response).toMatchObject({
      result: { resultCode: "VERIFICATION_IN_PROCESS" },
      normalUrl: links.card("page"),
    });
    expect(step.vaulting).toBeUndefined();
  });

  test.each([
    ["SUCCESS", CARD.fails, "SUCCESS", "SUCCESS", "SUCCESS"],
    ["SUCCESS", CARD.challenges, "SUCCESS", "SUCCESS", "SUCCESS"],
    ["PROCESS_FAIL", CARD.vaults, "PROCESS_FAIL", "FAIL", "PROCESS_FAIL"],
    ["VERIFICATION_FAIL", CARD.vaults, "VERIFICATION_FAIL", "FAIL", "USER_PAYMENT_VERIFICATION_FAILED"],
    ["VERIFICATION_IN_PROCESS", CARD.vaults, "VERIFICATION_IN_PROCESS", "PROCESSING", null],
    ["VERIFICATION_IN_PROCESS", "4000009900540009", "VERIFICATION_IN_PROCESS", "PROCESSING", null],
    ["CARD_EXPIRED", CARD.vaults, "PROCESS_FAIL", "FAIL", "CARD_EXPIRED"],
    ["STOLEN_CARD", CARD.challenges, "PROCESS_FAIL", "FAIL", "STOLEN_CARD"],
  ])("scenario %s with %s", (scenario, cardNo, code, status, stored) => {
    const step = decideVaultPaymentMethod(createRequest(cardNo), undefined, createRules(NOW, { scenario }));
    expectDocumented("vaultPaymentMethod", step.response);
    expect(resultOf(step).resultCode).toBe(code);
    const vaulting = brought(step);
    expect(vaulting.status).toBe(status);
    expect(isFinal(vaulting) ? vaulting.resultCode : null).toBe(stored);
    everyAnswerIsDocumented(vaulting);
  });

  test("a scenario decides no vaulting that there is already", () => {
    const stored = brought(decideVaultPaymentMethod(createRequest(CARD.vaults), undefined, createRules()));
    const again = decideVaultPaymentMethod(
      createRequest(CARD.vaults),
      stored,
      createRules(NOW, { scenario: "STOLEN_CARD" }),
    );
    expect(resultOf(again).resultCode).toBe("SUCCESS");
  });

  test.each([
    ["SUCCESS", true],
    ["VERIFICATION_FAIL", true],
    ["STOLEN_CARD", true],
    ["RISK_REJECT", false],
    ["UNKNOWN_EXCEPTION", false],
    ["PARAM_ILLEGAL", false],
  ])("whether %s is a vaulting's own result: %s", (code, want) => expect(isVaultingResultCode(code)).toBe(want));
});

describe("decideCreateVaultingSession", () => {
  test("an hour's session with a page", () => {
    const step = decideCreateVaultingSession(
      createRequest(CARD.vaults, {}, { is3DSAuthentication: "true" }),
      undefined,
      createRules(),
    );
    expectDocumented("createVaultingSession", step.response);
    expect(step.response).toMatchObject({
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
    const first = decideCreateVaultingSession(createRequest(CARD.vaults), undefined, createRules());
    const states = [
      brought(first),
      transition(brought(first), { kind: "card", card: acceptCard(CARD.vaults) }, createFacts()),
      transition(brought(first), { kind: "card", card: acceptCard(CARD.challenges) }, createFacts()),
      transition(brought(first), { kind: "nothing" }, createFacts(NOW + 86_400_000)),
    ];
    for (const stored of states) {
      const again = decideCreateVaultingSession(createRequest(CARD.vaults), stored, createRules());
      expect(JSON.stringify(again.response)).toBe(JSON.stringify(first.response));
    }
  });

  test("an ID that vaultPaymentMethod has taken is REPEAT_REQ_INCONSISTENT", () => {
    const step = decideCreateVaultingSession(
      createRequest(CARD.vaults),
      createChallenged(CARD.challenges),
      createRules(),
    );
    expectDocumented("createVaultingSession", step.response);
    expect(resultOf(step).resultCode).toBe("REPEAT_REQ_INCONSISTENT");
  });
});

test("an inquiry of an unknown ID is VAULTING_NOT_EXIST", () => {
  const step = decideInquireVaulting("id-1", undefined, createRules());
  expectDocumented("inquireVaulting", step.response);
  expect(resultOf(step).resultCode).toBe("VAULTING_NOT_EXIST");
});
