/** Faults in what a merchant is told, how it is signed, and when it comes again. */
import { failureResult, TOKEN, vaultedResponse } from "../../src/testing/messages/client-messages.ts";
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
import { decodeBody, type HttpResponse, isOperation, type MutationContext } from "./http-messages.ts";
import { changeResponse, createCounter, type Mutation, type MutationTable } from "./mutations.ts";
import {
  type DeliveryMutation,
  type OutgoingNotification,
  postNotification,
  sendNotification,
  signNotification,
} from "./notification-relay.ts";

const ACKNOWLEDGED: HttpResponse = {
  status: 200,
  headers: { "content-type": "application/json" },
  text: '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}',
};
const UNAVAILABLE: HttpResponse = { status: 503, headers: {}, text: "" };

/** Changes what is told, rightly signed; `undefined` leaves it. */
const changeBody =
  (change: (body: Body, attempt: number) => Body | undefined): DeliveryMutation =>
  (right, keys) => {
    const attempts = createCounter();
    return async (notice) => {
      const changed = change(parseBody(notice.text), attempts(notice.url));
      return right(
        changed === undefined ? notice : signNotification({ ...notice, text: JSON.stringify(changed) }, keys),
      );
    };
  };

/** Changes the message itself. */
const changeNotification =
  (change: (notice: OutgoingNotification, keys: MutationContext) => OutgoingNotification): DeliveryMutation =>
  (right, keys) =>
  (notice) =>
    right(change(notice, keys));

/** Takes an answer of the merchant's for another. */
const replaceMerchantResponse =
  (answer: HttpResponse, when: (answer: HttpResponse, attempt: number) => boolean): DeliveryMutation =>
  (right) => {
    const attempts = createCounter();
    return async (notice) => {
      const attempt = attempts(notice.url);
      const came = await right(notice).catch(() => UNAVAILABLE);
      return when(came, attempt) ? answer : came;
    };
  };

const setHeader = (name: string, value: string): DeliveryMutation =>
  changeNotification((notice, keys) =>
    signNotification({ ...notice, headers: { ...notice.headers, [name]: value } }, keys),
  );

/** While a notification is under way, the inquiry does not know its result yet. */
export const notifyBeforeStoring: { readonly wrong: Mutation; readonly delivery: DeliveryMutation } = {
  delivery:
    (right, { memory }) =>
    async (notice) => {
      const id = getId(parseBody(notice.text));
      memory.add(id);
      try {
        return await right(notice);
      } finally {
        memory.delete(id);
      }
    },
  wrong: (right, keys) => {
    const changed = changeResponse((_, asked, call) =>
      isOperation("inquireVaulting", call) && keys.memory.has(getId(asked)) ? toProcessing(asked) : undefined,
    );
    return changed(right, keys);
  },
};

/** Notifies at once of what is answered so, whatever the right server does. */
const notifyIf =
  (when: (result: Result, id: string) => boolean): Mutation =>
  (right, keys) =>
  async (call) => {
    const answer = await right(call);
    const asked = parseBody(decodeBody(call));
    const url = String(asked["vaultingNotificationUrl"]);
    if (
      isOperation("vaultPaymentMethod", call) &&
      url.startsWith("http://127.") &&
      when(getResult(parseBody(answer.text)), getId(asked))
    )
      await sendNotification(url, { result: failureResult("DO_NOT_HONOR"), vaultingRequestId: getId(asked) }, keys);
    return answer;
  };

export const notificationMutations: MutationTable<Mutation> = {
  "notifyVaulting.challenged.not-before": {
    "notified-while-the-buyer-is-on-the-page": notifyIf(({ resultCode }) => resultCode === "VERIFICATION_IN_PROCESS"),
  },
  "notifyVaulting.rejected.none": {
    "notified-of-what-was-refused": notifyIf(({ resultCode }) => resultCode === "PARAM_ILLEGAL"),
  },
  "notifyVaulting.repeated.none": {
    "notified-of-every-repetition": (right, keys) => {
      const count = createCounter();
      return notifyIf((_, id) => count(id) > 1)(right, keys);
    },
  },
  "notifyVaulting.challenge.expires": {
    "a-challenge-never-ends": changeResponse((body, _, call) =>
      isOperation("inquireVaulting", call) && body["vaultingStatus"] === "FAIL" && !("paymentMethodDetail" in body)
        ? toProcessing(body)
        : undefined,
    ),
  },
};

export const deliveryMutations: MutationTable<DeliveryMutation> = {
  "notifyVaulting.vaulted.delivered": {
    "no-notifications": () => async () => ACKNOWLEDGED,
  },
  "notifyVaulting.failed.delivered": {
    "no-notifications-of-failures": (right) => async (notice) =>
      isSuccess(parseBody(notice.text)) ? right(notice) : ACKNOWLEDGED,
  },
  "notifyVaulting.message.signed": {
    "notification-unsigned": changeNotification((notice) => {
      const { signature: _, ...headers } = notice.headers;
      return { ...notice, headers };
    }),
    "notification-signed-with-different-key": changeNotification((notice, keys) =>
      signNotification(notice, { ...keys, gateway: keys.merchant }),
    ),
    "notification-path-not-signed": changeNotification((notice, keys) => signNotification(notice, keys, "/")),
    "notification-signed-for-the-whole-address": changeNotification((notice, keys) =>
      signNotification(notice, keys, notice.url),
    ),
    "notification-written-anew-after-signing": changeNotification((notice) => ({
      ...notice,
      text: JSON.stringify(parseBody(notice.text), null, 1),
    })),
    "notification-for-another-client": changeNotification((notice, keys) => {
      const other = { ...keys, clientId: "SANDBOX_OTHER" };
      return signNotification({ ...notice, headers: { ...notice.headers, "client-id": other.clientId } }, other);
    }),
  },
  "notifyVaulting.message.request-time": {
    "notification-without-its-time": setHeader("request-time", ""),
    "notification-a-week-old": setHeader("request-time", new Date(Date.now() - 7 * 86_400_000).toISOString()),
  },
  "notifyVaulting.message.documented": {
    "notification-is-a-form": setHeader("content-type", "application/x-www-form-urlencoded"),
    "notification-with-an-undocumented-field": changeBody((body) => ({ ...body, extra: 1 })),
    "notification-without-its-id": changeBody(({ vaultingRequestId: _, ...body }) => body),
    "notification-of-status-u": changeBody((body) => withResult(body, { resultStatus: "U" })),
  },
  "notifyVaulting.message.no-card-data": {
    "notification-with-the-card-number": changeBody((body) =>
      withResult(body, { resultMessage: "4112 2731 4679 8764 is vaulted." }),
    ),
    "notification-shows-six-and-four": changeBody((body) =>
      isSuccess(body) ? withCard(body, { maskedCardNo: "411227******8764" }) : undefined,
    ),
  },
  "notifyVaulting.vaulted.matches-inquiry": {
    "notification-of-another-token": changeBody((body) =>
      isSuccess(body) ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
    "notification-of-another-vaulting": changeBody((body) => ({
      ...body,
      vaultingRequestId: `${getId(body)}x`,
    })),
    "notification-forgets-metadata": changeBody(({ metadata: _, ...body }) => body),
    "notification-tells-a-success-as-a-failure": changeBody((body) => {
      if (!isSuccess(body)) return undefined;
      const { paymentMethodDetail: _, ...others } = body;
      return { ...others, result: failureResult("DO_NOT_HONOR") };
    }),
  },
  "notifyVaulting.failed.matches-inquiry": {
    "notification-tells-a-failure-as-a-success": changeBody((body) =>
      isSuccess(body) ? undefined : { ...body, ...vaultedResponse, vaultingRequestId: getId(body) },
    ),
    "notification-of-another-reason": changeBody((body) =>
      isSuccess(body) ? undefined : withResult(body, { resultCode: "STOLEN_CARD" }),
    ),
  },
  "notifyVaulting.vaulted.once": {
    "notified-twice-at-once": (right) => async (notice) => {
      await right(notice);
      return right(notice);
    },
  },
  "notifyVaulting.address.query": {
    "the-notification-addresss-query-is-dropped": (right, keys) => (notice) =>
      right(signNotification({ ...notice, url: notice.url.replace(/\?.*$/, "") }, keys)),
  },
  "notifyVaulting.resent.accepts-reformatted-acknowledgement": {
    "only-the-samples-bytes-acknowledge": replaceMerchantResponse(
      UNAVAILABLE,
      ({ text }) => text !== ACKNOWLEDGED.text,
    ),
  },
  "notifyVaulting.resent.after-status-500": {
    "never-resent": replaceMerchantResponse(ACKNOWLEDGED, () => true),
    "resent-at-once": (right) => async (notice) => {
      const answer = await right(notice);
      return answer.status === 500 ? right(notice) : answer;
    },
  },
  "notifyVaulting.resent.stops-when-acknowledged": {
    "resent-after-acknowledgement": replaceMerchantResponse(UNAVAILABLE, () => true),
  },
  "notifyVaulting.resent.after-other-json": {
    "any-200-acknowledges": replaceMerchantResponse(ACKNOWLEDGED, ({ status }) => status === 200),
  },
  "notifyVaulting.resent.after-status-204": {
    "any-2xx-acknowledges": replaceMerchantResponse(ACKNOWLEDGED, ({ status }) => status > 200 && status < 300),
  },
  "notifyVaulting.resent.after-redirect": {
    "a-redirect-acknowledges": replaceMerchantResponse(ACKNOWLEDGED, ({ status }) => status >= 300 && status < 400),
  },
  "notifyVaulting.resent.after-failure": {
    "a-failure-acknowledges": replaceMerchantResponse(
      ACKNOWLEDGED,
      ({ text }) => getResult(parseBody(text)).resultStatus === "F",
    ),
  },
  "notifyVaulting.resent.after-text": {
    "a-body-that-is-no-json-acknowledges": replaceMerchantResponse(
      ACKNOWLEDGED,
      ({ status, text }) => status === 200 && text === "success",
    ),
  },
  "notifyVaulting.resent.after-no-response": {
    "a-closed-connection-acknowledges": (right) => (notice) => right(notice).catch(() => ACKNOWLEDGED),
  },
  "notifyVaulting.resent.redirect-not-followed": {
    "a-redirect-is-followed": () => (notice) => postNotification(notice, "follow"),
  },
  "notifyVaulting.resent.schedule": {
    "gives-up-after-four-attempts": replaceMerchantResponse(ACKNOWLEDGED, (_, attempt) => attempt === 4),
  },
  "notifyVaulting.resent.same": {
    "later-attempts-tell-otherwise": changeBody((body, attempt) =>
      attempt > 1 ? { ...body, metadata: "later" } : undefined,
    ),
  },
};
