/** Handlers for the dashboard's forms. Each handler returns the key of the flash message for the next page. */
import {
  type Invalid,
  validateChallengeRequest,
  validateClockRequest,
  validateFaultRequest,
  validateScenarioRequest,
} from "../../../generated/control-validators.js";
import { type OperationId, operations } from "../../../generated/operations.ts";
import type { ControlSchemas as Schemas } from "../../control-api/control-schemas.ts";
import type { VaultingKey } from "../../control-api/sandbox-paths.ts";
import { AntomVaultError, describeIssues } from "../../protocol/errors.ts";
import type { Control } from "../control/sandbox-control.ts";
import { FormError } from "./frame/gate.ts";
import type { FlashKey } from "./frame/messages.ts";

const UNKNOWN_ACTION = "Unknown action: reload the page and try again.";

export async function handleControlsForm(control: Control, form: URLSearchParams): Promise<FlashKey> {
  const action = form.get("action") ?? "";
  const advance = /^advance-(\d{1,11})$/.exec(action);
  if (advance) return moveClock(control, { advanceMs: Number(advance[1]) });
  switch (action) {
    case "advance":
      return moveClock(control, { advanceMs: Number(form.get("seconds")) * 1000 });
    case "set":
      // Browsers omit the seconds if they are zero.
      return moveClock(control, { now: `${(form.get("now") ?? "").replace(/^(.{16})$/, "$1:00")}Z` });
    case "reset-clock":
      return moveClock(control, { reset: true });
    case "start-scenario": {
      const [operation, resultCode] = (form.get("scenario") ?? "").split(" ");
      const request = { operation, resultCode, ...readNumbers(form, "minutes"), ...readTexts(form, "clientId") };
      control.startScenario(validateRequest(validateScenarioRequest, request));
      return "scenario";
    }
    case "end-scenario":
      control.endScenarios(readOperation(form));
      return "scenario-ended";
    case "inject-fault": {
      const request = { ...readTexts(form, "fault", "operation", "clientId"), ...readNumbers(form, "times", "ms") };
      control.injectFault(validateRequest(validateFaultRequest, request));
      return "fault";
    }
    case "clear-faults":
      control.clearFaults();
      return "faults-cleared";
    case "reset":
      if (form.get("confirm") !== "yes")
        throw new FormError("Nothing was deleted. To reset the sandbox, select the checkbox.");
      await control.reset();
      return "reset";
    default:
      throw new FormError(UNKNOWN_ACTION);
  }
}

/** Handles a form on a vaulting's page. Returns `undefined` if the vaulting of the challenge or the notification to resend does not exist. */
export async function handleVaultingForm(
  control: Control,
  { clientId, vaultingRequestId }: VaultingKey,
  form: URLSearchParams,
): Promise<FlashKey | undefined> {
  switch (form.get("action")) {
    case "challenge": {
      const { result } = validateRequest(validateChallengeRequest, readTexts(form, "result"));
      const vaulting = await control.completeChallenge(vaultingRequestId, result, clientId);
      if (vaulting === false) return "challenge-over";
      return vaulting && "challenge";
    }
    case "resend": {
      const notification = await control.notification(vaultingRequestId, clientId);
      return notification && (await control.resend(notification.sequence)) ? "resent" : undefined;
    }
    case "clock": {
      const notification = await control.notification(vaultingRequestId, clientId);
      const dueAt = notification
        ? notification.dueAt
        : (await control.vaulting(vaultingRequestId, clientId))?.expiresAt;
      return moveClockTo(control, dueAt);
    }
    default:
      throw new FormError(UNKNOWN_ACTION);
  }
}

/** Handles a form on a notification's page. */
export async function handleNotificationForm(
  control: Control,
  { sequence, dueAt }: Schemas["Notification"],
  form: URLSearchParams,
): Promise<FlashKey | undefined> {
  switch (form.get("action")) {
    case "resend":
      return (await control.resend(sequence)) && "resent";
    case "clock":
      return moveClockTo(control, dueAt);
    default:
      throw new FormError(UNKNOWN_ACTION);
  }
}

export async function handleCredentialsForm(control: Control, form: URLSearchParams): Promise<FlashKey> {
  if (form.get("action") !== "rotate") throw new FormError(UNKNOWN_ACTION);
  await control.rotateKey();
  return "rotated";
}

/** Moves the clock forward to a time, unless the time is missing or has passed. */
async function moveClockTo(control: Control, time: string | undefined): Promise<FlashKey> {
  const advanceMs = time === undefined ? 0 : Date.parse(time) - Date.parse(control.clock().now);
  return advanceMs <= 0 ? "not-scheduled" : moveClock(control, { advanceMs });
}

async function moveClock(control: Control, request: object): Promise<FlashKey> {
  const { endedScenarios } = await control.moveClock(validateRequest(validateClockRequest, request));
  return endedScenarios ? "clock-ended-scenarios" : "clock";
}

function validateRequest<Value>(
  validate: (value: unknown) => { readonly valid: true; readonly value: Value } | Invalid,
  request: object,
): Value {
  const result = validate(request);
  if (result.valid) return result.value;
  throw new AntomVaultError("REQUEST_INVALID", `${describeIssues(result.issues)}.`);
}

const readOperation = (form: URLSearchParams): OperationId | undefined =>
  operations.find((operation) => operation === form.get("operation"));

/** Returns the named fields that are not empty. */
const readTexts = (form: URLSearchParams, ...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (form.get(name) ? [[name, form.get(name) ?? ""]] : [])));

const readNumbers = (form: URLSearchParams, ...names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(readTexts(form, ...names)).map(([name, value]) => [name, Number(value)]));
