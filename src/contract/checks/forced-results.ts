/** Answers of one's choice: by an example's name in the ID at a mock of ours, by scenarios of the control API at a sandbox. */
import type { OperationId } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import { WITHOUT_URL } from "../../control-api/scenario-codes.ts";
import { answerWith } from "../conversation/control-api.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { NotApplicable } from "../model/failure.ts";
import { vault } from "./vaulting-requests.ts";

export const codesOf = (operation: OperationId): readonly { readonly code: string; readonly status: string }[] =>
  resultCodes[operation];

/**
 * Makes the target give an answer, by the name of the document's example, and asks for it as a merchant and with an ID.
 *
 * @throws NotApplicable where it cannot be chosen
 */
export async function choosing(
  conversation: Conversation,
  operation: OperationId,
  example: string,
  ask: (merchant: Conversation, vaultingRequestId: string) => Promise<void>,
): Promise<void> {
  if (conversation.target.abilities?.includes("examples")) return ask(conversation, `mock:${example}:contract`);
  const merchant = await conversation.stranger(`answers to ${operation}`);
  // What was chosen holds for all of a merchant's calls.
  await merchant.inTurn(async () => {
    const id = merchant.freshId();
    await choose(merchant, operation, example, id);
    await ask(merchant, id);
  });
}

async function choose(merchant: Conversation, operation: OperationId, example: string, id: string): Promise<void> {
  const { target } = merchant;
  const isCode = codesOf(operation).some(({ code }) => code === example);
  if (operation === "inquireVaulting" && (example === "SUCCESS" || !isCode)) {
    // A state that an inquiry tells is brought about by vaulting.
    const verdict = example.replace(/^FAIL_/, "");
    if (example.startsWith("PROCESSING_")) throw notChosen();
    await answerWith(target, "inquireVaulting", "SUCCESS");
    await answerWith(target, "vaultPaymentMethod", verdict);
    const { resultStatus, resultCode = "" } = await vault(merchant, id);
    // With any other failure the gateway refuses the request itself, and there is no vaulting to inquire.
    if (resultStatus === "F" && !OF_A_VAULTING.has(resultCode)) throw notChosen();
  } else if (isCode || example === WITHOUT_URL) {
    await answerWith(target, operation, example);
  } else {
    throw notChosen();
  }
}

/** How vaultPaymentMethod answers a vaulting that was begun and has failed. */
const OF_A_VAULTING: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

const notChosen = () => new NotApplicable("No scenario of the control API gives this answer.");

/** The run sees what a client gets. */
export const observed =
  (merchant: Conversation, operation: OperationId, example: string) =>
  async (input: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { origin, pathname } = new URL(input);
    const refused = example === "INVALID_SIGNATURE";
    const request = {
      method: "POST",
      baseUrl: origin,
      path: pathname,
      headers: new Headers(init.headers),
      // The client signs bytes, and sends these.
      bytes: new Uint8Array(init.body as Uint8Array),
      expect: refused ? "signature-refused" : "accepted",
      bodyCounts: !refused,
      otherContent: false,
    } as const;
    await merchant.observe(operation, request, { status: response.status, headers: response.headers, bytes });
    return new Response(bytes, response);
  };
