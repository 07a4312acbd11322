/** A reference model of the sandbox's responses that shares no code with the sandbox. */

/** Test cards by behavior. `code` is the issuer's result. `script` is the challenge, or `undefined` if the request decides whether there is one. */
export const CARD_KINDS = {
  vaults: { cardNo: "4054695723100768", code: "SUCCESS", script: undefined },
  fails: { cardNo: "4000009900050009", code: "CARD_EXPIRED", script: undefined },
  challenges: { cardNo: "4000009900510002", code: "SUCCESS", script: "code_required" },
  challengesThenFails: { cardNo: "4000009900520001", code: "DO_NOT_HONOR", script: "code_required" },
  failsChallenge: { cardNo: "4000009900540009", code: "USER_PAYMENT_VERIFICATION_FAILED", script: "failed" },
  exempt: { cardNo: "4035501000000008", code: "SUCCESS", script: "none" },
} as const;

export type CardKind = keyof typeof CARD_KINDS;

const MINUTE = 60_000;

export interface ModelVaulting {
  readonly origin: "vaultPaymentMethod" | "createVaultingSession";
  readonly threeDS: boolean;
  state: "card" | "challenge" | "final";
  /** When the vaulting expires, in milliseconds on the model's clock. */
  deadline: number;
  cardKind: CardKind | undefined;
  wrongCodes: number;
  /** The vaultingResultCode of a final vaulting. */
  resultCode: string | undefined;
  verificationFailed: boolean;
}

export class ReferenceModel {
  readonly vaultings = new Map<string, ModelVaulting>();
  now = 0;

  advance(minutes: number): void {
    this.now += minutes * MINUTE;
    for (const vaulting of this.vaultings.values()) {
      if (vaulting.state === "final" || this.now < vaulting.deadline) continue;
      if (vaulting.state === "card") finish(vaulting, "ORDER_IS_CLOSED", false);
      else finish(vaulting, "USER_PAYMENT_VERIFICATION_FAILED", true);
    }
  }

  create(id: string, origin: ModelVaulting["origin"], threeDS: boolean): ModelVaulting {
    const vaulting: ModelVaulting = {
      origin,
      threeDS,
      state: "card",
      deadline: this.now + 60 * MINUTE,
      cardKind: undefined,
      wrongCodes: 0,
      resultCode: undefined,
      verificationFailed: false,
    };
    this.vaultings.set(id, vaulting);
    return vaulting;
  }

  submitCard(vaulting: ModelVaulting, kind: CardKind): void {
    if (vaulting.state !== "card") return;
    vaulting.cardKind = kind;
    const { code, script } = CARD_KINDS[kind];
    if (script === "none" || (script === undefined && !vaulting.threeDS)) finish(vaulting, code, false);
    else {
      vaulting.state = "challenge";
      vaulting.deadline = this.now + 15 * MINUTE;
    }
  }

  submitCode(vaulting: ModelVaulting, isCorrect: boolean): void {
    if (vaulting.state !== "challenge" || vaulting.cardKind === undefined) return;
    const { code, script } = CARD_KINDS[vaulting.cardKind];
    if (!isCorrect) vaulting.wrongCodes += 1;
    if (script === "failed") finish(vaulting, "USER_PAYMENT_VERIFICATION_FAILED", true);
    else if (isCorrect) finish(vaulting, code, false);
    else if (vaulting.wrongCodes === 3) finish(vaulting, "VERIFY_TIMES_EXCEED_LIMIT", true);
  }

  cancel(vaulting: ModelVaulting): void {
    if (vaulting.state === "challenge") finish(vaulting, "USER_PAYMENT_VERIFICATION_FAILED", true);
  }
}

function finish(vaulting: ModelVaulting, resultCode: string, verificationFailed: boolean): void {
  vaulting.state = "final";
  vaulting.resultCode = resultCode;
  vaulting.verificationFailed = verificationFailed;
}

/** Returns the resultCode that vaultPaymentMethod returns for a vaulting. */
export function getResultCode({ state, resultCode, verificationFailed }: ModelVaulting): string {
  if (state !== "final") return "VERIFICATION_IN_PROCESS";
  if (resultCode === "SUCCESS") return "SUCCESS";
  return verificationFailed ? "VERIFICATION_FAIL" : "PROCESS_FAIL";
}

/** Returns the vaultingStatus and the vaultingResultCode that inquireVaulting returns for a vaulting. */
export function getInquiryResult({ state, resultCode }: ModelVaulting): readonly [string, string] {
  if (state !== "final") return ["PROCESSING", "VERIFICATION_IN_PROCESS"];
  return [resultCode === "SUCCESS" ? "SUCCESS" : "FAIL", resultCode ?? ""];
}
