/** Requests that set up a check, and accessors for the responses. */
import { setTimeout } from "node:timers/promises";
import { getField } from "../../protocol/json-fields.ts";
import { type Cookies, openForm } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { createRequestBody, type RequestBody, TEST_CARDS } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { CheckSkipped } from "../model/failure.ts";
import { fail } from "../rules/fail.ts";

export { getCardToken, hasSameCard } from "../rules/vaulting-history.ts";

export const vault = (client: TargetClient, id: string, change?: RequestBody): Promise<Exchange> =>
  client.send({ operation: "vaultPaymentMethod", body: createRequestBody("vaultPaymentMethod", id, change) });
/** Values that differ from those in the sample request, for each vaultPaymentMethod field except vaultingRequestId and paymentMethodDetail. */
export const OTHER_CONTENT = {
  metadata: "different",
  merchantAccountId: "different",
  merchantRegion: "NO",
  redirectUrl: "https://merchant.example/elsewhere",
  vaultingNotificationUrl: "https://merchant.example/notify-elsewhere",
  env: { terminalType: "WAP" },
} as const;

/** Sends a different request with an ID that was used before. */
export const reuseId = (
  client: TargetClient,
  operation: "vaultPaymentMethod" | "createVaultingSession",
  id: string,
  change?: RequestBody,
): Promise<Exchange> => client.send({ operation, body: createRequestBody(operation, id, change), reusesId: true });
export const reuseVaultingId = (client: TargetClient, id: string, change: RequestBody): Promise<Exchange> =>
  reuseId(client, "vaultPaymentMethod", id, change);
export const createSession = (client: TargetClient, id: string, change?: RequestBody): Promise<Exchange> =>
  client.send({ operation: "createVaultingSession", body: createRequestBody("createVaultingSession", id, change) });
export const inquire = (client: TargetClient, id: string): Promise<Exchange> =>
  client.send({ operation: "inquireVaulting", body: { vaultingRequestId: id } });

export const CONCURRENT_CALLS = 10;
export const callConcurrently = (call: (index: number) => Promise<Exchange>): Promise<readonly Exchange[]> =>
  Promise.all(Array.from({ length: CONCURRENT_CALLS }, (_, index) => call(index)));

export const getVaultingStatus = ({ body }: Exchange): unknown => getField(body, "vaultingStatus");
export const getNormalUrl = ({ body }: Exchange): unknown => getField(body, "normalUrl");
const decodeBody = ({ bytes }: Exchange): string => new TextDecoder().decode(bytes);

/**
 * Expects all final responses to be equal byte for byte. The API does not guarantee this for other responses. Skips the check if fewer than 2
 * responses are final. The message of a failure consists of `subject` and `problem`.
 */
export function expectSameResponse(
  responses: readonly Exchange[],
  subject: string,
  problem = "returns a different response than before",
): void {
  const [first, ...others] = responses.filter(({ resultStatus }) => resultStatus === "S" || resultStatus === "F");
  if (!first || others.length === 0)
    throw new CheckSkipped("The target returned fewer than 2 final results to compare.");
  for (const other of others) if (decodeBody(other) !== decodeBody(first)) fail(other, `${subject} ${problem}.`);
}

/** @throws {CheckSkipped} if the request did not succeed */
export function requireSuccess(response: Exchange): void {
  if (response.resultStatus !== "S")
    throw new CheckSkipped(
      "The target does not return result status S for a request that this check requires to succeed.",
    );
}

/** @throws {CheckSkipped} if the target did not decline the test card that Antom publishes for declines */
export function requireFailure({ resultStatus, resultCode }: Exchange): void {
  if (resultStatus !== "F" || resultCode === "PARAM_ILLEGAL")
    throw new CheckSkipped("The target does not decline the test card that Antom publishes for declines.");
}

/**
 * Returns the URL of the 3-D Secure page.
 *
 * @throws {CheckSkipped} if the target does not require 3-D Secure, or returns no normalUrl
 */
export function requireChallenge(response: Exchange): string {
  const url = getNormalUrl(response);
  if (response.resultCode !== "VERIFICATION_IN_PROCESS" || typeof url !== "string")
    throw new CheckSkipped(
      "The target does not require 3-D Secure for a request that must trigger it, or returns no normalUrl.",
    );
  return url;
}

/** Expects a second request with the same ID to return the first result or REPEAT_REQ_INCONSISTENT. */
export function expectFirstOrRejected(first: Exchange, other: Exchange): void {
  if (other.resultCode !== "REPEAT_REQ_INCONSISTENT") expectSameResponse([first, other], "Request with a reused ID");
}

/** Opens the page of a session. Returns a function that submits the card form, like {@link openForm}. */
export async function openCardForm(
  client: TargetClient,
  session: Exchange,
  cardNo: string = TEST_CARDS.visa,
  { expiry, cvv } = { expiry: "12/30", cvv: "123" },
  ...others: readonly [onPage?: (message: string) => void, browser?: Cookies]
): Promise<() => Promise<string | undefined>> {
  requireSuccess(session);
  const url = getNormalUrl(session);
  if (typeof url !== "string") throw new CheckSkipped("The session has no normalUrl.");
  const [expiryMonth, expiryYear] = expiry.split("/");
  client.record.addEnteredCard(session, { cardNo: cardNo.replaceAll(" ", ""), expiryMonth, expiryYear, cvv });
  return openForm(url, { cardNo, expiry, cvv }, ...others);
}

/** Enters a card on the page of a session. Returns the cross-origin URL that the page redirects to, or `undefined` if there is none. */
export const enterCard = async (...form: Parameters<typeof openCardForm>): Promise<string | undefined> =>
  (await openCardForm(...form))();

const FINAL_RESULT_TIMEOUT_MS = 5_000;

/** Inquires until the condition is met or the time is up, because a gateway can process the card after its page responds. Returns the last inquiry. */
async function inquireUntil(
  client: TargetClient,
  id: string,
  isDone: (inquiry: Exchange) => boolean,
): Promise<Exchange> {
  const end = performance.now() + FINAL_RESULT_TIMEOUT_MS;
  for (;;) {
    const inquiry = await inquire(client, id);
    if (isDone(inquiry) || performance.now() > end) return inquiry;
    await setTimeout(100);
  }
}

/** Inquires until the vaulting is final or the time is up. Returns the last inquiry. */
export const inquireFinal = (client: TargetClient, id: string): Promise<Exchange> =>
  inquireUntil(client, id, (inquiry) => getVaultingStatus(inquiry) !== "PROCESSING");

/** Returns the URL at which the buyer of a session continues with 3-D Secure. */
export async function findChallenge(client: TargetClient, id: string): Promise<string> {
  const inquiry = await inquireUntil(
    client,
    id,
    (one) => getNormalUrl(one) !== undefined || getVaultingStatus(one) !== "PROCESSING",
  );
  const url = getNormalUrl(inquiry);
  if (typeof url !== "string")
    fail(
      inquiry,
      "Session did not require the requested 3-D Secure: the inquiry has no normalUrl after the buyer entered a card.",
    );
  return url;
}
