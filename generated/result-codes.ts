// Made by `npm run generate` from spec/. Do not edit.

/**
 * What to do after a result code, for programs.
 *
 * - `none`: nothing.
 * - `open_url`: redirect the buyer to one of the URLs.
 * - `fix_request`: fix your program or configuration. Do not retry the same request.
 * - `new_request_id`: call again with a new `vaultingRequestId`.
 * - `inquire_or_retry`: call inquireVaulting, or retry with the same `vaultingRequestId`.
 * - `inform_buyer`: let the buyer correct the card or use a different one, then call with a new `vaultingRequestId`.
 * - `contact_support`: do not retry. Contact Antom.
 */
export type ResultAction =
  | "none"
  | "open_url"
  | "fix_request"
  | "new_request_id"
  | "inquire_or_retry"
  | "inform_buyer"
  | "contact_support";

/** One row of an operation's result-code table. */
export interface ResultCodeRow {
  /** The result code, for example `PARAM_ILLEGAL`. */
  readonly code: string;
  /** S success, F failure, U unknown. */
  readonly status: "S" | "F" | "U";
  /** What the code means, in one or two sentences. */
  readonly meaning: string;
  /** What to do next, human-readable. */
  readonly furtherAction: string;
  /** What to do next, for programs. */
  readonly action: ResultAction;
  /** The page or SDK of Antom that documents the code, with its date. */
  readonly source: string;
}

/** One row of the table of vaultingResultCode, which inquireVaulting returns. */
export interface VaultingResultCodeRow {
  /** The code, for example `CARD_EXPIRED`. */
  readonly code: string;
  /** The state of the vaulting that the code belongs to. */
  readonly vaultingStatus: "SUCCESS" | "FAIL" | "PROCESSING";
  /** What the code means, in one or two sentences. */
  readonly meaning: string;
  /** What to do next, for programs. */
  readonly action: ResultAction;
  /** The page or SDK of Antom that documents the code, with its date. */
  readonly source: string;
}

const resultCodeTables = {
  "vaultPaymentMethod": [
    {
      "code": "SUCCESS",
      "status": "S",
      "meaning": "The card is vaulted. (Antom's table uses the text of createVaultingSession, which mentions a session.)",
      "furtherAction": "None. Use the cardToken.",
      "action": "none",
      "source": "vaultPaymentMethod page, 2024-03-14"
    },
    {
      "code": "VERIFICATION_IN_PROCESS",
      "status": "U",
      "meaning": "The payment method is being verified.",
      "furtherAction": "Redirect the buyer to one of the URLs. Without a URL, call again with a new vaultingRequestId. If the problem persists, contact Antom support.",
      "action": "open_url",
      "source": "vaultPaymentMethod page, 2024-03-14"
    },
    {
      "code": "UNKNOWN_EXCEPTION",
      "status": "U",
      "meaning": "The request failed for an unknown reason.",
      "furtherAction": "Call inquireVaulting, or retry with the same ID. If the problem persists, contact Antom support.",
      "action": "inquire_or_retry",
      "source": "vaultPaymentMethod page, 2024-03-14"
    },
    {
      "code": "PARAM_ILLEGAL",
      "status": "F",
      "meaning": "A required header or body field is missing or invalid (not a number, not a date, or of an incorrect length or type).",
      "furtherAction": "Check the header and body fields. You can reuse the ID.",
      "action": "fix_request",
      "source": "vaultPaymentMethod page, 2024-03-14"
    },
    {
      "code": "PROCESS_FAIL",
      "status": "F",
      "meaning": "A general business failure.",
      "furtherAction": "Do not retry. Contact Antom support.",
      "action": "contact_support",
      "source": "vaultPaymentMethod page, 2024-03-14"
    },
    {
      "code": "VERIFICATION_FAIL",
      "status": "F",
      "meaning": "The verification of the payment method failed.",
      "furtherAction": "Call again with a new vaultingRequestId.",
      "action": "new_request_id",
      "source": "vaultPaymentMethod page, 2024-03-14"
    },
    {
      "code": "INVALID_SIGNATURE",
      "status": "F",
      "meaning": "The signature does not match the message or the key. The response is unsigned.",
      "furtherAction": "Check the key pair and the string to sign.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "KEY_NOT_FOUND",
      "status": "F",
      "meaning": "A public or private key of the merchant or the gateway is missing.",
      "furtherAction": "Upload the public key in the dashboard.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "ACCESS_DENIED",
      "status": "F",
      "meaning": "Access is denied.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "CLIENT_FORBIDDEN_ACCESS_API",
      "status": "F",
      "meaning": "The client is not allowed to use this API.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_API",
      "status": "F",
      "meaning": "The API is invalid or not active.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_CLIENT",
      "status": "F",
      "meaning": "The client is invalid.",
      "furtherAction": "Check the client ID.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_CLIENT_STATUS",
      "status": "F",
      "meaning": "The client's status does not allow the call.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "UNKNOWN_CLIENT",
      "status": "F",
      "meaning": "The client is unknown.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "MERCHANT_NOT_REGISTERED",
      "status": "F",
      "meaning": "The merchant is not registered.",
      "furtherAction": "Register the merchant, or contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "NO_INTERFACE_DEF",
      "status": "F",
      "meaning": "No API is defined at this path.",
      "furtherAction": "Check the URL.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "METHOD_NOT_SUPPORTED",
      "status": "F",
      "meaning": "The HTTP method is not supported.",
      "furtherAction": "Use POST.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "MEDIA_TYPE_NOT_ACCEPTABLE",
      "status": "F",
      "meaning": "The media type or content encoding is not accepted.",
      "furtherAction": "Send application/json in UTF-8, not compressed.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "ILLEGAL_CLIENT_IP",
      "status": "F",
      "meaning": "The API key does not allow calls from this IP address.",
      "furtherAction": "Call from an allowed address, or contact Antom support.",
      "action": "contact_support",
      "source": "pull requests of Antom's SDKs, 2026-09-17"
    },
    {
      "code": "OAUTH_FAIL",
      "status": "F",
      "meaning": "The API key does not allow this call.",
      "furtherAction": "Check the permissions of the API key, or sign the request instead.",
      "action": "fix_request",
      "source": "pull requests of Antom's SDKs, 2026-09-17"
    },
    {
      "code": "REPEAT_REQ_INCONSISTENT",
      "status": "F",
      "meaning": "The ID was already used with different content.",
      "furtherAction": "Call again with a new vaultingRequestId.",
      "action": "new_request_id",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "RISK_REJECT",
      "status": "F",
      "meaning": "Risk control rejected the request.",
      "furtherAction": "Inform the buyer.",
      "action": "inform_buyer",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "SYSTEM_ERROR",
      "status": "F",
      "meaning": "The gateway had an internal error.",
      "furtherAction": "Do not retry. Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "REQUEST_TRAFFIC_EXCEED_LIMIT",
      "status": "U",
      "meaning": "Too many requests.",
      "furtherAction": "Call again later with the same ID. If the problem persists, contact Antom support.",
      "action": "inquire_or_retry",
      "source": "tables of related Antom APIs, 2024"
    }
  ],
  "createVaultingSession": [
    {
      "code": "SUCCESS",
      "status": "S",
      "meaning": "The session is created.",
      "furtherAction": "None.",
      "action": "none",
      "source": "createVaultingSession page of the APO product (visible part)"
    },
    {
      "code": "PARAM_ILLEGAL",
      "status": "F",
      "meaning": "A required header or body field is missing or invalid.",
      "furtherAction": "Check the header and body fields. You can reuse the ID.",
      "action": "fix_request",
      "source": "createVaultingSession page of the APO product (visible part)"
    },
    {
      "code": "INVALID_SIGNATURE",
      "status": "F",
      "meaning": "The signature does not match the message or the key. The response is unsigned.",
      "furtherAction": "Check the key pair and the string to sign.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "KEY_NOT_FOUND",
      "status": "F",
      "meaning": "A public or private key of the merchant or the gateway is missing.",
      "furtherAction": "Upload the public key in the dashboard.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "ACCESS_DENIED",
      "status": "F",
      "meaning": "Access is denied.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "CLIENT_FORBIDDEN_ACCESS_API",
      "status": "F",
      "meaning": "The client is not allowed to use this API.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_API",
      "status": "F",
      "meaning": "The API is invalid or not active.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_CLIENT",
      "status": "F",
      "meaning": "The client is invalid.",
      "furtherAction": "Check the client ID.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_CLIENT_STATUS",
      "status": "F",
      "meaning": "The client's status does not allow the call.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "UNKNOWN_CLIENT",
      "status": "F",
      "meaning": "The client is unknown.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "MERCHANT_NOT_REGISTERED",
      "status": "F",
      "meaning": "The merchant is not registered.",
      "furtherAction": "Register the merchant, or contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "NO_INTERFACE_DEF",
      "status": "F",
      "meaning": "No API is defined at this path.",
      "furtherAction": "Check the URL.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "METHOD_NOT_SUPPORTED",
      "status": "F",
      "meaning": "The HTTP method is not supported.",
      "furtherAction": "Use POST.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "MEDIA_TYPE_NOT_ACCEPTABLE",
      "status": "F",
      "meaning": "The media type or content encoding is not accepted.",
      "furtherAction": "Send application/json in UTF-8, not compressed.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "ILLEGAL_CLIENT_IP",
      "status": "F",
      "meaning": "The API key does not allow calls from this IP address.",
      "furtherAction": "Call from an allowed address, or contact Antom support.",
      "action": "contact_support",
      "source": "pull requests of Antom's SDKs, 2026-09-17"
    },
    {
      "code": "OAUTH_FAIL",
      "status": "F",
      "meaning": "The API key does not allow this call.",
      "furtherAction": "Check the permissions of the API key, or sign the request instead.",
      "action": "fix_request",
      "source": "pull requests of Antom's SDKs, 2026-09-17"
    },
    {
      "code": "REPEAT_REQ_INCONSISTENT",
      "status": "F",
      "meaning": "The ID was already used with different content.",
      "furtherAction": "Call again with a new vaultingRequestId.",
      "action": "new_request_id",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "RISK_REJECT",
      "status": "F",
      "meaning": "Risk control rejected the request.",
      "furtherAction": "Inform the buyer.",
      "action": "inform_buyer",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "SYSTEM_ERROR",
      "status": "F",
      "meaning": "The gateway had an internal error.",
      "furtherAction": "Do not retry. Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "PROCESS_FAIL",
      "status": "F",
      "meaning": "A general business failure.",
      "furtherAction": "Do not retry. Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "REQUEST_TRAFFIC_EXCEED_LIMIT",
      "status": "U",
      "meaning": "Too many requests.",
      "furtherAction": "Call again later with the same ID. If the problem persists, contact Antom support.",
      "action": "inquire_or_retry",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "UNKNOWN_EXCEPTION",
      "status": "U",
      "meaning": "The request failed for an unknown reason.",
      "furtherAction": "Call again with the same ID. If the problem persists, contact Antom support.",
      "action": "inquire_or_retry",
      "source": "tables of related Antom APIs, 2024"
    }
  ],
  "inquireVaulting": [
    {
      "code": "SUCCESS",
      "status": "S",
      "meaning": "The inquiry succeeded: read vaultingStatus.",
      "furtherAction": "None.",
      "action": "none",
      "source": "inquireVaulting page, 2023-12-26"
    },
    {
      "code": "UNKNOWN_EXCEPTION",
      "status": "U",
      "meaning": "The inquiry failed for an unknown reason.",
      "furtherAction": "Call again with the same ID. If the problem persists, contact Antom support.",
      "action": "inquire_or_retry",
      "source": "inquireVaulting page, 2023-12-26"
    },
    {
      "code": "VAULTING_NOT_EXIST",
      "status": "F",
      "meaning": "No vaulting has this ID.",
      "furtherAction": "Check the vaultingRequestId. If it is correct, contact Antom support.",
      "action": "fix_request",
      "source": "inquireVaulting page, 2023-12-26"
    },
    {
      "code": "INVALID_SIGNATURE",
      "status": "F",
      "meaning": "The signature does not match the message or the key. The response is unsigned.",
      "furtherAction": "Check the key pair and the string to sign.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "KEY_NOT_FOUND",
      "status": "F",
      "meaning": "A public or private key of the merchant or the gateway is missing.",
      "furtherAction": "Upload the public key in the dashboard.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "ACCESS_DENIED",
      "status": "F",
      "meaning": "Access is denied.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "CLIENT_FORBIDDEN_ACCESS_API",
      "status": "F",
      "meaning": "The client is not allowed to use this API.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_API",
      "status": "F",
      "meaning": "The API is invalid or not active.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_CLIENT",
      "status": "F",
      "meaning": "The client is invalid.",
      "furtherAction": "Check the client ID.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "INVALID_CLIENT_STATUS",
      "status": "F",
      "meaning": "The client's status does not allow the call.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "UNKNOWN_CLIENT",
      "status": "F",
      "meaning": "The client is unknown.",
      "furtherAction": "Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "MERCHANT_NOT_REGISTERED",
      "status": "F",
      "meaning": "The merchant is not registered.",
      "furtherAction": "Register the merchant, or contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "NO_INTERFACE_DEF",
      "status": "F",
      "meaning": "No API is defined at this path.",
      "furtherAction": "Check the URL.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "METHOD_NOT_SUPPORTED",
      "status": "F",
      "meaning": "The HTTP method is not supported.",
      "furtherAction": "Use POST.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "MEDIA_TYPE_NOT_ACCEPTABLE",
      "status": "F",
      "meaning": "The media type or content encoding is not accepted.",
      "furtherAction": "Send application/json in UTF-8, not compressed.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "ILLEGAL_CLIENT_IP",
      "status": "F",
      "meaning": "The API key does not allow calls from this IP address.",
      "furtherAction": "Call from an allowed address, or contact Antom support.",
      "action": "contact_support",
      "source": "pull requests of Antom's SDKs, 2026-09-17"
    },
    {
      "code": "OAUTH_FAIL",
      "status": "F",
      "meaning": "The API key does not allow this call.",
      "furtherAction": "Check the permissions of the API key, or sign the request instead.",
      "action": "fix_request",
      "source": "pull requests of Antom's SDKs, 2026-09-17"
    },
    {
      "code": "PARAM_ILLEGAL",
      "status": "F",
      "meaning": "A required header or body field is missing or invalid.",
      "furtherAction": "Check the header and body fields.",
      "action": "fix_request",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "REPEAT_REQ_INCONSISTENT",
      "status": "F",
      "meaning": "The ID was already used with different content.",
      "furtherAction": "Call again with a new vaultingRequestId.",
      "action": "new_request_id",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "RISK_REJECT",
      "status": "F",
      "meaning": "Risk control rejected the request.",
      "furtherAction": "Inform the buyer.",
      "action": "inform_buyer",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "SYSTEM_ERROR",
      "status": "F",
      "meaning": "The gateway had an internal error.",
      "furtherAction": "Do not retry. Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "PROCESS_FAIL",
      "status": "F",
      "meaning": "A general business failure.",
      "furtherAction": "Do not retry. Contact Antom support.",
      "action": "contact_support",
      "source": "tables of related Antom APIs, 2024"
    },
    {
      "code": "REQUEST_TRAFFIC_EXCEED_LIMIT",
      "status": "U",
      "meaning": "Too many requests.",
      "furtherAction": "Call again later with the same ID. If the problem persists, contact Antom support.",
      "action": "inquire_or_retry",
      "source": "tables of related Antom APIs, 2024"
    }
  ],
  "notifyVaulting": [
    {
      "code": "SUCCESS",
      "status": "S",
      "meaning": "The card is vaulted.",
      "furtherAction": "None. Use the cardToken.",
      "action": "none",
      "source": "notifyVaulting page (its code table is not available); other F codes are those of x-vaulting-result-codes"
    },
    {
      "code": "VERIFICATION_FAIL",
      "status": "F",
      "meaning": "The verification of the payment method failed.",
      "furtherAction": "Vault again with a new vaultingRequestId.",
      "action": "new_request_id",
      "source": "notifyVaulting page (its code table is not available); other F codes are those of x-vaulting-result-codes"
    }
  ]
} as const satisfies Readonly<Record<string, readonly ResultCodeRow[]>>;

/**
 * The result-code table of each operation and of notifyVaulting, as arrays of {@link ResultCodeRow}. The tables of the operations include the
 * codes that the gateway can return for any call.
 *
 * @example
 * ```ts
 * resultCodes.vaultPaymentMethod.find(({ code }) => code === "PARAM_ILLEGAL")?.action; // "fix_request"
 * ```
 */
export const resultCodes: typeof resultCodeTables = resultCodeTables;

/** The codes that the gateway returns for any call, before it runs the operation. */
export const gatewayResultCodes = [
  {
    "code": "INVALID_SIGNATURE",
    "status": "F",
    "meaning": "The signature does not match the message or the key. The response is unsigned.",
    "furtherAction": "Check the key pair and the string to sign.",
    "action": "fix_request",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "KEY_NOT_FOUND",
    "status": "F",
    "meaning": "A public or private key of the merchant or the gateway is missing.",
    "furtherAction": "Upload the public key in the dashboard.",
    "action": "fix_request",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "ACCESS_DENIED",
    "status": "F",
    "meaning": "Access is denied.",
    "furtherAction": "Contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "CLIENT_FORBIDDEN_ACCESS_API",
    "status": "F",
    "meaning": "The client is not allowed to use this API.",
    "furtherAction": "Contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "INVALID_API",
    "status": "F",
    "meaning": "The API is invalid or not active.",
    "furtherAction": "Contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "INVALID_CLIENT",
    "status": "F",
    "meaning": "The client is invalid.",
    "furtherAction": "Check the client ID.",
    "action": "fix_request",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "INVALID_CLIENT_STATUS",
    "status": "F",
    "meaning": "The client's status does not allow the call.",
    "furtherAction": "Contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "UNKNOWN_CLIENT",
    "status": "F",
    "meaning": "The client is unknown.",
    "furtherAction": "Contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "MERCHANT_NOT_REGISTERED",
    "status": "F",
    "meaning": "The merchant is not registered.",
    "furtherAction": "Register the merchant, or contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "NO_INTERFACE_DEF",
    "status": "F",
    "meaning": "No API is defined at this path.",
    "furtherAction": "Check the URL.",
    "action": "fix_request",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "METHOD_NOT_SUPPORTED",
    "status": "F",
    "meaning": "The HTTP method is not supported.",
    "furtherAction": "Use POST.",
    "action": "fix_request",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "MEDIA_TYPE_NOT_ACCEPTABLE",
    "status": "F",
    "meaning": "The media type or content encoding is not accepted.",
    "furtherAction": "Send application/json in UTF-8, not compressed.",
    "action": "fix_request",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "ILLEGAL_CLIENT_IP",
    "status": "F",
    "meaning": "The API key does not allow calls from this IP address.",
    "furtherAction": "Call from an allowed address, or contact Antom support.",
    "action": "contact_support",
    "source": "pull requests of Antom's SDKs, 2026-09-17"
  },
  {
    "code": "OAUTH_FAIL",
    "status": "F",
    "meaning": "The API key does not allow this call.",
    "furtherAction": "Check the permissions of the API key, or sign the request instead.",
    "action": "fix_request",
    "source": "pull requests of Antom's SDKs, 2026-09-17"
  },
  {
    "code": "PARAM_ILLEGAL",
    "status": "F",
    "meaning": "A required header or body field is missing or invalid.",
    "furtherAction": "Check the header and body fields.",
    "action": "fix_request",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "REPEAT_REQ_INCONSISTENT",
    "status": "F",
    "meaning": "The ID was already used with different content.",
    "furtherAction": "Call again with a new vaultingRequestId.",
    "action": "new_request_id",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "RISK_REJECT",
    "status": "F",
    "meaning": "Risk control rejected the request.",
    "furtherAction": "Inform the buyer.",
    "action": "inform_buyer",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "SYSTEM_ERROR",
    "status": "F",
    "meaning": "The gateway had an internal error.",
    "furtherAction": "Do not retry. Contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "PROCESS_FAIL",
    "status": "F",
    "meaning": "A general business failure.",
    "furtherAction": "Do not retry. Contact Antom support.",
    "action": "contact_support",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "REQUEST_TRAFFIC_EXCEED_LIMIT",
    "status": "U",
    "meaning": "Too many requests.",
    "furtherAction": "Call again later with the same ID. If the problem persists, contact Antom support.",
    "action": "inquire_or_retry",
    "source": "tables of related Antom APIs, 2024"
  },
  {
    "code": "UNKNOWN_EXCEPTION",
    "status": "U",
    "meaning": "The request failed for an unknown reason.",
    "furtherAction": "Call again with the same ID. If the problem persists, contact Antom support.",
    "action": "inquire_or_retry",
    "source": "tables of related Antom APIs, 2024"
  }
] as const satisfies readonly ResultCodeRow[];

const vaultingResultCodeTable = [
  {
    "code": "SUCCESS",
    "vaultingStatus": "SUCCESS",
    "meaning": "The card is vaulted.",
    "action": "none",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "VERIFICATION_IN_PROCESS",
    "vaultingStatus": "PROCESSING",
    "meaning": "The verification is not finished.",
    "action": "open_url",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "ACCESS_DENIED",
    "vaultingStatus": "FAIL",
    "meaning": "Access is denied.",
    "action": "contact_support",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "ACCOUNT_CLOSED",
    "vaultingStatus": "FAIL",
    "meaning": "The account of the card is closed.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "AUTHENTICATION_REQUIRED",
    "vaultingStatus": "FAIL",
    "meaning": "The issuer requires 3-D Secure. Vault the card again with is3DSAuthentication set to true.",
    "action": "new_request_id",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "BLOCKED_FIRST_USED",
    "vaultingStatus": "FAIL",
    "meaning": "The card is new and not yet activated.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "CARD_EXPIRED",
    "vaultingStatus": "FAIL",
    "meaning": "The card has expired.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "CARD_NOT_SUPPORTED",
    "vaultingStatus": "FAIL",
    "meaning": "The card is not supported.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "DO_NOT_HONOR",
    "vaultingStatus": "FAIL",
    "meaning": "The issuer declined the card without giving a reason.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "FRAUD_REJECT",
    "vaultingStatus": "FAIL",
    "meaning": "The card was declined on suspicion of fraud.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "INVALID_CARD_NUMBER",
    "vaultingStatus": "FAIL",
    "meaning": "The card number is incorrect.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "INVALID_CVV",
    "vaultingStatus": "FAIL",
    "meaning": "The card verification value is incorrect.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "INVALID_EXPIRATION_DATE",
    "vaultingStatus": "FAIL",
    "meaning": "The expiry date is incorrect.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "LOST_CARD",
    "vaultingStatus": "FAIL",
    "meaning": "The card is reported lost.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "NO_SELECTED_ACCOUNT",
    "vaultingStatus": "FAIL",
    "meaning": "The card has no account of the requested type.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "ORDER_IS_CLOSED",
    "vaultingStatus": "FAIL",
    "meaning": "The verification order is closed.",
    "action": "new_request_id",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "PAYMENT_AMOUNT_EXCEED_LIMIT",
    "vaultingStatus": "FAIL",
    "meaning": "The verification amount exceeds the card's limit.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "PAYMENT_COUNT_EXCEED_LIMIT",
    "vaultingStatus": "FAIL",
    "meaning": "The card was used too many times.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "PICKUP_CARD",
    "vaultingStatus": "FAIL",
    "meaning": "The issuer requires the merchant to retain the card.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "POLICY",
    "vaultingStatus": "FAIL",
    "meaning": "A policy of the issuer or the card scheme does not allow the card.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "PROCESS_FAIL",
    "vaultingStatus": "FAIL",
    "meaning": "The request failed for a reason that no other code describes.",
    "action": "contact_support",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "RESTRICTED_CARD",
    "vaultingStatus": "FAIL",
    "meaning": "The card is restricted.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "STOLEN_CARD",
    "vaultingStatus": "FAIL",
    "meaning": "The card is reported stolen.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "USER_BALANCE_NOT_ENOUGH",
    "vaultingStatus": "FAIL",
    "meaning": "The balance is too low for the verification.",
    "action": "inform_buyer",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "USER_PAYMENT_VERIFICATION_FAILED",
    "vaultingStatus": "FAIL",
    "meaning": "The buyer failed the verification.",
    "action": "new_request_id",
    "source": "Antom's Java SDK, 2026-06-29"
  },
  {
    "code": "VERIFY_TIMES_EXCEED_LIMIT",
    "vaultingStatus": "FAIL",
    "meaning": "Too many verification attempts.",
    "action": "new_request_id",
    "source": "Antom's Java SDK, 2026-06-29"
  }
] as const satisfies readonly VaultingResultCodeRow[];

/**
 * The table of vaultingResultCode, which inquireVaulting returns, as an array of {@link VaultingResultCodeRow}.
 *
 * @example
 * ```ts
 * vaultingResultCodes.find(({ code }) => code === "CARD_EXPIRED")?.action; // "inform_buyer"
 * ```
 */
export const vaultingResultCodes: typeof vaultingResultCodeTable = vaultingResultCodeTable;

/**
 * The action and advice of failures: the columns of {@link resultCodes} that the client needs, in a form that keeps its bundle small. A row is valid
 * for the operations at its end, or for all of them if it names none.
 */
export const resultAdvice: readonly (readonly [
  code: string,
  status: "F" | "U",
  action: ResultAction,
  advice: string,
  ...operations: string[],
])[] = [
  ["VERIFICATION_IN_PROCESS","U","open_url","Redirect the buyer to one of the URLs. Without a URL, call again with a new vaultingRequestId. If the problem persists, contact Antom support.","vaultPaymentMethod"],
  ["UNKNOWN_EXCEPTION","U","inquire_or_retry","Call inquireVaulting, or retry with the same ID. If the problem persists, contact Antom support.","vaultPaymentMethod"],
  ["PARAM_ILLEGAL","F","fix_request","Check the header and body fields. You can reuse the ID.","vaultPaymentMethod","createVaultingSession"],
  ["PROCESS_FAIL","F","contact_support","Do not retry. Contact Antom support."],
  ["VERIFICATION_FAIL","F","new_request_id","Call again with a new vaultingRequestId.","vaultPaymentMethod"],
  ["INVALID_SIGNATURE","F","fix_request","Check the key pair and the string to sign."],
  ["KEY_NOT_FOUND","F","fix_request","Upload the public key in the dashboard."],
  ["ACCESS_DENIED","F","contact_support","Contact Antom support."],
  ["CLIENT_FORBIDDEN_ACCESS_API","F","contact_support","Contact Antom support."],
  ["INVALID_API","F","contact_support","Contact Antom support."],
  ["INVALID_CLIENT","F","fix_request","Check the client ID."],
  ["INVALID_CLIENT_STATUS","F","contact_support","Contact Antom support."],
  ["UNKNOWN_CLIENT","F","contact_support","Contact Antom support."],
  ["MERCHANT_NOT_REGISTERED","F","contact_support","Register the merchant, or contact Antom support."],
  ["NO_INTERFACE_DEF","F","fix_request","Check the URL."],
  ["METHOD_NOT_SUPPORTED","F","fix_request","Use POST."],
  ["MEDIA_TYPE_NOT_ACCEPTABLE","F","fix_request","Send application/json in UTF-8, not compressed."],
  ["ILLEGAL_CLIENT_IP","F","contact_support","Call from an allowed address, or contact Antom support."],
  ["OAUTH_FAIL","F","fix_request","Check the permissions of the API key, or sign the request instead."],
  ["REPEAT_REQ_INCONSISTENT","F","new_request_id","Call again with a new vaultingRequestId."],
  ["RISK_REJECT","F","inform_buyer","Inform the buyer."],
  ["SYSTEM_ERROR","F","contact_support","Do not retry. Contact Antom support."],
  ["REQUEST_TRAFFIC_EXCEED_LIMIT","U","inquire_or_retry","Call again later with the same ID. If the problem persists, contact Antom support."],
  ["UNKNOWN_EXCEPTION","U","inquire_or_retry","Call again with the same ID. If the problem persists, contact Antom support.","createVaultingSession","inquireVaulting"],
  ["VAULTING_NOT_EXIST","F","fix_request","Check the vaultingRequestId. If it is correct, contact Antom support.","inquireVaulting"],
  ["PARAM_ILLEGAL","F","fix_request","Check the header and body fields.","inquireVaulting"],
];

/** The columns of {@link vaultingResultCodes} that the client needs. */
export const vaultingResultAdvice: readonly (readonly [code: string, action: ResultAction, advice: string])[] = [
  ["SUCCESS","none","The card is vaulted."],
  ["VERIFICATION_IN_PROCESS","open_url","The verification is not finished."],
  ["ACCESS_DENIED","contact_support","Access is denied."],
  ["ACCOUNT_CLOSED","inform_buyer","The account of the card is closed."],
  ["AUTHENTICATION_REQUIRED","new_request_id","The issuer requires 3-D Secure. Vault the card again with is3DSAuthentication set to true."],
  ["BLOCKED_FIRST_USED","inform_buyer","The card is new and not yet activated."],
  ["CARD_EXPIRED","inform_buyer","The card has expired."],
  ["CARD_NOT_SUPPORTED","inform_buyer","The card is not supported."],
  ["DO_NOT_HONOR","inform_buyer","The issuer declined the card without giving a reason."],
  ["FRAUD_REJECT","inform_buyer","The card was declined on suspicion of fraud."],
  ["INVALID_CARD_NUMBER","inform_buyer","The card number is incorrect."],
  ["INVALID_CVV","inform_buyer","The card verification value is incorrect."],
  ["INVALID_EXPIRATION_DATE","inform_buyer","The expiry date is incorrect."],
  ["LOST_CARD","inform_buyer","The card is reported lost."],
  ["NO_SELECTED_ACCOUNT","inform_buyer","The card has no account of the requested type."],
  ["ORDER_IS_CLOSED","new_request_id","The verification order is closed."],
  ["PAYMENT_AMOUNT_EXCEED_LIMIT","inform_buyer","The verification amount exceeds the card's limit."],
  ["PAYMENT_COUNT_EXCEED_LIMIT","inform_buyer","The card was used too many times."],
  ["PICKUP_CARD","inform_buyer","The issuer requires the merchant to retain the card."],
  ["POLICY","inform_buyer","A policy of the issuer or the card scheme does not allow the card."],
  ["PROCESS_FAIL","contact_support","The request failed for a reason that no other code describes."],
  ["RESTRICTED_CARD","inform_buyer","The card is restricted."],
  ["STOLEN_CARD","inform_buyer","The card is reported stolen."],
  ["USER_BALANCE_NOT_ENOUGH","inform_buyer","The balance is too low for the verification."],
  ["USER_PAYMENT_VERIFICATION_FAILED","new_request_id","The buyer failed the verification."],
  ["VERIFY_TIMES_EXCEED_LIMIT","new_request_id","Too many verification attempts."],
];
