/** Mutations of the content, signatures, and retries of notifications. */
import { createFailureResult, TOKEN, vaultedResponse } from "../../src/testing/messages/client-messages.ts";
import {
  type Body,
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

const setHeader = (name: string, value: string): DeliveryMutation =>
  changeMessage((notification, context) =>
    signNotification({ ...notification, headers: { ...notification.headers, [name]: value } }, context),
  );

/** Makes inquiries return the result only after the notification is delivered. */
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

/** Sends an additional notification if `when` returns true. */
const notifyIf =
  (when: (result: Result, id: string) => boolean): Mutation =>
  (next, context) =>
  async (call) => {
    const response = await next(call);
    const request = parseBody(decodeBody(call));
    const url = String(request["vaultingNotificationUrl"]);
    if (
      isCall("vaultPaymentMethod", call) &&
      url.startsWith("http://127.") &&
      when(getResult(parseBody(response.text)), getId(request))
    )
      await notify(url, { result: createFailureResult("DO_NOT_HONOR"), vaultingRequestId: getId(request) }, context);
    return response;
  };

export const notificationMutations: Table<Mutation> = {
  "notifyVaulting.challenged.not-before": {
    "notification-during-challenge": notifyIf(({ resultCode }) => resultCode === "VERIFICATION_IN_PROCESS"),
  },
  "notifyVaulting.rejected.none": {
    "notification-of-rejected-request": notifyIf(({ resultCode }) => resultCode === "PARAM_ILLEGAL"),
  },
  "notifyVaulting.repeated.none": {
    "notification-for-every-retry": (next, context) => {
      const count = createCounter();
      return notifyIf((_, id) => count(id) > 1)(next, context);
    },
  },
  "notifyVaulting.challenge.expires": {
    "challenge-without-expiry": changeResponse((body, _, call) =>
      isCall("inquireVaulting", call) && body["vaultingStatus"] === "FAIL" && !("paymentMethodDetail" in body)
        ? toProcessing(body)
        : undefined,
    ),
  },
};

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
    "notification-of-different-vaulting": changeBody((body) => ({
      ...body,
      vaultingRequestId: `${getId(body)}x`,
    })),
    "notification-without-metadata": changeBody(({ metadata: _, ...body }) => body),
    "success-notified-as-failure": changeBody((body) => {
      if (!isSuccess(body)) return undefined;
      const { paymentMethodDetail: _, ...others } = body;
      return { ...others, result: createFailureResult("DO_NOT_HONOR") };
    }),
  },
  "notifyVaulting.failed.matches-inquiry": {
    "failure-notified-as-success": changeBody((body) =>
      isSuccess(body) ? undefined : { ...body, ...vaultedResponse, vaultingRequestId: getId(body) },
    ),
    "different-failure-code-in-notification": changeBody((body) =>
      isSuccess(body) ? undefined : withResult(body, { resultCode: "STOLEN_CARD" }),
    ),
  },
  "notifyVaulting.vaulted.once": {
    "duplicate-notification": (next) => async (notification) => {
      await next(notification);
      return next(notification);
    },
  },
  "notifyVaulting.address.query": {
    "notification-url-without-query": (next, context) => (notification) =>
      next(signNotification({ ...notification, url: notification.url.replace(/\?.*$/, "") }, context)),
  },
  "notifyVaulting.resent.accepts-reformatted-acknowledgement": {
    "reformatted-acknowledgement-ignored": replaceResponse(UNAVAILABLE, ({ text }) => text !== ACKNOWLEDGED.text),
  },
  "notifyVaulting.resent.after-status-500": {
    "retries-missing": replaceResponse(ACKNOWLEDGED, () => true),
    "immediate-retry": (next) => async (notification) => {
      const response = await next(notification);
      return response.status === 500 ? next(notification) : response;
    },
  },
  "notifyVaulting.resent.stops-when-acknowledged": {
    "retry-after-acknowledgement": replaceResponse(UNAVAILABLE, () => true),
  },
  "notifyVaulting.resent.after-other-json": {
    "any-http-200-as-acknowledgement": replaceResponse(ACKNOWLEDGED, ({ status }) => status === 200),
  },
  "notifyVaulting.resent.after-status-204": {
    "any-2xx-status-as-acknowledgement": replaceResponse(ACKNOWLEDGED, ({ status }) => status > 200 && status < 300),
  },
  "notifyVaulting.resent.after-redirect": {
    "redirect-as-acknowledgement": replaceResponse(ACKNOWLEDGED, ({ status }) => status >= 300 && status < 400),
  },
  "notifyVaulting.resent.after-failure": {
    "failure-as-acknowledgement": replaceResponse(
      ACKNOWLEDGED,
      ({ text }) => getResult(parseBody(text)).resultStatus === "F",
    ),
  },
  "notifyVaulting.resent.after-text": {
    "plain-text-as-acknowledgement": replaceResponse(
      ACKNOWLEDGED,
      ({ status, text }) => status === 200 && text === "success",
    ),
  },
  "notifyVaulting.resent.after-no-response": {
    "closed-connection-as-acknowledgement": (next) => (notification) => next(notification).catch(() => ACKNOWLEDGED),
  },
  "notifyVaulting.resent.redirect-not-followed": {
    "redirect-followed": () => (notification) => post(notification, "follow"),
  },
  "notifyVaulting.resent.schedule": {
    "retries-stopped-after-four-attempts": replaceResponse(ACKNOWLEDGED, (_, attempt) => attempt === 4),
  },
  "notifyVaulting.resent.same": {
    "different-content-on-retry": changeBody((body, attempt) =>
      attempt > 1 ? { ...body, metadata: "later" } : undefined,
    ),
  },
};
