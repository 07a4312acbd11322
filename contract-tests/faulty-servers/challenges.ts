/** Faults around 3-D Secure, sessions, and what has failed. */
import { randomUUID } from "node:crypto";
import { failureResult, successResult, TOKEN, vaultedResponse } from "../../src/testing/messages/client-messages.ts";
import { type Body, getId, getResult, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { type Call, decodeBody, getOperation, isOperation } from "./http-messages.ts";
import {
  callWithOtherId,
  changeRequest,
  changeResponse,
  createCounter,
  type Mutation,
  type MutationTable,
  rejectRequest,
} from "./mutations.ts";

const { paymentMethodDetail } = vaultedResponse;
const isInProcess = (body: Body): boolean => getResult(body).resultCode === "VERIFICATION_IN_PROCESS";

/** Changes responses about a challenge that is not finished. */
const changeChallenge = (change: (body: Body) => Body): Mutation =>
  changeResponse((body) => (isInProcess(body) ? change(body) : undefined));

/** Changes the inquiry's responses about vaultings of one status. */
const changeInquiry = (status: string, change: (body: Body) => Body): Mutation =>
  changeResponse((body) => (body["vaultingStatus"] === status ? change(body) : undefined));

/** Changes responses, with the count of those to the same ID and operation; a memory of its own for each server. */
const changeByCount =
  (change: (body: Body, count: number, call: Call) => Body | undefined): Mutation =>
  (right, keys) => {
    const count = createCounter();
    const changed = changeResponse((body, asked, call) =>
      change(body, count(`${getOperation(call)} ${getId(asked)}`), call),
    );
    return changed(right, keys);
  };

/** Changes the second and later responses about a challenge. */
const changeRepeatedChallenge = (change: (body: Body, count: number) => Body): Mutation =>
  changeByCount((body, count) => (isInProcess(body) && count > 1 ? change(body, count) : undefined));

/** Changes responses about vaultings that had a challenge. */
const changeAfterChallenge =
  (change: (body: Body, call: Call) => Body | undefined): Mutation =>
  (right, keys) => {
    const ids = new Set<string>();
    const changed = changeResponse((body, asked, call) => {
      if (isInProcess(body)) ids.add(getId(asked));
      return ids.has(getId(asked)) ? change(body, call) : undefined;
    });
    return changed(right, keys);
  };

interface FirstCall {
  readonly request: Body;
  readonly response: Body;
}

/** Vaults again under an ID that came before, where `when` holds. */
const vaultAgain =
  (when: (first: FirstCall, asked: Body) => boolean): Mutation =>
  (right, keys) => {
    const firsts = new Map<string, FirstCall>();
    return async (call) => {
      if (!isOperation("vaultPaymentMethod", call)) return right(call);
      const asked = parseBody(decodeBody(call));
      const first = firsts.get(getId(asked));
      if (first && when(first, asked)) return callWithOtherId(right, call, keys);
      const answer = await right(call);
      const body = parseBody(answer.text);
      if (!first && getResult(body).resultCode !== "PARAM_ILLEGAL")
        firsts.set(getId(asked), { request: asked, response: body });
      return answer;
    };
  };

const isDifferent = (one: Body, other: Body): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** The same page under a different address. */
const withQuery = (body: Body, value: number | string): Body => ({
  ...body,
  normalUrl: `${String(body["normalUrl"])}?n=${value}`,
});

export const challengeMutations: MutationTable<Mutation> = {
  "vaultPaymentMethod.challenge.repeated": {
    "the-challenges-address-changes": changeRepeatedChallenge(withQuery),
    "in-process-is-refused-as-a-repetition": changeRepeatedChallenge(({ vaultingRequestId }) => ({
      result: failureResult("REPEAT_REQ_INCONSISTENT"),
      vaultingRequestId,
    })),
    "in-process-turns-into-success-by-asking": changeRepeatedChallenge(({ vaultingRequestId }) => ({
      ...vaultedResponse,
      vaultingRequestId,
    })),
  },
  "vaultPaymentMethod.challenge.parallel": {
    "every-parallel-call-gets-an-address": changeChallenge((body) => withQuery(body, randomUUID())),
  },
  "vaultPaymentMethod.challenge.unique": {
    "all-challenges-share-an-address": changeChallenge((body) => ({ ...body, normalUrl: "http://127.0.0.1:1/3ds/1" })),
  },
  "vaultPaymentMethod.response.documented": {
    "token-while-in-process": changeChallenge((body) => ({ ...body, paymentMethodDetail })),
  },
  "inquireVaulting.state.in-process": {
    "inquiry-says-success-while-in-process": changeInquiry("PROCESSING", ({ vaultingRequestId }) => ({
      ...vaultedResponse,
      vaultingRequestId,
      vaultingStatus: "SUCCESS",
      vaultingResultCode: "SUCCESS",
    })),
    "inquiry-says-fail-while-in-process": changeInquiry("PROCESSING", ({ vaultingRequestId }) => ({
      result: successResult,
      vaultingRequestId,
      vaultingStatus: "FAIL",
      vaultingResultCode: "PROCESS_FAIL",
    })),
    "inquiry-gives-a-token-while-in-process": changeInquiry("PROCESSING", (body) => ({ ...body, paymentMethodDetail })),
    "inquiry-knows-no-vaulting-in-process": changeInquiry("PROCESSING", ({ vaultingRequestId }) => ({
      result: failureResult("VAULTING_NOT_EXIST"),
      vaultingRequestId,
    })),
    "inquiry-leads-to-another-address": changeInquiry("PROCESSING", (body) =>
      "normalUrl" in body ? withQuery(body, 2) : body,
    ),
  },
  "vaultPaymentMethod.challenge.passed": {
    "passed-and-still-in-process": changeAfterChallenge((body) =>
      body["vaultingStatus"] === "SUCCESS" ? toProcessing(body) : undefined,
    ),
    "another-token-after-the-challenge": changeAfterChallenge((body, call) =>
      isOperation("vaultPaymentMethod", call) && isSuccess(body) ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
    "the-buyer-is-led-elsewhere": changeRequest((asked, call) =>
      isOperation("vaultPaymentMethod", call) &&
      String(asked["redirectUrl"]).startsWith("https://merchant.example/cards")
        ? { ...asked, redirectUrl: "https://elsewhere.example/" }
        : undefined,
    ),
    "the-challenges-page-is-not-there": changeChallenge((body) => ({
      ...body,
      normalUrl: String(body["normalUrl"]).replace("/3ds/", "/3ds/none/"),
    })),
  },
  "vaultPaymentMethod.challenge.cancelled": {
    "cancelled-and-still-in-process": changeResponse((body) =>
      body["vaultingResultCode"] === "USER_PAYMENT_VERIFICATION_FAILED" ? toProcessing(body) : undefined,
    ),
  },
  "inquireVaulting.state.vaulted": {
    "a-final-state-turns-back": changeByCount((body, count) =>
      body["vaultingStatus"] === "SUCCESS" && count > 2 ? toProcessing(body) : undefined,
    ),
  },
  "vaultPaymentMethod.idempotency.after-failure": {
    "idempotency-broken-after-failure": vaultAgain(({ response }) => getResult(response).resultStatus === "F"),
  },
  "vaultPaymentMethod.idempotency.different-content": {
    "different-content-is-vaulted-anew": vaultAgain((first, asked) => isDifferent(first.request, asked)),
    "different-content-is-illegal": (right, keys) => {
      const firsts = new Map<string, Body>();
      const refusing = rejectRequest((asked, call) => {
        if (!isOperation("vaultPaymentMethod", call)) return false;
        const first = firsts.get(getId(asked)) ?? asked;
        firsts.set(getId(asked), first);
        return isDifferent(first, asked);
      });
      return refusing(right, keys);
    },
  },
  "createVaultingSession.session.unique": {
    "sessions-share-their-secret": changeResponse((body) =>
      "vaultingSessionData" in body ? { ...body, vaultingSessionData: "c2Vzc2lvbg==" } : undefined,
    ),
  },
  "createVaultingSession.idempotency.sequence": {
    "idempotency-of-sessions-broken": changeByCount((body, count, call) =>
      isOperation("createVaultingSession", call) && isSuccess(body) && count > 1
        ? { ...body, vaultingSessionData: Buffer.from(`again ${count}`).toString("base64") }
        : undefined,
    ),
  },
  "createVaultingSession.page.vaults": {
    "the-sessions-page-is-not-there": changeResponse((body, _, call) =>
      isOperation("createVaultingSession", call) && typeof body["normalUrl"] === "string"
        ? { ...body, normalUrl: body["normalUrl"].replace("/card/", "/card/none/") }
        : undefined,
    ),
  },
  "inquireVaulting.state.failed": {
    "inquiry-says-processing-when-failed": changeInquiry("FAIL", toProcessing),
    "inquiry-gives-a-token-when-failed": changeInquiry("FAIL", (body) => withCard(body, { cardToken: TOKEN })),
  },
  "inquireVaulting.state.metadata": {
    "inquiry-loses-metadata": changeResponse(({ metadata: _, ...body }, __, call) =>
      isOperation("inquireVaulting", call) ? body : undefined,
    ),
  },
  "inquireVaulting.state.parallel": {
    "inquiries-at-once-differ": (right, keys) => {
      let under = 0;
      const broken = changeResponse((body) =>
        isSuccess(body) && !("metadata" in body) ? { ...body, metadata: "x" } : undefined,
      );
      return async (call) => {
        if (!isOperation("inquireVaulting", call)) return right(call);
        under += 1;
        try {
          return await (under > 1 ? broken(right, keys)(call) : right(call));
        } finally {
          under -= 1;
        }
      };
    },
  },
};
