/** What to do after a result code, in a sentence. */
import type { ResultAction } from "../../generated/result-codes.ts";

/** The sentence for each action of the result-code tables, for a code whose own row says no more. */
export const ACTION_ADVICE: Readonly<Record<ResultAction, string>> = {
  none: "Nothing is to be done.",
  open_url: "Send the buyer to the page.",
  fix_request: "Mend the request and send it again.",
  new_request_id: "Call again with a new vaultingRequestId.",
  inquire_or_retry: "Inquire, or repeat the call with the same vaultingRequestId.",
  inform_buyer: "Tell the buyer: another card may do, or the bank can help.",
  contact_support: "Do not repeat the call; ask the vendor's support.",
};
