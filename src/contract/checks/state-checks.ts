/** What a gateway remembers: idempotency, the state that an inquiry tells, tokens of their own. */
import type { OperationId } from "../../../generated/operations.ts";
import { field } from "../../protocol/json-fields.ts";
import { bodyOf, FAILING, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectDocumented, expectRefused } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type Row, stateful } from "./check.ts";
import { INTRODUCTION } from "./request-variants.ts";
import {
  AT_ONCE,
  atOnce,
  createSession,
  expectSame,
  inquire,
  needsFailure,
  needsSuccess,
  statusOf,
  tellSame,
  tokenOf,
  vault,
  vaultOther,
} from "./vaulting-requests.ts";

/** Send the same request again, for either operation that has an effect. */
const repeated = (operation: "vaultPaymentMethod" | "createVaultingSession"): readonly Row[] => [
  {
    id: `${operation}.idempotency.sequence`,
    title: "the same ID again gives the same answer, byte for byte",
    run: async (conversation) => {
      const body = bodyOf(operation, conversation.freshId());
      const answers: Exchange[] = [];
      for (let time = 0; time < 3; time++) answers.push(await conversation.send({ operation, body }));
      expectSame(answers, "The same ID");
    },
  },
  {
    id: `${operation}.idempotency.parallel`,
    title: `${AT_ONCE} calls at once with one ID give one result`,
    run: async (conversation) => {
      const body = bodyOf(operation, conversation.freshId());
      expectSame(await atOnce(() => conversation.send({ operation, body })), "The same ID at the same time");
    },
  },
  {
    id: `${operation}.idempotency.written-otherwise`,
    title: "the same request, its fields in another order, is the same request",
    run: async (conversation) => {
      const body = bodyOf(operation, conversation.freshId());
      const other = Object.fromEntries(Object.entries(body).reverse());
      const answers = [
        await conversation.send({ operation, body }),
        await conversation.send({ operation, body: other }),
      ];
      expectSame(answers, "The same request in another order");
    },
  },
  {
    id: `${operation}.idempotency.after-refusal`,
    title: "a request that was refused with PARAM_ILLEGAL leaves nothing behind: its ID may be used again",
    run: async (conversation) => {
      const body = bodyOf(operation, conversation.freshId());
      const { vaultingNotificationUrl: _, ...without } = body;
      const refused = await conversation.send({ operation, body: without, expect: "refused" });
      expectRefused(refused, "PARAM_ILLEGAL");
      expectRefused(await inquire(conversation, String(body["vaultingRequestId"])), "VAULTING_NOT_EXIST");
      const mended = await conversation.send({ operation, body });
      if (mended.resultStatus === "S") return;
      needsSuccess(await conversation.send({ operation, body: bodyOf(operation, conversation.freshId()) }));
      fail(mended, "A refused request, mended, does not succeed under its ID; under another it does.");
    },
  },
];

/** What may come of other content under a known ID: what came of the first, or a refusal that says so. */
function expectFirstOrRefused(first: Exchange, other: Exchange): void {
  if (other.resultCode !== "REPEAT_REQ_INCONSISTENT") expectSame([first, other], "Other content under a final ID");
}

const rows: readonly Row[] = [
  ...repeated("vaultPaymentMethod"),
  ...repeated("createVaultingSession"),
  {
    id: "vaultPaymentMethod.idempotency.after-failure",
    title: "what has failed stays failed: the same ID again gives the same failure, whatever the card",
    run: async (conversation) => {
      const id = conversation.freshId();
      const first = await vault(conversation, id, FAILING);
      needsFailure(first);
      expectSame([first, await vault(conversation, id, FAILING)], "A vaulting that has failed");
      expectFirstOrRefused(first, await vaultOther(conversation, id, withCard({ cardNo: TEST_CARDS.succeeds })));
      expectSame([first, await vault(conversation, id, FAILING)], "A vaulting that has failed");
    },
  },
  {
    id: "vaultPaymentMethod.idempotency.other-content",
    title: "other content under a final ID is answered with the first result, or refused as REPEAT_REQ_INCONSISTENT",
    run: async (conversation) => {
      const id = conversation.freshId();
      const first = await vault(conversation, id);
      needsSuccess(first);
      const before = await inquire(conversation, id);
      expectFirstOrRefused(
        first,
        await vaultOther(conversation, id, { redirectUrl: "https://merchant.example/elsewhere" }),
      );
      expectFirstOrRefused(first, await vaultOther(conversation, id, FAILING));
      expectSame([first, await vault(conversation, id)], "The first content");
      expectSame([before, await inquire(conversation, id)], "The inquiry, after other content came,");
    },
  },
  {
    id: "vaultPaymentMethod.idempotency.hung-up",
    title: "a caller that hung up before the answer gets one result under its ID",
    run: async (conversation) => {
      const body = bodyOf("vaultPaymentMethod", conversation.freshId());
      const sending = { operation: "vaultPaymentMethod", body } as const;
      await Promise.all([conversation.sendAndHangUp(sending), conversation.sendAndHangUp(sending)]);
      const answers = [await conversation.send(sending), await conversation.send(sending)];
      expectSame(answers, "The same ID, after two callers hung up,");
      const [answer] = answers;
      const inquiry = await inquire(conversation, String(body["vaultingRequestId"]));
      if (answer?.resultStatus === "S" && !tellSame(inquiry, answer))
        fail(inquiry, "The inquiry tells another paymentMethodDetail than the answer after two callers hung up.");
    },
  },
  {
    id: "createVaultingSession.session.unique",
    title: "two sessions have two secrets and two pages",
    source: "/components/schemas/CreateVaultingSessionCreated",
    run: async (conversation) => {
      const first = await createSession(conversation, conversation.freshId());
      const second = await createSession(conversation, conversation.freshId());
      needsSuccess(first);
      for (const name of ["vaultingSessionData", "normalUrl"]) {
        const value = field(second.body, name);
        if (value !== undefined && value === field(first.body, name)) fail(second, `Two sessions share their ${name}.`);
      }
    },
  },
  {
    id: "inquireVaulting.state.failed",
    title: "the inquiry knows a vaulting that failed, and why; there is no card token",
    source: "/components/schemas/InquireVaultingVaultingFailed",
    run: async (conversation) => {
      const id = conversation.freshId();
      needsFailure(await vault(conversation, id, FAILING));
      const inquiries = [await inquire(conversation, id), await inquire(conversation, id)];
      for (const inquiry of inquiries) {
        expectDocumented(inquiry);
        if (statusOf(inquiry) !== "FAIL")
          fail(inquiry, "The vaulting was answered with F, and the inquiry does not say FAIL.");
        if (tokenOf(inquiry) !== undefined) fail(inquiry, "There is a card token of a vaulting that failed.");
      }
      expectSame(inquiries, "The same inquiry");
    },
  },
  {
    id: "inquireVaulting.state.parallel",
    title: `${AT_ONCE} inquiries at once tell the same`,
    run: async (conversation) => {
      const id = conversation.freshId();
      needsSuccess(await vault(conversation, id));
      expectSame(await atOnce(() => inquire(conversation, id)), "The same inquiry at the same time");
    },
  },
  {
    id: "inquireVaulting.state.other-merchant",
    title: "an ID is the merchant's own: another merchant does not find the vaulting, and vaults under it anew",
    needs: ["clients"],
    run: async (conversation) => {
      const id = conversation.freshId();
      const own = await vault(conversation, id);
      needsSuccess(own);
      const stranger = await conversation.stranger("next door");
      const inquiry = await inquire(stranger, id);
      if (inquiry.resultCode !== "VAULTING_NOT_EXIST") fail(inquiry, "Another merchant's inquiry finds the vaulting.");
      const other = await vault(stranger, id);
      if (tokenOf(other) === tokenOf(own)) fail(other, "Two merchants that use one ID are given one card token.");
    },
  },
  {
    id: "inquireVaulting.state.metadata",
    title: "the inquiry gives back the metadata of the vaulting",
    source: "/components/schemas/Metadata",
    run: async (conversation) => {
      const id = conversation.freshId();
      const metadata = JSON.stringify({ order: id });
      needsSuccess(await vault(conversation, id, { metadata }));
      const inquiry = await inquire(conversation, id);
      if (field(inquiry.body, "metadata") !== metadata)
        fail(inquiry, "The inquiry's metadata are not those of the vaulting.");
    },
  },
  {
    id: "vaultPaymentMethod.token.unique",
    title: "two vaultings have two card tokens",
    source: "/components/schemas/CardToken",
    run: async (conversation) => {
      const first = await vault(conversation, conversation.freshId());
      const second = await vault(conversation, conversation.freshId());
      needsSuccess(first);
      if (tokenOf(second) === tokenOf(first)) fail(second, "Two vaultings share a card token.");
    },
  },
  {
    id: "inquireVaulting.state.unknown",
    title: "an ID that nobody has used is VAULTING_NOT_EXIST",
    source: "/components/schemas/InquireVaultingFailed",
    run: async (conversation) => {
      expectRefused(await inquire(conversation, conversation.freshId()), "VAULTING_NOT_EXIST");
    },
  },
  {
    id: "inquireVaulting.state.vaulted",
    title: "the inquiry knows a vaulting at once, and tells what its own answer told",
    source: "/components/schemas/InquireVaultingVaulted",
    run: async (conversation) => {
      const id = conversation.freshId();
      const answer = await vault(conversation, id);
      needsSuccess(answer);
      const inquiries = [];
      for (let time = 0; time < 3; time++) inquiries.push(await inquire(conversation, id));
      for (const inquiry of inquiries) {
        expectDocumented(inquiry);
        if (statusOf(inquiry) !== "SUCCESS")
          fail(inquiry, "The vaulting was answered with S, and the inquiry does not say SUCCESS.");
        if (!tellSame(inquiry, answer))
          fail(inquiry, "The inquiry tells another paymentMethodDetail than the vaulting's own answer.");
      }
      expectSame(inquiries, "The same inquiry");
      expectSame([answer, await vault(conversation, id)], "The vaulting, after an inquiry,");
    },
  },
  {
    id: "inquireVaulting.state.session",
    title: "vaultings and sessions share one name space: the inquiry knows a session's ID",
    source: "/components/schemas/InquireVaultingProcessing",
    run: async (conversation) => {
      const id = conversation.freshId();
      needsSuccess(await createSession(conversation, id));
      const inquiry = await inquire(conversation, id);
      if (statusOf(inquiry) !== "PROCESSING")
        fail(inquiry, "The session was created, and the inquiry does not say PROCESSING.");
      if (tokenOf(inquiry) !== undefined) fail(inquiry, "There is a card token before a card was given.");
    },
  },
];

export const stateChecks = (operation: OperationId): readonly Check[] => stateful(operation, rows, INTRODUCTION);
