/** Tests the bytes of each kind of response, because later versions must return final responses unchanged. */
import { describe, expect, test } from "vitest";
import { CARD } from "../../testing/sandbox/sandbox.ts";
import {
  acceptCard,
  createChallenged,
  createFacts,
  links,
  NOW,
  SESSION,
  VAULTING_START,
} from "../../testing/sandbox/vaulting-facts.ts";
import { toInquiryResponse, toNotificationBody, toSessionResponse, toVaultPaymentMethodResponse } from "./responses.ts";
import { applyCard, type Final, isFinal, transition, type Vaulting } from "./state-machine.ts";

const expectFinal = (vaulting: Vaulting): Final =>
  isFinal(vaulting) ? vaulting : expect.fail("The vaulting is not final.");

const vaulted = expectFinal(applyCard(VAULTING_START, acceptCard(CARD.vaults), createFacts()));
const earlier = { ...vaulted, card: { brand: "VISA", maskedCardNo: "************0768", details: null } };
const failed = expectFinal(applyCard(VAULTING_START, acceptCard(CARD.fails), createFacts()));
const waiting = createChallenged(CARD.challenges);
const cancelled = expectFinal(transition(waiting, { kind: "cancelled" }, createFacts()));
const closed = expectFinal(transition(SESSION, { kind: "nothing" }, createFacts(NOW + 86_400_000)));

const SUCCESS = '"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."}';
const ID = '"vaultingRequestId":"id-1"';
const DETAIL =
  '"paymentMethodDetail":{"paymentMethodType":"CARD","card":{"brand":"VISA","cardToken":"token-1","maskedCardNo":"************0768","lastFour":"0768","bin":"40546957","funding":"CREDIT","issuerName":"Sandbox Bank","issuingCountry":"US","fingerprint":"fingerprint of CLIENT 2310","networkTransactionId":"012345678901234","avsResultRaw":"Y","cvvResultRaw":"M"}}';
const OLD_DETAIL =
  '"paymentMethodDetail":{"paymentMethodType":"CARD","card":{"brand":"VISA","cardToken":"token-1","maskedCardNo":"************0768"}}';
const METADATA = '"metadata":"{\\"customer\\":\\"c-17\\"}"';

describe("vaultPaymentMethod", () => {
  test.each<readonly [string, Vaulting, string]>([
    ["a success", vaulted, `{${SUCCESS},${ID},${DETAIL}}`],
    ["a success that an earlier version stored", earlier, `{${SUCCESS},${ID},${OLD_DETAIL}}`],
    [
      "a failure",
      failed,
      '{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F","resultMessage":"The card has expired. (CARD_EXPIRED)"},"vaultingRequestId":"id-1"}',
    ],
    [
      "a failed verification",
      cancelled,
      '{"result":{"resultCode":"VERIFICATION_FAIL","resultStatus":"F","resultMessage":"The buyer failed the verification. (USER_PAYMENT_VERIFICATION_FAILED)"},"vaultingRequestId":"id-1"}',
    ],
    [
      "a pending verification",
      waiting,
      '{"result":{"resultCode":"VERIFICATION_IN_PROCESS","resultStatus":"U","resultMessage":"The verification is not finished."},"vaultingRequestId":"id-1","normalUrl":"http://127.0.0.1:4010/3ds/link-1"}',
    ],
    [
      "a session without a card",
      SESSION,
      '{"result":{"resultCode":"VERIFICATION_IN_PROCESS","resultStatus":"U","resultMessage":"The verification is not finished."},"vaultingRequestId":"id-1","normalUrl":"http://127.0.0.1:4010/card/page"}',
    ],
    [
      "a closed session",
      closed,
      '{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F","resultMessage":"The verification order is closed. (ORDER_IS_CLOSED)"},"vaultingRequestId":"id-1"}',
    ],
  ])("returns stable bytes for %s", (_, vaulting, expected) =>
    expect(JSON.stringify(toVaultPaymentMethodResponse(vaulting, links))).toBe(expected));
});

describe("inquireVaulting", () => {
  test.each<readonly [string, Vaulting, string]>([
    [
      "a success",
      vaulted,
      `{${SUCCESS},${ID},"vaultingStatus":"SUCCESS",${METADATA},"vaultingResultCode":"SUCCESS","vaultingResultMessage":"The card is vaulted.",${DETAIL}}`,
    ],
    [
      "a failure",
      failed,
      '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."},"vaultingRequestId":"id-1","vaultingStatus":"FAIL","metadata":"{\\"customer\\":\\"c-17\\"}","vaultingResultCode":"CARD_EXPIRED","vaultingResultMessage":"The card has expired."}',
    ],
    [
      "a failed verification",
      cancelled,
      '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."},"vaultingRequestId":"id-1","vaultingStatus":"FAIL","metadata":"{\\"customer\\":\\"c-17\\"}","vaultingResultCode":"USER_PAYMENT_VERIFICATION_FAILED","vaultingResultMessage":"The buyer failed the verification."}',
    ],
    [
      "a pending verification",
      waiting,
      '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."},"vaultingRequestId":"id-1","vaultingStatus":"PROCESSING","metadata":"{\\"customer\\":\\"c-17\\"}","vaultingResultCode":"VERIFICATION_IN_PROCESS","vaultingResultMessage":"The verification is not finished.","normalUrl":"http://127.0.0.1:4010/3ds/link-1"}',
    ],
    [
      "a session without a card",
      SESSION,
      '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."},"vaultingRequestId":"id-1","vaultingStatus":"PROCESSING","vaultingResultCode":"VERIFICATION_IN_PROCESS","vaultingResultMessage":"The verification is not finished.","normalUrl":"http://127.0.0.1:4010/card/page"}',
    ],
    [
      "a closed session",
      closed,
      '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."},"vaultingRequestId":"id-1","vaultingStatus":"FAIL","vaultingResultCode":"ORDER_IS_CLOSED","vaultingResultMessage":"The verification order is closed."}',
    ],
  ])("returns stable bytes for %s", (_, vaulting, expected) =>
    expect(JSON.stringify(toInquiryResponse(vaulting, links))).toBe(expected));
});

test("createVaultingSession returns stable bytes", () => {
  expect(JSON.stringify(toSessionResponse(SESSION.session, links))).toBe(
    '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."},"vaultingSessionData":"data","vaultingSessionId":"session","vaultingSessionExpiryTime":"2026-11-23T13:00:00.000Z","normalUrl":"http://127.0.0.1:4010/card/page"}',
  );
});

describe("notifyVaulting", () => {
  test.each<readonly [string, Final, string]>([
    ["a success", vaulted, `{${SUCCESS},${ID},${DETAIL},${METADATA}}`],
    [
      "a failure",
      failed,
      '{"result":{"resultCode":"CARD_EXPIRED","resultStatus":"F","resultMessage":"The card has expired. (CARD_EXPIRED)"},"vaultingRequestId":"id-1","paymentMethodDetail":{"paymentMethodType":"CARD","card":{"brand":"VISA","maskedCardNo":"************0009"}},"metadata":"{\\"customer\\":\\"c-17\\"}"}',
    ],
    [
      "a failed verification",
      cancelled,
      '{"result":{"resultCode":"VERIFICATION_FAIL","resultStatus":"F","resultMessage":"The buyer failed the verification. (USER_PAYMENT_VERIFICATION_FAILED)"},"vaultingRequestId":"id-1","paymentMethodDetail":{"paymentMethodType":"CARD","card":{"brand":"VISA","maskedCardNo":"************0002"}},"metadata":"{\\"customer\\":\\"c-17\\"}"}',
    ],
    [
      "a closed session",
      closed,
      '{"result":{"resultCode":"ORDER_IS_CLOSED","resultStatus":"F","resultMessage":"The verification order is closed. (ORDER_IS_CLOSED)"},"vaultingRequestId":"id-1"}',
    ],
  ])("has a body with stable bytes for %s", (_, vaulting, expected) =>
    expect(toNotificationBody(vaulting)).toBe(expected));
});
