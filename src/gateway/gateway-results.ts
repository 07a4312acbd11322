/** The gateway's own answers. */
import type { components } from "../../generated/types.ts";

export interface ResultBody {
  readonly result: { readonly resultCode: string; readonly resultStatus: "F" | "U"; readonly resultMessage: string };
  readonly vaultingRequestId?: string;
}

type GatewayCode = components["schemas"]["VaultPaymentMethodFailedCode"];

/** A failure; `echo` is the request's vaultingRequestId where the operation's answer has that field and a legal one came. */
export const createFailure = (resultCode: GatewayCode, message: string, echo?: string): ResultBody => ({
  result: { resultCode, resultStatus: "F", resultMessage: truncate(message) },
  ...(echo === undefined ? {} : { vaultingRequestId: echo }),
});

/** The gateway does not know what happened. */
export const createUnknownException = (echo?: string): ResultBody => ({
  result: {
    resultCode: "UNKNOWN_EXCEPTION",
    resultStatus: "U",
    resultMessage: "Failed for an unknown reason. Call again with the same ID.",
  },
  ...(echo === undefined ? {} : { vaultingRequestId: echo }),
});

/** At most 256 characters, as the document says of a resultMessage. */
const truncate = (message: string): string => (message.length > 256 ? `${message.slice(0, 253)}...` : message);
