/** Checks of sessions: their values, their IDs, and the page on which the buyer enters the card. */
import type { OperationId } from "../../../generated/operations.ts";
import { getCard, getField, toText } from "../../protocol/json-fields.ts";
import type { TestRequest } from "../conversation/send-request.ts";
import {
  type Cookies,
  isRedirectTo,
  PASS_CHALLENGE,
  REDIRECT_URLS,
  submitForm,
  visitPage,
} from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import {
  CHALLENGED_CARD,
  createRequestBody,
  FAILING_CARD,
  type RequestBody,
  TEST_CARDS,
} from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { CheckSkipped, runForEach } from "../model/failure.ts";
import { expectDocumented, expectRejected, summarizeResponse } from "../rules/assertions.ts";
import { findWrongDigits } from "../rules/card-facts.ts";
import { listHashes } from "../rules/encodings.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import { expectPlausibleExpiry } from "./session-expiry.ts";
import {
  CONCURRENT_CALLS,
  callConcurrently,
  createSession,
  enterCard,
  expectFirstOrRejected,
  expectSameResponse,
  findChallenge,
  getCardToken,
  getNormalUrl,
  getVaultingStatus,
  hasSameCard,
  inquire,
  inquireFinal,
  openCardForm,
  requireChallenge,
  requireFailure,
  requireSuccess,
  reuseId,
  vault,
} from "./vaulting-requests.ts";

const REDIRECT_URL = "https://merchant.example/cards/session?order=7&next=%2Fdone";

/** Values that identify a session. */
const IDENTIFIERS = ["vaultingSessionData", "vaultingSessionId", "normalUrl"] as const;

/** Expects sessions to differ in each value that identifies a session. */
function expectDistinct(sessions: readonly Exchange[], subject: string): void {
  for (const session of sessions) requireSuccess(session);
  for (const name of IDENTIFIERS) {
    const seen = new Set<unknown>();
    for (const session of sessions) {
      const value = getField(session.body, name);
      if (value !== undefined && seen.has(value)) fail(session, `${subject} share the same ${name}.`);
      seen.add(value);
    }
  }
}

/** Returns the text, and its parts decoded from base64 and hexadecimal at each possible offset. */
function listDecodings(text: string): readonly string[] {
  const parts = text.split(/[^\w+/-]+/);
  const decode = (encoding: "base64" | "hex", offsets: readonly number[]) =>
    parts.flatMap((part) => offsets.map((offset) => Buffer.from(part.slice(offset), encoding).toString("latin1")));
  return [text, ...decode("base64", [0, 1, 2, 3]), ...decode("hex", [0, 1])].map((decoded) =>
    decoded.replaceAll("\\", ""),
  );
}

/** Expects the ID and the data of a session not to reveal values from the request. */
function expectOpaque(session: Exchange): void {
  requireSuccess(session);
  for (const name of ["vaultingSessionData", "vaultingSessionId"]) {
    const value = toText(getField(session.body, name));
    const decodings = listDecodings(value);
    for (const field of ["vaultingRequestId", "vaultingNotificationUrl", "redirectUrl"]) {
      const sent = getField(session.requestBody, field);
      if (typeof sent === "string" && decodings.some((text) => text.includes(sent)))
        fail(session, `Response ${name} contains the ${field}.`);
    }
    const hashes = listHashes(String(getField(session.requestBody, "vaultingRequestId")));
    if (hashes.some((hash) => value.toLowerCase().includes(hash)))
      fail(session, `Response ${name} contains a hash of the vaultingRequestId.`);
  }
}

/**
 * Expects each normalUrl in inquiries and retries to be the URL of the session's page. Either all inquiries must return a normalUrl, or none of them
 * may return one.
 */
async function expectSamePage(client: TargetClient): Promise<void> {
  const inquiries: Exchange[] = [];
  await runForEach([{ redirectUrl: REDIRECT_URL }, { is3DSAuthentication: true }, {}], async (change) => {
    const id = client.createId();
    const session = await createSession(client, id, change);
    requireSuccess(session);
    if (getNormalUrl(session) === undefined) throw new CheckSkipped("The session has no normalUrl.");
    const own = [await inquire(client, id), await inquire(client, id)];
    inquiries.push(...own);
    for (const other of [...own, await createSession(client, id, change)]) {
      const url = getNormalUrl(other);
      if (url !== undefined && url !== getNormalUrl(session))
        fail(other, "Response has a different normalUrl than the first response for the session.");
    }
  });
  const without = inquiries.filter((inquiry) => getNormalUrl(inquiry) === undefined);
  if (without[0] && without.length < inquiries.length)
    fail(without[0], "Inquiry about a session has no normalUrl, although other inquiries have one.");
}

/**
 * Creates a session, visits its page as a link preview does, and then enters a card. Returns the session, and the cross-origin URL that the page
 * redirects to, if any.
 */
export async function vaultInSession(client: TargetClient, id: string, change?: RequestBody, cardNo?: string) {
  const session = await createSession(client, id, change);
  const url = getNormalUrl(session);
  if (typeof url === "string") await visitPage(url);
  return { session, location: await enterCard(client, session, cardNo) };
}

/** Expects the page to redirect the buyer, if at all, only to the redirectUrl of the session. The page may show a result instead. */
export function expectAllowedRedirect(session: Exchange, location: string | undefined): void {
  const redirectUrl = getField(session.requestBody, "redirectUrl");
  if (location === undefined || (typeof redirectUrl === "string" && isRedirectTo(redirectUrl, location))) return;
  const problem = redirectUrl ? "to a URL other than redirectUrl" : "although the session has no redirectUrl";
  fail(session, `Buyer was redirected ${problem}.`);
}

/**
 * Enters a card in sessions without redirectUrl, with null as redirectUrl, and with each form of the URL. Expects each card to be vaulted, and no
 * redirect to a different URL.
 */
async function expectRedirects(client: TargetClient): Promise<void> {
  await runForEach([undefined, null, ...REDIRECT_URLS], async (redirectUrl) => {
    const id = client.createId();
    const { session, location } = await vaultInSession(client, id, { redirectUrl });
    const inquiry = await inquireFinal(client, id);
    expectVaulted(inquiry);
    expectAllowedRedirect(session, location);
    if (redirectUrl === undefined) expectSameResponse([inquiry, await inquire(client, id)], "Repeated inquiry");
  });
}

/** Reuses the ID of a session with different content, then enters a card. Expects only the content of the first request to take effect. */
async function expectFirstContent(client: TargetClient): Promise<void> {
  const id = client.createId();
  const content = { redirectUrl: REDIRECT_URLS[0] };
  const first = await createSession(client, id, content);
  requireSuccess(first);
  const reuse = async (change: RequestBody) =>
    expectFirstOrRejected(first, await reuseId(client, "createVaultingSession", id, { ...content, ...change }));
  await reuse({ redirectUrl: REDIRECT_URL });
  await reuse({ is3DSAuthentication: true });
  expectSameResponse([first, await createSession(client, id, content)], "Retry with the original content");
  await reuse({ redirectUrl: REDIRECT_URL, is3DSAuthentication: true });
  if (getVaultingStatus(await vaultWithoutFlag(client)) !== "SUCCESS") return;
  expectAllowedRedirect(first, await enterCard(client, first));
  expectVaulted(await inquireFinal(client, id));
}

/** Enters a card in a session without is3DSAuthentication, once for all checks. Returns the inquiry. */
const vaultWithoutFlag = (client: TargetClient): Promise<Exchange> =>
  client.once("session without is3DSAuthentication", async () => {
    const id = client.createId();
    await vaultInSession(client, id).catch((error: unknown) => {
      if (!(error instanceof CheckSkipped)) throw error;
    });
    return inquireFinal(client, id);
  });

/** Enters each card in a separate session. The pages of all sessions are open in the same browser. Returns the inquiries. */
async function vaultInTabs(client: TargetClient, cards: readonly string[]): Promise<readonly Exchange[]> {
  const browser: Cookies = new Map();
  const tabs: { readonly id: string; readonly submit: () => Promise<unknown> }[] = [];
  for (const cardNo of cards) {
    const id = client.createId();
    const session = await createSession(client, id);
    tabs.push({ id, submit: await openCardForm(client, session, cardNo, undefined, undefined, browser) });
  }
  for (const { submit } of tabs) await submit();
  return Promise.all(tabs.map(({ id }) => inquireFinal(client, id)));
}

/** Enters a card with an invalid expiry date, which can end the session, and then a different, valid card. Returns the inquiry. */
async function vaultAfterInvalidEntry(client: TargetClient): Promise<Exchange> {
  const id = client.createId();
  const session = await createSession(client, id);
  await enterCard(client, session, TEST_CARDS.mastercard, { expiry: "13/30", cvv: "123" });
  await enterCard(client, session).catch(() => {});
  return inquireFinal(client, id);
}

/** Session requests with different content and request times. Each session must have opaque values and a plausible expiry time. */
const SESSIONS: readonly (() => readonly [change: RequestBody, form: Partial<TestRequest>])[] = [
  () => [{ redirectUrl: REDIRECT_URL }, {}],
  () => [{ redirectUrl: undefined }, { time: String(Date.now() - 3 * 86_400_000) }],
  () => [{ is3DSAuthentication: true, redirectUrl: REDIRECT_URL }, { time: `${Date.now()}000000` }],
  () => [
    { merchantRegion: "US" },
    { time: `${new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 19)}+14:00` },
  ],
];

/** Creates a session with each request, once for all checks. */
const createSessions = (client: TargetClient): Promise<readonly Exchange[]> =>
  client.once("sessions", () =>
    Promise.all(
      SESSIONS.map((create) => {
        const [change, form] = create();
        const body = createRequestBody("createVaultingSession", client.createId(), change);
        return client.send({ operation: "createVaultingSession", body, ...form });
      }),
    ),
  );

/** Expects the card that was entered on the page of a session to be vaulted. */
export function expectVaulted(inquiry: Exchange): void {
  expectDocumented(inquiry);
  if (getVaultingStatus(inquiry) !== "SUCCESS" || getCardToken(inquiry) === undefined)
    fail(
      inquiry,
      "Inquiry does not return SUCCESS with a card token after the buyer enters a card on the session's page.",
    );
}

/** @throws {CheckSkipped} if the target does not vault the card */
export function requireVaulted(inquiry: Exchange): void {
  if (getVaultingStatus(inquiry) !== "SUCCESS")
    throw new CheckSkipped("The target does not vault a card that is entered on a session's page.");
}

const rows: readonly CheckRow[] = [
  {
    id: "createVaultingSession.session.same-page",
    title: "returns the same normalUrl to inquiries and retries until the buyer enters a card",
    run: expectSamePage,
  },
  {
    id: "createVaultingSession.session.unique",
    title: `creates unique session data, a unique session ID, and a unique page for each of ${CONCURRENT_CALLS} concurrent sessions`,
    run: async (client) =>
      expectDistinct(await callConcurrently(() => createSession(client, client.createId())), "Two sessions"),
  },
  {
    id: "createVaultingSession.session.opaque",
    title: "returns a session ID and session data that do not reveal values from the request",
    run: async (client) => (await createSessions(client)).forEach(expectOpaque),
  },
  {
    id: "createVaultingSession.session.expiry",
    title: "returns an expiry time between 1 minute and 1 year in the future",
    run: async (client) => {
      for (const session of await createSessions(client)) await expectPlausibleExpiry(client, session);
    },
  },
  {
    id: "createVaultingSession.session.other-merchant",
    title: "keeps the sessions of merchants separate: a second merchant gets a different session for the same request",
    requires: ["multiple-merchants"],
    run: async (client) => {
      const id = client.createId();
      const otherMerchant = await client.getOtherMerchant("second merchant");
      const first = await createSession(client, id);
      requireSuccess(first);
      expectRejected(await inquire(otherMerchant, id), "VAULTING_NOT_EXIST");
      const second = await createSession(otherMerchant, id);
      expectDistinct([first, second], "The sessions of two merchants");
      await enterCard(otherMerchant, second);
      requireVaulted(await inquireFinal(otherMerchant, id));
      const inquiry = await inquire(client, id);
      if (getVaultingStatus(inquiry) !== "PROCESSING")
        fail(
          inquiry,
          "Inquiry about a session does not return PROCESSING after a second merchant's buyer enters a card in a session with the same ID.",
        );
    },
  },
  {
    id: "createVaultingSession.idempotency.different-content",
    title:
      "returns the first session or REPEAT_REQ_INCONSISTENT when an ID is reused with different content, and keeps the content of the first request",
    run: expectFirstContent,
  },
  {
    id: "createVaultingSession.id.vaulted",
    title: "does not change a vaulting when its ID is reused for a session",
    run: async (client) => {
      const id = client.createId();
      requireSuccess(await vault(client, id));
      const before = await inquire(client, id);
      await createSession(client, id);
      expectSameResponse([before, await inquire(client, id)], "Inquiry after the ID was reused for a session");
    },
  },
  {
    id: "vaultPaymentMethod.id.session",
    title: "returns a result that matches the inquiry when the ID of a session is reused to vault a card",
    source: "/components/schemas/VaultingRequestId",
    run: async (client) => {
      const id = client.createId();
      requireSuccess(await createSession(client, id));
      const response = await vault(client, id);
      const inquiry = await inquire(client, id);
      if (response.resultStatus === "S" ? !hasSameCard(inquiry, response) : getVaultingStatus(inquiry) === "SUCCESS")
        fail(
          inquiry,
          `Inquiry contradicts the response to a vaultPaymentMethod request that reused the ID of a session: ${summarizeResponse(response)}.`,
        );
    },
  },
  {
    id: "createVaultingSession.page.vaults",
    title:
      "vaults the card that the buyer enters on the session's page, and redirects the buyer only to the unchanged redirectUrl",
    run: expectRedirects,
  },
  {
    id: "createVaultingSession.page.final",
    title: "keeps the vaulted card when the session request is retried or a second card is entered",
    run: async (client) => {
      const id = client.createId();
      const { session } = await vaultInSession(client, id);
      const inquiry = await inquireFinal(client, id);
      requireVaulted(inquiry);
      expectFirstOrRejected(session, await createSession(client, id));
      // The target may reject the second card in any way.
      await enterCard(client, session, TEST_CARDS.mastercard).catch(() => {});
      expectSameResponse([inquiry, await inquire(client, id)], "Inquiry after a retry and a second card");
    },
  },
  {
    id: "createVaultingSession.page.isolated",
    title:
      "does not mix up the cards of 2 sessions whose pages are open in the same browser, or 2 cards entered in the same session",
    run: async (client) => {
      const cards = [TEST_CARDS.visa, TEST_CARDS.mastercard, TEST_CARDS.visa];
      const inquiries = [...(await vaultInTabs(client, cards.slice(0, 2))), await vaultAfterInvalidEntry(client)];
      for (const [index, inquiry] of inquiries.entries()) {
        if (findWrongDigits(getCard(inquiry.body), cards[index]))
          fail(inquiry, "Inquiry returns a card other than the one that the buyer entered.");
      }
      const [first, second] = inquiries;
      if (first && second) [first, second].forEach(requireVaulted);
      if (first && second && getCardToken(first) === getCardToken(second))
        fail(second, "Two sessions share a card token.");
    },
  },
  {
    id: "createVaultingSession.page.declined",
    title: "does not vault a declined card that the buyer enters on the session's page",
    run: async (client) => {
      requireFailure(await vault(client, client.createId(), FAILING_CARD));
      const id = client.createId();
      const change = { redirectUrl: REDIRECT_URLS[0] };
      const session = await createSession(client, id, change);
      const submitInOtherTab = await openCardForm(client, session);
      const location = await enterCard(client, session, TEST_CARDS.declined);
      const inquiry = await inquire(client, id);
      expectFirstOrRejected(session, await createSession(client, id, change));
      expectAllowedRedirect(session, location);
      expectDocumented(inquiry);
      // The buyer may get a second attempt.
      if (!/^(?:FAIL|PROCESSING)$/.test(String(getVaultingStatus(inquiry))) || getCardToken(inquiry) !== undefined)
        fail(inquiry, "Inquiry about a declined card does not return FAIL or PROCESSING, or returns a card token.");
      if (getVaultingStatus(inquiry) !== "FAIL") return;
      await submitInOtherTab().catch(() => {});
      expectSameResponse([inquiry, await inquire(client, id)], "Inquiry after a second card");
    },
  },
  ...createFlagRows("native", { requested: true, notRequested: false, redirectUrl: REDIRECT_URLS[0] }),
  ...createFlagRows("quoted", { requested: "true", notRequested: "false", redirectUrl: undefined }),
  createNoChallengeRow("null", null),
];

/** Creates the checks of sessions whose is3DSAuthentication is true or false, sent as a Boolean or as a string. */
function createFlagRows(
  form: "native" | "quoted",
  {
    requested,
    notRequested,
    redirectUrl,
  }: { readonly requested: unknown; readonly notRequested: unknown; readonly redirectUrl: string | undefined },
): readonly CheckRow[] {
  return [
    {
      id: `createVaultingSession.page.challenge-${form}`,
      title: `requires 3-D Secure for the card of a session with is3DSAuthentication ${JSON.stringify(requested)}`,
      run: async (client) => {
        requireChallenge(await vault(client, client.createId(), CHALLENGED_CARD));
        const id = client.createId();
        const { session } = await vaultInSession(client, id, { is3DSAuthentication: requested, redirectUrl });
        const inquiry = await inquire(client, id);
        if (getVaultingStatus(inquiry) === "SUCCESS")
          fail(inquiry, "The card of a session that requests 3-D Secure was vaulted without it.");
        expectAllowedRedirect(session, await submitForm(await findChallenge(client, id), PASS_CHALLENGE));
        expectVaulted(await inquireFinal(client, id));
      },
    },
    createNoChallengeRow(form, notRequested),
  ];
}

function createNoChallengeRow(form: "native" | "quoted" | "null", flag: unknown): CheckRow {
  return {
    id: `createVaultingSession.page.no-challenge-${form}`,
    title: `treats is3DSAuthentication ${JSON.stringify(flag)} in a session as if it were absent`,
    run: async (client) => {
      requireVaulted(await vaultWithoutFlag(client));
      const id = client.createId();
      await vaultInSession(client, id, { is3DSAuthentication: flag });
      expectVaulted(await inquireFinal(client, id));
    },
  };
}

export const createSessionChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, "/components/schemas/CreateVaultingSessionCreated");
