/** A short reference model of the sandbox: what a merchant must be answered, written without a look at how the sandbox does it. */

/** What a kind of card does. `code` is its verdict; `script` its challenge, where it has one whatever the merchant wants. */
export const KINDS = {
  vaults: { cardNo: "4054695723100768", code: "SUCCESS", script: undefined },
  fails: { cardNo: "4000009900050009", code: "CARD_EXPIRED", script: undefined },
  asks: { cardNo: "4000009900510002", code: "SUCCESS", script: "asked" },
  asksThenFails: { cardNo: "4000009900520001", code: "DO_NOT_HONOR", script: "asked" },
  neverPasses: { cardNo: "4000009900540009", code: "USER_PAYMENT_VERIFICATION_FAILED", script: "fails" },
  exempt: { cardNo: "4035501000000008", code: "SUCCESS", script: "none" },
} as const;

export type Kind = keyof typeof KINDS;

const MINUTE = 60_000;

export interface Known {
  readonly origin: "vaultPaymentMethod" | "createVaultingSession";
  readonly threeDS: boolean;
  state: "card" | "challenge" | "final";
  /** When it ends by itself, in milliseconds of the model's clock. */
  deadline: number;
  kind: Kind | undefined;
  wrongCodes: number;
  /** vaultingResultCode, once it is final. */
  resultCode: string | undefined;
  verificationFailed: boolean;
}

export class Model {
  readonly known = new Map<string, Known>();
  now = 0;

  advance(minutes: number): void {
    this.now += minutes * MINUTE;
    for (const each of this.known.values()) {
      if (each.state === "final" || this.now < each.deadline) continue;
      if (each.state === "card") end(each, "ORDER_IS_CLOSED", false);
      else end(each, "USER_PAYMENT_VERIFICATION_FAILED", true);
    }
  }

  begin(id: string, origin: Known["origin"], threeDS: boolean): Known {
    const known: Known = {
      origin,
      threeDS,
      state: "card",
      deadline: this.now + 60 * MINUTE,
      kind: undefined,
      wrongCodes: 0,
      resultCode: undefined,
      verificationFailed: false,
    };
    this.known.set(id, known);
    return known;
  }

  card(known: Known, kind: Kind): void {
    if (known.state !== "card") return;
    known.kind = kind;
    const { code, script } = KINDS[kind];
    if (script === "none" || (script === undefined && !known.threeDS)) end(known, code, false);
    else {
      known.state = "challenge";
      known.deadline = this.now + 15 * MINUTE;
    }
  }

  code(known: Known, right: boolean): void {
    if (known.state !== "challenge" || known.kind === undefined) return;
    const { code, script } = KINDS[known.kind];
    if (!right) known.wrongCodes += 1;
    if (script === "fails") end(known, "USER_PAYMENT_VERIFICATION_FAILED", true);
    else if (right) end(known, code, false);
    else if (known.wrongCodes === 3) end(known, "VERIFY_TIMES_EXCEED_LIMIT", true);
  }

  cancel(known: Known): void {
    if (known.state === "challenge") end(known, "USER_PAYMENT_VERIFICATION_FAILED", true);
  }
}

function end(known: Known, resultCode: string, verificationFailed: boolean): void {
  known.state = "final";
  known.resultCode = resultCode;
  known.verificationFailed = verificationFailed;
}

/** The resultCode of vaultPaymentMethod. */
export function answerCode({ state, resultCode, verificationFailed }: Known): string {
  if (state !== "final") return "VERIFICATION_IN_PROCESS";
  if (resultCode === "SUCCESS") return "SUCCESS";
  return verificationFailed ? "VERIFICATION_FAIL" : "PROCESS_FAIL";
}

/** The vaultingStatus and vaultingResultCode of inquireVaulting. */
export function inquiryOf({ state, resultCode }: Known): readonly [string, string] {
  if (state !== "final") return ["PROCESSING", "VERIFICATION_IN_PROCESS"];
  return [resultCode === "SUCCESS" ? "SUCCESS" : "FAIL", resultCode ?? ""];
}
