/** What a gateway remembers: idempotency, the state that an inquiry tells, tokens of their own. */
import type { OperationId } from "../../../generated/operations.ts";
import { getField } from "../../protocol/json-fields.ts";
import { createRequestBody, FAILING_CARD, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectDocumented, expectRejected } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import { INTRODUCTION } from "./request-variants.ts";
import {
  CONCURRENT_CALLS,
  callConcurrently,
  createSession,
  expectSameResponse,
  getCardToken,
  getVaultingStatus,
  hasSameCard,
  inquire,
  requireFailure,
  requireSuccess,
  reuseVaultingId,
  vault,
} from "./vaulting-requests.ts";

/** Send the same request again, for either operation that has an effect. */
const createIdempotencyRows = (operation: "vaultPaymentMethod" | "createVaultingSession"): readonly CheckRow[] => [
  {
    id: `${operation}.idempotency.sequence`,
    title: "the same ID again gives the same answer, byte for byte",
    run: async (conversation) => {
      const body = createRequestBody(operation, conversation.createId());
      const answers: Exchange[] = [];
      for (let time = 0; time < 3; time++) answers.push(await conversation.send({ operation, body }));
      expectSameResponse(answers, "The same ID");
    },
  },
  {
    id: `${operation}.idempotency.parallel`,
    title: `${CONCURRENT_CALLS} calls at once with one ID give one result`,
    run: async (conversation) => {
      const body = createRequestBody(operation, conversation.createId());
      expectSameResponse(
        await callConcurrently(() => conversation.send({ operation, body })),
        "The same ID at the same time",
      );
    },
  },
  {
    id: `${operation}.idempotency.reordered-fields`,
    title: "the same request, its fields in another order, is the same request",
    run: async (conversation) => {
      const body = createRequestBody(operation, conversation.createId());
      const other = Object.fromEntries(Object.entries(body).reverse());
      const answers = [
        await conversation.send({ operation, body }),
        await conversation.send({ operation, body: other }),
      ];
      expectSameResponse(answers, "The same request in another order");
    },
  },
  {
    id: `${operation}.idempotency.after-rejection`,
    title: "a request that was refused with PARAM_ILLEGAL leaves nothing behind: its ID may be used again",
    run: async (conversation) => {
      const body = createRequestBody(operation, conversation.createId());
      const { vaultingNotificationUrl: _, ...without } = body;
      const refused = await conversation.send({ operation, body: without, expect: "rejected" });
      expectRejected(refused, "PARAM_ILLEGAL");
      expectRejected(await inquire(conversation, String(body["vaultingRequestId"])), "VAULTING_NOT_EXIST");
      const mended = await conversation.send({ operation, body });
      if (mended.resultStatus === "S") return;
      requireSuccess(
        await conversation.send({ operation, body: createRequestBody(operation, conversation.createId()) }),
      );
      fail(mended, "A refused request, mended, does not succeed under its ID; under another it does.");
    },
  },
];

/** What may come of other content under a known ID: what came of the first, or a refusal that says so. */
function expectFirstOrRejected(first: Exchange, other: Exchange): void {
  if (other.resultCode !== "REPEAT_REQ_INCONSISTENT")
    expectSameResponse([first, other], "Other content under a final ID");
}

const rows: readonly CheckRow[] = [
  ...createIdempotencyRows("vaultPaymentMethod"),
  ...createIdempotencyRows("createVaultingSession"),
  {
    id: "vaultPaymentMethod.idempotency.after-failure",
    title: "what has failed stays failed: the same ID again gives the same failure, whatever the card",
    run: async (conversation) => {
      const id = conversation.createId();
      const first = await vault(conversation, id, FAILING_CARD);
      requireFailure(first);
      expectSameResponse([first, await vault(conversation, id, FAILING_CARD)], "A vaulting that has failed");
      expectFirstOrRejected(first, await reuseVaultingId(conversation, id, withCard({ cardNo: TEST_CARDS.succeeds })));
      expectSameResponse([first, await vault(conversation, id, FAILING_CARD)], "A vaulting that has failed");
    },
  },
  {
    id: "vaultPaymentMethod.idempotency.different-content",
    title: "other content under a final ID is answered with the first result, or refused as REPEAT_REQ_INCONSISTENT",
    run: async (conversation) => {
      const id = conversation.createId();
      const first = await vault(conversation, id);
      requireSuccess(first);
      const before = await inquire(conversation, id);
      expectFirstOrRejected(
        first,
        await reuseVaultingId(conversation, id, { redirectUrl: "https://merchant.example/elsewhere" }),
      );
      expectFirstOrRejected(first, await reuseVaultingId(conversation, id, FAILING_CARD));
      expectSameResponse([first, await vault(conversation, id)], "The first content");
      expectSameResponse([before, await inquire(conversation, id)], "The inquiry, after other content came,");
    },
  },
  {
    id: "vaultPaymentMethod.idempotency.client-disconnects",
    title: "a caller that hung up before the answer gets one result under its ID",
    run: async (conversation) => {
      const body = createRequestBody("vaultPaymentMethod", conversation.createId());
      const sending = { operation: "vaultPaymentMethod", body } as const;
      await Promise.all([conversation.sendAndDisconnect(sending), conversation.sendAndDisconnect(sending)]);
      const answers = [await conversation.send(sending), await conversation.send(sending)];
      expectSameResponse(answers, "The same ID, after two callers hung up,");
      const [answer] = answers;
      const inquiry = await inquire(conversation, String(body["vaultingRequestId"]));
      if (answer?.resultStatus === "S" && !hasSameCard(inquiry, answer))
        fail(inquiry, "The inquiry tells another paymentMethodDetail than the answer after two callers hung up.");
    },
  },
  {
    id: "createVaultingSession.session.unique",
    title: "two sessions have two secrets and two pages",
    source: "/components/schemas/CreateVaultingSessionCreated",
    run: async (conversation) => {
      const first = await createSession(conversation, conversation.createId());
      const second = await createSession(conversation, conversation.createId());
      requireSuccess(first);
      for (const name of ["vaultingSessionData", "normalUrl"]) {
        const value = getField(second.body, name);
        if (value !== undefined && value === getField(first.body, name))
          fail(second, `Two sessions share their ${name}.`);
      }
    },
  },
  {
    id: "inquireVaulting.state.failed",
    title: "the inquiry knows a vaulting that failed, and why; there is no card token",
    source: "/components/schemas/InquireVaultingVaultingFailed",
    run: async (conversation) => {
      const id = conversation.createId();
      requireFailure(await vault(conversation, id, FAILING_CARD));
      const inquiries = [await inquire(conversation, id), await inquire(conversation, id)];
      for (const inquiry of inquiries) {
        expectDocumented(inquiry);
        if (getVaultingStatus(inquiry) !== "FAIL")
          fail(inquiry, "The vaulting was answered with F, and the inquiry does not say FAIL.");
        if (getCardToken(inquiry) !== undefined) fail(inquiry, "There is a card token of a vaulting that failed.");
      }
      expectSameResponse(inquiries, "The same inquiry");
    },
  },
  {
    id: "inquireVaulting.state.parallel",
    title: `${CONCURRENT_CALLS} inquiries at once tell the same`,
    run: async (conversation) => {
      const id = conversation.createId();
      requireSuccess(await vault(conversation, id));
      expectSameResponse(await callConcurrently(() => inquire(conversation, id)), "The same inquiry at the same time");
    },
  },
  {
    id: "inquireVaulting.state.other-merchant",
    title: "an ID is the merchant's own: another merchant does not find the vaulting, and vaults under it anew",
    requires: ["multiple-merchants"],
    run: async (conversation) => {
      const id = conversation.createId();
      const own = await vault(conversation, id);
      requireSuccess(own);
      const stranger = await conversation.getOtherMerchant("next door");
      const inquiry = await inquire(stranger, id);
      if (inquiry.resultCode !== "VAULTING_NOT_EXIST") fail(inquiry, "Another merchant's inquiry finds the vaulting.");
      const other = await vault(stranger, id);
      if (getCardToken(other) === getCardToken(own))
        fail(other, "Two merchants that use one ID are given one card token.");
    },
  },
  {
    id: "inquireVaulting.state.metadata",
    title: "the inquiry gives back the metadata of the vaulting",
    source: "/components/schemas/Metadata",
    run: async (conversation) => {
      const id = conversation.createId();
      const metadata = JSON.stringify({ order: id });
      requireSuccess(await vault(conversation, id, { metadata }));
      const inquiry = await inquire(conversation, id);
      if (getField(inquiry.body, "metadata") !== metadata)
        fail(inquiry, "The inquiry's metadata are not those of the vaulting.");
    },
  },
  {
    id: "vaultPaymentMethod.token.unique",
    title: "two vaultings have two card tokens",
    source: "/components/schemas/CardToken",
    run: async (conversation) => {
      const first = await vault(conversation, conversation.createId());
      const second = await vault(conversation, conversation.createId());
      requireSuccess(first);
      if (getCardToken(second) === getCardToken(first)) fail(second, "Two vaultings share a card token.");
    },
  },
  {
    id: "inquireVaulting.state.unknown",
    title: "an ID that nobody has used is VAULTING_NOT_EXIST",
    source: "/components/schemas/InquireVaultingFailed",
    run: async (conversation) => {
      expectRejected(await inquire(conversation, conversation.createId()), "VAULTING_NOT_EXIST");
    },
  },
  {
    id: "inquireVaulting.state.vaulted",
    title: "the inquiry knows a vaulting at once, and tells what its own answer told",
    source: "/components/schemas/InquireVaultingVaulted",
    run: async (conversation) => {
      const id = conversation.createId();
      const answer = await vault(conversation, id);
      requireSuccess(answer);
      const inquiries = [];
      for (let time = 0; time < 3; time++) inquiries.push(await inquire(conversation, id));
      for (const inquiry of inquiries) {
        expectDocumented(inquiry);
        if (getVaultingStatus(inquiry) !== "SUCCESS")
          fail(inquiry, "The vaulting was answered with S, and the inquiry does not say SUCCESS.");
        if (!hasSameCard(inquiry, answer))
          fail(inquiry, "The inquiry tells another paymentMethodDetail than the vaulting's own answer.");
      }
      expectSameResponse(inquiries, "The same inquiry");
      expectSameResponse([answer, await vault(conversation, id)], "The vaulting, after an inquiry,");
    },
  },
  {
    id: "inquireVaulting.state.session",
    title: "vaultings and sessions share one name space: the inquiry knows a session's ID",
    source: "/components/schemas/InquireVaultingProcessing",
    run: async (conversation) => {
      const id = conversation.createId();
      requireSuccess(await createSession(conversation, id));
      const inquiry = await inquire(conversation, id);
      if (getVaultingStatus(inquiry) !== "PROCESSING")
        fail(inquiry, "The session was created, and the inquiry does not say PROCESSING.");
      if (getCardToken(inquiry) !== undefined) fail(inquiry, "There is a card token before a card was given.");
    },
  },
];

export const stateChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, INTRODUCTION);
