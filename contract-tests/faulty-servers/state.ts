/** Mutations that simulate faults in stored state. */
import { TOKEN } from "../../src/testing/messages/client-messages.ts";
import { getCard, getId, getResult, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { type Call, decodeBody, type HttpResponse, isCall, replaceBody } from "./http-messages.ts";
import {
  callWithDifferentId,
  changeRequest,
  changeResponse,
  createCounter,
  type Mutation,
  reject,
  type Table,
} from "./mutations.ts";

const isVaultingCall = (call: Call): boolean =>
  isCall("vaultPaymentMethod", call) || isCall("createVaultingSession", call);

/** Creates a new vaulting for a valid request if `when` returns true, even if the ID is known. The response contains the ID of the request. */
const ignoreEarlierVaultings =
  (when: (id: string) => boolean): Mutation =>
  (next, context) =>
  async (call) => {
    const id = getId(parseBody(decodeBody(call)));
    if (!isVaultingCall(call) || !when(id) || id.startsWith("mock:")) return next(call);
    // Invalid requests must still be rejected.
    const first = await next(call);
    return isSuccess(parseBody(first.text)) ? callWithDifferentId(next, call, context) : first;
  };

export const stateMutations: Table<Mutation> = {
  "vaultPaymentMethod.idempotency.sequence": {
    "new-vaulting-on-retry": (next, context) => {
      const count = createCounter();
      return ignoreEarlierVaultings((id) => count(id) > 1)(next, context);
    },
    "reordered-fields-on-retry": (next, context) => {
      const count = createCounter();
      const mutate = changeResponse((body, request, call) =>
        isCall("vaultPaymentMethod", call) && isSuccess(body) && count(getId(request)) > 1
          ? Object.fromEntries(Object.entries(body).reverse())
          : undefined,
      );
      return mutate(next, context);
    },
  },
  "vaultPaymentMethod.idempotency.parallel": {
    "new-vaulting-on-concurrent-retry": (next, context) => {
      const active = new Map<string, number>();
      const faulty = ignoreEarlierVaultings((id) => (active.get(id) ?? 0) > 1)(next, context);
      return async (call) => {
        const id = getId(parseBody(decodeBody(call)));
        active.set(id, (active.get(id) ?? 0) + 1);
        try {
          return await faulty(call);
        } finally {
          active.set(id, (active.get(id) ?? 0) - 1);
        }
      };
    },
  },
  "vaultPaymentMethod.token.unique": {
    "shared-card-token": changeResponse((body) =>
      getCard(body)["cardToken"] ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
  },
  "vaultPaymentMethod.idempotency.after-rejection": {
    "rejection-repeated-for-valid-request": (next, context) => {
      const rejections = new Map<string, HttpResponse>();
      return async (call) => {
        const request = parseBody(decodeBody(call));
        const earlier = rejections.get(getId(request));
        if (earlier && isVaultingCall(call)) return replaceBody(call, earlier, earlier.text, context);
        const response = await next(call);
        const body = parseBody(response.text);
        if (getResult(body).resultCode === "PARAM_ILLEGAL" && "vaultingRequestId" in body)
          rejections.set(getId(request), response);
        return response;
      };
    },
  },
  "inquireVaulting.state.vaulted": {
    "vaulting-not-found-by-inquiry": changeRequest((request, call) =>
      isCall("inquireVaulting", call) && getId(request).startsWith("contract-")
        ? { ...request, vaultingRequestId: `${getId(request)}?` }
        : undefined,
    ),
    "processing-status-after-vaulting": changeResponse((body) =>
      body["vaultingStatus"] === "SUCCESS" ? toProcessing(body) : undefined,
    ),
    "different-token-in-inquiry": changeResponse((body) =>
      body["vaultingStatus"] === "SUCCESS" ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
  },
  "inquireVaulting.state.unknown": {
    "unknown-id-reported-as-processing": changeResponse((body, request) =>
      getResult(body).resultCode === "VAULTING_NOT_EXIST" ? toProcessing(request) : undefined,
    ),
  },
  "inquireVaulting.state.session": {
    "sessions-not-found-by-inquiry": (next, context) => {
      const sessions = new Set<string>();
      const faulty = reject(
        (request, call) => isCall("inquireVaulting", call) && sessions.has(getId(request)),
        "VAULTING_NOT_EXIST",
      )(next, context);
      return async (call) => {
        if (isCall("createVaultingSession", call)) sessions.add(getId(parseBody(decodeBody(call))));
        return faulty(call);
      };
    },
  },
};
