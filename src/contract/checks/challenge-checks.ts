/** The ways through 3-D Secure, and the page on which a session takes a card. */
import type { OperationId } from "../../../generated/operations.ts";
import { getField } from "../../protocol/json-fields.ts";
import { CANCEL_CHALLENGE, openPage, PASS_CHALLENGE, submitForm } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectDocumented, summarizeResponse } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import {
  CONCURRENT_CALLS,
  callConcurrently,
  createSession,
  enterCard,
  expectSameResponse,
  getCardToken,
  getNormalUrl,
  getVaultingStatus,
  hasSameCard,
  inquire,
  requireChallenge,
  vault,
} from "./vaulting-requests.ts";

const REDIRECT_URL = "https://merchant.example/cards/done?order=7";

const startChallenge = (conversation: TargetClient, id: string): Promise<Exchange> =>
  vault(conversation, id, { ...CHALLENGED_CARD, redirectUrl: REDIRECT_URL });

/** While it is in process, the buyer is sent to the addresses that were given first. */
function expectSameUrls(first: Exchange, other: Exchange): void {
  expectDocumented(other);
  if (other.resultCode !== "VERIFICATION_IN_PROCESS")
    fail(
      other,
      `The same ID, while it is in process, is answered ${summarizeResponse(other)}, not U / VERIFICATION_IN_PROCESS.`,
    );
  for (const name of ["normalUrl", "schemeUrl", "applinkUrl"])
    if (getField(other.body, name) !== getField(first.body, name))
      fail(other, `The same ID, while it is in process, is answered with another ${name}.`);
}

/** An inquiry of what is in process. */
function expectInProcess(inquiry: Exchange, normalUrl: string): void {
  expectDocumented(inquiry);
  if (getVaultingStatus(inquiry) !== "PROCESSING")
    fail(inquiry, "The buyer has not passed 3-D Secure, and the inquiry does not say PROCESSING.");
  if (getCardToken(inquiry) !== undefined)
    fail(inquiry, "There is a card token before the buyer has passed 3-D Secure.");
  const told = getNormalUrl(inquiry);
  if (told !== undefined && told !== normalUrl) fail(inquiry, "The inquiry tells another normalUrl than the answer.");
}

/** The merchant's own address; what a gateway adds to its query is its affair. */
function expectRedirect(answer: Exchange, led: string | undefined): void {
  if (led?.startsWith(REDIRECT_URL)) return;
  fail(answer, `The buyer is not led back to redirectUrl, but ${led === undefined ? "nowhere" : "elsewhere"}.`);
}

/** Has the buyer do something on the page, after which the vaulting has come to its end. */
async function completeChallenge(
  conversation: TargetClient,
  entered: Readonly<Record<string, string>>,
  done: "passed" | "cancelled",
  status: "SUCCESS" | "FAIL",
  expectAgain: (again: Exchange, inquiry: Exchange) => void,
): Promise<void> {
  const id = conversation.createId();
  const answer = await startChallenge(conversation, id);
  const normalUrl = requireChallenge(answer);
  expectRedirect(answer, await submitForm(normalUrl, entered));
  const inquiry = await inquire(conversation, id);
  expectDocumented(inquiry);
  if (getVaultingStatus(inquiry) !== status)
    fail(inquiry, `The buyer has ${done} 3-D Secure, and the inquiry does not say ${status}.`);
  const again = await startChallenge(conversation, id);
  expectAgain(again, inquiry);
  // Nor does it turn back, whatever is done with the page or asked.
  await openPage(normalUrl);
  expectSameResponse([again, await startChallenge(conversation, id)], "The same ID");
  expectSameResponse([inquiry, await inquire(conversation, id), await inquire(conversation, id)], "The same inquiry");
}

const SOURCE = "/components/schemas/VaultPaymentMethodVerificationRequired";

const rows: readonly CheckRow[] = [
  {
    id: "vaultPaymentMethod.challenge.repeated",
    title: `the same ID while it is in process gives the same addresses, in sequence and ${CONCURRENT_CALLS} at once`,
    run: async (conversation) => {
      const id = conversation.createId();
      const first = await startChallenge(conversation, id);
      requireChallenge(first);
      expectSameUrls(first, await startChallenge(conversation, id));
      for (const other of await callConcurrently(() => startChallenge(conversation, id))) expectSameUrls(first, other);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.parallel",
    title: `${CONCURRENT_CALLS} first calls at once with one ID bring one challenge`,
    run: async (conversation) => {
      const id = conversation.createId();
      const [first, ...others] = await callConcurrently(() => startChallenge(conversation, id));
      if (!first) return;
      requireChallenge(first);
      for (const other of others) expectSameUrls(first, other);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.unique",
    title: "two challenges have two addresses",
    run: async (conversation) => {
      const first = await startChallenge(conversation, conversation.createId());
      const second = await startChallenge(conversation, conversation.createId());
      if (requireChallenge(first) === requireChallenge(second)) fail(second, "Two challenges share their normalUrl.");
    },
  },
  {
    id: "inquireVaulting.state.in-process",
    title: "while the buyer is on the page, the inquiry says PROCESSING, without a card token",
    source: "/components/schemas/InquireVaultingProcessing",
    run: async (conversation) => {
      const id = conversation.createId();
      const normalUrl = requireChallenge(await startChallenge(conversation, id));
      expectInProcess(await inquire(conversation, id), normalUrl);
      // Looking at the page is not passing it.
      await openPage(normalUrl);
      expectInProcess(await inquire(conversation, id), normalUrl);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.passed",
    title: "a buyer that passes 3-D Secure is led back, and the card is vaulted once and for all",
    run: (conversation) =>
      completeChallenge(conversation, PASS_CHALLENGE, "passed", "SUCCESS", (again, inquiry) => {
        if (again.resultStatus !== "S" || !hasSameCard(again, inquiry))
          fail(
            again,
            "The same ID, once the buyer has passed 3-D Secure, is not answered with what the inquiry tells.",
          );
      }),
  },
  {
    id: "vaultPaymentMethod.challenge.cancelled",
    title: "a buyer that cancels is led back, and the vaulting has failed once and for all",
    run: (conversation) =>
      completeChallenge(conversation, CANCEL_CHALLENGE, "cancelled", "FAIL", (again) => {
        if (again.resultStatus !== "F")
          fail(again, `The same ID, once the buyer has cancelled, is answered ${summarizeResponse(again)}, not F.`);
      }),
  },
  {
    id: "createVaultingSession.page.vaults",
    title: "the card that a buyer gives on the session's page is vaulted under the session's ID",
    source: "/components/schemas/CreateVaultingSessionCreated",
    run: async (conversation) => {
      const id = conversation.createId();
      const session = await createSession(conversation, id, { redirectUrl: REDIRECT_URL });
      await enterCard(session);
      const inquiry = await inquire(conversation, id);
      if (getVaultingStatus(inquiry) !== "SUCCESS" || getCardToken(inquiry) === undefined)
        fail(inquiry, "The buyer has given a card on the session's page, and the inquiry knows no card token.");
      expectSameResponse([inquiry, await inquire(conversation, id)], "The same inquiry");
    },
  },
];

export const challengeChecks = (operation: OperationId): readonly Check[] => selectStateChecks(operation, rows, SOURCE);
