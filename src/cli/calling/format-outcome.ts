/** Prints an outcome, its meaning, and the next step. @module */
import { toPrintable } from "../../cards/mask-card-data.ts";
import type {
  CreateVaultingSessionOutcome,
  InquireVaultingOutcome,
  VaultPaymentMethodOutcome,
} from "../../client/index.ts";
import { escapeControls } from "../../protocol/escape-controls.ts";
import { ACTION_ADVICE } from "../../protocol/result-actions.ts";
import { type ExitCode, type Output, type Styles, writeLine } from "../console/output.ts";
import { getWidth } from "../console/terminal-capabilities.ts";
import { formatPairs } from "../console/wrap-text.ts";

export type Outcome = VaultPaymentMethodOutcome | InquireVaultingOutcome | CreateVaultingSessionOutcome;

/** Reports whether the result of the vaulting can still change. */
export const isInProgress = (outcome: Outcome): boolean =>
  outcome.outcome === "verification_required" ||
  (outcome.outcome === "unknown" && outcome.action === "inquire_or_retry");

/**
 * Returns 0 if the card is vaulted, the session is created, or the vaulting is in progress. Returns 1 if the vaulting or the inquiry failed, if
 * the result is unknown, or if the command waited and the result is still not final.
 */
export function getExitCode(outcome: Outcome, waited = false): ExitCode {
  switch (outcome.outcome) {
    case "vaulted":
    case "created":
      return 0;
    case "verification_required":
      return waited ? 1 : 0;
    case "unknown":
      return !waited && outcome.code === "VERIFICATION_IN_PROCESS" && isInProgress(outcome) ? 0 : 1;
    default:
      return 1;
  }
}

export function explainOutcome(outcome: Outcome): { readonly meaning: string; readonly next: string } {
  switch (outcome.outcome) {
    case "vaulted":
      return {
        meaning: "The card is vaulted. This result is final.",
        next: "Store the card token. In the pay API, use it as paymentMethod.paymentMethodId.",
      };
    case "verification_required":
      return {
        meaning: "The buyer must complete 3-D Secure or enter the card on the hosted page.",
        next: "Redirect the buyer to the page. Antom sends the result in a notification, and an inquiry returns it.",
      };
    case "created":
      return {
        meaning:
          "The session is created. The buyer enters the card on Antom's page or in Antom's component, so card data never reaches your server.",
        next: "Redirect the buyer to the page, or pass vaultingSessionData to Antom's component. Antom sends the result in a notification.",
      };
    default: {
      const { message, advice, action } = outcome;
      // The advice of an inquiry can be the issuer's reason, which is already the message.
      return { meaning: toPrintable(message), next: toPrintable(advice === message ? ACTION_ADVICE[action] : advice) };
    }
  }
}

/** Prints an outcome as text, or as one JSON object that also contains the fields of `more`. */
export function printOutcome({ stdout, style }: Output, outcome: Outcome, json?: true, more: object = {}): void {
  writeLine(
    stdout,
    json
      ? escapeControls(JSON.stringify({ ...outcome, ...explainOutcome(outcome), ...more }))
      : formatOutcome(outcome, style, getWidth(stdout)),
  );
}

export function formatOutcome(outcome: Outcome, style: Styles, width: number): string {
  const { meaning, next } = explainOutcome(outcome);
  const details = getOutcomeDetails(outcome).map(([name, value]) => [name, value && toPrintable(value)] as const);
  return `${formatHeading(outcome, style)}\n${formatPairs([...details, ["Meaning", meaning], ["Next", next]], width)}`;
}

function formatHeading(outcome: Outcome, { green, red, yellow, bold }: Styles): string {
  const name = bold(outcome.outcome);
  switch (outcome.outcome) {
    case "vaulted":
    case "created":
      return `${green("✓")} ${name}`;
    case "verification_required":
      return `${yellow("…")} ${name}`;
    case "unknown":
      return `${yellow("?")} ${name}: ${toPrintable(outcome.code)}`;
    default:
      return `${red("✗")} ${name}: ${toPrintable(outcome.code)}`;
  }
}

/** Returns the names and values to print for an outcome. The values are not escaped yet. */
function getOutcomeDetails(outcome: Outcome): (readonly [string, string | undefined])[] {
  const id = ["ID", outcome.vaultingRequestId] as const;
  switch (outcome.outcome) {
    case "vaulted": {
      const { brand, maskedCardNo } = outcome.paymentMethodDetail.card;
      const card = [brand, maskedCardNo].filter((part) => part !== undefined).join(" ");
      return [id, ["Card", card || undefined], ["Card token", outcome.cardToken]];
    }
    case "verification_required":
      return [id, ["Page", outcome.normalUrl], ["App", outcome.schemeUrl], ["App link", outcome.applinkUrl]];
    case "created":
      return [
        id,
        ["Session", outcome.vaultingSessionId],
        ["Expires", outcome.vaultingSessionExpiryTime],
        ["Page", outcome.normalUrl],
      ];
    default:
      return [id];
  }
}
