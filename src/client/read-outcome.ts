/** Reads the outcome of a verified response. Pure: a branch of the document in, an outcome out. */
import type { responseValidators } from "../../generated/operation-validators.ts";
import type { OperationId } from "../../generated/operations.ts";
import {
  type ResultCodeRow,
  resultCodes,
  type VaultingResultCodeRow,
  vaultingResultCodes,
} from "../../generated/result-codes.ts";
import type { components } from "../../generated/types.ts";
import type { Invalid } from "../../generated/validators.js";
import { maskNumbers } from "../cards/mask-card-data.ts";
import type {
  CreateVaultingSessionOutcome,
  Explained,
  InquireVaultingOutcome,
  Vaulted,
  VaultPaymentMethodOutcome,
  VerificationRequired,
} from "./outcome.ts";

type Schemas = components["schemas"];

/** A response of each operation that fits the document. */
export type ValidAnswers = {
  readonly [Id in OperationId]: Exclude<ReturnType<(typeof responseValidators)[Id]>, Invalid>;
};

const NEW_ID = {
  action: "new_request_id",
  advice:
    "No address came: the vaulting was not created. Call again with a new vaultingRequestId; if it persists, ask the vendor's support.",
} as const;
const INQUIRE = {
  action: "inquire_or_repeat",
  advice: "Inquire, or repeat the call with the same vaultingRequestId: a new one could vault twice.",
} as const;
const SUPPORT = {
  action: "contact_support",
  advice: "The document does not know this code. Do not repeat the call; ask the vendor's support.",
} as const;

const LATER = {
  action: "inquire_or_repeat",
  advice: "The vaulting is not finished: wait for the notification, or inquire again.",
} as const;

interface Result<Code extends string> {
  readonly resultCode: Code;
  readonly resultStatus: "F" | "U";
  readonly resultMessage: string;
}

function explain<Code extends string>(operation: OperationId, result: Result<Code>): Explained<Code> {
  const rows: readonly ResultCodeRow[] = resultCodes[operation];
  const row = rows.find(({ code, status }) => code === result.resultCode && status === result.resultStatus);
  const fallback = result.resultStatus === "U" ? INQUIRE : SUPPORT;
  return {
    code: result.resultCode,
    message: maskNumbers(result.resultMessage),
    action: row?.action ?? fallback.action,
    advice: row?.furtherAction ?? fallback.advice,
  };
}

/** Why a vaulting failed, as an inquiry tells it. Older answers give no code. */
function explainVaulting(answer: Schemas["InquireVaultingVaultingFailed"]): Explained<Schemas["VaultingFailureCode"]> {
  const code = answer.vaultingResultCode ?? "PROCESS_FAIL";
  const rows: readonly VaultingResultCodeRow[] = vaultingResultCodes;
  const row = rows.find((each) => each.code === code);
  const message = maskNumbers(answer.vaultingResultMessage ?? "The vaulting failed.");
  return { code, message, action: row?.action ?? "contact_support", advice: row?.meaning ?? SUPPORT.advice };
}

function vaulted(vaultingRequestId: string, paymentMethodDetail: Schemas["VaultedPaymentMethodDetail"]): Vaulted {
  return { outcome: "vaulted", vaultingRequestId, cardToken: paymentMethodDetail.card.cardToken, paymentMethodDetail };
}

type Urls = { readonly [Name in "normalUrl" | "schemeUrl" | "applinkUrl" | "appLinkUrl"]?: string | undefined };

function verificationRequired(vaultingRequestId: string, urls: Urls): VerificationRequired {
  // appLinkUrl is the vendor's other spelling.
  const { normalUrl, schemeUrl, applinkUrl = urls.appLinkUrl } = urls;
  return {
    outcome: "verification_required",
    vaultingRequestId,
    ...(normalUrl === undefined ? {} : { normalUrl }),
    ...(schemeUrl === undefined ? {} : { schemeUrl }),
    ...(applinkUrl === undefined ? {} : { applinkUrl }),
  };
}

/** The outcome of a vaultPaymentMethod call. */
export function vaultPaymentMethodOutcome(
  vaultingRequestId: string,
  { branch, value }: ValidAnswers["vaultPaymentMethod"],
): VaultPaymentMethodOutcome {
  switch (branch) {
    case "VaultPaymentMethodVaulted":
      return vaulted(vaultingRequestId, value.paymentMethodDetail);
    case "VaultPaymentMethodVerificationRequired":
      return verificationRequired(vaultingRequestId, value);
    case "VaultPaymentMethodVerificationWithoutUrl":
      return { outcome: "unknown", vaultingRequestId, ...explain("vaultPaymentMethod", value.result), ...NEW_ID };
    case "VaultPaymentMethodFailed":
      return { outcome: "failed", vaultingRequestId, ...explain("vaultPaymentMethod", value.result) };
    case "VaultPaymentMethodUnknown":
      return { outcome: "unknown", vaultingRequestId, ...explain("vaultPaymentMethod", value.result) };
  }
}

/** The outcome of a createVaultingSession call. */
export function createVaultingSessionOutcome(
  vaultingRequestId: string,
  { branch, value }: ValidAnswers["createVaultingSession"],
): CreateVaultingSessionOutcome {
  switch (branch) {
    case "CreateVaultingSessionCreated": {
      const { vaultingSessionData, vaultingSessionId, vaultingSessionExpiryTime, normalUrl } = value;
      const session = { vaultingSessionData, vaultingSessionId, vaultingSessionExpiryTime };
      return { outcome: "created", vaultingRequestId, ...session, ...(normalUrl === undefined ? {} : { normalUrl }) };
    }
    case "CreateVaultingSessionFailed":
      return { outcome: "failed", vaultingRequestId, ...explain("createVaultingSession", value.result) };
    case "CreateVaultingSessionUnknown":
      return { outcome: "unknown", vaultingRequestId, ...explain("createVaultingSession", value.result) };
  }
}

/** The outcome of the vaulting that was asked for; `inquiry_failed` where the inquiry itself failed. */
export function inquireVaultingOutcome(
  vaultingRequestId: string,
  { branch, value }: ValidAnswers["inquireVaulting"],
): InquireVaultingOutcome {
  switch (branch) {
    case "InquireVaultingVaulted":
      return vaulted(vaultingRequestId, value.paymentMethodDetail);
    case "InquireVaultingProcessing": {
      const required = verificationRequired(vaultingRequestId, value);
      if (required.normalUrl ?? required.schemeUrl ?? required.applinkUrl) return required;
      const message = maskNumbers(value.vaultingResultMessage ?? "The vaulting is not finished.");
      return { outcome: "unknown", vaultingRequestId, code: "VERIFICATION_IN_PROCESS", message, ...LATER };
    }
    case "InquireVaultingVaultingFailed":
      return { outcome: "failed", vaultingRequestId, ...explainVaulting(value) };
    case "InquireVaultingFailed":
      return { outcome: "inquiry_failed", vaultingRequestId, ...explain("inquireVaulting", value.result) };
    case "InquireVaultingUnknown":
      return { outcome: "unknown", vaultingRequestId, ...explain("inquireVaulting", value.result) };
  }
}
