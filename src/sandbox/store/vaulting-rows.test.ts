import { describe, expect, test } from "vitest";
import { createProcessing, toFailed, toSucceeded } from "../../testing/sandbox/stored-vaultings.ts";
import { SESSION } from "../../testing/sandbox/vaulting-facts.ts";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { toVaultingRow, vaultingFromRow } from "./vaulting-rows.ts";

const NUMBERED = { seq: 7, version: 3 };
const { session } = SESSION;
const EXPIRED = { card: null, challenge: null, endedBy: "expired", resultCode: "ORDER_IS_CLOSED" } as const;

const STATES: Readonly<Record<string, Vaulting>> = {
  "waits for the card": SESSION,
  "waits for the challenge": createProcessing(),
  "waits for the challenge in a session": createProcessing({ session: { ...session, threeDS: true } }),
  succeeded: toSucceeded(createProcessing()),
  "succeeded without a challenge or a brand": {
    ...toSucceeded(createProcessing({ card: { brand: null, maskedCardNo: "************1111", details: null } })),
    challenge: null,
    endedBy: "card",
  },
  failed: toFailed(createProcessing()),
  "failed verification": { ...toFailed(createProcessing()), verificationFailed: true, endedBy: "cancelled" },
  "expired before a card was entered": { ...toFailed(createProcessing({ session })), ...EXPIRED },
};

test.each(Object.entries(STATES))("vaultingFromRow restores a vaulting that %s", (_, vaulting) => {
  const row = { ...toVaultingRow(vaulting), ...NUMBERED };
  expect(vaultingFromRow(row)).toStrictEqual({ ...vaulting, ...NUMBERED });
});

describe("vaultingFromRow rejects a row with", () => {
  const waiting = toVaultingRow(createProcessing());
  const session = toVaultingRow(SESSION);
  const success = toVaultingRow(toSucceeded(createProcessing()));
  const failure = toVaultingRow(toFailed(createProcessing()));
  test.each([
    ["an unknown status", { ...waiting, status: "DONE" }],
    ["an unknown origin", { ...waiting, origin: "inquireVaulting" }],
    ["an unknown challenge script", { ...waiting, challengeScript: "new" }],
    ["an unknown endedBy value", { ...failure, endedBy: "new" }],
    ["a challenge without a pending result", { ...waiting, pendingVerdict: null }],
    ["a challenge without an expiry time", { ...waiting, expiresAt: null }],
    ["a challenge without a card", { ...waiting, maskedCardNo: null, brand: null }],
    ["a token while the challenge is pending", { ...waiting, cardToken: "token" }],
    ["neither a session nor a challenge", { ...session, cardPageId: null }],
    ["a session whose origin is vaultPaymentMethod", { ...session, origin: "vaultPaymentMethod" }],
    ["a success without a token", { ...success, cardToken: null }],
    ["a success without a card", { ...success, maskedCardNo: null, brand: null }],
    ["a success with the result code of a failure", { ...success, resultCode: "CARD_EXPIRED" }],
    ["a success with an expiry time", { ...success, expiresAt: 1 }],
    ["a failure without an end time", { ...failure, finishedAt: null }],
    ["a failure without a result code", { ...failure, resultCode: null }],
    ["a failure with a token", { ...failure, cardToken: "token" }],
    ["a failure with a pending result", { ...failure, pendingVerdict: "SUCCESS" }],
  ])("%s", (_, row) => {
    expect(() => vaultingFromRow({ ...row, ...NUMBERED })).toThrow(
      /^The stored vaulting with sequence number 7 and status \w+ is invalid: /,
    );
  });
});
