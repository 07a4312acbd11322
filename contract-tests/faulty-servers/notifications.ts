/** Faults in what a merchant is told, how it is signed, and when it comes again. */

import type { Fault } from "./fault.ts";
import { type Answer, answering, type Body, type Keys, parsed, utf8, type Wrong } from "./http-messages.ts";
import { answers, cardOf, operationOf, type Result, resultOf, withCard } from "./mutation-helpers.ts";
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
    const attempts = attemptsOf();
    return async (notice) => {
      const changed = change(parsed(notice.text), attempts(notice));
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
    const attempts = attemptsOf();
    return async (notice) => {
      const attempt = attempts(notice);
      const came = await right(notice).catch(() => REFUSED);
      return when(came, attempt) ? answer : came;
    };
  };

/** Counts the attempts to each address, from 1. */
const attemptsOf = () => {
  const counts = new Map<string, number>();
  return ({ url }: Notice): number => {
    const count = (counts.get(url) ?? 0) + 1;
    counts.set(url, count);
    return count;
  };
};

const header = (name: string, value: string): WrongDelivery =>
  sends((notice, keys) => resigned({ ...notice, headers: { ...notice.headers, [name]: value } }, keys));
const isS = (body: Body): boolean => resultOf(body).resultStatus === "S";
const saying = ({ text }: Answer) => resultOf(parsed(text)).resultStatus;

/** While a notification is under way, the inquiry does not know its result yet. */
const notifiesBeforeStoring: { readonly wrong: Wrong; readonly delivery: WrongDelivery } = {
  delivery:
    (right, { memory }) =>
    async (notice) => {
      const id = String(parsed(notice.text)["vaultingRequestId"]);
      memory.add(id);
      try {
        return await right(notice);
      } finally {
        memory.delete(id);
      }
    },
  wrong: (right, keys) => async (call) => {
    const answer = await right(call);
    const body = parsed(answer.text);
    const id = String(body["vaultingRequestId"]);
    if (operationOf(call) !== "inquireVaulting" || !keys.memory.has(id)) return answer;
    const text = JSON.stringify({ result: body["result"], vaultingRequestId: id, vaultingStatus: "PROCESSING" });
    return answering(call, answer, text, keys);
  },
};

/** Notifies at once of what is answered so, whatever the right server does. */
const notifiesOf =
  (when: (result: Result, id: string) => boolean): Wrong =>
  (right, keys) =>
  async (call) => {
    const answer = await right(call);
    const asked = parsed(utf8(call));
    const id = String(asked["vaultingRequestId"]);
    const url = String(asked["vaultingNotificationUrl"]);
    if (
      operationOf(call) === "vaultPaymentMethod" &&
      url.startsWith("http://127.") &&
      when(resultOf(parsed(answer.text)), id)
    ) {
      const result = { resultCode: "DO_NOT_HONOR", resultStatus: "F", resultMessage: "No." };
      await notify(url, { result, vaultingRequestId: id }, keys);
    }
    return answer;
  };

export const notificationFaults: readonly Fault[] = [
  {
    name: "no-notifications",
    by: "notifyVaulting.vaulted.comes",
    delivery: () => async () => ACKNOWLEDGED,
  },
  {
    name: "no-notifications-of-failures",
    by: "notifyVaulting.failed.comes",
    delivery: (right) => async (notice) => (isS(parsed(notice.text)) ? right(notice) : ACKNOWLEDGED),
  },
  { name: "notified-before-it-is-stored", by: "notifyVaulting.vaulted.stored", ...notifiesBeforeStoring },
  {
    name: "notification-unsigned",
    by: "notifyVaulting.message.signed",
    delivery: sends((notice) => {
      const { signature: _, ...headers } = notice.headers;
      return { ...notice, headers };
    }),
  },
  {
    name: "notification-signed-with-another-key",
    by: "notifyVaulting.message.signed",
    delivery: sends((notice, keys) => resigned(notice, { ...keys, gateway: keys.merchant })),
  },
  {
    name: "notification-path-not-signed",
    by: "notifyVaulting.message.signed",
    delivery: sends((notice, keys) => resigned(notice, keys, "/")),
  },
  {
    name: "notification-signed-for-the-whole-address",
    by: "notifyVaulting.message.signed",
    delivery: sends((notice, keys) => resigned(notice, keys, notice.url)),
  },
  {
    name: "notification-written-anew-after-signing",
    by: "notifyVaulting.message.signed",
    delivery: sends((notice) => ({ ...notice, text: JSON.stringify(parsed(notice.text), null, 1) })),
  },
  {
    name: "notification-for-another-client",
    by: "notifyVaulting.message.signed",
    delivery: sends((notice, keys) => {
      const other = { ...keys, clientId: "SANDBOX_OTHER" };
      return resigned({ ...notice, headers: { ...notice.headers, "client-id": other.clientId } }, other);
    }),
  },
  {
    name: "notification-without-its-time",
    by: "notifyVaulting.message.request-time",
    delivery: header("request-time", ""),
  },
  {
    name: "notification-a-week-old",
    by: "notifyVaulting.message.request-time",
    delivery: sends((notice, keys) => {
      const time = `${new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 19)}Z`;
      return resigned({ ...notice, headers: { ...notice.headers, "request-time": time } }, keys);
    }),
  },
  {
    name: "notification-is-a-form",
    by: "notifyVaulting.message.documented",
    delivery: header("content-type", "application/x-www-form-urlencoded"),
  },
  {
    name: "notification-with-an-undocumented-field",
    by: "notifyVaulting.message.documented",
    delivery: tells((body) => ({ ...body, extra: 1 })),
  },
  {
    name: "notification-without-its-id",
    by: "notifyVaulting.message.documented",
    delivery: tells(({ vaultingRequestId: _, ...body }) => body),
  },
  {
    name: "notification-of-status-u",
    by: "notifyVaulting.message.documented",
    delivery: tells((body) => ({ ...body, result: { ...resultOf(body), resultStatus: "U" } })),
  },
  {
    name: "notification-with-the-card-number",
    by: "notifyVaulting.message.no-card-data",
    delivery: tells((body) => ({
      ...body,
      result: { ...resultOf(body), resultMessage: "4112 2731 4679 8764 is vaulted." },
    })),
  },
  {
    name: "notification-shows-six-and-four",
    by: "notifyVaulting.message.no-card-data",
    delivery: tells((body) => (isS(body) ? withCard(body, { maskedCardNo: "411227******8764" }) : undefined)),
  },
  {
    name: "notification-of-another-token",
    by: "notifyVaulting.vaulted.agrees",
    delivery: tells((body) => (isS(body) ? withCard(body, { cardToken: `ALIPAY${"C".repeat(86)}==` }) : undefined)),
  },
  {
    name: "notification-of-another-vaulting",
    by: "notifyVaulting.vaulted.agrees",
    delivery: tells((body) => ({ ...body, vaultingRequestId: `${String(body["vaultingRequestId"])}x` })),
  },
  {
    name: "notification-forgets-metadata",
    by: "notifyVaulting.vaulted.agrees",
    delivery: tells(({ metadata: _, ...body }) => body),
  },
  {
    name: "notification-tells-a-success-as-a-failure",
    by: "notifyVaulting.vaulted.agrees",
    delivery: tells((body) => {
      if (!isS(body)) return undefined;
      const { paymentMethodDetail: _, ...others } = body;
      return { ...others, result: { resultCode: "DO_NOT_HONOR", resultStatus: "F", resultMessage: "No." } };
    }),
  },
  {
    name: "notification-tells-a-failure-as-a-success",
    by: "notifyVaulting.failed.agrees",
    delivery: tells((body) => {
      if (isS(body)) return undefined;
      const card = { ...cardOf(body), cardToken: `ALIPAY${"D".repeat(86)}==`, brand: "VISA" };
      return {
        ...body,
        result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
        paymentMethodDetail: { paymentMethodType: "CARD", card: { ...card, maskedCardNo: "************4822" } },
      };
    }),
  },
  {
    name: "notification-of-another-reason",
    by: "notifyVaulting.failed.agrees",
    delivery: tells((body) =>
      isS(body) ? undefined : { ...body, result: { ...resultOf(body), resultCode: "STOLEN_CARD" } },
    ),
  },
  {
    name: "notified-twice-at-once",
    by: "notifyVaulting.vaulted.once",
    delivery: (right) => async (notice) => {
      await right(notice);
      return right(notice);
    },
  },
  {
    name: "notified-while-the-buyer-is-on-the-page",
    by: "notifyVaulting.challenged.not-before",
    wrong: notifiesOf(({ resultCode }) => resultCode === "VERIFICATION_IN_PROCESS"),
  },
  {
    name: "notified-of-what-was-refused",
    by: "notifyVaulting.refused.none",
    wrong: notifiesOf(({ resultCode }) => resultCode === "PARAM_ILLEGAL"),
  },
  {
    name: "notified-of-every-repetition",
    by: "notifyVaulting.repeated.none",
    wrong: (right, keys) => {
      const known = new Set<string>();
      return notifiesOf((_, id) => {
        const before = known.has(id);
        known.add(id);
        return before;
      })(right, keys);
    },
  },
  {
    name: "the-notification-addresss-query-is-dropped",
    by: "notifyVaulting.address.query",
    delivery: (right, keys) => (notice) => right(resigned({ ...notice, url: notice.url.replace(/\?.*$/, "") }, keys)),
  },
  {
    name: "only-the-samples-bytes-acknowledge",
    by: "notifyVaulting.resent.acknowledged-otherwise-ends",
    delivery: takesFor(REFUSED, ({ text }) => text !== ACKNOWLEDGED.text),
  },
  {
    name: "a-challenge-never-ends",
    by: "notifyVaulting.challenge.ends",
    wrong: answers((body, _, call) =>
      operationOf(call) === "inquireVaulting" && body["vaultingStatus"] === "FAIL" && !("paymentMethodDetail" in body)
        ? { result: body["result"], vaultingRequestId: body["vaultingRequestId"], vaultingStatus: "PROCESSING" }
        : undefined,
    ),
  },
  {
    name: "never-resent",
    by: "notifyVaulting.resent.after-status-500",
    delivery: takesFor(ACKNOWLEDGED, () => true),
  },
  {
    name: "resent-at-once",
    by: "notifyVaulting.resent.after-status-500",
    delivery: (right) => async (notice) => {
      const answer = await right(notice);
      return answer.status === 500 ? right(notice) : answer;
    },
  },
  {
    name: "resent-after-acknowledgement",
    by: "notifyVaulting.resent.acknowledged-ends",
    delivery: takesFor(REFUSED, () => true),
  },
  {
    name: "any-200-acknowledges",
    by: "notifyVaulting.resent.after-other-json",
    delivery: takesFor(ACKNOWLEDGED, ({ status }) => status === 200),
  },
  {
    name: "any-2xx-acknowledges",
    by: "notifyVaulting.resent.after-status-204",
    delivery: takesFor(ACKNOWLEDGED, ({ status }) => status > 200 && status < 300),
  },
  {
    name: "a-redirect-acknowledges",
    by: "notifyVaulting.resent.after-redirect",
    delivery: takesFor(ACKNOWLEDGED, ({ status }) => status >= 300 && status < 400),
  },
  {
    name: "a-failure-acknowledges",
    by: "notifyVaulting.resent.after-failure",
    delivery: takesFor(ACKNOWLEDGED, (answer) => saying(answer) === "F"),
  },
  {
    name: "a-body-that-is-no-json-acknowledges",
    by: "notifyVaulting.resent.after-text",
    delivery: takesFor(ACKNOWLEDGED, ({ status, text }) => status === 200 && text === "success"),
  },
  {
    name: "a-closed-connection-acknowledges",
    by: "notifyVaulting.resent.after-no-answer",
    delivery: (right) => (notice) => right(notice).catch(() => ACKNOWLEDGED),
  },
  {
    name: "a-redirect-is-followed",
    by: "notifyVaulting.resent.redirect-not-followed",
    delivery: () => (notice) => post(notice, "follow"),
  },
  {
    name: "gives-up-after-four-attempts",
    by: "notifyVaulting.resent.schedule",
    delivery: takesFor(ACKNOWLEDGED, (_, attempt) => attempt === 4),
  },
  {
    name: "later-attempts-tell-otherwise",
    by: "notifyVaulting.resent.same",
    delivery: tells((body, attempt) => (attempt > 1 ? { ...body, metadata: "later" } : undefined)),
  },
];
