/** What a gateway remembers: idempotency, the state that an inquiry tells, tokens of their own. */
import { isDeepStrictEqual } from "node:util";
import type { OperationId } from "../../generated/operations.ts";
import { INTRODUCTION } from "./changed-request.ts";
import { type Check, NotApplicable } from "./check.ts";
import type { Conversation } from "./conversation.ts";
import { requestOf } from "./document.ts";
import { type Exchange, fail } from "./exchange.ts";
import { expectDocumented, expectRefused } from "./expectations.ts";
import { cardOf, field } from "./field.ts";

/** The document's first request of an operation, under an ID. */
function bodyOf(operation: OperationId, vaultingRequestId: string): Readonly<Record<string, unknown>> {
  const [example] = requestOf(operation).examples.values();
  return { ...(example as object), vaultingRequestId };
}

const vault = (conversation: Conversation, id: string): Promise<Exchange> =>
  conversation.send({ operation: "vaultPaymentMethod", body: bodyOf("vaultPaymentMethod", id) });
const inquire = (conversation: Conversation, id: string): Promise<Exchange> =>
  conversation.send({ operation: "inquireVaulting", body: { vaultingRequestId: id } });

const tokenOf = ({ body }: Exchange): unknown => field(cardOf(body), "cardToken");
const detailOf = ({ body }: Exchange): unknown => field(body, "paymentMethodDetail");
const textOf = ({ bytes }: Exchange): string => new TextDecoder().decode(bytes);

/** Every final answer is the first one, byte for byte. Of what is not final that is not promised. */
function expectSame(answers: readonly Exchange[], what: string): void {
  const [first, ...others] = answers.filter(({ resultStatus }) => resultStatus === "S" || resultStatus === "F");
  if (!first || others.length === 0)
    throw new NotApplicable("The document's example is answered with no final result.");
  for (const other of others)
    if (textOf(other) !== textOf(first)) fail(other, `${what} is answered otherwise than before.`);
}

/** What a check goes on from: an answer of success. */
function needsSuccess(answer: Exchange): void {
  if (answer.resultStatus !== "S") throw new NotApplicable("The document's example does not succeed at the target.");
}

const PARALLEL = 20;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly run: Check["run"];
}

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
    title: `${PARALLEL} calls at once with one ID give one result`,
    run: async (conversation) => {
      const body = bodyOf(operation, conversation.freshId());
      const calls = Array.from({ length: PARALLEL }, () => conversation.send({ operation, body }));
      expectSame(await Promise.all(calls), "The same ID at the same time");
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
    title: "an ID that was refused with PARAM_ILLEGAL may be used again",
    run: async (conversation) => {
      const body = bodyOf(operation, conversation.freshId());
      const { vaultingNotificationUrl: _, ...without } = body;
      const refused = await conversation.send({ operation, body: without, expect: "refused" });
      expectRefused(refused, "PARAM_ILLEGAL");
      const mended = await conversation.send({ operation, body });
      if (mended.resultStatus === "S") return;
      needsSuccess(await conversation.send({ operation, body: bodyOf(operation, conversation.freshId()) }));
      fail(mended, "A refused request, mended, does not succeed under its ID; under another it does.");
    },
  },
];

const rows: readonly Row[] = [
  ...repeated("vaultPaymentMethod"),
  ...repeated("createVaultingSession"),
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
      const exchange = await inquire(conversation, conversation.freshId());
      expectRefused(exchange, "VAULTING_NOT_EXIST");
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
      const inquiries = [await inquire(conversation, id), await inquire(conversation, id)];
      for (const inquiry of inquiries) {
        expectDocumented(inquiry);
        if (field(inquiry.body, "vaultingStatus") !== "SUCCESS")
          fail(inquiry, "The vaulting was answered with S, and the inquiry does not say SUCCESS.");
        if (!isDeepStrictEqual(detailOf(inquiry), detailOf(answer)))
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
      const body = bodyOf("createVaultingSession", id);
      needsSuccess(await conversation.send({ operation: "createVaultingSession", body }));
      const inquiry = await inquire(conversation, id);
      if (field(inquiry.body, "vaultingStatus") !== "PROCESSING")
        fail(inquiry, "The session was created, and the inquiry does not say PROCESSING.");
      if (tokenOf(inquiry) !== undefined) fail(inquiry, "There is a card token before a card was given.");
    },
  },
];

export const stateChecks = (operation: OperationId): readonly Check[] =>
  rows
    .filter(({ id }) => id.startsWith(`${operation}.`))
    .map(({ id, title, run, source = INTRODUCTION }) => ({ id, operation, title, source, needs: ["state"], run }));
