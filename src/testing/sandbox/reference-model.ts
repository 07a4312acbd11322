/** A short reference model of the sandbox: what a merchant must be answered, written without a look at how the sandbox does it. */

/** What a kind of card does. `code` is its verdict; `script` its challenge, where it has one whatever the merchant wants. */
export const CARD_KINDS = {
  vaults: { cardNo: "4054695723100768", code: "SUCCESS", script: undefined },
  failed: { cardNo: "4000009900050009", code: "CARD_EXPIRED", script: undefined },
  asks: { cardNo: "4000009900510002", code: "SUCCESS", script: "code_required" },
  asksThenFails: { cardNo: "4000009900520001", code: "DO_NOT_HONOR", script: "code_required" },
  neverPasses: { cardNo: "4000009900540009", code: "USER_PAYMENT_VERIFICATION_FAILED", script: "failed" },
  exempt: { cardNo: "4035501000000008", code: "SUCCESS", script: "none" },
} as const;

export type CardKind = keyof typeof CARD_KINDS;

const MINUTE = 60_000;

export interface ModelVaulting {
  readonly origin: "vaultPaymentMethod" | "createVaultingSession";
  readonly threeDS: boolean;
  state: "card" | "challenge" | "final";
  /** When it ends by itself, in milliseconds of the model's clock. */
  deadline: number;
  cardKind: CardKind | undefined;
  wrongCodes: number;
  /** vaultingResultCode, once it is final. */
  resultCode: string | undefined;
  verificationFailed: boolean;
}

export class ReferenceModel {
  readonly vaultings = new Map<string, ModelVaulting>();
  now = 0;

  advance(minutes: number): void {
    this.now += minutes * MINUTE;
    for (const each of this.vaultings.values()) {
      if (each.state === "final" || this.now < each.deadline) continue;
      if (each.state === "card") finish(each, "ORDER_IS_CLOSED", false);
      else finish(each, "USER_PAYMENT_VERIFICATION_FAILED", true);
    }
  }

  create(id: string, origin: ModelVaulting["origin"], threeDS: boolean): ModelVaulting {
    const known: ModelVaulting = {
      origin,
      threeDS,
      state: "card",
      deadline: this.now + 60 * MINUTE,
      cardKind: undefined,
      wrongCodes: 0,
      resultCode: undefined,
      verificationFailed: false,
    };
    this.vaultings.set(id, known);
    return known;
  }

  submitCard(known: ModelVaulting, kind: CardKind): void {
    if (known.state !== "card") return;
    known.cardKind = kind;
    const { code, script } = CARD_KINDS[kind];
    if (script === "none" || (script === undefined && !known.threeDS)) finish(known, code, false);
    else {
      known.state = "challenge";
      known.deadline = this.now + 15 * MINUTE;
    }
  }

  submitCode(known: ModelVaulting, right: boolean): void {
    if (known.state !== "challenge" || known.cardKind === undefined) return;
    const { code, script } = CARD_KINDS[known.cardKind];
    if (!right) known.wrongCodes += 1;
    if (script === "failed") finish(known, "USER_PAYMENT_VERIFICATION_FAILED", true);
    else if (right) finish(known, code, false);
    else if (known.wrongCodes === 3) finish(known, "VERIFY_TIMES_EXCEED_LIMIT", true);
  }

  cancel(known: ModelVaulting): void {
    if (known.state === "challenge") finish(known, "USER_PAYMENT_VERIFICATION_FAILED", true);
  }
}

function finish(known: ModelVaulting, resultCode: string, verificationFailed: boolean): void {
  known.state = "final";
  known.resultCode = resultCode;
  known.verificationFailed = verificationFailed;
}

/** The resultCode of vaultPaymentMethod. */
export function getResultCode({ state, resultCode, verificationFailed }: ModelVaulting): string {
  if (state !== "final") return "VERIFICATION_IN_PROCESS";
  if (resultCode === "SUCCESS") return "SUCCESS";
  return verificationFailed ? "VERIFICATION_FAIL" : "PROCESS_FAIL";
}

/** The vaultingStatus and vaultingResultCode of inquireVaulting. */
export function getInquiryResult({ state, resultCode }: ModelVaulting): readonly [string, string] {
  if (state !== "final") return ["PROCESSING", "VERIFICATION_IN_PROCESS"];
  return [resultCode === "SUCCESS" ? "SUCCESS" : "FAIL", resultCode ?? ""];
}
