/** Faults in what a merchant is told, how it is signed, and when it comes again. */
import { failure, TOKEN, vaulted } from "../../src/testing/messages/client-messages.ts";
import { type Body, idOf, isS, parsed, processing, type Result, resultOf, withCard, withResult } from "./bodies.ts";
import { answers, counter, type Faults, type Wrong } from "./changes.ts";
import { type Answer, is, type Keys, utf8 } from "./http-messages.ts";
import { type Notice, notify, post, resigned, type WrongDelivery } from "./notification-relay.ts";

const ACKNOWLEDGED: Answer = {
  status: 200,
  headers: { "content-type": "application/json" },
  text: '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}',
};
const REFUSED: Answer = { status: 503, headers: {}, text: "" };

/** Changes what is told, rightly signed; `undefined` leaves it. */
const tells =
  (change: (body: Body, attempt: number) => Body | undefined): WrongDelivery =>
  (right, keys) => {
    const attempts = counter();
    return async (notice) => {
      const changed = change(parsed(notice.text), attempts(notice.url));
      return right(changed === undefined ? notice : resigned({ ...notice, text: JSON.stringify(changed) }, keys));
    };
  };

/** Changes the message itself. */
const sends =
  (change: (notice: Notice, keys: Keys) => Notice): WrongDelivery =>
  (right, keys) =>
  (notice) =>
    right(change(notice, keys));

/** Takes an answer of the merchant's for another. */
const takesFor =
  (answer: Answer, when: (answer: Answer, attempt: number) => boolean): WrongDelivery =>
  (right) => {
    const attempts = counter();
    return async (notice) => {
      const attempt = attempts(notice.url);
      const came = await right(notice).catch(() => REFUSED);
      return when(came, attempt) ? answer : came;
    };
  };

const header = (name: string, value: string): WrongDelivery =>
  sends((notice, keys) => resigned({ ...notice, headers: { ...notice.headers, [name]: value } }, keys));

/** While a notification is under way, the inquiry does not know its result yet. */
export const notifiesBeforeStoring: { readonly wrong: Wrong; readonly delivery: WrongDelivery } = {
  delivery:
    (right, { memory }) =>
    async (notice) => {
      const id = idOf(parsed(notice.text));
      memory.add(id);
      try {
        return await right(notice);
      } finally {
        memory.delete(id);
      }
    },
  wrong: (right, keys) => {
    const changed = answers((_, asked, call) =>
      is("inquireVaulting", call) && keys.memory.has(idOf(asked)) ? processing(asked) : undefined,
    );
    return changed(right, keys);
  },
};

/** Notifies at once of what is answered so, whatever the right server does. */
const notifiesOf =
  (when: (result: Result, id: string) => boolean): Wrong =>
  (right, keys) =>
  async (call) => {
    const answer = await right(call);
    const asked = parsed(utf8(call));
    const url = String(asked["vaultingNotificationUrl"]);
    if (
      is("vaultPaymentMethod", call) &&
      url.startsWith("http://127.") &&
      when(resultOf(parsed(answer.text)), idOf(asked))
    )
      await notify(url, { result: failure("DO_NOT_HONOR"), vaultingRequestId: idOf(asked) }, keys);
    return answer;
  };

export const notificationFaults: Faults<Wrong> = {
  "notifyVaulting.challenged.not-before": {
    "notified-while-the-buyer-is-on-the-page": notifiesOf(({ resultCode }) => resultCode === "VERIFICATION_IN_PROCESS"),
  },
  "notifyVaulting.refused.none": {
    "notified-of-what-was-refused": notifiesOf(({ resultCode }) => resultCode === "PARAM_ILLEGAL"),
  },
  "notifyVaulting.repeated.none": {
    "notified-of-every-repetition": (right, keys) => {
      const count = counter();
      return notifiesOf((_, id) => count(id) > 1)(right, keys);
    },
  },
  "notifyVaulting.challenge.ends": {
    "a-challenge-never-ends": answers((body, _, call) =>
      is("inquireVaulting", call) && body["vaultingStatus"] === "FAIL" && !("paymentMethodDetail" in body)
        ? processing(body)
        : undefined,
    ),
  },
};

export const deliveryFaults: Faults<WrongDelivery> = {
  "notifyVaulting.vaulted.comes": {
    "no-notifications": () => async () => ACKNOWLEDGED,
  },
  "notifyVaulting.failed.comes": {
    "no-notifications-of-failures": (right) => async (notice) =>
      isS(parsed(notice.text)) ? right(notice) : ACKNOWLEDGED,
  },
  "notifyVaulting.message.signed": {
    "notification-unsigned": sends((notice) => {
      const { signature: _, ...headers } = notice.headers;
      return { ...notice, headers };
    }),
    "notification-signed-with-another-key": sends((notice, keys) =>
      resigned(notice, { ...keys, gateway: keys.merchant }),
    ),
    "notification-path-not-signed": sends((notice, keys) => resigned(notice, keys, "/")),
    "notification-signed-for-the-whole-address": sends((notice, keys) => resigned(notice, keys, notice.url)),
    "notification-written-anew-after-signing": sends((notice) => ({
      ...notice,
      text: JSON.stringify(parsed(notice.text), null, 1),
    })),
    "notification-for-another-client": sends((notice, keys) => {
      const other = { ...keys, clientId: "SANDBOX_OTHER" };
      return resigned({ ...notice, headers: { ...notice.headers, "client-id": other.clientId } }, other);
    }),
  },
  "notifyVaulting.message.request-time": {
    "notification-without-its-time": header("request-time", ""),
    "notification-a-week-old": header("request-time", new Date(Date.now() - 7 * 86_400_000).toISOString()),
  },
  "notifyVaulting.message.documented": {
    "notification-is-a-form": header("content-type", "application/x-www-form-urlencoded"),
    "notification-with-an-undocumented-field": tells((body) => ({ ...body, extra: 1 })),
    "notification-without-its-id": tells(({ vaultingRequestId: _, ...body }) => body),
    "notification-of-status-u": tells((body) => withResult(body, { resultStatus: "U" })),
  },
  "notifyVaulting.message.no-card-data": {
    "notification-with-the-card-number": tells((body) =>
      withResult(body, { resultMessage: "4112 2731 4679 8764 is vaulted." }),
    ),
    "notification-shows-six-and-four": tells((body) =>
      isS(body) ? withCard(body, { maskedCardNo: "411227******8764" }) : undefined,
    ),
  },
  "notifyVaulting.vaulted.agrees": {
    "notification-of-another-token": tells((body) => (isS(body) ? withCard(body, { cardToken: TOKEN }) : undefined)),
    "notification-of-another-vaulting": tells((body) => ({
      ...body,
      vaultingRequestId: `${idOf(body)}x`,
    })),
    "notification-forgets-metadata": tells(({ metadata: _, ...body }) => body),
    "notification-tells-a-success-as-a-failure": tells((body) => {
      if (!isS(body)) return undefined;
      const { paymentMethodDetail: _, ...others } = body;
      return { ...others, result: failure("DO_NOT_HONOR") };
    }),
  },
  "notifyVaulting.failed.agrees": {
    "notification-tells-a-failure-as-a-success": tells((body) =>
      isS(body) ? undefined : { ...body, ...vaulted, vaultingRequestId: idOf(body) },
    ),
    "notification-of-another-reason": tells((body) =>
      isS(body) ? undefined : withResult(body, { resultCode: "STOLEN_CARD" }),
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
      right(resigned({ ...notice, url: notice.url.replace(/\?.*$/, "") }, keys)),
  },
  "notifyVaulting.resent.acknowledged-otherwise-ends": {
    "only-the-samples-bytes-acknowledge": takesFor(REFUSED, ({ text }) => text !== ACKNOWLEDGED.text),
  },
  "notifyVaulting.resent.after-status-500": {
    "never-resent": takesFor(ACKNOWLEDGED, () => true),
    "resent-at-once": (right) => async (notice) => {
      const answer = await right(notice);
      return answer.status === 500 ? right(notice) : answer;
    },
  },
  "notifyVaulting.resent.acknowledged-ends": {
    "resent-after-acknowledgement": takesFor(REFUSED, () => true),
  },
  "notifyVaulting.resent.after-other-json": {
    "any-200-acknowledges": takesFor(ACKNOWLEDGED, ({ status }) => status === 200),
  },
  "notifyVaulting.resent.after-status-204": {
    "any-2xx-acknowledges": takesFor(ACKNOWLEDGED, ({ status }) => status > 200 && status < 300),
  },
  "notifyVaulting.resent.after-redirect": {
    "a-redirect-acknowledges": takesFor(ACKNOWLEDGED, ({ status }) => status >= 300 && status < 400),
  },
  "notifyVaulting.resent.after-failure": {
    "a-failure-acknowledges": takesFor(ACKNOWLEDGED, ({ text }) => resultOf(parsed(text)).resultStatus === "F"),
  },
  "notifyVaulting.resent.after-text": {
    "a-body-that-is-no-json-acknowledges": takesFor(
      ACKNOWLEDGED,
      ({ status, text }) => status === 200 && text === "success",
    ),
  },
  "notifyVaulting.resent.after-no-answer": {
    "a-closed-connection-acknowledges": (right) => (notice) => right(notice).catch(() => ACKNOWLEDGED),
  },
  "notifyVaulting.resent.redirect-not-followed": {
    "a-redirect-is-followed": () => (notice) => post(notice, "follow"),
  },
  "notifyVaulting.resent.schedule": {
    "gives-up-after-four-attempts": takesFor(ACKNOWLEDGED, (_, attempt) => attempt === 4),
  },
  "notifyVaulting.resent.same": {
    "later-attempts-tell-otherwise": tells((body, attempt) =>
      attempt > 1 ? { ...body, metadata: "later" } : undefined,
    ),
  },
};
