/** What checks say to a gateway to get on, and what they read in its answers. */
import { isDeepStrictEqual } from "node:util";
import { getCard, getField } from "../../protocol/json-fields.ts";
import { submitForm } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { createRequestBody, type RequestBody, TEST_CARDS } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { CheckSkipped } from "../model/failure.ts";
import { fail } from "../rules/fail.ts";

export const vault = (conversation: TargetClient, id: string, change?: RequestBody): Promise<Exchange> =>
  conversation.send({ operation: "vaultPaymentMethod", body: createRequestBody("vaultPaymentMethod", id, change) });
/** Under an ID that came before, with another request. */
export const reuseVaultingId = (conversation: TargetClient, id: string, change: RequestBody): Promise<Exchange> =>
  conversation.send({
    operation: "vaultPaymentMethod",
    body: createRequestBody("vaultPaymentMethod", id, change),
    reusesId: true,
  });
export const createSession = (conversation: TargetClient, id: string, change?: RequestBody): Promise<Exchange> =>
  conversation.send({
    operation: "createVaultingSession",
    body: createRequestBody("createVaultingSession", id, change),
  });
export const inquire = (conversation: TargetClient, id: string): Promise<Exchange> =>
  conversation.send({ operation: "inquireVaulting", body: { vaultingRequestId: id } });

export const CONCURRENT_CALLS = 20;
export const callConcurrently = (call: (at: number) => Promise<Exchange>): Promise<readonly Exchange[]> =>
  Promise.all(Array.from({ length: CONCURRENT_CALLS }, (_, at) => call(at)));

export const getCardToken = ({ body }: Pick<Exchange, "body">): unknown => getField(getCard(body), "cardToken");
/** Whether two messages tell the same of a card: the same token, and whatever both of them say besides. */
export function hasSameCard(one: Pick<Exchange, "body">, other: Pick<Exchange, "body">): boolean {
  if (getCardToken(one) !== getCardToken(other)) return false;
  const [first, second] = [getCard(one.body), getCard(other.body)];
  if (typeof first !== "object" || first === null) return true;
  return Object.keys(first).every((name) => {
    const value = getField(second, name);
    return value === undefined || isDeepStrictEqual(value, getField(first, name));
  });
}

export const getVaultingStatus = ({ body }: Exchange): unknown => getField(body, "vaultingStatus");
export const getNormalUrl = ({ body }: Exchange): unknown => getField(body, "normalUrl");
const decodeBody = ({ bytes }: Exchange): string => new TextDecoder().decode(bytes);

/** Every final answer is the first one, byte for byte. Of what is not final that is not promised. */
export function expectSameResponse(answers: readonly Exchange[], what: string): void {
  const [first, ...others] = answers.filter(({ resultStatus }) => resultStatus === "S" || resultStatus === "F");
  if (!first || others.length === 0) throw new CheckSkipped("The document's example is answered with no final result.");
  for (const other of others)
    if (decodeBody(other) !== decodeBody(first)) fail(other, `${what} is answered otherwise than before.`);
}

/** What a check goes on from: an answer of success. */
export function requireSuccess(answer: Exchange): void {
  if (answer.resultStatus !== "S") throw new CheckSkipped("The document's example does not succeed at the target.");
}

/** What a check goes on from: the vendor's failing card has failed. */
export function requireFailure({ resultStatus, resultCode }: Exchange): void {
  if (resultStatus !== "F" || resultCode === "PARAM_ILLEGAL")
    throw new CheckSkipped("The vendor's failing test card does not fail at the target.");
}

/** What a check goes on from: the buyer is to be sent to a page. */
export function requireChallenge(answer: Exchange): string {
  const url = getNormalUrl(answer);
  if (answer.resultCode !== "VERIFICATION_IN_PROCESS" || typeof url !== "string")
    throw new CheckSkipped("The target asks for no 3-D Secure, though the card wants it.");
  return url;
}

/** Enters a card on the page of a session, which must have been created. */
export async function enterCard(session: Exchange): Promise<void> {
  requireSuccess(session);
  const url = getNormalUrl(session);
  if (typeof url !== "string") throw new CheckSkipped("The session has no page.");
  await submitForm(url, { cardNo: TEST_CARDS.succeeds, expiry: "12/30", cvv: "123" });
}
