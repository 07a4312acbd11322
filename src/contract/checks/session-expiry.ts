/**
 * Checks the expiry time of a session, and inquiries before and after that time. Only the checks with inquiries require a clock that the run can
 * move.
 */
import { parseMessageTime } from "../../protocol/http.ts";
import { getField, toText } from "../../protocol/json-fields.ts";
import { getClock } from "../conversation/control-api.ts";
import { visitPage } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { getResponseMessage } from "../document/openapi-document.ts";
import type { RequestBody } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { CheckSkipped } from "../model/failure.ts";
import { fail } from "../rules/fail.ts";
import {
  createSession,
  enterCard,
  getNormalUrl,
  getVaultingStatus,
  inquire,
  openCardForm,
  requireSuccess,
  reuseId,
} from "./vaulting-requests.ts";

/** Returns the expiry time of a session in milliseconds since the Unix epoch, or `NaN` if it is missing or invalid. */
export const getExpiresAt = ({ body }: Exchange): number =>
  Date.parse(toText(getField(body, "vaultingSessionExpiryTime")));

/**
 * Returns the current time on the target's clock, which can differ from the local clock. If the run cannot read that clock, returns the response-time
 * of the response, or the time at which the response was received if it has no valid response-time.
 */
export const getTargetTime = async ({ target }: TargetClient, { headers, receivedAt }: Exchange): Promise<number> =>
  target.capabilities?.includes("clock")
    ? (await getClock(target)).now()
    : (parseMessageTime(headers.get("response-time") ?? "") ?? receivedAt);

const MINUTE_MS = 60_000;

/** Expects an expiry time between 1 minute and 1 year in the future that is not copied from an example. */
export async function expectPlausibleExpiry(client: TargetClient, session: Exchange): Promise<void> {
  requireSuccess(session);
  const [expiresAt, now] = [getExpiresAt(session), await getTargetTime(client, session)];
  const lifetimeMs = expiresAt - now;
  if (lifetimeMs < 0) fail(session, "Response vaultingSessionExpiryTime is in the past.");
  if (lifetimeMs < MINUTE_MS) fail(session, "Response vaultingSessionExpiryTime is less than 1 minute in the future.");
  if (expiresAt > new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 1))
    fail(session, "Response vaultingSessionExpiryTime is more than 1 year in the future.");
  const getTime = (body: unknown) => getField(body, "vaultingSessionExpiryTime");
  const examples = [...getResponseMessage("createVaultingSession").examples.values()];
  if (examples.some((example) => getTime(example) === getTime(session.body)))
    fail(session, "Response vaultingSessionExpiryTime is copied from the example in the OpenAPI document.");
}

/** A session in which the buyer enters no card before it expires, with an inquiry after each movement of the clock. */
export interface ObservedSession {
  readonly session: Exchange;
  readonly inquiries: readonly { readonly inquiry: Exchange; readonly remainingMs: number }[];
  readonly observe: () => Promise<void>;
  /** Tries to enter a card in the expired session, and then reuses its ID. The result of the session must not change. */
  readonly reuse: () => Promise<void>;
}

export async function observeSession(client: TargetClient, change: RequestBody): Promise<ObservedSession> {
  const id = client.createId();
  const session = await createSession(client, id, change);
  // Visits only the pages of sessions with is3DSAuthentication, to test sessions with and without visits. A visit must not extend the session.
  const isVisited = change["is3DSAuthentication"] !== undefined;
  const submit = isVisited ? await openCardForm(client, session).catch(() => undefined) : undefined;
  const inquiries: ObservedSession["inquiries"][number][] = [];
  const observe = async () => {
    const url = getNormalUrl(session);
    if (isVisited && typeof url === "string") await visitPage(url).catch(() => {});
    const inquiry = await inquire(client, id);
    inquiries.push({ inquiry, remainingMs: getExpiresAt(session) - (await getTargetTime(client, inquiry)) });
  };
  return {
    session,
    inquiries,
    observe,
    reuse: async () => {
      // The target may reject the card in any way, even if the buyer opened the page before the session expired.
      await (submit ?? (() => enterCard(client, session)))().catch(() => {});
      await observe();
      await reuseId(client, "vaultPaymentMethod", id);
      const retry = await createSession(client, id, change);
      const sessionId = getField(retry.body, "vaultingSessionId");
      if (sessionId !== undefined && sessionId !== getField(session.body, "vaultingSessionId"))
        fail(retry, "Retry after 2 days returns a different session.");
      await observe();
    },
  };
}

/** Expects the session to stay open until its expiry time. */
export function expectLasting({ session, inquiries }: ObservedSession): void {
  requireSuccess(session);
  const ended = inquiries.find(
    ({ inquiry, remainingMs }) => remainingMs > MINUTE_MS && getVaultingStatus(inquiry) !== "PROCESSING",
  );
  if (ended) fail(ended.inquiry, "Inquiry does not return PROCESSING before vaultingSessionExpiryTime.");
}

/**
 * Expects the session to end without a vaulted card. Ignores inquiries up to 1 hour after the expiry time, because a gateway might take a while to
 * end a session.
 */
export function expectEnded({ session, inquiries }: ObservedSession): void {
  requireSuccess(session);
  const later = inquiries.filter(({ remainingMs }) => remainingMs < -60 * MINUTE_MS);
  if (later.length === 0)
    throw new CheckSkipped("The run did not move the clock to more than 1 hour after vaultingSessionExpiryTime.");
  for (const { inquiry } of later) {
    const status = getVaultingStatus(inquiry);
    if (status === "SUCCESS") fail(inquiry, "A card was vaulted in a session after vaultingSessionExpiryTime.");
    if (status === "PROCESSING") fail(inquiry, "Inquiry returns PROCESSING after vaultingSessionExpiryTime.");
  }
}
