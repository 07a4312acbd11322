/** The ways through 3-D Secure, and the page on which a session takes a card. */
import type { OperationId } from "../../../generated/operations.ts";
import { field } from "../../protocol/json-fields.ts";
import { CANCELS, fillIn, PASSES, visit } from "../conversation/simulated-buyer.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { CHALLENGED } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectDocumented, saidOf } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type Row, stateful } from "./check.ts";
import {
  AT_ONCE,
  atOnce,
  createSession,
  expectSame,
  giveCard,
  inquire,
  needsChallenge,
  statusOf,
  tellSame,
  tokenOf,
  urlOf,
  vault,
} from "./vaulting-requests.ts";

const REDIRECT_URL = "https://merchant.example/cards/done?order=7";

const challenge = (conversation: Conversation, id: string): Promise<Exchange> =>
  vault(conversation, id, { ...CHALLENGED, redirectUrl: REDIRECT_URL });

/** While it is in process, the buyer is sent to the addresses that were given first. */
function expectSameUrls(first: Exchange, other: Exchange): void {
  expectDocumented(other);
  if (other.resultCode !== "VERIFICATION_IN_PROCESS")
    fail(other, `The same ID, while it is in process, is answered ${saidOf(other)}, not U / VERIFICATION_IN_PROCESS.`);
  for (const name of ["normalUrl", "schemeUrl", "applinkUrl"])
    if (field(other.body, name) !== field(first.body, name))
      fail(other, `The same ID, while it is in process, is answered with another ${name}.`);
}

/** An inquiry of what is in process. */
function expectInProcess(inquiry: Exchange, normalUrl: string): void {
  expectDocumented(inquiry);
  if (statusOf(inquiry) !== "PROCESSING")
    fail(inquiry, "The buyer has not passed 3-D Secure, and the inquiry does not say PROCESSING.");
  if (tokenOf(inquiry) !== undefined) fail(inquiry, "There is a card token before the buyer has passed 3-D Secure.");
  const told = urlOf(inquiry);
  if (told !== undefined && told !== normalUrl) fail(inquiry, "The inquiry tells another normalUrl than the answer.");
}

/** The merchant's own address; what a gateway adds to its query is its affair. */
function expectLedBack(answer: Exchange, led: string | undefined): void {
  if (led?.startsWith(REDIRECT_URL)) return;
  fail(answer, `The buyer is not led back to redirectUrl, but ${led === undefined ? "nowhere" : "elsewhere"}.`);
}

/** Has the buyer do something on the page, after which the vaulting has come to its end. */
async function endChallenge(
  conversation: Conversation,
  entered: Readonly<Record<string, string>>,
  done: "passed" | "cancelled",
  status: "SUCCESS" | "FAIL",
  expectAgain: (again: Exchange, inquiry: Exchange) => void,
): Promise<void> {
  const id = conversation.freshId();
  const answer = await challenge(conversation, id);
  const normalUrl = needsChallenge(answer);
  expectLedBack(answer, await fillIn(normalUrl, entered));
  const inquiry = await inquire(conversation, id);
  expectDocumented(inquiry);
  if (statusOf(inquiry) !== status)
    fail(inquiry, `The buyer has ${done} 3-D Secure, and the inquiry does not say ${status}.`);
  const again = await challenge(conversation, id);
  expectAgain(again, inquiry);
  // Nor does it turn back, whatever is done with the page or asked.
  await visit(normalUrl);
  expectSame([again, await challenge(conversation, id)], "The same ID");
  expectSame([inquiry, await inquire(conversation, id), await inquire(conversation, id)], "The same inquiry");
}

const ASKED = "/components/schemas/VaultPaymentMethodVerificationRequired";

const rows: readonly Row[] = [
  {
    id: "vaultPaymentMethod.challenge.repeated",
    title: `the same ID while it is in process gives the same addresses, in sequence and ${AT_ONCE} at once`,
    run: async (conversation) => {
      const id = conversation.freshId();
      const first = await challenge(conversation, id);
      needsChallenge(first);
      expectSameUrls(first, await challenge(conversation, id));
      for (const other of await atOnce(() => challenge(conversation, id))) expectSameUrls(first, other);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.parallel",
    title: `${AT_ONCE} first calls at once with one ID bring one challenge`,
    run: async (conversation) => {
      const id = conversation.freshId();
      const [first, ...others] = await atOnce(() => challenge(conversation, id));
      if (!first) return;
      needsChallenge(first);
      for (const other of others) expectSameUrls(first, other);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.unique",
    title: "two challenges have two addresses",
    run: async (conversation) => {
      const first = await challenge(conversation, conversation.freshId());
      const second = await challenge(conversation, conversation.freshId());
      if (needsChallenge(first) === needsChallenge(second)) fail(second, "Two challenges share their normalUrl.");
    },
  },
  {
    id: "inquireVaulting.state.in-process",
    title: "while the buyer is on the page, the inquiry says PROCESSING, without a card token",
    source: "/components/schemas/InquireVaultingProcessing",
    run: async (conversation) => {
      const id = conversation.freshId();
      const normalUrl = needsChallenge(await challenge(conversation, id));
      expectInProcess(await inquire(conversation, id), normalUrl);
      // Looking at the page is not passing it.
      await visit(normalUrl);
      expectInProcess(await inquire(conversation, id), normalUrl);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.passed",
    title: "a buyer that passes 3-D Secure is led back, and the card is vaulted once and for all",
    run: (conversation) =>
      endChallenge(conversation, PASSES, "passed", "SUCCESS", (again, inquiry) => {
        if (again.resultStatus !== "S" || !tellSame(again, inquiry))
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
      endChallenge(conversation, CANCELS, "cancelled", "FAIL", (again) => {
        if (again.resultStatus !== "F")
          fail(again, `The same ID, once the buyer has cancelled, is answered ${saidOf(again)}, not F.`);
      }),
  },
  {
    id: "createVaultingSession.page.vaults",
    title: "the card that a buyer gives on the session's page is vaulted under the session's ID",
    source: "/components/schemas/CreateVaultingSessionCreated",
    run: async (conversation) => {
      const id = conversation.freshId();
      const session = await createSession(conversation, id, { redirectUrl: REDIRECT_URL });
      await giveCard(session);
      const inquiry = await inquire(conversation, id);
      if (statusOf(inquiry) !== "SUCCESS" || tokenOf(inquiry) === undefined)
        fail(inquiry, "The buyer has given a card on the session's page, and the inquiry knows no card token.");
      expectSame([inquiry, await inquire(conversation, id)], "The same inquiry");
    },
  },
];

export const challengeChecks = (operation: OperationId): readonly Check[] => stateful(operation, rows, ASKED);
