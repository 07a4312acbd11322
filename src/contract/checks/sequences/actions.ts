/** The actions of random sequences, with the results that the OpenAPI document requires. */
import type { OperationId } from "../../../../generated/operations.ts";
import { CANCEL_CHALLENGE, PASS_CHALLENGE, submitForm } from "../../conversation/simulated-buyer.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import {
  CHALLENGED_CARD,
  createRequestBody,
  FAILING_CARD,
  type RequestBody,
  TEST_CARDS,
  withCard,
} from "../../document/sample-requests.ts";
import type { Exchange } from "../../model/exchange.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { expectAccepted, expectRejected, summarizeResponse } from "../../rules/assertions.ts";
import { fail } from "../../rules/fail.ts";
import { readStatus, type VaultingHistory, type VaultingStatus } from "../../rules/vaulting-history.ts";
import {
  createSession,
  enterCard,
  expectSameResponse,
  getNormalUrl,
  inquire,
  reuseVaultingId,
  vault,
} from "../vaulting-requests.ts";

/** A vaultingRequestId of a merchant, with the state that later responses must match. */
export interface Vaulting {
  /** The name in failure messages, for example `first merchant`. */
  readonly name: string;
  readonly id: string;
  readonly client: TargetClient;
  readonly history: VaultingHistory;
  /** The request that created the vaulting, with its latest response. */
  created?: { readonly operation: OperationId; readonly card?: string; readonly response: Exchange };
  status?: VaultingStatus;
  /** The inquiry that returned the final result. */
  inquiry?: Exchange;
  /** Whether the status can change without a call, or is not documented. */
  isOpen: boolean;
}

/** An action on an ID. */
export interface Action {
  /** Returns a description of the action. `name` is the name of the vaulting. */
  readonly describe: (name: string) => string;
  /** Whether the action creates a vaulting for a new ID. Default: false. */
  readonly creates?: boolean;
  /** Whether the action is possible. Default: always. */
  readonly applies?: (vaulting: Vaulting) => boolean;
  /** Rejects with a `ContractFailure` if the result violates the API contract. */
  readonly run: (vaulting: Vaulting) => Promise<void>;
}

const CHALLENGED = "a card that requires 3-D Secure";
const CARDS: Readonly<Record<string, RequestBody>> = {
  "the sample card": {},
  "a declined card": FAILING_CARD,
  [CHALLENGED]: CHALLENGED_CARD,
};

function observe(vaulting: Vaulting, exchange: Exchange): VaultingStatus | undefined {
  const { history, created } = vaulting;
  history.add(exchange, history.count);
  const isForeign = created?.operation === "createVaultingSession" && exchange.operation === "vaultPaymentMethod";
  const status = isForeign ? undefined : readStatus(exchange);
  if (status === undefined) return undefined;
  vaulting.status = status;
  if (status !== "PROCESSING" && created) vaulting.isOpen = false;
  return status;
}

/** Expects the same final result as before, byte for byte. */
export function expectRepeated(first: Exchange, other: Exchange, subject: string): void {
  if (other.resultStatus !== "S" && other.resultStatus !== "F")
    fail(other, `${subject} returns ${summarizeResponse(other)} instead of the first result.`);
  expectSameResponse([first, other], subject);
}

async function sendCard(vaulting: Vaulting, card: string): Promise<void> {
  const { created, client, id, isOpen, status: expected } = vaulting;
  const isSame = created?.card === card;
  const response = await (created && !isSame ? reuseVaultingId : vault)(client, id, CARDS[card] ?? {});
  const status = observe(vaulting, response);
  if (!created) {
    // A target with additional result codes may decline a card with any of them.
    if (!isOpen && (response.resultStatus !== "F" || CARDS[card] !== FAILING_CARD)) expectAccepted(response);
    // With any other result, the target might not have created a vaulting.
    if (status === undefined) vaulting.isOpen = true;
    else vaulting.created = { operation: "vaultPaymentMethod", card, response };
    return;
  }
  if (created.operation === "createVaultingSession") vaulting.isOpen = true;
  if (created.operation === "createVaultingSession" || response.resultCode === "REPEAT_REQ_INCONSISTENT") return;
  if (status !== expected && !isOpen)
    fail(response, `Retry returns ${summarizeResponse(response)} instead of the first result.`);
  if (status === undefined || status !== readStatus(created.response)) vaulting.created = { ...created, response };
  else if (status !== "PROCESSING") expectRepeated(created.response, response, "Retry with the same ID");
  else if (getNormalUrl(response) !== getNormalUrl(created.response))
    fail(response, "Retry during 3-D Secure returns a different normalUrl.");
}

async function openSession(vaulting: Vaulting): Promise<void> {
  const { created, client, id, isOpen } = vaulting;
  const response = await createSession(client, id);
  observe(vaulting, response);
  if (created) {
    if (created.operation === "createVaultingSession" && !isOpen)
      expectRepeated(created.response, response, "Retry of the session");
    return;
  }
  if (!isOpen) expectAccepted(response);
  if (response.resultStatus === "S") {
    vaulting.created = { operation: "createVaultingSession", response };
    vaulting.status = "PROCESSING";
  } else vaulting.isOpen = true;
}

/** Resends the request that created the vaulting. */
export async function retry(vaulting: Vaulting): Promise<void> {
  const { created } = vaulting;
  if (created?.card !== undefined) await sendCard(vaulting, created.card);
  else if (created) await openSession(vaulting);
}

/** Inquires about an ID, and expects the status that the earlier responses require. */
export async function inquireStatus(vaulting: Vaulting): Promise<Exchange> {
  const { created, status: expected, isOpen, inquiry: first } = vaulting;
  const inquiry = await inquire(vaulting.client, vaulting.id);
  const status = observe(vaulting, inquiry);
  if (!created) {
    if (!isOpen) expectRejected(inquiry, "VAULTING_NOT_EXIST");
    return inquiry;
  }
  if (status === undefined || (status !== expected && !isOpen))
    fail(inquiry, `Inquiry returns ${status ?? "no status"}, expected ${expected}.`);
  if (first) expectRepeated(first, inquiry, "Repeated inquiry");
  if (status !== "PROCESSING") vaulting.inquiry = inquiry;
  return inquiry;
}

/** Creates a function that returns whether a vaulting of the operation is in progress or can be created. */
const canBePending = (operation: OperationId) => (vaulting: Vaulting) =>
  !vaulting.created || (vaulting.created.operation === operation && vaulting.status === "PROCESSING");

const createChallengeAction = (done: string, values: typeof PASS_CHALLENGE, status: VaultingStatus): Action => ({
  describe: (name) => `vaultPaymentMethod with ${CHALLENGED}, and the buyer ${done} the challenge (${name})`,
  creates: true,
  applies: canBePending("vaultPaymentMethod"),
  run: async (vaulting) => {
    if (!vaulting.created) await sendCard(vaulting, CHALLENGED);
    const { created, isOpen: wasOpen, status: before } = vaulting;
    if (!created || before !== "PROCESSING") return;
    vaulting.isOpen = true;
    try {
      await submitForm(String(getNormalUrl(created.response)), values);
    } catch (error) {
      // If the challenge has expired, the target may reject the submission in any way.
      if (wasOpen || error instanceof CheckSkipped) return;
      throw error;
    }
    const inquiry = await inquireStatus(vaulting);
    if (!wasOpen && vaulting.status !== status)
      fail(inquiry, `Inquiry does not return ${status} after the buyer ${done} 3-D Secure.`);
  },
});

/** Creates an action that sends an invalid request. The target must reject the request, which must have no effect. */
const createRejectedAction = (problem: string, send: (vaulting: Vaulting) => Promise<void>): Action => ({
  describe: (name) => `vaultPaymentMethod with ${problem} (${name})`,
  run: send,
});

const OTHER_CARD = { cardNo: TEST_CARDS.mastercard, brand: "MASTERCARD" };

export const ACTIONS: readonly Action[] = [
  { describe: (name) => `inquireVaulting (${name})`, run: async (vaulting) => void (await inquireStatus(vaulting)) },
  ...Object.keys(CARDS).map(
    (card): Action => ({
      describe: (name) => `vaultPaymentMethod with ${card} (${name})`,
      creates: true,
      run: (vaulting) => sendCard(vaulting, card),
    }),
  ),
  { describe: (name) => `createVaultingSession (${name})`, creates: true, run: openSession },
  createChallengeAction("passes", PASS_CHALLENGE, "SUCCESS"),
  createChallengeAction("cancels", CANCEL_CHALLENGE, "FAIL"),
  {
    describe: (name) => `createVaultingSession, and the buyer enters a card on its page (${name})`,
    creates: true,
    applies: canBePending("createVaultingSession"),
    run: async (vaulting) => {
      if (!vaulting.created) await openSession(vaulting);
      // The target may reject the card in any way, or vault it later.
      vaulting.isOpen = true;
      if (vaulting.created) await enterCard(vaulting.client, vaulting.created.response).catch(() => {});
    },
  },
  createRejectedAction("an invalid card", async ({ client, id, created }) => {
    const body = createRequestBody("vaultPaymentMethod", id, withCard({ ...OTHER_CARD, expiryMonth: "13" }));
    const response = await client.send({ operation: "vaultPaymentMethod", body, expect: "rejected", reusesId: true });
    // For a known ID, it is not documented whether the target validates the request before it returns the first result.
    if (!created) expectRejected(response, "PARAM_ILLEGAL");
  }),
  createRejectedAction("an invalid signature", async ({ client, id }) => {
    const body = createRequestBody("vaultPaymentMethod", id, withCard(OTHER_CARD));
    const request = { operation: "vaultPaymentMethod", body, signed: { body: "{}" } } as const;
    expectRejected(await client.send({ ...request, expect: "signature-rejected" }), "INVALID_SIGNATURE");
  }),
];
