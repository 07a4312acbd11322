import { describe, expect, test } from "vitest";
import { validateVaultingNotificationStrict } from "../../../generated/validators.js";
import { isLuhnValid } from "../../cards/luhn.ts";
import { isVaultingResultCode } from "../../control-api/scenario-codes.ts";
import { ALL_CARDS, CARD, expectDocumented } from "../../testing/sandbox/sandbox.ts";
import {
  acceptCard,
  createChallenged,
  createDecisionOptions,
  createFacts,
  createRequest,
  links,
  NOW,
  SESSION,
} from "../../testing/sandbox/vaulting-facts.ts";
import {
  type Decision,
  decideCreateVaultingSession,
  decideInquireVaulting,
  decideVaultPaymentMethod,
  type VaultingRequest,
} from "./request-decisions.ts";
import { toNotificationBody } from "./responses.ts";
import { applyCard, CHALLENGE_RESULTS, isFinal, transition, type Vaulting } from "./state-machine.ts";

const getResult = ({ response }: Decision<object>) =>
  (response as { readonly result: { readonly resultCode: string; readonly resultMessage: string } }).result;

/** Returns the vaulting of a decision, and fails the test if there is none. */
const getVaulting = ({ vaulting }: Decision<object>): Vaulting =>
  vaulting ?? expect.fail("The decision stores no vaulting.");

/** Decides the response to vaultPaymentMethod for a new ID. */
const decideNew = (request: VaultingRequest, options = createDecisionOptions()) =>
  decideVaultPaymentMethod(request, undefined, options);

/** Checks every response and notification for a vaulting against the OpenAPI document. */
function expectDocumentedResponses(vaulting: Vaulting): void {
  const vault = decideVaultPaymentMethod(createRequest(CARD.vaults), vaulting, createDecisionOptions());
  expectDocumented("vaultPaymentMethod", vault.response);
  expectDocumented("inquireVaulting", decideInquireVaulting("id-1", vaulting, createDecisionOptions()).response);
  if (vaulting.session !== null) {
    const session = decideCreateVaultingSession(createRequest(CARD.vaults), vaulting, createDecisionOptions());
    expectDocumented("createVaultingSession", session.response);
  }
  if (!isFinal(vaulting)) return;
  const checked = validateVaultingNotificationStrict(JSON.parse(toNotificationBody(vaulting)));
  if (!checked.valid) expect.fail(`${toNotificationBody(vaulting)}: ${JSON.stringify(checked.issues)}`);
}

test("the tests cover 41 test cards", () => expect(ALL_CARDS).toHaveLength(41));

describe("the responses for every state conform to the OpenAPI document", () => {
  test.each(ALL_CARDS)("for the card %s", (_, { number, result, challenge, exempt }) => {
    for (const is3DSAuthentication of [false, true, "true", "false"]) {
      const decision = decideNew(createRequest(number, { is3DSAuthentication }));
      expectDocumented("vaultPaymentMethod", decision.response);
      const vaulting = getVaulting(decision);
      expectDocumentedResponses(vaulting);
      const challenged = challenge !== undefined || (!exempt && String(is3DSAuthentication) === "true");
      expect(isFinal(vaulting)).toBe(!challenged);
      if (!challenged) expect(vaulting).toMatchObject({ resultCode: result });
      for (const result of CHALLENGE_RESULTS) {
        expectDocumentedResponses(transition(vaulting, { kind: "ended", result }, createFacts()));
      }
      for (const correct of [true, false]) {
        expectDocumentedResponses(transition(vaulting, { kind: "code", correct }, createFacts()));
      }
      expectDocumentedResponses(transition(vaulting, { kind: "cancelled" }, createFacts()));
      expectDocumentedResponses(transition(vaulting, { kind: "nothing" }, createFacts(NOW + 86_400_000)));
      const session = applyCard(SESSION, acceptCard(number, String(is3DSAuthentication) === "true"), createFacts());
      expectDocumentedResponses(session);
      expectDocumentedResponses(transition(session, { kind: "nothing" }, createFacts(NOW + 86_400_000)));
    }
  });

  test("for a session without a card, before and after it expires", () => {
    expectDocumentedResponses(SESSION);
    expectDocumentedResponses(transition(SESSION, { kind: "nothing" }, createFacts(NOW + 86_400_000)));
  });
});

describe("decideVaultPaymentMethod", () => {
  test.each([
    ["11 digits", "40546957231"],
    ["an incorrect check digit", "4054695723100769"],
    ["no digits", ""],
  ])("rejects a number with %s, and neither stores nor quotes it", (_, cardNo) => {
    const decision = decideNew(createRequest(cardNo));
    expectDocumented("vaultPaymentMethod", decision.response);
    expect(getResult(decision).resultCode).toBe("PARAM_ILLEGAL");
    expect(getResult(decision).resultMessage).toContain("/paymentMethodDetail/card/cardNo");
    expect(decision.vaulting).toBeUndefined();
    if (cardNo !== "") expect(JSON.stringify(decision.response)).not.toContain(cardNo);
  });

  test("uses selectedCardBrand instead of brand if the number determines no brand", () => {
    const card = { selectedCardBrand: "WOORI", brand: "LOTTE" };
    const vaulting = getVaulting(decideNew(createRequest("9491000000000007", card)));
    expect(vaulting).toMatchObject({ card: { brand: "WOORI" } });
  });

  test("vaults a valid card number that is not a test card, and stores only its last 4 digits", () => {
    const cardNo = "6011000990139424";
    expect(isLuhnValid(cardNo)).toBe(true);
    const vaulting = getVaulting(decideNew(createRequest(cardNo, { cvv: "987" })));
    expect(vaulting).toMatchObject({ status: "SUCCESS", card: { maskedCardNo: "************9424" } });
    expect(JSON.stringify(vaulting)).not.toMatch(/601100|987/);
  });

  test("stores nothing if a retry does not change the vaulting", () => {
    const stored = getVaulting(decideNew(createRequest(CARD.challenges)));
    const again = decideVaultPaymentMethod(createRequest(CARD.vaults), stored, createDecisionOptions());
    expect(again.vaulting).toBeUndefined();
    expect(again.response).toMatchObject({ normalUrl: links.challenge(stored.challenge?.id ?? "") });
  });

  test("stores and returns the failure if a retry arrives after the challenge has expired", () => {
    const stored = getVaulting(decideNew(createRequest(CARD.challenges)));
    const late = decideVaultPaymentMethod(createRequest(CARD.challenges), stored, createDecisionOptions(NOW + 900_000));
    expect(getResult(late).resultCode).toBe("VERIFICATION_FAIL");
    expect(getVaulting(late)).toMatchObject({ endedBy: "expired" });
  });

  test("returns the first result if an ID is reused with different content, or REPEAT_REQ_INCONSISTENT if rejectIdReuse is set", () => {
    const stored = getVaulting(decideNew(createRequest(CARD.vaults)));
    const other = { ...createRequest(CARD.fails), fingerprint: "f-2" };
    expect(getResult(decideVaultPaymentMethod(other, stored, createDecisionOptions())).resultCode).toBe("SUCCESS");
    const strict = createDecisionOptions(NOW, { rejectIdReuse: true });
    const rejected = decideVaultPaymentMethod(other, stored, strict);
    expectDocumented("vaultPaymentMethod", rejected.response);
    expect(getResult(rejected).resultCode).toBe("REPEAT_REQ_INCONSISTENT");
    expect(rejected.vaulting).toBeUndefined();
    const same = decideVaultPaymentMethod(createRequest(CARD.vaults), stored, strict);
    expect(getResult(same).resultCode).toBe("SUCCESS");
  });

  test("ignores undocumented fields", () => {
    const body = { isAdmin: "sesame", cardToken: "sesame", result: { resultCode: "sesame" }, status: "sesame" };
    const decision = decideNew(createRequest(CARD.fails, { cardToken: "sesame" }, body));
    expect(JSON.stringify(decision)).not.toContain("sesame");
  });

  test("returns the URL of the card page for the ID of a session", () => {
    const decision = decideVaultPaymentMethod(createRequest(CARD.vaults), SESSION, createDecisionOptions());
    expect(decision.response).toMatchObject({
      result: { resultCode: "VERIFICATION_IN_PROCESS" },
      normalUrl: links.card("page"),
    });
    expect(decision.vaulting).toBeUndefined();
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
  ])("applies the scenario %s to the card %s", (scenario, cardNo, code, status, stored) => {
    const decision = decideNew(createRequest(cardNo), createDecisionOptions(NOW, { scenario }));
    expectDocumented("vaultPaymentMethod", decision.response);
    expect(getResult(decision).resultCode).toBe(code);
    const vaulting = getVaulting(decision);
    expect(vaulting.status).toBe(status);
    expect(isFinal(vaulting) ? vaulting.resultCode : null).toBe(stored);
    expectDocumentedResponses(vaulting);
  });

  test("ignores a scenario for an existing vaulting", () => {
    const stored = getVaulting(decideNew(createRequest(CARD.vaults)));
    const options = createDecisionOptions(NOW, { scenario: "STOLEN_CARD" });
    const again = decideVaultPaymentMethod(createRequest(CARD.vaults), stored, options);
    expect(getResult(again).resultCode).toBe("SUCCESS");
  });
});

test.each([
  ["SUCCESS", true],
  ["VERIFICATION_FAIL", true],
  ["STOLEN_CARD", true],
  ["RISK_REJECT", false],
  ["UNKNOWN_EXCEPTION", false],
  ["PARAM_ILLEGAL", false],
])("isVaultingResultCode(%j) returns %j", (code, expected) => expect(isVaultingResultCode(code)).toBe(expected));

describe("decideCreateVaultingSession", () => {
  test("creates a session with a page that expires after 1 hour", () => {
    const request = createRequest(CARD.vaults, {}, { is3DSAuthentication: "true" });
    const decision = decideCreateVaultingSession(request, undefined, createDecisionOptions());
    expectDocumented("createVaultingSession", decision.response);
    expect(decision.response).toMatchObject({
      vaultingSessionExpiryTime: "2026-11-23T13:00:00.000Z",
      normalUrl: links.card("link-2"),
    });
    expect(getVaulting(decision)).toMatchObject({
      session: { threeDS: true },
      expiresAt: NOW + 3_600_000,
      status: "PROCESSING",
    });
  });

  test("returns the same response to a retry in every state of the session", () => {
    const first = decideCreateVaultingSession(createRequest(CARD.vaults), undefined, createDecisionOptions());
    const states = [
      getVaulting(first),
      transition(getVaulting(first), { kind: "card", card: acceptCard(CARD.vaults) }, createFacts()),
      transition(getVaulting(first), { kind: "card", card: acceptCard(CARD.challenges) }, createFacts()),
      transition(getVaulting(first), { kind: "nothing" }, createFacts(NOW + 86_400_000)),
    ];
    for (const stored of states) {
      const again = decideCreateVaultingSession(createRequest(CARD.vaults), stored, createDecisionOptions());
      expect(JSON.stringify(again.response)).toBe(JSON.stringify(first.response));
    }
  });

  test("returns REPEAT_REQ_INCONSISTENT for an ID that vaultPaymentMethod has used", () => {
    const stored = createChallenged(CARD.challenges);
    const decision = decideCreateVaultingSession(createRequest(CARD.vaults), stored, createDecisionOptions());
    expectDocumented("createVaultingSession", decision.response);
    expect(getResult(decision).resultCode).toBe("REPEAT_REQ_INCONSISTENT");
  });
});

test("decideInquireVaulting returns VAULTING_NOT_EXIST for an unknown ID", () => {
  const decision = decideInquireVaulting("id-1", undefined, createDecisionOptions());
  expectDocumented("inquireVaulting", decision.response);
  expect(getResult(decision).resultCode).toBe("VAULTING_NOT_EXIST");
});
