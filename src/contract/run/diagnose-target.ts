/** What stands in a run's way, rather than in the target: credentials that are not its own, an address where something else answers. */

import { Conversation } from "../conversation/target-client.ts";
import { ContractFailure } from "../model/failure.ts";
import type { Target } from "../model/target.ts";

/**
 * Asks a target one right thing, and says what a person should look at first where the answer is none; `undefined` where it is one. A target
 * may be wrong in just this way, so the checks are asked all the same.
 */
export async function doubtOf(target: Target): Promise<string | undefined> {
  const conversation = await Conversation.open(target);
  const body = { vaultingRequestId: conversation.freshId() };
  const answer = await conversation.send({ operation: "inquireVaulting", body }).catch((error: unknown) => {
    if (error instanceof ContractFailure) return undefined;
    throw error;
  });
  if (!answer) return undefined;
  const { status, resultCode, signatureFault } = answer;
  if (resultCode === "INVALID_SIGNATURE" || resultCode === "KEY_NOT_FOUND")
    return `The target refuses the signature of a right request (${resultCode}). Has it the public half of merchantPrivateKey, under this client ID?`;
  if (resultCode === undefined)
    return `What answers at ${target.baseUrl} is not the API: HTTP ${status}, and no result. Is it the right address, and the right base path?`;
  if (signatureFault !== undefined)
    return `The target's answer does not verify. ${signatureFault} Is antomPublicKey the key that it signs with?`;
  return undefined;
}
