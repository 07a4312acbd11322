/** Pure functions that convert vaultings to rows and back. */
import { CHALLENGE_SCRIPTS } from "../../cards/test-cards.ts";
import type { CardDetails } from "../vaulting/card-details.ts";
import { type Challenge, ENDED_BY, getOrigin, type Session, type Vaulting } from "../vaulting/state-machine.ts";
import type { VaultingRow } from "./rows.ts";

/** A vaulting with the sequence number and version of its row. */
export type StoredVaulting = Vaulting & Pick<VaultingRow, "seq" | "version">;

/** The default values of the columns that depend on the state. */
const UNSET = {
  resultCode: null,
  verificationFailed: 0,
  cardToken: null,
  pendingVerdict: null,
  endedBy: null,
  expiresAt: null,
  finishedAt: null,
} as const;

export function toVaultingRow(vaulting: Vaulting): Omit<VaultingRow, "seq" | "version"> {
  const { session, card, challenge } = vaulting;
  return {
    clientId: vaulting.clientId,
    vaultingRequestId: vaulting.vaultingRequestId,
    origin: getOrigin(vaulting),
    notificationUrl: vaulting.notificationUrl,
    redirectUrl: vaulting.redirectUrl,
    metadata: vaulting.metadata,
    fingerprint: vaulting.fingerprint,
    createdAt: vaulting.createdAt,
    cardPageId: session?.cardPageId ?? null,
    sessionId: session?.sessionId ?? null,
    sessionData: session?.sessionData ?? null,
    sessionExpiresAt: session?.expiresAt ?? null,
    sessionThreeDS: session?.threeDS ? 1 : 0,
    brand: card?.brand ?? null,
    maskedCardNo: card?.maskedCardNo ?? null,
    cardDetails: card?.details ? JSON.stringify(card.details) : null,
    challengeId: challenge?.id ?? null,
    challengeScript: challenge?.script ?? null,
    wrongCodes: challenge?.wrongCodes ?? 0,
    status: vaulting.status,
    ...UNSET,
    ...getStateColumns(vaulting),
  };
}

function getStateColumns(vaulting: Vaulting): Partial<VaultingRow> {
  switch (vaulting.status) {
    case "PROCESSING": {
      const pendingVerdict = vaulting.challenge === null ? null : vaulting.pendingResult;
      return { pendingVerdict, expiresAt: vaulting.expiresAt };
    }
    case "SUCCESS": {
      const { resultCode, cardToken, endedBy, finishedAt } = vaulting;
      return { resultCode, cardToken, endedBy, finishedAt };
    }
    case "FAIL": {
      const { resultCode, verificationFailed, endedBy, finishedAt } = vaulting;
      return { resultCode, verificationFailed: verificationFailed ? 1 : 0, endedBy, finishedAt };
    }
  }
}

/** Restores a vaulting. @throws {Error} if the row is invalid */
export function vaultingFromRow(row: VaultingRow): StoredVaulting {
  const vaulting = readState(row);
  if (vaulting === undefined) throw invalidRow(row, "a column is null or has an unknown value");
  // A vaulting from a valid row converts back to the same row.
  const stored: Readonly<Record<string, unknown>> = { ...row };
  for (const [column, expected] of Object.entries(toVaultingRow(vaulting))) {
    if (stored[column] !== expected) throw invalidRow(row, `the column ${column} contradicts the other columns`);
  }
  return vaulting;
}

const invalidRow = ({ seq, status }: VaultingRow, reason: string) =>
  new Error(`The stored vaulting with sequence number ${seq} and status ${status} is invalid: ${reason}.`);

function readState(row: VaultingRow): StoredVaulting | undefined {
  const { status, resultCode, cardToken, pendingVerdict, expiresAt, finishedAt, brand, maskedCardNo } = row;
  const session = readSession(row);
  const challenge = readChallenge(row);
  // Only toVaultingRow writes this column, so the JSON is valid.
  const details = row.cardDetails === null ? null : (JSON.parse(row.cardDetails) as CardDetails);
  const card = maskedCardNo === null ? null : { brand, maskedCardNo, details };
  const start = {
    seq: row.seq,
    version: row.version,
    clientId: row.clientId,
    vaultingRequestId: row.vaultingRequestId,
    session,
    notificationUrl: row.notificationUrl,
    redirectUrl: row.redirectUrl,
    metadata: row.metadata,
    fingerprint: row.fingerprint,
    createdAt: row.createdAt,
  };
  if (status === "PROCESSING" && expiresAt !== null) {
    if (card && challenge && pendingVerdict !== null) {
      return { ...start, status, card, challenge, pendingResult: pendingVerdict, expiresAt };
    }
    if (session) return { ...start, session, status, card: null, challenge: null, expiresAt };
  }
  const endedBy = ENDED_BY.find((known) => known === row.endedBy);
  if (endedBy === undefined || finishedAt === null) return undefined;
  const end = { ...start, challenge, endedBy, finishedAt };
  if (status === "SUCCESS" && resultCode === status && card && cardToken !== null) {
    return { ...end, status, resultCode, card, cardToken };
  }
  if (status === "FAIL" && resultCode !== null) {
    return { ...end, status, resultCode, card, verificationFailed: row.verificationFailed === 1 };
  }
  return undefined;
}

function readSession(row: VaultingRow): Session | null {
  const { cardPageId, sessionId, sessionData, sessionExpiresAt: expiresAt, sessionThreeDS } = row;
  if (cardPageId === null || sessionId === null || sessionData === null || expiresAt === null) return null;
  return { cardPageId, sessionId, sessionData, expiresAt, threeDS: sessionThreeDS === 1 };
}

function readChallenge({ challengeId: id, challengeScript, wrongCodes }: VaultingRow): Challenge | null {
  const script = CHALLENGE_SCRIPTS.find((known) => known === challengeScript);
  return id === null || script === undefined ? null : { id, script, wrongCodes };
}
