/** What checks say to a gateway to get on, and what they read in its answers. */
import { isDeepStrictEqual } from "node:util";
import { cardOf, field } from "../../protocol/json-fields.ts";
import { fillIn } from "../conversation/simulated-buyer.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { type Body, bodyOf, TEST_CARDS } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { NotApplicable } from "../model/failure.ts";
import { fail } from "../rules/fail.ts";

export const vault = (conversation: Conversation, id: string, change?: Body): Promise<Exchange> =>
  conversation.send({ operation: "vaultPaymentMethod", body: bodyOf("vaultPaymentMethod", id, change) });
/** Under an ID that came before, with another request. */
export const vaultOther = (conversation: Conversation, id: string, change: Body): Promise<Exchange> =>
  conversation.send({
    operation: "vaultPaymentMethod",
    body: bodyOf("vaultPaymentMethod", id, change),
    otherContent: true,
  });
export const createSession = (conversation: Conversation, id: string, change?: Body): Promise<Exchange> =>
  conversation.send({ operation: "createVaultingSession", body: bodyOf("createVaultingSession", id, change) });
export const inquire = (conversation: Conversation, id: string): Promise<Exchange> =>
  conversation.send({ operation: "inquireVaulting", body: { vaultingRequestId: id } });

export const AT_ONCE = 20;
export const atOnce = (call: (at: number) => Promise<Exchange>): Promise<readonly Exchange[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, at) => call(at)));

export const tokenOf = ({ body }: Pick<Exchange, "body">): unknown => field(cardOf(body), "cardToken");
/** Whether two messages tell the same of a card: the same token, and whatever both of them say besides. */
export function tellSame(one: Pick<Exchange, "body">, other: Pick<Exchange, "body">): boolean {
  if (tokenOf(one) !== tokenOf(other)) return false;
  const [first, second] = [cardOf(one.body), cardOf(other.body)];
  if (typeof first !== "object" || first === null) return true;
  return Object.keys(first).every((name) => {
    const value = field(second, name);
    return value === undefined || isDeepStrictEqual(value, field(first, name));
  });
}

export const statusOf = ({ body }: Exchange): unknown => field(body, "vaultingStatus");
export const urlOf = ({ body }: Exchange): unknown => field(body, "normalUrl");
const textOf = ({ bytes }: Exchange): string => new TextDecoder().decode(bytes);

/** Every final answer is the first one, byte for byte. Of what is not final that is not promised. */
export function expectSame(answers: readonly Exchange[], what: string): void {
  const [first, ...others] = answers.filter(({ resultStatus }) => resultStatus === "S" || resultStatus === "F");
  if (!first || others.length === 0)
    throw new NotApplicable("The document's example is answered with no final result.");
  for (const other of others)
    if (textOf(other) !== textOf(first)) fail(other, `${what} is answered otherwise than before.`);
}

/** What a check goes on from: an answer of success. */
export function needsSuccess(answer: Exchange): void {
  if (answer.resultStatus !== "S") throw new NotApplicable("The document's example does not succeed at the target.");
}

/** What a check goes on from: the vendor's failing card has failed. */
export function needsFailure({ resultStatus, resultCode }: Exchange): void {
  if (resultStatus !== "F" || resultCode === "PARAM_ILLEGAL")
    throw new NotApplicable("The vendor's failing test card does not fail at the target.");
}

/** What a check goes on from: the buyer is to be sent to a page. */
export function needsChallenge(answer: Exchange): string {
  const url = urlOf(answer);
  if (answer.resultCode !== "VERIFICATION_IN_PROCESS" || typeof url !== "string")
    throw new NotApplicable("The target asks for no 3-D Secure, though the card wants it.");
  return url;
}

/** Enters a card on the page of a session, which must have been created. */
export async function giveCard(session: Exchange): Promise<void> {
  needsSuccess(session);
  const url = urlOf(session);
  if (typeof url !== "string") throw new NotApplicable("The session has no page.");
  await fillIn(url, { cardNo: TEST_CARDS.succeeds, expiry: "12/30", cvv: "123" });
}
