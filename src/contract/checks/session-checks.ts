/** Checks of sessions: their values, their IDs, and the page on which the buyer enters the card. */
import type { OperationId } from "../../../generated/operations.ts";
import { getCard, getField, toText } from "../../protocol/json-fields.ts";
import { isRedirectTo, PASS_CHALLENGE, REDIRECT_URLS, submitForm, visitPage } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD, FAILING_CARD, type RequestBody, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { CheckSkipped } from "../model/failure.ts";
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
  requireChallenge,
  requireFailure,
  requireSuccess,
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

/** Returns the text, and its parts decoded from base64 and hexadecimal at each offset. */
function listDecodings(text: string): readonly string[] {
  const parts = text.split(/[^\w+/-]+/);
  const decode = (encoding: "base64" | "hex", offsets: readonly number[]) =>
    parts.flatMap((part) => offsets.map((offset) => Buffer.from(part.slice(offset), encoding).toString("latin1")));
  return [text, ...decode("base64", [0, 1, 2, 3]), ...decode("hex", [0, 1])].map((one) => one.replaceAll("\\", ""));
}

/** Expects the ID and the data of a session not to reveal values of the request. */
function expectOpaque(session: Exchange): void {
  requireSuccess(session);
  for (const name of ["vaultingSessionData", "vaultingSessionId"]) {
    const value = toText(getField(session.body, name));
    const decodings = listDecodings(value);
    for (const field of ["vaultingRequestId", "vaultingNotificationUrl", "redirectUrl"]) {
      const sent = String(getField(session.requestBody, field));
      if (decodings.some((text) => text.includes(sent))) fail(session, `Response ${name} contains the ${field}.`);
    }
    const hashes = listHashes(String(getField(session.requestBody, "vaultingRequestId")));
    if (hashes.some((hash) => value.toLowerCase().includes(hash)))
      fail(session, `Response ${name} contains a hash of the vaultingRequestId.`);
  }
}

/** Expects inquiries and retries to return the page of a session again, with and without 3-D Secure. */
async function expectSamePage(client: TargetClient): Promise<void> {
  await Promise.all(
    [{}, { is3DSAuthentication: true }, { redirectUrl: undefined }].map(async (change) => {
      const id = client.createId();
      const session = await createSession(client, id, change);
      requireSuccess(session);
      if (getNormalUrl(session) === undefined) throw new CheckSkipped("The session has no normalUrl.");
      for (const other of [
        await inquire(client, id),
        await inquire(client, id),
        await createSession(client, id, change),
      ]) {
        const url = getNormalUrl(other);
        if (url !== undefined && url !== getNormalUrl(session))
          fail(other, "Response has a different normalUrl than the first response about the session.");
      }
    }),
  );
}

/** Creates a session, visits its page as a link preview does, and then enters a card. Returns the session, and the URL to which the page redirects. */
export async function vaultInSession(client: TargetClient, id: string, change?: RequestBody, cardNo?: string) {
  const session = await createSession(client, id, change);
  const url = getNormalUrl(session);
  if (typeof url === "string") await visitPage(url);
  client.record.addEnteredCard({ vaultingRequestId: id, ...withCard({ cardNo: cardNo ?? TEST_CARDS.visa }) });
  return { session, location: await enterCard(session, cardNo) };
}

/** Enters a card in a session without redirectUrl and in one with each form of it. Expects each card to be vaulted, and the buyer to return only to redirectUrl. */
async function expectReturn(client: TargetClient): Promise<void> {
  await Promise.all(
    [undefined, ...REDIRECT_URLS].map(async (redirectUrl) => {
      const id = client.createId();
      const { session, location } = await vaultInSession(client, id, { redirectUrl });
      const inquiry = await inquireFinal(client, id);
      expectVaulted(inquiry);
      // The page may show a result instead of a redirect.
      if (location !== undefined && !(redirectUrl && isRedirectTo(redirectUrl, location)))
        fail(
          session,
          `Buyer was redirected ${redirectUrl === undefined ? "although the session has no redirectUrl" : "to a URL other than redirectUrl"}.`,
        );
      if (redirectUrl === undefined) expectSameResponse([inquiry, await inquire(client, id)], "Repeated inquiry");
    }),
  );
}

/** Expects the card that was entered on the page of a session to be vaulted. */
export function expectVaulted(inquiry: Exchange): void {
  expectDocumented(inquiry);
  if (getVaultingStatus(inquiry) !== "SUCCESS" || getCardToken(inquiry) === undefined)
    fail(
      inquiry,
      "Inquiry does not return SUCCESS with a card token after the buyer entered a card on the page of the session.",
    );
}

/** @throws {CheckSkipped} if the target does not vault the card */
export function requireVaulted(inquiry: Exchange): void {
  if (getVaultingStatus(inquiry) !== "SUCCESS")
    throw new CheckSkipped("The target does not vault the card that is entered on the page of a session.");
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
    title: "returns a session ID and encrypted session data that do not reveal values of the request",
    run: async (client) => expectOpaque(await createSession(client, client.createId(), { redirectUrl: REDIRECT_URL })),
  },
  {
    id: "createVaultingSession.session.expiry",
    title: "returns an expiry time between 1 minute and 1 year in the future",
    run: async (client) => {
      for (const change of [{}, { is3DSAuthentication: true }, { merchantRegion: "US" }, { redirectUrl: undefined }])
        await expectPlausibleExpiry(client, await createSession(client, client.createId(), change));
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
      expectDistinct([first, await createSession(otherMerchant, id)], "The sessions of two merchants");
    },
  },
  {
    id: "createVaultingSession.idempotency.different-content",
    title: "returns the first session or REPEAT_REQ_INCONSISTENT when an ID is reused with different content",
    run: async (client) => {
      const id = client.createId();
      const first = await createSession(client, id);
      requireSuccess(first);
      for (const change of [{ redirectUrl: REDIRECT_URL }, { is3DSAuthentication: true }])
        expectFirstOrRejected(first, await createSession(client, id, change));
      expectSameResponse([first, await createSession(client, id)], "Retry with the original content");
    },
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
          `Inquiry contradicts the response to vaultPaymentMethod under the ID of a session: ${summarizeResponse(response)}.`,
        );
    },
  },
  {
    id: "createVaultingSession.page.vaults",
    title:
      "vaults the card that the buyer enters on the page of the session, and redirects the buyer to the unchanged redirectUrl",
    run: expectReturn,
  },
  {
    id: "createVaultingSession.page.final",
    title: "keeps the vaulted card when the request is retried or a second card is entered",
    run: async (client) => {
      const id = client.createId();
      const { session } = await vaultInSession(client, id);
      const inquiry = await inquireFinal(client, id);
      requireVaulted(inquiry);
      expectFirstOrRejected(session, await createSession(client, id));
      // The page may reject the second card in any way.
      await enterCard(session, TEST_CARDS.mastercard).catch(() => {});
      expectSameResponse([inquiry, await inquire(client, id)], "Inquiry after a retry and a second card");
    },
  },
  {
    id: "createVaultingSession.page.isolated",
    title: "does not mix up the cards of different sessions, or of 2 entries in a session",
    run: async (client) => {
      const cards = [TEST_CARDS.visa, TEST_CARDS.mastercard, TEST_CARDS.visa];
      const inquiries = await Promise.all(
        cards.map(async (cardNo, index) => {
          const id = client.createId();
          // The last buyer first enters a different card with an invalid date, which may end the session.
          if (index === 2)
            await enterCard(await createSession(client, id), TEST_CARDS.mastercard, { expiry: "13/30", cvv: "123" });
          await vaultInSession(client, id, {}, cardNo).catch((error: unknown) => {
            if (index < 2) throw error;
          });
          return inquireFinal(client, id);
        }),
      );
      for (const [index, inquiry] of inquiries.entries()) {
        requireVaulted(inquiry);
        if (findWrongDigits(getCard(inquiry.body), cards[index]))
          fail(inquiry, "Inquiry describes a different card than the buyer entered.");
      }
      const [first, second] = inquiries;
      if (first && second && getCardToken(first) === getCardToken(second))
        fail(second, "Two sessions share a card token.");
    },
  },
  {
    id: "createVaultingSession.page.declined",
    title: "does not vault a declined card that the buyer enters on the page of the session",
    run: async (client) => {
      requireFailure(await vault(client, client.createId(), FAILING_CARD));
      const id = client.createId();
      const { session } = await vaultInSession(client, id, {}, TEST_CARDS.declined);
      const inquiry = await inquire(client, id);
      expectFirstOrRejected(session, await createSession(client, id));
      expectDocumented(inquiry);
      // The buyer may get a second attempt.
      if (!/^(?:FAIL|PROCESSING)$/.test(String(getVaultingStatus(inquiry))) || getCardToken(inquiry) !== undefined)
        fail(inquiry, "Inquiry about a declined card does not return FAIL or PROCESSING, or returns a card token.");
    },
  },
  ...createFlagRows("native", { requested: true, declined: false }),
  ...createFlagRows("quoted", { requested: "true", declined: "false" }),
  createNoChallengeRow("null", null),
];

/** Creates the checks of true and false in one form of is3DSAuthentication in a session. */
function createFlagRows(
  form: "native" | "quoted",
  { requested, declined }: { readonly requested: unknown; readonly declined: unknown },
): readonly CheckRow[] {
  return [
    {
      id: `createVaultingSession.page.challenge-${form}`,
      title: `requires 3-D Secure for the card of a session with is3DSAuthentication ${JSON.stringify(requested)}`,
      run: async (client) => {
        requireChallenge(await vault(client, client.createId(), CHALLENGED_CARD));
        const id = client.createId();
        await vaultInSession(client, id, { is3DSAuthentication: requested });
        const inquiry = await inquire(client, id);
        if (getVaultingStatus(inquiry) === "SUCCESS")
          fail(inquiry, "The card of a session that requests 3-D Secure was vaulted without it.");
        await submitForm(await findChallenge(client, id), PASS_CHALLENGE);
        expectVaulted(await inquireFinal(client, id));
      },
    },
    createNoChallengeRow(form, declined),
  ];
}

function createNoChallengeRow(form: "native" | "quoted" | "null", flag: unknown): CheckRow {
  return {
    id: `createVaultingSession.page.no-challenge-${form}`,
    title: `treats is3DSAuthentication ${JSON.stringify(flag)} in a session as if it were absent`,
    run: async (client) => {
      requireVaulted(
        await client.once("session without is3DSAuthentication", async () => {
          const absentId = client.createId();
          await vaultInSession(client, absentId);
          return inquireFinal(client, absentId);
        }),
      );
      const id = client.createId();
      await vaultInSession(client, id, { is3DSAuthentication: flag });
      expectVaulted(await inquireFinal(client, id));
    },
  };
}

export const createSessionChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, "/components/schemas/CreateVaultingSessionCreated");
