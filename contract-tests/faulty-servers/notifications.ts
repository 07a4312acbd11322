/** Mutations of the content, the signatures, and the resending of notifications. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text as readText } from "node:stream/consumers";
import { createFailureResult, TOKEN, vaultedResponse } from "../../src/testing/messages/client-messages.ts";
import {
  type Body,
  getCard,
  getId,
  getResult,
  isSuccess,
  parseBody,
  type Result,
  toProcessing,
  withCard,
  withResult,
} from "./bodies.ts";
import { type Context, decodeBody, type HttpResponse, isCall } from "./http-messages.ts";
import { changeResponse, createCounter, type Mutation, type Table } from "./mutations.ts";
import { type DeliveryMutation, type Notification, notify, post, signNotification } from "./notification-relay.ts";

export const ACKNOWLEDGED: HttpResponse = {
  status: 200,
  headers: { "content-type": "application/json" },
  text: '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}',
};
const UNAVAILABLE: HttpResponse = { status: 503, headers: {}, text: "" };

/** Changes notification bodies and signs them again. `undefined` leaves a notification unchanged. */
export const changeBody =
  (change: (body: Body, attempt: number) => Body | undefined): DeliveryMutation =>
  (next, context) => {
    const attempts = createCounter();
    return async (notification) => {
      const changed = change(parseBody(notification.text), attempts(notification.url));
      return next(
        changed === undefined
          ? notification
          : signNotification({ ...notification, text: JSON.stringify(changed) }, context),
      );
    };
  };

/** Changes notifications. `change` must sign a changed notification again if its signature should be valid. */
const changeMessage =
  (change: (notification: Notification, context: Context) => Notification): DeliveryMutation =>
  (next, context) =>
  (notification) =>
    next(change(notification, context));

/** Replaces the merchant's response if `when` returns true. */
const replaceResponse =
  (replacement: HttpResponse, when: (response: HttpResponse, attempt: number) => boolean): DeliveryMutation =>
  (next) => {
    const attempts = createCounter();
    return async (notification) => {
      const attempt = attempts(notification.url);
      const response = await next(notification).catch(() => UNAVAILABLE);
      return when(response, attempt) ? replacement : response;
    };
  };

/** Changes the second and later attempts. `sign` signs the changed notification again. */
const changeLaterAttempts =
  (change: (notification: Notification) => Notification, sign = signNotification): DeliveryMutation =>
  (next, context) => {
    const attempts = createCounter();
    return (notification) => next(attempts(notification.url) > 1 ? sign(change(notification), context) : notification);
  };

/** Acknowledges a notification on behalf of the merchant if the merchant responds with HTTP 200 and `isAccepted` returns true for the body. */
const acknowledgeText = (isAccepted: (text: string) => boolean): DeliveryMutation =>
  replaceResponse(ACKNOWLEDGED, ({ status, text }) => status === 200 && isAccepted(text));
/** Acknowledges a notification on behalf of the merchant if the merchant responds with HTTP 200 and `isAccepted` returns true for the result. */
const acknowledgeResult = (isAccepted: (result: Result, body: Body) => boolean): DeliveryMutation =>
  acknowledgeText((text) => isAccepted(getResult(parseBody(text)), parseBody(text)));

const RESULT_OF_ACKNOWLEDGEMENT = getResult(parseBody(ACKNOWLEDGED.text));

const changeUrl = (change: (url: string) => string): DeliveryMutation =>
  changeMessage((notification, context) =>
    signNotification({ ...notification, url: change(notification.url) }, context),
  );

const setHeader = (name: string, value: string): DeliveryMutation =>
  changeMessage((notification, context) =>
    signNotification({ ...notification, headers: { ...notification.headers, [name]: value } }, context),
  );

/** Sends a notification with Node's HTTP client, which can repeat a header. */
async function send(
  { url, text }: Notification,
  method: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Promise<HttpResponse> {
  const call = request(url, { method, headers: { ...headers, "content-length": Buffer.byteLength(text) } });
  const responses = once(call, "response");
  call.end(text);
  const [response] = (await responses) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: ACKNOWLEDGED.headers, text: await readText(response) };
}

/** Makes an inquiry return PROCESSING while the notification about the vaulting is being delivered. */
export const notifyBeforeStoring: { readonly handler: Mutation; readonly delivery: DeliveryMutation } = {
  delivery:
    (next, { memory }) =>
    async (notification) => {
      const id = getId(parseBody(notification.text));
      memory.add(id);
      try {
        return await next(notification);
      } finally {
        memory.delete(id);
      }
    },
  handler: (next, context) => {
    const mutate = changeResponse((_, request, call) =>
      isCall("inquireVaulting", call) && context.memory.has(getId(request)) ? toProcessing(request) : undefined,
    );
    return mutate(next, context);
  },
};

/** Sends an additional notification if `when` returns true for the result, the request, and the number of requests with its ID. */
const notifyIf =
  (when: (result: Result, request: Body, count: number) => boolean, operation = "vaultPaymentMethod"): Mutation =>
  (next, context) => {
    const count = createCounter();
    return async (call) => {
      const response = await next(call);
      const request = parseBody(decodeBody(call));
      const url = String(request["vaultingNotificationUrl"]);
      if (
        isCall(operation, call) &&
        url.startsWith("http://127.") &&
        when(getResult(parseBody(response.text)), request, count(getId(request)))
      )
        await notify(url, { result: createFailureResult("DO_NOT_HONOR"), vaultingRequestId: getId(request) }, context);
      return response;
    };
  };

/** Also sends the result of a different merchant's vaulting to the notification URL of the first call with the same ID. */
const notifyFirstMerchant: Mutation = (next, context) => {
  const firstUrls = new Map<string, string>();
  return async (call) => {
    const response = await next(call);
    const request = parseBody(decodeBody(call));
    const firstUrl = firstUrls.get(getId(request));
    if (isSuccess(parseBody(response.text)) && firstUrl && call.headers["client-id"] !== context.clientId)
      await notify(firstUrl, parseBody(response.text), context);
    const { vaultingNotificationUrl: url } = request;
    if (firstUrl === undefined && typeof url === "string") firstUrls.set(getId(request), url);
    return response;
  };
};

export const notificationMutations: Table<Mutation> = {
  "notifyVaulting.challenged.not-before": {
    "notification-during-challenge": notifyIf(({ resultCode }) => resultCode === "VERIFICATION_IN_PROCESS"),
  },
  "notifyVaulting.rejected.none": {
    "notification-for-rejected-request": notifyIf(({ resultCode }) => resultCode === "PARAM_ILLEGAL"),
    "notification-before-late-fields-are-checked": notifyIf(
      ({ resultCode }, { metadata }) => resultCode === "PARAM_ILLEGAL" && String(metadata).length > 2048,
    ),
    "notification-for-invalid-card": notifyIf(
      ({ resultCode }, request) => resultCode === "PARAM_ILLEGAL" && /\D/.test(String(getCard(request)["cardNo"])),
    ),
    "notification-for-unverified-request": notifyIf(({ resultCode }) => resultCode === "INVALID_SIGNATURE"),
    "notification-for-unverified-3ds-request": notifyIf(
      ({ resultCode }, request) => resultCode === "INVALID_SIGNATURE" && "is3DSAuthentication" in getCard(request),
    ),
    "notification-after-inquiry": notifyIf(({ resultStatus }) => resultStatus === "S", "inquireVaulting"),
    "notification-for-reused-session": notifyIf((_, __, count) => count > 1, "createVaultingSession"),
    "notification-to-url-of-retry": notifyIf(({ resultStatus }, _, count) => resultStatus !== "U" && count > 1),
    "notification-url-replaced-during-challenge": notifyIf(
      ({ resultCode }, _, count) => resultCode === "VERIFICATION_IN_PROCESS" && count > 1,
    ),
  },
  "notifyVaulting.repeated.none": {
    "notification-for-every-retry": notifyIf((_, __, count) => count > 1),
    "notification-for-retry-of-failure": notifyIf(({ resultStatus }, _, count) => resultStatus === "F" && count > 1),
    "notification-for-retry-after-challenge": notifyIf(
      ({ resultStatus }, request, count) =>
        resultStatus === "S" && "is3DSAuthentication" in getCard(request) && count > 1,
    ),
    "notification-for-retry-of-session": notifyIf((_, __, count) => count > 1, "createVaultingSession"),
  },
  "notifyVaulting.address.other-merchant": { "notification-to-first-merchant": notifyFirstMerchant },
  "notifyVaulting.challenge.expires": {
    "challenge-without-expiry": changeResponse((body, _, call) =>
      isCall("inquireVaulting", call) && body["vaultingStatus"] === "FAIL" && !("paymentMethodDetail" in body)
        ? toProcessing(body)
        : undefined,
    ),
  },
};

type Mutations = typeof notifyBeforeStoring;

/** Applies a mutation only to notifications whose request satisfies `isRequest` and whose body satisfies `isNotified`. */
const deliverKind = (
  isRequest: (request: Body) => boolean,
  isNotified: (notification: Body) => boolean,
  mutation: DeliveryMutation,
): Mutations => ({
  handler:
    (next, { memory }) =>
    (call) => {
      const request = parseBody(decodeBody(call));
      if ("vaultingNotificationUrl" in request && isRequest(request)) memory.add(getId(request));
      return next(call);
    },
  delivery: (next, context) => {
    const faulty = mutation(next, context);
    return (notification) => {
      const body = parseBody(notification.text);
      return context.memory.has(getId(body)) && isNotified(body) ? faulty(notification) : next(notification);
    };
  },
});

const isChallenge = (request: Body): boolean => "is3DSAuthentication" in getCard(request);
const isSession = (request: Body): boolean => !("paymentMethodDetail" in request);
const isFailure = (body: Body): boolean => !isSuccess(body);
const KINDS: readonly (readonly [string, (request: Body) => boolean, (notification: Body) => boolean])[] = [
  ["failed", (request) => !isChallenge(request) && !isSession(request), isFailure],
  ["challenged", isChallenge, isSuccess],
  ["cancelled", isChallenge, isFailure],
  ["session-failed", isSession, isFailure],
  ["session-challenged", (request) => "is3DSAuthentication" in request, isSuccess],
];

const sendTwice: DeliveryMutation = (next) => async (notification) => {
  await next(notification);
  return next(notification);
};

/** The same mutations for each kind of vaulting. */
export const kindMutations: Table<Mutations> = Object.fromEntries(
  KINDS.flatMap(([id, isRequest, isNotified]) => {
    const deliver = (mutation: DeliveryMutation) => deliverKind(isRequest, isNotified, mutation);
    const changeId = changeBody((body) => ({ ...body, vaultingRequestId: `${getId(body)}x` }));
    return [
      [`notifyVaulting.${id}.delivered`, { [`${id}-notification-missing`]: deliver(() => async () => ACKNOWLEDGED) }],
      [`notifyVaulting.${id}.matches-inquiry`, { [`${id}-notification-with-different-id`]: deliver(changeId) }],
      [`notifyVaulting.${id}.once`, { [`${id}-notification-twice`]: deliver(sendTwice) }],
    ];
  }),
);

export const deliveryMutations: Table<DeliveryMutation> = {
  "notifyVaulting.vaulted.delivered": {
    "notifications-missing": () => async () => ACKNOWLEDGED,
  },
  "notifyVaulting.failed.delivered": {
    "failure-notifications-missing": (next) => async (notification) =>
      isSuccess(parseBody(notification.text)) ? next(notification) : ACKNOWLEDGED,
  },
  "notifyVaulting.message.signed": {
    "unsigned-notification": changeMessage((notification) => {
      const { signature: _, ...headers } = notification.headers;
      return { ...notification, headers };
    }),
    "notification-signed-with-different-key": changeMessage((notification, context) =>
      signNotification(notification, { ...context, gateway: context.merchant }),
    ),
    "notification-signed-without-path": changeMessage((notification, context) =>
      signNotification(notification, context, "/"),
    ),
    "notification-signed-for-full-url": changeMessage((notification, context) =>
      signNotification(notification, context, notification.url),
    ),
    "notification-reformatted-after-signing": changeMessage((notification) => ({
      ...notification,
      text: JSON.stringify(parseBody(notification.text), null, 1),
    })),
    "notification-for-different-client": changeMessage((notification, context) => {
      const other = { ...context, clientId: "SANDBOX_OTHER" };
      return signNotification(
        { ...notification, headers: { ...notification.headers, "client-id": other.clientId } },
        other,
      );
    }),
  },
  "notifyVaulting.message.request-time": {
    "empty-request-time-in-notification": setHeader("request-time", ""),
    "week-old-notification": setHeader("request-time", new Date(Date.now() - 7 * 86_400_000).toISOString()),
  },
  "notifyVaulting.message.documented": {
    "put-notification": () => (notification) => send(notification, "PUT", notification.headers),
    "repeated-client-id-in-notification": () => (notification) => {
      const { "client-id": id = "", ...headers } = notification.headers;
      return send(notification, "POST", { ...headers, "client-id": [id, id] });
    },
    "form-content-type-in-notification": setHeader("content-type", "application/x-www-form-urlencoded"),
    "undocumented-field-in-notification": changeBody((body) => ({ ...body, extra: 1 })),
    "notification-without-request-id": changeBody(({ vaultingRequestId: _, ...body }) => body),
    "status-u-in-notification": changeBody((body) => withResult(body, { resultStatus: "U" })),
  },
  "notifyVaulting.message.no-card-data": {
    "card-number-in-notification": changeBody((body) =>
      withResult(body, { resultMessage: "4112 2731 4679 8764 is vaulted." }),
    ),
    "first-six-digits-in-notification": changeBody((body) =>
      isSuccess(body) ? withCard(body, { maskedCardNo: "411227******8764" }) : undefined,
    ),
  },
  "notifyVaulting.vaulted.matches-inquiry": {
    "different-token-in-notification": changeBody((body) =>
      isSuccess(body) ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
    "notification-with-id-of-different-vaulting": changeBody((body) => ({
      ...body,
      vaultingRequestId: `${getId(body)}x`,
    })),
    "notification-without-metadata": changeBody(({ metadata: _, ...body }) => body),
    "success-reported-as-failure-in-notification": changeBody((body) => {
      if (!isSuccess(body)) return undefined;
      const { paymentMethodDetail: _, ...others } = body;
      return { ...others, result: createFailureResult("DO_NOT_HONOR") };
    }),
  },
  "notifyVaulting.failed.matches-inquiry": {
    "failure-reported-as-success-in-notification": changeBody((body) =>
      isSuccess(body) ? undefined : { ...body, ...vaultedResponse, vaultingRequestId: getId(body) },
    ),
    "different-failure-code-in-notification": changeBody((body) =>
      isSuccess(body) ? undefined : withResult(body, { resultCode: "STOLEN_CARD" }),
    ),
  },
  "notifyVaulting.vaulted.once": {
    "duplicate-notification": sendTwice,
  },
  "notifyVaulting.address.shared": {
    "one-notification-for-each-url": (next) => {
      const notified = new Set<string>();
      return async (notification) => {
        if (notified.has(notification.url)) return ACKNOWLEDGED;
        notified.add(notification.url);
        return next(notification);
      };
    },
  },
  "notifyVaulting.address.independent": {
    "sequential-deliveries": (next) => {
      let last: Promise<unknown> = Promise.resolve();
      return (notification) => {
        const delivery = last.then(() => next(notification));
        last = delivery.catch(() => {});
        return delivery;
      };
    },
  },
  "notifyVaulting.address.query": {
    "notification-url-with-uppercase-escapes": changeUrl((url) =>
      url.replaceAll(/%[0-9a-f]{2}/g, (escaped) => escaped.toUpperCase()),
    ),
    "notification-url-with-slash-decoded": changeUrl((url) => url.replaceAll(/%2F/gi, "/")),
    "notification-url-with-sorted-query": changeUrl((url) => {
      const sorted = new URL(url);
      const query = sorted.search.slice(1).split("&").sort();
      sorted.search = query.join("&");
      return sorted.href;
    }),
    "notification-url-with-reformatted-query": changeUrl((url) => {
      const reformatted = new URL(url);
      // Any change to the parameters reformats the whole query.
      reformatted.searchParams.delete("unused");
      reformatted.search = reformatted.searchParams.toString();
      return reformatted.href;
    }),
    "notification-url-with-plus-as-space": changeUrl((url) => url.replaceAll("+", "%20")),
    "notification-url-without-trailing-slash": changeUrl((url) => url.replace(/\/$/, "")),
    "notification-url-cut-off": changeUrl((url) => url.slice(0, 1024)),
    "notification-url-without-path-parameters": changeUrl((url) => url.replace(/;[^/?]*/, "")),
    "notification-url-without-query": changeUrl((url) => url.replace(/\?.*$/, "")),
  },
  "notifyVaulting.resent.stops-when-acknowledged": {
    "resend-after-acknowledgement": replaceResponse(UNAVAILABLE, () => true),
    "reformatted-acknowledgement-ignored": replaceResponse(UNAVAILABLE, ({ text }) => text !== ACKNOWLEDGED.text),
    "acknowledgement-with-unknown-fields-ignored": replaceResponse(UNAVAILABLE, ({ text }) => text.includes("extra")),
    "acknowledgement-compared-as-text": replaceResponse(UNAVAILABLE, ({ text }) => !text.includes('"success"')),
    "failure-resent-after-acknowledgement": (next) => async (notification) => {
      const response = await next(notification);
      return isSuccess(parseBody(notification.text)) ? response : UNAVAILABLE;
    },
    "late-acknowledgement-ignored": replaceResponse(UNAVAILABLE, (_, attempt) => attempt > 1),
  },
  "notifyVaulting.resent.after-status": {
    "any-2xx-status-as-acknowledgement": replaceResponse(ACKNOWLEDGED, ({ status }) => status > 200 && status < 300),
    "status-ignored": replaceResponse(ACKNOWLEDGED, ({ text }) => text === ACKNOWLEDGED.text),
    "resends-of-failure-notifications-missing": (next) => async (notification) => {
      const response = await next(notification);
      return isSuccess(parseBody(notification.text)) ? response : ACKNOWLEDGED;
    },
    "immediate-resend": (next) => async (notification) => {
      const response = await next(notification);
      return response.status === 500 ? next(notification) : response;
    },
  },
  "notifyVaulting.resent.after-redirect": {
    "redirect-as-acknowledgement": replaceResponse(ACKNOWLEDGED, ({ status }) => status >= 300 && status < 400),
  },
  "notifyVaulting.resent.after-other-result": {
    "failure-as-acknowledgement": acknowledgeResult(
      ({ resultCode, resultStatus }) => resultCode === "PROCESS_FAIL" && resultStatus === "F",
    ),
    "unknown-as-acknowledgement": acknowledgeResult(({ resultStatus }) => resultStatus === "U"),
    "result-code-ignored": acknowledgeResult(({ resultStatus }) => resultStatus === "S"),
    "result-message-ignored": acknowledgeResult(
      ({ resultCode, resultStatus }) => resultCode === "SUCCESS" && resultStatus === "S",
    ),
    "result-compared-without-case": acknowledgeText((text) => text.toLowerCase() === ACKNOWLEDGED.text.toLowerCase()),
  },
  "notifyVaulting.resent.after-other-body": {
    "any-http-200-as-acknowledgement": replaceResponse(ACKNOWLEDGED, ({ status }) => status === 200),
    "plain-text-as-acknowledgement": acknowledgeText((text) => text === "success"),
    "any-json-object-as-acknowledgement": acknowledgeText((text) => text.startsWith("{")),
    "acknowledgement-in-array-accepted": acknowledgeText((text) => text === `[${ACKNOWLEDGED.text}]`),
    "acknowledgement-as-prefix": acknowledgeText((text) => text.startsWith(ACKNOWLEDGED.text)),
    "result-fields-outside-result-accepted": acknowledgeText((text) => {
      const { resultCode } = parseBody(text);
      return resultCode === RESULT_OF_ACKNOWLEDGEMENT.resultCode;
    }),
  },
  "notifyVaulting.resent.after-no-response": {
    "closed-connection-as-acknowledgement": (next) => (notification) => next(notification).catch(() => ACKNOWLEDGED),
    "incomplete-response-as-acknowledgement": () => async (notification) => {
      const { url, headers, text } = notification;
      const response = await fetch(url, { method: "POST", headers, body: text, redirect: "manual" });
      const { status } = response;
      return response.text().then(
        (body) => ({ status, headers: ACKNOWLEDGED.headers, text: body }),
        () => ACKNOWLEDGED,
      );
    },
  },
  "notifyVaulting.challenge.expiry-notified": {
    "no-notification-about-expired-challenge": (next) => async (notification) =>
      getResult(parseBody(notification.text)).resultCode === "VERIFICATION_FAIL" ? ACKNOWLEDGED : next(notification),
  },
  "notifyVaulting.resent.redirect-not-followed": {
    "redirect-followed": () => (notification) => post(notification, "follow"),
  },
  "notifyVaulting.resent.schedule": {
    "resends-missing": replaceResponse(ACKNOWLEDGED, () => true),
    "resends-stopped-after-four-attempts": replaceResponse(ACKNOWLEDGED, (_, attempt) => attempt === 4),
    "last-resend-missing": replaceResponse(ACKNOWLEDGED, (_, attempt) => attempt === 7),
  },
  "notifyVaulting.resent.same": {
    "different-content-on-resend": changeBody((body, attempt) =>
      attempt > 1 ? { ...body, metadata: "later" } : undefined,
    ),
    "unsigned-resend": changeLaterAttempts(
      ({ headers: { signature: _, ...headers }, ...notification }) => ({ ...notification, headers }),
      (notification) => notification,
    ),
    "signature-of-first-attempt-with-new-time": (next) => {
      const signatures = new Map<string, string>();
      return (notification) => {
        const { url, headers } = notification;
        const signature = signatures.get(url) ?? headers["signature"] ?? "";
        signatures.set(url, signature);
        return next({ ...notification, headers: { ...headers, signature } });
      };
    },
    "resend-with-different-content-type": changeLaterAttempts(({ headers, ...notification }) => ({
      ...notification,
      headers: { ...headers, "content-type": "text/plain" },
    })),
    "resend-with-older-time": changeLaterAttempts(({ headers, ...notification }) => ({
      ...notification,
      headers: { ...headers, "request-time": `${new Date(Date.now() - 600_000).toISOString().slice(0, 19)}Z` },
    })),
    "resend-to-different-path": changeLaterAttempts((notification) => ({
      ...notification,
      url: `${notification.url}/retry`,
    })),
    "card-number-on-resend": changeBody((body, attempt) =>
      attempt > 1 ? withResult(body, { resultMessage: "4112273146798764" }) : undefined,
    ),
  },
};
