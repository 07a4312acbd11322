/** Checks of a gateway's state: idempotency, inquiries, and unique card tokens. */
import type { OperationId } from "../../../generated/operations.ts";
import { getField } from "../../protocol/json-fields.ts";
import type { TestRequest } from "../conversation/send-request.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { addNulls } from "../document/form-requests.ts";
import {
  CHALLENGED_CARD,
  createRequestBody,
  FAILING_CARD,
  type RequestBody,
  TEST_CARDS,
  withCard,
} from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectDocumented, expectRejected } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import { ignoredFieldsRow } from "./ignored-fields.ts";
import { INTRODUCTION } from "./request-variants.ts";
import {
  CONCURRENT_CALLS,
  callConcurrently,
  createSession,
  expectFirstOrRejected,
  expectSameResponse,
  getCardToken,
  getVaultingStatus,
  hasSameCard,
  inquire,
  OTHER_CONTENT,
  requireFailure,
  requireSuccess,
  reuseId,
  reuseVaultingId,
  vault,
} from "./vaulting-requests.ts";

/**
 * Invalid requests. A target must not store anything when it rejects one of them. The body is a string if the target may reject the request before it
 * reads the body.
 */
const REJECTIONS: readonly {
  readonly problem: string;
  readonly code: string;
  readonly operation?: OperationId;
  readonly change: (body: RequestBody) => Partial<TestRequest>;
  /** Whether the target may also accept the request. */
  readonly isOptional?: boolean;
}[] = [
  {
    problem: "a missing field",
    code: "PARAM_ILLEGAL",
    change: ({ vaultingNotificationUrl: _, ...body }) => ({ body }),
  },
  {
    problem: "an array as env",
    code: "PARAM_ILLEGAL",
    operation: "vaultPaymentMethod",
    change: (body) => ({ body: { ...body, env: [] } }),
  },
  {
    problem: "a card number with an incorrect check digit",
    code: "PARAM_ILLEGAL",
    operation: "vaultPaymentMethod",
    change: (body) => ({ body: { ...body, ...withCard({ cardNo: `${TEST_CARDS.visa.slice(0, -1)}0` }) } }),
    isOptional: true,
  },
  {
    problem: "an invalid URL",
    code: "PARAM_ILLEGAL",
    change: (body) => ({ body: { ...body, redirectUrl: "ftp://merchant.example/" } }),
  },
  {
    problem: "an invalid card",
    code: "PARAM_ILLEGAL",
    operation: "vaultPaymentMethod",
    change: (body) => ({ body: { ...body, ...withCard({ cardNo: TEST_CARDS.declined, expiryMonth: "13" }) } }),
  },
  {
    problem: "an invalid Request-Time",
    code: "PARAM_ILLEGAL",
    change: (body) => ({ body: JSON.stringify(body), time: "tomorrow" }),
  },
  {
    problem: "its media type",
    code: "MEDIA_TYPE_NOT_ACCEPTABLE",
    change: (body) => ({ body: JSON.stringify(body), headers: { "content-type": "text/plain" } }),
  },
  {
    problem: "an invalid signature",
    code: "INVALID_SIGNATURE",
    change: () => ({ signed: { body: "{}" }, expect: "signature-rejected" }),
  },
];

/** Creates the idempotency checks for an operation that changes state. */
const createIdempotencyRows = (operation: "vaultPaymentMethod" | "createVaultingSession"): readonly CheckRow[] => [
  {
    id: `${operation}.idempotency.sequence`,
    title: "returns the same response, byte for byte, when a request is retried",
    run: async (client) => {
      const body = createRequestBody(operation, client.createId());
      const responses: Exchange[] = [];
      for (let attempt = 0; attempt < 3; attempt++) responses.push(await client.send({ operation, body }));
      expectSameResponse(responses, "Retry with the same ID");
    },
  },
  {
    id: `${operation}.idempotency.parallel`,
    title: `returns the same result to ${CONCURRENT_CALLS} concurrent calls with the same ID`,
    run: async (client) => {
      const body = createRequestBody(operation, client.createId());
      expectSameResponse(
        await callConcurrently(() => client.send({ operation, body })),
        "Concurrent calls with the same ID",
        "return different responses",
      );
    },
  },
  {
    id: `${operation}.idempotency.reordered-fields`,
    title: "treats a request with reordered fields and different whitespace as the same request",
    run: async (client) => {
      const body = createRequestBody(operation, client.createId());
      const other = JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 2);
      const responses = [await client.send({ operation, body }), await client.send({ operation, body: other })];
      expectSameResponse(responses, "Request with reordered fields");
    },
  },
  {
    id: `${operation}.state.null-fields`,
    title: "treats null in an optional field as if the field were absent",
    run: async (client) => {
      const { metadata: _, ...body } = createRequestBody(operation, client.createId());
      const first = await client.send({ operation, body: addNulls(operation, body) });
      expectSameResponse(
        [first, await client.send({ operation, body, reusesId: true })],
        "Retry without the null fields",
      );
      const inquiry = await inquire(client, String(body["vaultingRequestId"]));
      if (getField(inquiry.body, "metadata") !== undefined)
        fail(inquiry, "Inquiry returns metadata, although it was null in the request.");
    },
  },
  {
    id: `${operation}.idempotency.after-rejection`,
    title: "stores nothing when it rejects a request, so that the ID can be reused",
    run: async (client) => {
      const send = (id: string, change: Partial<TestRequest> = {}) =>
        client.send({ operation, body: createRequestBody(operation, id), ...change });
      const rejections = REJECTIONS.filter((rejection) => !rejection.operation || rejection.operation === operation);
      const succeeds = (await send(client.createId())).resultStatus === "S";
      await Promise.all(
        rejections.map(async ({ problem, code, change, isOptional }) => {
          const id = client.createId();
          const rejected = await send(id, { expect: "rejected", ...change(createRequestBody(operation, id)) });
          if (isOptional && rejected.resultCode !== code) return;
          expectRejected(rejected, code);
          expectRejected(await inquire(client, id), "VAULTING_NOT_EXIST");
          const fixed = await send(id);
          if (succeeds && fixed.resultStatus !== "S")
            fail(
              fixed,
              `A request that was rejected because of ${problem} does not succeed after it is fixed, although it succeeds with a different ID.`,
            );
        }),
      );
    },
  },
];

/** A vaulting in each state. */
const VAULTINGS_IN_EACH_STATE: readonly {
  readonly label: string;
  readonly create: (client: TargetClient, id: string) => Promise<Exchange>;
}[] = [
  { label: "a vaulted card", create: vault },
  { label: "a declined card", create: (client, id) => vault(client, id, FAILING_CARD) },
  { label: "a card during 3-D Secure", create: (client, id) => vault(client, id, CHALLENGED_CARD) },
  { label: "a session", create: createSession },
];

/** Reuses the ID of a vaulting for both operations. Expects no new vaulting or session, and no effect on the existing one. */
async function expectOneNamespace(client: TargetClient, { label, create }: (typeof VAULTINGS_IN_EACH_STATE)[number]) {
  const id = client.createId();
  expectRejected(await inquire(client, id), "VAULTING_NOT_EXIST");
  const first = await create(client, id);
  const before = await inquire(client, id);
  if (getVaultingStatus(before) === undefined) return;
  const session = await reuseId(client, "createVaultingSession", id);
  if (session.resultStatus === "S" && first.operation !== "createVaultingSession")
    fail(session, `createVaultingSession creates a session under the ID of ${label}.`);
  const vaulting = await reuseId(client, "vaultPaymentMethod", id);
  if (vaulting.resultStatus === "S" && getCardToken(vaulting) !== getCardToken(first))
    fail(vaulting, `vaultPaymentMethod vaults a card under the ID of ${label}.`);
  const after = await inquire(client, id);
  if (getVaultingStatus(after) !== getVaultingStatus(before) || !hasSameCard(after, before))
    fail(after, `Inquiry about ${label} returns a different result after its ID has been reused.`);
}

const rows: readonly CheckRow[] = [
  ...createIdempotencyRows("vaultPaymentMethod"),
  ...createIdempotencyRows("createVaultingSession"),
  ignoredFieldsRow,
  {
    id: "vaultPaymentMethod.idempotency.after-failure",
    title: "keeps the result of a failed vaulting when its ID is reused, even with a different card",
    run: async (client) => {
      const id = client.createId();
      const first = await vault(client, id, FAILING_CARD);
      requireFailure(first);
      expectSameResponse([first, await vault(client, id, FAILING_CARD)], "Retry of a failed vaulting");
      expectFirstOrRejected(first, await reuseVaultingId(client, id, withCard({ cardNo: TEST_CARDS.visa })));
      expectSameResponse([first, await vault(client, id, FAILING_CARD)], "Retry of a failed vaulting");
    },
  },
  {
    id: "vaultPaymentMethod.idempotency.different-content",
    title: "returns the first result or REPEAT_REQ_INCONSISTENT when an ID is reused with different content",
    run: async (client) => {
      await Promise.all(
        [{}, FAILING_CARD].map(async (card) => {
          const id = client.createId();
          const first = await vault(client, id, card);
          const before = await inquire(client, id);
          const other = card === FAILING_CARD ? {} : FAILING_CARD;
          for (const change of [other, { ...card, ...OTHER_CONTENT }, { ...other, ...OTHER_CONTENT }])
            expectFirstOrRejected(first, await reuseVaultingId(client, id, change));
          const after = await inquire(client, id);
          expectSameResponse([before, after], "Inquiry after the ID was reused with different content");
          expectSameResponse([first, await vault(client, id, card)], "Retry with the original content");
        }),
      );
    },
  },
  {
    id: "vaultPaymentMethod.idempotency.client-disconnects",
    title: "stores exactly 1 result for an ID if the client disconnects before it receives the response",
    run: async (client) => {
      const body = createRequestBody("vaultPaymentMethod", client.createId());
      const request = { operation: "vaultPaymentMethod", body } as const;
      await Promise.all([client.sendAndDisconnect(request), client.sendAndDisconnect(request)]);
      const responses = [await client.send(request), await client.send(request)];
      expectSameResponse(responses, "Retry after 2 dropped connections");
      const [response] = responses;
      const inquiry = await inquire(client, String(body["vaultingRequestId"]));
      if (response?.resultStatus === "S" && !hasSameCard(inquiry, response))
        fail(
          inquiry,
          "After 2 dropped connections, the inquiry and the retry return different values for paymentMethodDetail.",
        );
    },
  },
  {
    id: "inquireVaulting.state.failed",
    title: "returns FAIL without a card token for a failed vaulting",
    source: "/components/schemas/InquireVaultingVaultingFailed",
    run: async (client) => {
      const id = client.createId();
      requireFailure(await vault(client, id, FAILING_CARD));
      const inquiries = [await inquire(client, id), await inquire(client, id)];
      for (const inquiry of inquiries) {
        expectDocumented(inquiry);
        if (getVaultingStatus(inquiry) !== "FAIL")
          fail(inquiry, "Inquiry about a failed vaulting does not return FAIL.");
        if (getCardToken(inquiry) !== undefined) fail(inquiry, "Inquiry about a failed vaulting returns a card token.");
      }
      expectSameResponse(inquiries, "Repeated inquiry");
    },
  },
  {
    id: "inquireVaulting.state.parallel",
    title: `returns the same result to ${CONCURRENT_CALLS} concurrent inquiries`,
    run: async (client) => {
      const id = client.createId();
      requireSuccess(await vault(client, id));
      expectSameResponse(
        await callConcurrently(() => inquire(client, id)),
        "Concurrent inquiries",
        "return different responses",
      );
    },
  },
  {
    id: "inquireVaulting.state.one-namespace",
    title: "creates nothing when vaultPaymentMethod or createVaultingSession reuses the ID of a vaulting or a session",
    run: async (client) => {
      await Promise.all(VAULTINGS_IN_EACH_STATE.map((vaulting) => expectOneNamespace(client, vaulting)));
    },
  },
  {
    id: "inquireVaulting.state.other-merchant",
    title:
      "keeps the IDs of merchants separate: a merchant cannot find another merchant's vaulting, but can use the same ID",
    requires: ["multiple-merchants"],
    run: async (client) => {
      const otherMerchant = await client.getOtherMerchant("second merchant");
      const succeeds = (await vault(otherMerchant, client.createId())).resultStatus === "S";
      // The first client ID followed by suffix + shortId is the same text as the second client ID followed by shortId.
      const [shortId, suffix] = [client.createId(), otherMerchant.target.clientId.slice(client.target.clientId.length)];
      await vault(client, suffix + shortId);
      expectRejected(await inquire(otherMerchant, shortId), "VAULTING_NOT_EXIST");
      await Promise.all(
        VAULTINGS_IN_EACH_STATE.map(async ({ label, create }) => {
          const id = client.createId();
          const first = await create(client, id);
          const before = await inquire(client, id);
          const found = await inquire(otherMerchant, id);
          if (found.resultCode !== "VAULTING_NOT_EXIST") fail(found, `Inquiry by a different merchant finds ${label}.`);
          const other = await vault(otherMerchant, id);
          if (succeeds && other.resultStatus !== "S")
            fail(other, `A second merchant cannot use the ID that the first merchant used for ${label}.`);
          if (getCardToken(other) !== undefined && getCardToken(other) === getCardToken(first))
            fail(other, "Two merchants get the same card token for the same ID.");
          const after = await inquire(client, id);
          if (getVaultingStatus(after) !== getVaultingStatus(before) || !hasSameCard(after, before))
            fail(
              after,
              `Inquiry about ${label} returns a different result after a second merchant has used the same ID.`,
            );
        }),
      );
    },
  },
  {
    id: "inquireVaulting.state.metadata",
    title: "returns the metadata of the vaulting",
    source: "/components/schemas/Metadata",
    run: async (client) => {
      const id = client.createId();
      const metadata = JSON.stringify({ order: id });
      requireSuccess(await vault(client, id, { metadata }));
      const inquiry = await inquire(client, id);
      if (getField(inquiry.body, "metadata") !== metadata)
        fail(inquiry, "Inquiry does not return the metadata of the vaulting.");
    },
  },
  {
    id: "vaultPaymentMethod.token.unique",
    title: "creates a unique card token for each vaulting",
    source: "/components/schemas/CardToken",
    run: async (client) => {
      const first = await vault(client, client.createId());
      const second = await vault(client, client.createId());
      requireSuccess(first);
      if (getCardToken(second) === getCardToken(first)) fail(second, "Two vaultings share a card token.");
    },
  },
  {
    id: "inquireVaulting.state.unknown",
    title: "returns VAULTING_NOT_EXIST for an unused ID",
    source: "/components/schemas/InquireVaultingFailed",
    run: async (client) => {
      expectRejected(await inquire(client, client.createId()), "VAULTING_NOT_EXIST");
    },
  },
  {
    id: "inquireVaulting.state.vaulted",
    title: "finds a vaulting immediately and returns the same card as the response to vaultPaymentMethod",
    source: "/components/schemas/InquireVaultingVaulted",
    run: async (client) => {
      const id = client.createId();
      expectRejected(await inquire(client, id), "VAULTING_NOT_EXIST");
      const response = await vault(client, id);
      requireSuccess(response);
      const inquiries = [];
      for (let attempt = 0; attempt < 3; attempt++) inquiries.push(await inquire(client, id));
      for (const inquiry of inquiries) {
        expectDocumented(inquiry);
        if (getVaultingStatus(inquiry) !== "SUCCESS")
          fail(inquiry, "Inquiry about a successful vaulting does not return SUCCESS.");
        if (!hasSameCard(inquiry, response))
          fail(inquiry, "Inquiry has a different paymentMethodDetail than the response to vaultPaymentMethod.");
      }
      expectSameResponse(inquiries, "Repeated inquiry");
      expectSameResponse([response, await vault(client, id)], "Retry after an inquiry");
    },
  },
  {
    id: "inquireVaulting.state.session",
    title: "returns PROCESSING without a card token for the ID of a new session",
    source: "/components/schemas/InquireVaultingProcessing",
    run: async (client) => {
      const id = client.createId();
      requireSuccess(await createSession(client, id));
      const inquiry = await inquire(client, id);
      if (getVaultingStatus(inquiry) !== "PROCESSING")
        fail(inquiry, "Inquiry about a new session does not return PROCESSING.");
      if (getCardToken(inquiry) !== undefined)
        fail(inquiry, "Inquiry returns a card token before the buyer has entered a card.");
    },
  },
];

export const createStateChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, INTRODUCTION);
