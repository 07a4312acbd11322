/** Going wrong on purpose: faults that are injected so many times, into the answers or into the notifications. */
import { setTimeout as sleep } from "node:timers/promises";
import type { OperationId } from "../../../generated/operations.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { Gateway, ResponseHandler, TruncatableResponse } from "../../gateway/index.ts";

export const RESPONSE_FAULTS = [
  "response-delayed",
  "request-dropped",
  "response-dropped",
  "response-truncated",
  "response-unsigned",
  "response-invalid-signature",
] as const;
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
    /** Takes one of the faults of these kinds, if one is left for the client. */
    consume: (kinds: readonly Fault["fault"][], clientId: string, operation?: OperationId): Fault | undefined => {
      const at = faults.findIndex(
        (each) =>
          kinds.includes(each.fault) &&
          (each.clientId === undefined || each.clientId === clientId) &&
          (each.operation === undefined || each.operation === operation),
      );
      const fault = faults[at];
      if (!fault) return undefined;
      if (fault.remaining > 1) faults[at] = { ...fault, remaining: fault.remaining - 1 };
      else faults.splice(at, 1);
      return fault;
    },
  };
}

/** What a fault does to a call. `answer` is not called where the fault comes before the work. */
export async function respondWithFault(
  fault: Fault,
  answer: Gateway["respond"],
  message: Parameters<ResponseHandler>[0],
): Promise<TruncatableResponse> {
  if (fault.fault === "response-delayed") await sleep(fault.ms ?? 1000);
  if (fault.fault === "request-dropped") {
    return {
      headers: {},
      body: "",
      about: { clientId: message.headers.get("client-id") ?? "" },
      truncation: "nothing-sent",
    };
  }
  const right = await answer(message);
  switch (fault.fault) {
    case "response-dropped":
      return { ...right, truncation: "nothing-sent" };
    case "response-truncated":
      return { ...right, truncation: "half-sent" };
    case "response-unsigned":
      return { ...right, headers: replaceSignature(right.headers, undefined) };
    case "response-invalid-signature":
      return { ...right, headers: replaceSignature(right.headers, corruptSignature(right.headers["signature"])) };
    default:
      return right;
  }
}

function replaceSignature(
  headers: Readonly<Record<string, string>>,
  signature: string | undefined,
): Record<string, string> {
  const { signature: _right, ...others } = headers;
  return signature === undefined ? others : { ...others, signature };
}

/** A signature in good form that fits nothing: that of another text. */
export const corruptSignature = (signature = ""): string =>
  signature.replace(/(signature=)(.)/, (_, name: string, first: string) => name + (first === "A" ? "B" : "A"));
