/** Converts verified responses to outcomes. */
import type { responseValidators } from "../../generated/operation-validators.ts";
import type { OperationId } from "../../generated/operations.ts";
import { resultAdvice, vaultingResultAdvice } from "../../generated/result-codes.ts";
import type { components } from "../../generated/types.ts";
import type { Invalid } from "../../generated/validators.js";
import { maskCardNumbers } from "../cards/mask-card-data.ts";
import type {
  CreateVaultingSessionOutcome,
  InquireVaultingOutcome,
  ResultDetails,
  Vaulted,
  VaultPaymentMethodOutcome,
  VerificationRequired,
} from "./outcome-types.ts";

type Schemas = components["schemas"];

/** The valid responses of each operation. */
export type ValidResponses = {
  readonly [Id in OperationId]: Exclude<ReturnType<(typeof responseValidators)[Id]>, Invalid>;
};

const NEW_ID_ADVICE = {
  action: "new_request_id",
  advice:
    "The response has no URL, so no vaulting was created. Call again with a new vaultingRequestId. If the problem persists, contact Antom support.",
} as const;
const INQUIRE_ADVICE = {
  action: "inquire_or_retry",
  advice: "Call inquireVaulting, or retry with the same vaultingRequestId. A new ID could vault the card twice.",
} as const;
const SUPPORT_ADVICE = {
  action: "contact_support",
  advice: "This result code is not documented. Do not retry. Contact Antom support.",
} as const;

const WAIT_ADVICE = {
  action: "inquire_or_retry",
  advice: "The vaulting is not finished. Wait for the notification, or call inquireVaulting again.",
} as const;

interface FailureResult<Code extends string> {
  readonly resultCode: Code;
  readonly resultStatus: "F" | "U";
  readonly resultMessage: string;
}

function describeResult<Code extends string>(operation: OperationId, result: FailureResult<Code>): ResultDetails<Code> {
  const fallback = result.resultStatus === "U" ? INQUIRE_ADVICE : SUPPORT_ADVICE;
  const [, , action = fallback.action, advice = fallback.advice] =
    resultAdvice.find(
      ([code, status, , , ...operations]) =>
        code === result.resultCode &&
        status === result.resultStatus &&
        (operations.length === 0 || operations.includes(operation)),
    ) ?? [];
  return {
    code: result.resultCode,
    message: maskCardNumbers(result.resultMessage),
    action,
    advice,
  };
}

/** Returns the result code of a failed vaulting and what to do about it. Responses from older API versions contain no code. */
function describeVaultingResult(
  response: Schemas["InquireVaultingVaultingFailed"],
): ResultDetails<Schemas["VaultingFailureCode"]> {
  const code = response.vaultingResultCode ?? "PROCESS_FAIL";
  const [, action = SUPPORT_ADVICE.action, advice = SUPPORT_ADVICE.advice] =
    vaultingResultAdvice.find(([candidate]) => candidate === code) ?? [];
  const message = maskCardNumbers(response.vaultingResultMessage ?? "The vaulting failed.");
  return { code, message, action, advice };
}

function toVaulted(vaultingRequestId: string, paymentMethodDetail: Schemas["VaultedPaymentMethodDetail"]): Vaulted {
  return { outcome: "vaulted", vaultingRequestId, cardToken: paymentMethodDetail.card.cardToken, paymentMethodDetail };
}

type Urls = { readonly [Name in "normalUrl" | "schemeUrl" | "applinkUrl" | "appLinkUrl"]?: string | undefined };

function toVerificationRequired(vaultingRequestId: string, urls: Urls): VerificationRequired {
  // Antom's documentation also spells applinkUrl as appLinkUrl.
  const { normalUrl, schemeUrl, applinkUrl = urls.appLinkUrl } = urls;
  return {
    outcome: "verification_required",
    vaultingRequestId,
    ...(normalUrl === undefined ? {} : { normalUrl }),
    ...(schemeUrl === undefined ? {} : { schemeUrl }),
    ...(applinkUrl === undefined ? {} : { applinkUrl }),
  };
}

/** Returns the outcome of a vaultPaymentMethod call. */
export function readVaultPaymentMethodOutcome(
  vaultingRequestId: string,
  { branch, value }: ValidResponses["vaultPaymentMethod"],
): VaultPaymentMethodOutcome {
  switch (branch) {
    case "VaultPaymentMethodVaulted":
      return toVaulted(vaultingRequestId, value.paymentMethodDetail);
    case "VaultPaymentMethodVerificationRequired":
      return toVerificationRequired(vaultingRequestId, value);
    case "VaultPaymentMethodVerificationWithoutUrl":
      return {
        outcome: "unknown",
        vaultingRequestId,
        ...describeResult("vaultPaymentMethod", value.result),
        ...NEW_ID_ADVICE,
      };
    case "VaultPaymentMethodFailed":
      return { outcome: "failed", vaultingRequestId, ...describeResult("vaultPaymentMethod", value.result) };
    case "VaultPaymentMethodUnknown":
      return { outcome: "unknown", vaultingRequestId, ...describeResult("vaultPaymentMethod", value.result) };
  }
}

/** Returns the outcome of a createVaultingSession call. */
export function readCreateVaultingSessionOutcome(
  vaultingRequestId: string,
  { branch, value }: ValidResponses["createVaultingSession"],
): CreateVaultingSessionOutcome {
  switch (branch) {
    case "CreateVaultingSessionCreated": {
      const { vaultingSessionData, vaultingSessionId, vaultingSessionExpiryTime, normalUrl } = value;
      const session = { vaultingSessionData, vaultingSessionId, vaultingSessionExpiryTime };
      return { outcome: "created", vaultingRequestId, ...session, ...(normalUrl === undefined ? {} : { normalUrl }) };
    }
    case "CreateVaultingSessionFailed":
      return { outcome: "failed", vaultingRequestId, ...describeResult("createVaultingSession", value.result) };
    case "CreateVaultingSessionUnknown":
      return { outcome: "unknown", vaultingRequestId, ...describeResult("createVaultingSession", value.result) };
  }
}

/** Returns the outcome of an inquireVaulting call. */
export function readInquireVaultingOutcome(
  vaultingRequestId: string,
  { branch, value }: ValidResponses["inquireVaulting"],
): InquireVaultingOutcome {
  switch (branch) {
    case "InquireVaultingVaulted":
      return toVaulted(vaultingRequestId, value.paymentMethodDetail);
    case "InquireVaultingProcessing": {
      const required = toVerificationRequired(vaultingRequestId, value);
      if (required.normalUrl ?? required.schemeUrl ?? required.applinkUrl) return required;
      const message = maskCardNumbers(value.vaultingResultMessage ?? "The vaulting is not finished.");
      return { outcome: "unknown", vaultingRequestId, code: "VERIFICATION_IN_PROCESS", message, ...WAIT_ADVICE };
    }
    case "InquireVaultingVaultingFailed":
      return { outcome: "failed", vaultingRequestId, ...describeVaultingResult(value) };
    case "InquireVaultingFailed":
      return { outcome: "inquiry_failed", vaultingRequestId, ...describeResult("inquireVaulting", value.result) };
    case "InquireVaultingUnknown":
      return { outcome: "unknown", vaultingRequestId, ...describeResult("inquireVaulting", value.result) };
  }
}
