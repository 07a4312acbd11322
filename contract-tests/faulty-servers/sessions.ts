/** Mutations of sessions. */
import { createHash, createHmac, randomUUID } from "node:crypto";
import { parseRequestTime } from "../../src/protocol/http.ts";
import { createFailureResult, TOKEN, vaultedResponse } from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { changeByCount } from "./challenges.ts";
import { type Call, type Context, decodeBody, isCall } from "./http-messages.ts";
import {
  callWithDifferentId,
  changeRequest,
  changeResponse,
  type Mutation,
  reject,
  replaceField,
  type Table,
} from "./mutations.ts";
import { type DeliveryMutation, notify, signNotification } from "./notification-relay.ts";
import { ACKNOWLEDGED, changeBody, type notifyBeforeStoring } from "./notifications.ts";

const HOUR_MS = 3_600_000;
const isSession = (call: Call): boolean => isCall("createVaultingSession", call);

/** Changes successful responses to createVaultingSession. */
const changeSession = (change: (request: Body, body: Body) => Body): Mutation =>
  changeResponse((body, request, call) =>
    isSession(call) && isSuccess(body) ? { ...body, ...change(request, body) } : undefined,
  );

const setSessionExpiry = (getTime: () => string): Mutation =>
  changeSession(() => ({ vaultingSessionExpiryTime: getTime() }));
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Changes the responses to inquiries about sessions. */
const changeSessionInquiry =
  (change: (body: Body) => Body | undefined): Mutation =>
  (next, context) => {
    const mutate = changeResponse((body, request, call) => {
      if (isSession(call)) context.memory.add(getId(request));
      return isCall("inquireVaulting", call) && context.memory.has(getId(request)) ? change(body) : undefined;
    });
    return mutate(next, context);
  };

/** Changes is3DSAuthentication from one value to another in requests that create a session. */
const replaceFlag = (from: unknown, to: boolean): Mutation =>
  changeRequest((request, call) =>
    isSession(call) && request["is3DSAuthentication"] === from ? { ...request, is3DSAuthentication: to } : undefined,
  );

/** Changes the redirectUrl of a session if `matches` returns true. By default, `matches` returns true for a URL with a query. */
const changeRedirectUrl = (
  change: (url: string) => string,
  matches: (url: string) => boolean = (url) => url.includes("?"),
): Mutation =>
  changeRequest((request, call) => {
    const { redirectUrl } = request;
    if (!isSession(call) || typeof redirectUrl !== "string" || !matches(redirectUrl)) return undefined;
    return { ...request, redirectUrl: change(redirectUrl) };
  });

/** Passes a call to `handle` if `matches` returns true for the first successful call with the same ID and this call. */
const handleReuse =
  (
    matches: (first: Call, call: Call) => boolean,
    handle: (next: Parameters<Mutation>[0], call: Call, context: Context) => ReturnType<ReturnType<Mutation>>,
  ): Mutation =>
  (next, context) => {
    const firstCalls = new Map<string, Call>();
    return async (call) => {
      const id = getId(parseBody(decodeBody(call)));
      const first = firstCalls.get(id);
      if (first && matches(first, call)) return handle(next, call, context);
      const response = await next(call);
      if (!first && isSuccess(parseBody(response.text))) firstCalls.set(id, call);
      return response;
    };
  };
const isDifferentSession = (first: Call, call: Call): boolean =>
  isSession(first) && isSession(call) && first.text !== call.text;

export const sessionMutations: Table<Mutation> = {
  "createVaultingSession.session.unique": {
    "shared-session-data": replaceField("vaultingSessionData", "c2Vzc2lvbg=="),
    "shared-session-id": replaceField("vaultingSessionId", "UAE8n2Zk0vD3xq1T9uJ5"),
    "session-id-per-second": changeSession(() => ({ vaultingSessionId: `S${Math.floor(Date.now() / 1000)}` })),
    "shared-session-page": changeSession(() => ({ normalUrl: "https://gateway.example/card" })),
  },
  "createVaultingSession.session.opaque": {
    "request-id-as-session-id": changeSession((request) => ({ vaultingSessionId: getId(request) })),
    "session-id-with-prefixed-request-id": changeSession((request) => ({ vaultingSessionId: `S-${getId(request)}` })),
    "session-id-as-hash-of-request-id": changeSession((request) => ({
      vaultingSessionId: createHash("sha256").update(getId(request)).digest("hex"),
    })),
    "session-data-as-hash-of-request-id": changeSession((request) => ({
      vaultingSessionData: createHash("sha1").update(getId(request)).digest("base64"),
    })),
    "request-as-session-data": changeSession((request) => ({ vaultingSessionData: JSON.stringify(request) })),
    "session-data-in-base64": changeSession((request) => ({
      vaultingSessionData: Buffer.from(JSON.stringify(request)).toString("base64"),
    })),
    "session-data-with-random-prefix": changeSession((request) => ({
      vaultingSessionData: Buffer.from(`${randomUUID()}${JSON.stringify(request)}`).toString("base64"),
    })),
    "session-data-in-hexadecimal": changeSession((request) => ({
      vaultingSessionData: Buffer.from(`session of ${getId(request)}`).toString("hex"),
    })),
    "session-data-as-signed-token": changeSession(({ vaultingNotificationUrl }) => ({
      vaultingSessionData: [{ alg: "HS256" }, { vaultingNotificationUrl }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join("."),
    })),
  },
  "createVaultingSession.session.expiry": {
    "expired-session": setSessionExpiry(() => inMs(-HOUR_MS)),
    "session-expiry-in-local-time": setSessionExpiry(() => inMs(HOUR_MS - 5 * HOUR_MS)),
    "session-expiry-at-creation": setSessionExpiry(() => inMs(0)),
    "session-lifetime-in-seconds-read-as-milliseconds": setSessionExpiry(() => inMs(3600)),
    "session-without-expiry": setSessionExpiry(() => "9999-12-31T23:59:59Z"),
    "session-expiry-from-request-time": changeResponse((body, _, call) => {
      const time = parseRequestTime(call.headers["request-time"] ?? "") ?? 0;
      return isSession(call) && isSuccess(body) && time < Date.now() - HOUR_MS
        ? { ...body, vaultingSessionExpiryTime: new Date(time + HOUR_MS).toISOString() }
        : undefined;
    }),
    "session-expiry-of-example": setSessionExpiry(() => "2027-01-01T12:01:01+08:00"),
  },
  "createVaultingSession.session.other-merchant": {
    "session-id-from-request-id": changeSession((request) => ({
      vaultingSessionId: createHmac("sha256", "key").update(getId(request)).digest("base64url"),
    })),
    "session-page-from-request-id": changeSession((request) => ({
      normalUrl: `https://gateway.example/card/${createHmac("sha256", "key").update(getId(request)).digest("hex")}`,
    })),
  },
  "createVaultingSession.idempotency.sequence": {
    "new-session-on-retry": changeByCount((body, count, call) =>
      isSession(call) && isSuccess(body) && count > 1
        ? { ...body, vaultingSessionData: Buffer.from(`again ${count}`).toString("base64") }
        : undefined,
    ),
    "session-extended-on-retry": changeByCount((body, count, call) =>
      isSession(call) && isSuccess(body) && count > 1
        ? { ...body, vaultingSessionExpiryTime: inMs(2 * HOUR_MS) }
        : undefined,
    ),
  },
  "createVaultingSession.idempotency.different-content": {
    "new-session-for-different-content": handleReuse(isDifferentSession, callWithDifferentId),
    "param-illegal-for-different-session": handleReuse(isDifferentSession, (next, call, context) =>
      reject(() => true)(next, context)(call),
    ),
  },
  "createVaultingSession.id.vaulted": {
    "vaulting-replaced-by-session": changeSessionInquiry(toProcessing),
  },
  "vaultPaymentMethod.id.session": {
    "card-vaulted-beside-session": handleReuse(
      (first, call) => isSession(first) && isCall("vaultPaymentMethod", call),
      callWithDifferentId,
    ),
  },
  "createVaultingSession.page.vaults": {
    "session-page-not-found": changeSession((_, { normalUrl }) =>
      typeof normalUrl === "string" ? { normalUrl: normalUrl.replace("/card/", "/card/none/") } : {},
    ),
    "buyer-redirected-elsewhere-from-session": changeRedirectUrl(() => "https://elsewhere.example/"),
    "redirect-url-of-session-without-query": changeRedirectUrl((url) => url.replace(/\?.*/, "")),
    "scheme-missing-in-redirect-of-session": changeRedirectUrl(
      (url) => `https://gateway.example/${url}`,
      (url) => !/^https?:/.test(url),
    ),
    "token-added-to-redirect-url-of-session": changeRedirectUrl((url) => `${url}&cardToken=x`),
    "fragment-missing-in-redirect-of-session": changeRedirectUrl(
      (url) => url.replace(/#.*/, ""),
      (url) => url.includes("#"),
    ),
    "redirect-url-of-earlier-session": changeRequest((request, call) =>
      isSession(call) && request["redirectUrl"] === undefined
        ? { ...request, redirectUrl: "https://merchant.example/cards/earlier" }
        : undefined,
    ),
    "card-lost-without-redirect-url": (next, context) => {
      const mutate = changeResponse((body, request, call) => {
        if (isSession(call) && !("redirectUrl" in request)) context.memory.add(getId(request));
        return body["vaultingStatus"] === "SUCCESS" && context.memory.has(getId(request))
          ? toProcessing(body)
          : undefined;
      });
      return mutate(next, context);
    },
    "processing-status-after-card": changeSessionInquiry((body) =>
      body["vaultingStatus"] === "SUCCESS" ? toProcessing(body) : undefined,
    ),
  },
  "createVaultingSession.page.final": {
    "session-reopened-by-retry": (next, context) => {
      const reopened = new Set<string>();
      const mutate = changeByCount((body, count, call) => {
        const id = getId(parseBody(decodeBody(call)));
        if (isSession(call) && count > 1) reopened.add(id);
        return isCall("inquireVaulting", call) && reopened.has(id) ? toProcessing(body) : undefined;
      });
      return mutate(next, context);
    },
  },
  "createVaultingSession.page.isolated": {
    "first-card-for-every-session": (next, context) => {
      let first: unknown;
      const mutate = changeSessionInquiry((body) => {
        const { maskedCardNo } = getCard(body);
        first ??= maskedCardNo;
        return maskedCardNo === undefined ? undefined : withCard(body, { maskedCardNo: first });
      });
      return mutate(next, context);
    },
    "shared-token-of-sessions": changeSessionInquiry((body) =>
      body["vaultingStatus"] === "SUCCESS" ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
  },
  "createVaultingSession.page.declined": {
    "declined-card-vaulted-in-session": changeSessionInquiry((body) =>
      body["vaultingStatus"] === "FAIL"
        ? { ...vaultedResponse, vaultingRequestId: getId(body), vaultingStatus: "SUCCESS" }
        : undefined,
    ),
  },
  "createVaultingSession.page.challenge-native": {
    "session-flag-ignored": replaceFlag(true, false),
    "page-missing-during-challenge-of-session": changeSessionInquiry(({ normalUrl, ...body }) =>
      String(normalUrl).includes("/3ds/") ? body : undefined,
    ),
  },
  "createVaultingSession.page.challenge-failed": {
    "new-session-for-retry-during-challenge": changeByCount((body, count, call) =>
      isSession(call) && isSuccess(body) && count > 1 ? { ...body, vaultingSessionId: `S${count}` } : undefined,
    ),
    "result-in-redirect-of-cancelled-challenge": changeRedirectUrl((url) => `${url}&result=F`),
    "session-reopened-by-wrong-codes": changeSessionInquiry((body) =>
      body["vaultingResultCode"] === "VERIFY_TIMES_EXCEED_LIMIT" ? toProcessing(body) : undefined,
    ),
    "session-reopened-by-cancelled-challenge": changeSessionInquiry((body) =>
      body["vaultingResultCode"] === "USER_PAYMENT_VERIFICATION_FAILED" ? toProcessing(body) : undefined,
    ),
  },
  "createVaultingSession.page.exempt": {
    "exempt-card-challenged-in-session": changeSessionInquiry((body) =>
      String(getCard(body)["maskedCardNo"]).endsWith("0008") ? toProcessing(body) : undefined,
    ),
  },
  "createVaultingSession.page.ignored-fields": {
    "metadata-of-session-returned": (next, context) => {
      const metadata = new Map<string, unknown>();
      const mutate = changeResponse((body, request, call) => {
        if (isSession(call)) metadata.set(getId(request), request["metadata"]);
        const value = metadata.get(getId(request));
        return "vaultingStatus" in body && value !== undefined ? { ...body, metadata: value } : undefined;
      });
      return mutate(next, context);
    },
    "undocumented-card-in-session-validated": reject(
      (body, call) => isSession(call) && "paymentMethodDetail" in body && !("cardNo" in getCard(body)),
    ),
    "session-flag-name-in-any-case-accepted": changeRequest((request, call) =>
      isSession(call) && "Is3DSAuthentication" in request ? { ...request, is3DSAuthentication: true } : undefined,
    ),
  },
  "createVaultingSession.request.forms": {
    "session-data-length-grows-with-request": changeSession((request) => ({
      vaultingSessionData: createHash("sha256")
        .update(getId(request))
        .digest("hex")
        .repeat(Math.ceil(JSON.stringify(request).length / 48)),
    })),
  },
  "createVaultingSession.session.calendar": {
    "session-expiry-on-date-of-creation": (next, context) => async (call) => {
      const { now } = parseBody((await next({ ...call, method: "GET", path: "/_sandbox/clock", text: "" })).text);
      return changeSession((_, { vaultingSessionExpiryTime: time }) => ({
        vaultingSessionExpiryTime: String(now).slice(0, 10) + new Date(String(time)).toISOString().slice(10),
      }))(
        next,
        context,
      )(call);
    },
    "session-expiry-in-week-based-year": changeSession((_, { vaultingSessionExpiryTime: time }) => ({
      vaultingSessionExpiryTime: String(time).replace(/^(\d{4})(?=-12-(?:29|30|31))/, (year) =>
        String(Number(year) + 1),
      ),
    })),
  },
  "createVaultingSession.page.challenge-quoted": { "quoted-session-flag-ignored": replaceFlag("true", false) },
  "createVaultingSession.page.no-challenge-native": {
    "false-session-flag-requests-challenge": replaceFlag(false, true),
  },
  "createVaultingSession.page.no-challenge-quoted": {
    "quoted-false-session-flag-requests-challenge": replaceFlag("false", true),
  },
  "notifyVaulting.session.not-before": {
    "notification-at-session-creation": (next, context) => async (call) => {
      const response = await next(call);
      const { vaultingRequestId, vaultingNotificationUrl: url } = parseBody(decodeBody(call));
      if (isSession(call) && isSuccess(parseBody(response.text)) && String(url).startsWith("http://127."))
        await notify(String(url), { result: createFailureResult("DO_NOT_HONOR"), vaultingRequestId }, context);
      return response;
    },
  },
  "notifyVaulting.session.lasts": {
    "session-expiry-hours-late": setSessionExpiry(() => inMs(9 * HOUR_MS)),
  },
  "notifyVaulting.session.expires": {
    "processing-status-after-session-expiry": changeSessionInquiry((body) =>
      body["vaultingResultCode"] === "ORDER_IS_CLOSED" ? toProcessing(body) : undefined,
    ),
    "expired-session-vaulted": changeSessionInquiry((body) =>
      body["vaultingResultCode"] === "ORDER_IS_CLOSED"
        ? { ...vaultedResponse, vaultingRequestId: getId(body), vaultingStatus: "SUCCESS" }
        : undefined,
    ),
  },
};

type Mutations = typeof notifyBeforeStoring;

/** Applies a mutation only to notifications about sessions. */
const deliverSession = (mutation: DeliveryMutation): Mutations => ({
  handler:
    (next, { memory }) =>
    (call) => {
      if (isSession(call)) memory.add(getId(parseBody(decodeBody(call))));
      return next(call);
    },
  delivery: (next, context) => {
    const faulty = mutation(next, context);
    return (notification) =>
      context.memory.has(getId(parseBody(notification.text))) ? faulty(notification) : next(notification);
  },
});

export const sessionNotificationMutations: Table<Mutations> = {
  "notifyVaulting.session.delivered": {
    "session-notifications-missing": deliverSession(() => async () => ACKNOWLEDGED),
  },
  "notifyVaulting.session.matches-inquiry": {
    "different-token-in-session-notification": deliverSession(
      changeBody((body) => withCard(body, { cardToken: TOKEN })),
    ),
    "vaulted-session-reported-as-failure-in-notification": deliverSession(
      changeBody(({ vaultingRequestId }) => ({ result: createFailureResult("DO_NOT_HONOR"), vaultingRequestId })),
    ),
    "metadata-in-session-notification": deliverSession(changeBody((body) => ({ ...body, metadata: "{}" }))),
    "session-notification-with-different-id": deliverSession(
      changeBody((body) => ({ ...body, vaultingRequestId: `${getId(body)}x` })),
    ),
  },
  "notifyVaulting.rejected.none": {
    "notification-to-url-of-last-session-request": (() => {
      const urls = new Map<string, string>();
      return {
        handler: (next) => (call) => {
          const request = parseBody(decodeBody(call));
          if (isSession(call)) urls.set(getId(request), String(request["vaultingNotificationUrl"]));
          return next(call);
        },
        delivery: (next, context) => (notification) => {
          const url = urls.get(getId(parseBody(notification.text)));
          return next(url === undefined ? notification : signNotification({ ...notification, url }, context));
        },
      };
    })(),
  },
  "notifyVaulting.message.no-card-data": {
    "first-digits-in-session-notification": deliverSession(
      changeBody((body) =>
        "cardToken" in getCard(body)
          ? withCard(body, { mask: `405469******${String(getCard(body)["lastFour"])}` })
          : body,
      ),
    ),
  },
  "notifyVaulting.session.once": {
    "duplicate-session-notification": deliverSession((next) => async (notification) => {
      await next(notification);
      return next(notification);
    }),
  },
};
