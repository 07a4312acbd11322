/** Mutations of 3-D Secure challenges and of failed vaultings. */
import { randomUUID } from "node:crypto";
import {
  createFailureResult,
  successResult,
  TOKEN,
  vaultedResponse,
} from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, getResult, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { type Call, decodeBody, getOperation, isCall } from "./http-messages.ts";
import {
  callWithDifferentId,
  changeRequest,
  changeResponse,
  createCounter,
  type Mutation,
  reject,
  type Table,
} from "./mutations.ts";

const { paymentMethodDetail } = vaultedResponse;
const isInProgress = (body: Body): boolean => getResult(body).resultCode === "VERIFICATION_IN_PROCESS";

/** Changes responses about an unfinished challenge. */
const changeChallenge = (change: (body: Body) => Body): Mutation =>
  changeResponse((body) => (isInProgress(body) ? change(body) : undefined));

/** Changes inquiry responses with the given vaultingStatus. */
const changeInquiry = (status: string, change: (body: Body) => Body): Mutation =>
  changeResponse((body) => (body["vaultingStatus"] === status ? change(body) : undefined));

/** Changes responses. `change` receives the number of calls to the same operation with the same ID so far. */
export const changeByCount =
  (change: (body: Body, count: number, call: Call) => Body | undefined): Mutation =>
  (next, context) => {
    const count = createCounter();
    const mutate = changeResponse((body, request, call) =>
      change(body, count(`${getOperation(call)} ${getId(request)}`), call),
    );
    return mutate(next, context);
  };

/** Changes the second and later responses about a challenge. */
const changeRepeatedChallenge = (change: (body: Body, count: number) => Body): Mutation =>
  changeByCount((body, count) => (isInProgress(body) && count > 1 ? change(body, count) : undefined));

/** Changes responses about vaultings that had a challenge. */
const changeAfterChallenge =
  (change: (body: Body, call: Call) => Body | undefined): Mutation =>
  (next, context) => {
    const ids = new Set<string>();
    const mutate = changeResponse((body, request, call) => {
      if (isInProgress(body)) ids.add(getId(request));
      return ids.has(getId(request)) ? change(body, call) : undefined;
    });
    return mutate(next, context);
  };

/** Changes the redirectUrl of a vaultPaymentMethod request if it matches the pattern. */
const changeRedirect = (change: (url: string) => string, pattern: RegExp): Mutation =>
  changeRequest((request, call) => {
    const { redirectUrl } = request;
    const matches = isCall("vaultPaymentMethod", call) && typeof redirectUrl === "string" && pattern.test(redirectUrl);
    return matches ? { ...request, redirectUrl: change(redirectUrl) } : undefined;
  });

/** Changes responses about a challenge in an Android app. */
const changeAppChallenge = (change: (body: Body) => Body): Mutation =>
  changeResponse((body, { env }) =>
    isInProgress(body) && JSON.stringify(env ?? "").includes("ANDROID") ? change(body) : undefined,
  );

interface FirstCall {
  readonly request: Body;
  readonly response: Body;
}

/** Creates a second vaulting for a known ID if `when` returns true. */
const vaultAgain =
  (when: (first: FirstCall, request: Body) => boolean): Mutation =>
  (next, context) => {
    const firstCalls = new Map<string, FirstCall>();
    return async (call) => {
      if (!isCall("vaultPaymentMethod", call)) return next(call);
      const request = parseBody(decodeBody(call));
      const first = firstCalls.get(getId(request));
      if (first && when(first, request)) return callWithDifferentId(next, call, context);
      const response = await next(call);
      const body = parseBody(response.text);
      if (!first && getResult(body).resultCode !== "PARAM_ILLEGAL")
        firstCalls.set(getId(request), { request, response: body });
      return response;
    };
  };

const isDifferent = (one: Body, other: Body): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** Adds a query to normalUrl. The new URL leads to the same page. */
const withQuery = (body: Body, value: number | string): Body => ({
  ...body,
  normalUrl: `${String(body["normalUrl"])}?n=${value}`,
});

export const challengeMutations: Table<Mutation> = {
  "vaultPaymentMethod.challenge.repeated": {
    "different-challenge-url-on-retry": changeRepeatedChallenge(withQuery),
    "retry-rejected-during-challenge": changeRepeatedChallenge(({ vaultingRequestId }) => ({
      result: createFailureResult("REPEAT_REQ_INCONSISTENT"),
      vaultingRequestId,
    })),
    "success-on-retry-during-challenge": changeRepeatedChallenge(({ vaultingRequestId }) => ({
      ...vaultedResponse,
      vaultingRequestId,
    })),
  },
  "vaultPaymentMethod.challenge.flag": {
    "app-link-url-with-old-spelling": changeAppChallenge((body) => ({
      ...body,
      appLinkUrl: "https://gateway.example/app",
    })),
    "scheme-url-without-slashes": changeAppChallenge((body) => ({ ...body, schemeUrl: "antom:vaulting/3ds" })),
    "no-challenge-url-for-apps": changeAppChallenge(({ normalUrl: _, ...body }) => body),
  },
  "vaultPaymentMethod.challenge.consistent": {
    "no-second-challenge-for-card": (next, context) => {
      const challenged = new Set<unknown>();
      const mutate = changeRequest((request, call) => {
        const { cardNo } = getCard(request);
        return isCall("vaultPaymentMethod", call) && challenged.has(cardNo)
          ? withCard(request, { is3DSAuthentication: false })
          : undefined;
      });
      const observe = changeResponse((body, request, call) => {
        if (isCall("vaultPaymentMethod", call) && isInProgress(body)) challenged.add(getCard(request)["cardNo"]);
        return undefined;
      });
      return observe(mutate(next, context), context);
    },
  },
  "vaultPaymentMethod.challenge.reused": {
    "buyer-redirected-elsewhere-after-reused-challenge": changeRedirect(
      () => "https://merchant.example/elsewhere",
      /^https:\/\/merchant/,
    ),
  },
  "vaultPaymentMethod.challenge.parallel": {
    "different-challenge-url-per-concurrent-call": changeChallenge((body) => withQuery(body, randomUUID())),
  },
  "vaultPaymentMethod.challenge.unique": {
    "shared-challenge-url": changeChallenge((body) => ({ ...body, normalUrl: "http://127.0.0.1:1/3ds/1" })),
  },
  "vaultPaymentMethod.response.documented": {
    "token-before-challenge": changeChallenge((body) => ({ ...body, paymentMethodDetail })),
  },
  "inquireVaulting.state.in-process": {
    "success-in-inquiry-during-challenge": changeInquiry("PROCESSING", ({ vaultingRequestId }) => ({
      ...vaultedResponse,
      vaultingRequestId,
      vaultingStatus: "SUCCESS",
      vaultingResultCode: "SUCCESS",
    })),
    "failure-in-inquiry-during-challenge": changeInquiry("PROCESSING", ({ vaultingRequestId }) => ({
      result: successResult,
      vaultingRequestId,
      vaultingStatus: "FAIL",
      vaultingResultCode: "PROCESS_FAIL",
    })),
    "token-in-inquiry-during-challenge": changeInquiry("PROCESSING", (body) => ({ ...body, paymentMethodDetail })),
    "vaulting-not-found-by-inquiry-during-challenge": changeInquiry("PROCESSING", ({ vaultingRequestId }) => ({
      result: createFailureResult("VAULTING_NOT_EXIST"),
      vaultingRequestId,
    })),
    "challenge-url-missing-from-inquiry": changeInquiry("PROCESSING", ({ normalUrl: _, ...body }) => body),
    "different-challenge-url-in-inquiry": changeInquiry("PROCESSING", (body) =>
      "normalUrl" in body ? withQuery(body, 2) : body,
    ),
  },
  "vaultPaymentMethod.challenge.passed": {
    "processing-status-after-passed-challenge": changeAfterChallenge((body) =>
      body["vaultingStatus"] === "SUCCESS" ? toProcessing(body) : undefined,
    ),
    "different-token-after-challenge": changeAfterChallenge((body, call) =>
      isCall("vaultPaymentMethod", call) && isSuccess(body) ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
    "buyer-redirected-elsewhere": changeRequest((request, call) =>
      isCall("vaultPaymentMethod", call) && String(request["redirectUrl"]).startsWith("https://merchant.example/cards")
        ? { ...request, redirectUrl: "https://elsewhere.example/" }
        : undefined,
    ),
    "repeated-query-parameters-merged": changeRedirect((url) => url.replace("&a=2", ""), /&a=2&a=1/),
    "token-added-to-redirect-url": changeRedirect((url) => `${url}&cardToken=x`, /\?/),
    "slash-in-redirect-url-decoded": changeRedirect((url) => url.replaceAll("%2F", "/"), /%2F/),
    "challenge-page-not-found": changeChallenge((body) => ({
      ...body,
      normalUrl: String(body["normalUrl"]).replace("/3ds/", "/3ds/none/"),
    })),
  },
  "vaultPaymentMethod.challenge.redirect": {
    "scheme-missing-from-redirect": changeRedirect((url) => `https://gateway.example/${url}`, /^merchant/),
    "long-redirect-url-in-challenge-url": changeResponse((body, { redirectUrl }) =>
      isInProgress(body) && String(redirectUrl).length > 1000
        ? { ...body, normalUrl: `${String(body["normalUrl"])}?next=${encodeURIComponent(String(redirectUrl))}` }
        : undefined,
    ),
    "port-missing-from-redirect": changeRedirect((url) => url.replace(":8080", ""), /:8080/),
    "fragment-missing-from-redirect": changeRedirect((url) => url.replace(/#.*/, ""), /#/),
  },
  "vaultPaymentMethod.challenge.declined": {
    "declined-card-vaulted-after-challenge": changeAfterChallenge((body) =>
      body["vaultingResultCode"] === "DO_NOT_HONOR"
        ? { ...vaultedResponse, vaultingRequestId: getId(body), vaultingStatus: "SUCCESS" }
        : undefined,
    ),
  },
  "vaultPaymentMethod.idempotency.response-time": {
    "headers-of-first-response-returned-on-retry": (next) => {
      const responses = new Map<string, Awaited<ReturnType<typeof next>>>();
      return async (call) => {
        const id = `${getOperation(call)} ${getId(parseBody(decodeBody(call)))}`;
        const first = responses.get(id);
        const response = await next(call);
        if (isSuccess(parseBody(response.text))) responses.set(id, first ?? response);
        return isCall("vaultPaymentMethod", call) ? (first ?? response) : response;
      };
    },
  },
  "vaultPaymentMethod.challenge.cancelled": {
    "processing-status-after-cancelled-challenge": changeResponse((body) =>
      body["vaultingResultCode"] === "USER_PAYMENT_VERIFICATION_FAILED" ? toProcessing(body) : undefined,
    ),
  },
  "inquireVaulting.state.vaulted": {
    "final-status-reverted": changeByCount((body, count) =>
      body["vaultingStatus"] === "SUCCESS" && count > 2 ? toProcessing(body) : undefined,
    ),
  },
  "vaultPaymentMethod.idempotency.after-failure": {
    "new-vaulting-after-failure": vaultAgain(({ response }) => getResult(response).resultStatus === "F"),
  },
  "vaultPaymentMethod.idempotency.different-content": {
    "new-vaulting-for-different-content": vaultAgain((first, request) => isDifferent(first.request, request)),
    "param-illegal-for-different-content": (next, context) => {
      const firstRequests = new Map<string, Body>();
      const rejectDifferent = reject((request, call) => {
        if (!isCall("vaultPaymentMethod", call)) return false;
        const first = firstRequests.get(getId(request)) ?? request;
        firstRequests.set(getId(request), first);
        return isDifferent(first, request);
      });
      return rejectDifferent(next, context);
    },
  },
  "inquireVaulting.state.failed": {
    "processing-status-after-failure": changeInquiry("FAIL", toProcessing),
    "token-in-inquiry-after-failure": changeInquiry("FAIL", (body) => withCard(body, { cardToken: TOKEN })),
  },
  "inquireVaulting.state.metadata": {
    "metadata-missing-from-inquiry": changeResponse(({ metadata: _, ...body }, __, call) =>
      isCall("inquireVaulting", call) ? body : undefined,
    ),
  },
  "inquireVaulting.state.parallel": {
    "different-responses-to-concurrent-inquiries": (next, context) => {
      let active = 0;
      const mutate = changeResponse((body) =>
        isSuccess(body) && !("metadata" in body) ? { ...body, metadata: "x" } : undefined,
      );
      return async (call) => {
        if (!isCall("inquireVaulting", call)) return next(call);
        active += 1;
        try {
          return await (active > 1 ? mutate(next, context)(call) : next(call));
        } finally {
          active -= 1;
        }
      };
    },
  },
};
