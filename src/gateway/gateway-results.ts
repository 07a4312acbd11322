/** Result bodies that the gateway itself creates. */
import type { components } from "../../generated/types.ts";

export interface ResultBody {
  readonly result: { readonly resultCode: string; readonly resultStatus: "F" | "U"; readonly resultMessage: string };
  readonly vaultingRequestId?: string;
}

type GatewayCode = components["schemas"]["VaultPaymentMethodFailedCode"];

/** Creates a failure. `echo` is the request's vaultingRequestId, if it is valid and the response has that field. */
export const createFailure = (resultCode: GatewayCode, message: string, echo?: string): ResultBody => ({
  result: { resultCode, resultStatus: "F", resultMessage: truncate(message) },
  ...(echo === undefined ? {} : { vaultingRequestId: echo }),
});

export const createUnknownException = (echo?: string): ResultBody => ({
  result: {
    resultCode: "UNKNOWN_EXCEPTION",
    resultStatus: "U",
    resultMessage: "The request failed for an unknown reason. Retry with the same ID.",
  },
  ...(echo === undefined ? {} : { vaultingRequestId: echo }),
});

export const createTrafficExceeded = (): ResultBody => ({
  result: {
    resultCode: "REQUEST_TRAFFIC_EXCEED_LIMIT",
    resultStatus: "U",
    resultMessage: "Too many requests are in progress. Wait, and retry with the same ID.",
  },
});

/** Truncates a message to 256 characters, the maximum length of a resultMessage. */
const truncate = (message: string): string => (message.length > 256 ? `${message.slice(0, 253)}...` : message);
