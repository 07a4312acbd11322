/** An outcome as a person reads it: what came, what it means, what to do next. */

import { toPrintable } from "../../cards/mask-card-data.ts";
import type {
  CreateVaultingSessionOutcome,
  InquireVaultingOutcome,
  VaultPaymentMethodOutcome,
} from "../../client/index.ts";
import { ACTION_ADVICE } from "../../protocol/result-actions.ts";
import { type ExitCode, formatPairs, type Output, type Styles, writeLine } from "../console/output.ts";

export type Outcome = VaultPaymentMethodOutcome | InquireVaultingOutcome | CreateVaultingSessionOutcome;

/** Whether the buyer or the issuer is still to be waited for. */
export const isInProcess = (outcome: Outcome): boolean =>
  outcome.outcome === "verification_required" ||
  (outcome.outcome === "unknown" && outcome.action === "inquire_or_retry");

/** 0 where it is vaulted, or goes its way; 1 where it failed, where nobody knows, or where it was waited for in vain. */
export function getExitCode(outcome: Outcome, waited = false): ExitCode {
  switch (outcome.outcome) {
    case "vaulted":
    case "created":
      return 0;
    case "verification_required":
      return waited ? 1 : 0;
    case "unknown":
      return !waited && outcome.code === "VERIFICATION_IN_PROCESS" && isInProcess(outcome) ? 0 : 1;
    default:
      return 1;
  }
}

export function explainOutcome(outcome: Outcome): { readonly meaning: string; readonly next: string } {
  switch (outcome.outcome) {
    case "vaulted":
      return {
        meaning: "The card is vaulted. This is final.",
        next: "Keep the card token: pay takes it as paymentMethod.paymentMethodId.",
      };
    case "verification_required":
      return {
        meaning: "The buyer is awaited on a page: for 3-D Secure, or to type the card of a session.",
        next: "Redirect the buyer to the page. The result comes by notification; an inquiry tells it too.",
      };
    case "created":
      return {
        meaning:
          "The session is there: the buyer types the card on the vendor's page or component, and none passes through you.",
        next: "Send the buyer to the page, or hand vaultingSessionData to the vendor's component. The result comes by notification.",
      };
    default: {
      const { message, advice, action } = outcome;
      // An inquiry knows the issuer's reason, and has no advice but that.
      return { meaning: toPrintable(message), next: toPrintable(advice === message ? ACTION_ADVICE[action] : advice) };
    }
  }
}

/** Prints an outcome as text, or with everything else that is known of it as one JSON object. */
export function printOutcome({ stdout, style }: Output, outcome: Outcome, json?: true, more: object = {}): void {
  writeLine(
    stdout,
    json ? JSON.stringify({ ...outcome, ...explainOutcome(outcome), ...more }) : formatOutcome(outcome, style),
  );
}

export function formatOutcome(outcome: Outcome, style: Styles): string {
  const { meaning, next } = explainOutcome(outcome);
  return [
    formatHeading(outcome, style),
    formatPairs([...outcomeDetails(outcome), ["Meaning", meaning], ["Next", next]]),
  ].join("\n");
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

function outcomeDetails(outcome: Outcome): (readonly [string, string | undefined])[] {
  const shown = (address: string | undefined) => (address === undefined ? undefined : toPrintable(address));
  const id = ["ID", toPrintable(outcome.vaultingRequestId)] as const;
  switch (outcome.outcome) {
    case "vaulted": {
      const { brand, maskedCardNo } = outcome.paymentMethodDetail.card;
      const card = [brand, maskedCardNo].filter((each) => each !== undefined).map((each) => toPrintable(each));
      return [
        id,
        ["Card", card.length > 0 ? card.join(" ") : undefined],
        ["Card token", toPrintable(outcome.cardToken)],
      ];
    }
    case "verification_required":
      return [
        id,
        ["Page", shown(outcome.normalUrl)],
        ["App", shown(outcome.schemeUrl)],
        ["App link", shown(outcome.applinkUrl)],
      ];
    case "created":
      return [
        id,
        ["Session", toPrintable(outcome.vaultingSessionId)],
        ["Expires", toPrintable(outcome.vaultingSessionExpiryTime)],
        ["Page", shown(outcome.normalUrl)],
      ];
    default:
      return [id];
  }
}
