import type { ResultAction } from "../../generated/result-codes.ts";

/** Advice for each action, independent of the result code. */
export const ACTION_ADVICE: Readonly<Record<ResultAction, string>> = {
  none: "No action is needed.",
  open_url: "Redirect the buyer to the page.",
  fix_request: "Fix the request and send it again.",
  new_request_id: "Call again with a new vaultingRequestId.",
  inquire_or_retry: "Call inquireVaulting, or retry with the same vaultingRequestId.",
  inform_buyer: "Inform the buyer: a different card might work, or their bank can help.",
  contact_support: "Do not retry. Contact Antom support.",
};
