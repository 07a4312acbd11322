/** What the forms of the dashboard do. Each gives the word by which the next page says what was done. */
import {
  type Invalid,
  validateChallengeRequest,
  validateClockRequest,
  validateFaultRequest,
  validateScenarioRequest,
} from "../../../generated/control-validators.js";
import { type OperationId, operations } from "../../../generated/operations.ts";
import type { VaultingKey } from "../../control-api/sandbox-paths.ts";
import { AntomVaultError, describeIssues } from "../../protocol/errors.ts";
import type { Control } from "../control/sandbox-control.ts";
import { FormError } from "./frame/gate.ts";
import type { FlashKey } from "./frame/messages.ts";

export async function handleControlsForm(control: Control, form: URLSearchParams): Promise<FlashKey> {
  const action = form.get("action") ?? "";
  const advance = /^advance-(\d{1,11})$/.exec(action);
  if (advance) return moveClock(control, { advanceMs: Number(advance[1]) });
  switch (action) {
    case "advance":
      return moveClock(control, { advanceMs: Number(form.get("seconds")) * 1000 });
    case "set":
      // A browser leaves the seconds out where there are none.
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
      return "scenario-over";
    case "inject-fault": {
      const request = { ...readTexts(form, "fault", "operation", "clientId"), ...readNumbers(form, "times", "ms") };
      control.injectFault(validateRequest(validateFaultRequest, request));
      return "fault";
    }
    case "clear-faults":
      control.clearFaults();
      return "faults-over";
    case "reset":
      if (form.get("sure") !== "yes") throw new FormError("Say that you are sure, and nothing was forgotten.");
      await control.reset();
      return "reset";
    default:
      throw new FormError("There is no such action.");
  }
}

/** `undefined` where there is no such vaulting, or it has no notification. */
export async function handleVaultingForm(
  control: Control,
  { clientId, vaultingRequestId }: VaultingKey,
  form: URLSearchParams,
): Promise<FlashKey | undefined> {
  switch (form.get("action")) {
    case "challenge": {
      const { result } = validateRequest(validateChallengeRequest, readTexts(form, "result"));
      const ended = await control.completeChallenge(vaultingRequestId, result, clientId);
      if (ended === false) return "late";
      return ended && "challenge";
    }
    case "resend": {
      const own = await control.notification(vaultingRequestId, clientId);
      return own && (await control.resend(own.sequence)) ? "resent" : undefined;
    }
    case "clock": {
      const own = await control.notification(vaultingRequestId, clientId);
      const next = own ? own.dueAt : (await control.vaulting(vaultingRequestId, clientId))?.expiresAt;
      const advanceMs = next === undefined ? 0 : Date.parse(next) - Date.parse(control.clock().now);
      return advanceMs <= 0 ? "not-due" : moveClock(control, { advanceMs });
    }
    default:
      throw new FormError("There is no such action.");
  }
}

export async function handleCredentialsForm(control: Control, form: URLSearchParams): Promise<FlashKey> {
  if (form.get("action") !== "rotate") throw new FormError("There is no such action.");
  await control.rotateKey();
  return "rotated";
}

async function moveClock(control: Control, request: object): Promise<FlashKey> {
  await control.moveClock(validateRequest(validateClockRequest, request));
  return "clock";
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
  operations.find((each) => each === form.get("operation"));

/** The fields that are filled in. */
const readTexts = (form: URLSearchParams, ...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (form.get(name) ? [[name, form.get(name) ?? ""]] : [])));

const readNumbers = (form: URLSearchParams, ...names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(readTexts(form, ...names)).map(([name, value]) => [name, Number(value)]));
