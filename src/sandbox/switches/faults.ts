/** Fault injection into calls and notifications. Each fault applies a set number of times. */
import { setTimeout as sleep } from "node:timers/promises";
import type { OperationId } from "../../../generated/operations.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { Gateway, ResponseHandler, TruncatableResponse } from "../../gateway/index.ts";
import { getResult } from "../../protocol/json-fields.ts";

export const RESPONSE_FAULTS = [
  "response-delayed",
  "request-dropped",
  "response-dropped",
  "response-truncated",
  "response-unsigned",
  "response-invalid-signature",
] as const;
/** A fault that applies only to error responses, so it is selected after the response is known. */
export const ERROR_FAULT = "error-unsigned";
export const NOTIFICATION_FAULTS = [
  "notification-duplicated",
  "notification-out-of-order",
  "notification-delayed",
  "notification-invalid-signature",
  "notification-unsigned",
] as const;

export type Fault = ControlSchemas["Fault"];

export type Faults = Readonly<ReturnType<typeof createFaults>>;

export function createFaults() {
  let faults: Fault[] = [];
  return {
    inject: (request: ControlSchemas["FaultRequest"]): Fault => {
      const times = request.times ?? 1;
      const fault = { ...request, times, remaining: times };
      faults.push(fault);
      return fault;
    },
    list: (): readonly Fault[] => faults,
    clear: (): void => {
      faults = [];
    },
    /** Returns the first matching fault and reduces its remaining count. Removes the fault when the count reaches 0. */
    consume: (kinds: readonly Fault["fault"][], clientId: string, operation?: OperationId): Fault | undefined => {
      const index = faults.findIndex(
        (fault) =>
          kinds.includes(fault.fault) &&
          (fault.clientId === undefined || fault.clientId === clientId) &&
          (fault.operation === undefined || fault.operation === operation),
      );
      const fault = faults[index];
      if (!fault) return undefined;
      if (fault.remaining > 1) faults[index] = { ...fault, remaining: fault.remaining - 1 };
      else faults.splice(index, 1);
      return fault;
    },
  };
}

/** Applies a fault to a call. Does not call `respond` if the request is dropped. */
export async function respondWithFault(
  fault: Fault,
  respond: Gateway["respond"],
  message: Parameters<ResponseHandler>[0],
): Promise<TruncatableResponse> {
  if (fault.fault === "response-delayed") await sleep(fault.ms ?? 1000);
  if (fault.fault === "request-dropped") {
    const about = { clientId: message.headers.get("client-id") ?? "" };
    return { headers: {}, body: "", about, truncation: "nothing-sent" };
  }
  const response = await respond(message);
  switch (fault.fault) {
    case "response-dropped":
      return { ...response, truncation: "nothing-sent" };
    case "response-truncated":
      return { ...response, truncation: "half-sent" };
    case "response-unsigned":
      return replaceSignature(response, undefined);
    case "response-invalid-signature":
      return replaceSignature(response, corruptSignature(response.headers["signature"]));
    default:
      return response;
  }
}

/** Returns a signed error (F or U) without its signature and response-time headers. Returns `undefined` for any other response. */
export function toUnsignedError(response: TruncatableResponse): TruncatableResponse | undefined {
  const { signature, "response-time": _, ...headers } = response.headers;
  const isError = signature !== undefined && getResult(JSON.parse(response.body)).resultStatus !== "S";
  return isError ? { ...response, headers } : undefined;
}

function replaceSignature(response: TruncatableResponse, signature: string | undefined): TruncatableResponse {
  const { signature: _, ...others } = response.headers;
  return { ...response, headers: signature === undefined ? others : { ...others, signature } };
}

/** Changes a signature so that it is well-formed but invalid. */
export const corruptSignature = (signature = ""): string =>
  signature.replace(/(signature=)(.)/, (_, name: string, first: string) => name + (first === "A" ? "B" : "A"));
