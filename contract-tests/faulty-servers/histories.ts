/** Mutations that break a rule about the state of a vaulting. Most of them take effect only after certain calls, or after some time. */
import { createFailureResult, successResult } from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, getResult, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { changeByCount } from "./challenges.ts";
import { decodeBody, type Handler, isCall } from "./http-messages.ts";
import { callWithDifferentId, changeResponse, type Mutation, type Table } from "./mutations.ts";

const isInProgress = (body: Body): boolean => getResult(body).resultCode === "VERIFICATION_IN_PROCESS";
const isFailure = (body: Body): boolean => getResult(body).resultCode === "PROCESS_FAIL";

const toFailed = ({ vaultingRequestId }: Body): Body => ({
  result: successResult,
  vaultingRequestId,
  vaultingStatus: "FAIL",
  vaultingResultCode: "PROCESS_FAIL",
});

const toUnknown = ({ vaultingRequestId }: Body): Body => ({
  result: createFailureResult("VAULTING_NOT_EXIST"),
  vaultingRequestId,
});

/** Changes the responses for an ID after `remember` has returned true for an earlier call with that ID. */
const changeAfter =
  (
    remember: (body: Body, request: Body, operation: string) => boolean,
    change: (body: Body, operation: string) => Body | undefined,
  ): Mutation =>
  (next, context) => {
    const ids = new Set<string>();
    const mutate = changeResponse((body, request, { path }) => {
      const [operation = ""] = /\w+$/.exec(path) ?? [];
      const changed = ids.has(getId(request)) ? change(body, operation) : undefined;
      if (remember(body, request, operation)) ids.add(getId(request));
      return changed;
    });
    return mutate(next, context);
  };

/** Returns the offset of the sandbox's clock, in milliseconds. */
async function getClockOffset(next: Handler): Promise<number> {
  const { text } = await next({ method: "GET", path: "/_sandbox/clock", headers: {}, text: "" });
  return Number(parseBody(text)["offsetMs"]);
}

/** Applies a mutation to a call if the clock has been advanced by more than `afterMinutes` minutes since the client's first call with the same ID. */
const later =
  (afterMinutes: number, mutation: Mutation): Mutation =>
  (next, context) => {
    const starts = new Map<string, number>();
    const mutated = mutation(next, context);
    return async (call) => {
      const key = `${call.headers["client-id"]} ${getId(parseBody(decodeBody(call)))}`;
      const now = await getClockOffset(next);
      const start = starts.get(key) ?? now;
      starts.set(key, start);
      return now - start > afterMinutes * 60_000 ? mutated(call) : next(call);
    };
  };

/** Creates a new vaulting for each vaultPaymentMethod call. The response contains the ID of the call. */
const vaultAgain: Mutation = (next, context) => (call) =>
  isCall("vaultPaymentMethod", call) ? callWithDifferentId(next, call, context) : next(call);

const changeInquiry = (change: (body: Body) => Body | undefined): Mutation =>
  changeResponse((body, _, call) => (isCall("inquireVaulting", call) ? change(body) : undefined));

const withDifferentToken = (body: Body): Body => {
  const token = String(getCard(body)["cardToken"]);
  return withCard(body, { cardToken: `${token.slice(1)}x` });
};

/** Makes inquiries find the ID of a call to `operation` that was rejected with `code`. */
const knownAfter = (operation: string, code: string): Mutation =>
  changeAfter(
    (body, _, called) => called === operation && getResult(body).resultCode === code,
    (body, called) =>
      called === "inquireVaulting" && getResult(body).resultCode === "VAULTING_NOT_EXIST"
        ? toProcessing(body)
        : undefined,
  );

export const historyMutations: Table<Mutation> = {
  "protocol.state.sequences": {
    "challenge-failed-by-rejected-request": changeAfter(
      (body) => ["INVALID_SIGNATURE", "PARAM_ILLEGAL"].includes(getResult(body).resultCode ?? ""),
      (body) => (body["vaultingStatus"] === "PROCESSING" ? toFailed(body) : undefined),
    ),
    "different-challenge-url-after-session-call": changeAfter(
      (_, __, operation) => operation === "createVaultingSession",
      (body) => (isInProgress(body) ? { ...body, normalUrl: `${body["normalUrl"]}?again` } : undefined),
    ),
    "vaulting-lost-after-invalid-request": changeAfter(
      (body) => getResult(body).resultCode === "PARAM_ILLEGAL",
      (body, operation) => (operation === "inquireVaulting" && isSuccess(body) ? toUnknown(body) : undefined),
    ),
    "processing-status-after-failure-and-session-call": changeAfter(
      (_, __, operation) => operation === "createVaultingSession",
      (body) => (body["vaultingStatus"] === "FAIL" ? toProcessing(body) : undefined),
    ),
    "vaulting-found-after-invalid-signature": changeAfter(
      (body) => getResult(body).resultCode === "INVALID_SIGNATURE",
      (body, operation) =>
        operation === "inquireVaulting" && getResult(body).resultCode === "VAULTING_NOT_EXIST"
          ? toProcessing(body)
          : undefined,
    ),
  },
  "protocol.state.consistent": {
    "failed-vaulting-not-found-by-later-inquiry": changeAfter(isFailure, (body, operation) =>
      operation === "inquireVaulting" && body["vaultingStatus"] === "FAIL" ? toUnknown(body) : undefined,
    ),
    "different-token-in-second-inquiry": changeByCount((body, count, call) =>
      isCall("inquireVaulting", call) && count > 1 && "cardToken" in getCard(body)
        ? withDifferentToken(body)
        : undefined,
    ),
    "processing-status-after-success": changeAfter(
      (body, _, operation) => operation === "vaultPaymentMethod" && isSuccess(body),
      (body) => (body["vaultingStatus"] === "SUCCESS" ? toProcessing(body) : undefined),
    ),
    "additional-metadata-in-inquiry": changeInquiry((body) =>
      "vaultingStatus" in body && !("metadata" in body) ? { ...body, metadata: "{}" } : undefined,
    ),
    "page-shared-by-challenges": changeResponse((body) =>
      isInProgress(body) ? { ...body, normalUrl: String(body["normalUrl"]).replace(/[^/]+$/, "page") } : undefined,
    ),
  },
  "protocol.state.retained": {
    "new-vaulting-on-retry-after-30-days": later(30 * 24 * 60, vaultAgain),
    "vaulting-lost-after-30-days": later(30 * 24 * 60, changeInquiry(toUnknown)),
  },
  "protocol.state.later": {
    "new-vaulting-on-retry-after-5-minutes": later(5, vaultAgain),
    "new-vaulting-on-retry-after-an-hour": later(60, vaultAgain),
    "vaulting-lost-after-20-hours": later(20 * 60, changeInquiry(toUnknown)),
    "retry-rejected-after-20-hours": later(
      20 * 60,
      changeResponse((body, _, call) =>
        isCall("vaultPaymentMethod", call)
          ? { ...body, result: createFailureResult("REPEAT_REQ_INCONSISTENT") }
          : undefined,
      ),
    ),
    "processing-status-an-hour-after-failure": later(
      60,
      changeInquiry((body) => (body["vaultingStatus"] === "FAIL" ? toProcessing(body) : undefined)),
    ),
    "new-session-on-retry-after-5-minutes": later(
      5,
      (next, context) => (call) =>
        isCall("createVaultingSession", call) ? callWithDifferentId(next, call, context) : next(call),
    ),
  },
  ...Object.fromEntries(
    (["vaultPaymentMethod", "createVaultingSession"] as const).map((operation) => [
      `${operation}.idempotency.after-rejection`,
      {
        [`id-stored-by-${operation}-with-invalid-signature`]: knownAfter(operation, "INVALID_SIGNATURE"),
        [`id-stored-by-${operation}-with-unsupported-media-type`]: knownAfter(operation, "MEDIA_TYPE_NOT_ACCEPTABLE"),
      },
    ]),
  ),
};
