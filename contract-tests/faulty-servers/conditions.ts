/** Mutations that take effect only under a condition, such as a reused ID, a particular operation or result, or a resent notification. */
import { createHash } from "node:crypto";
import { vaultedResponse } from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, getResult, isSuccess, parseBody, withCard } from "./bodies.ts";
import { type Call, decodeBody, isCall, replaceBody } from "./http-messages.ts";
import {
  callWithDifferentId,
  changeRequest,
  changeResponse,
  createCounter,
  type Mutations,
  reject,
  type Table,
} from "./mutations.ts";
import { type DeliveryMutation, notify, signNotification } from "./notification-relay.ts";
import { ACKNOWLEDGED, changeBody } from "./notifications.ts";
import { acceptUnverified } from "./requests.ts";

const isSession = (call: Call): boolean => isCall("createVaultingSession", call);
const isInquiry = (call: Call): boolean => isCall("inquireVaulting", call);
const readRequest = (call: Call): Body => parseBody(decodeBody(call));

/** Replaces the brand of the card, if it has one, with `brand`. */
const repeatBrand = (body: Body, brand: unknown): Body | undefined =>
  "brand" in getCard(body) && typeof brand === "string" ? withCard(body, { brand }) : undefined;

/** Changes inquiry responses. `change` receives each response and the vaulting request with the same ID. */
const changeInquiry =
  (change: (body: Body, request: Body) => Body | undefined): NonNullable<Mutations["handler"]> =>
  (next, context) => {
    const requests = new Map<string, Body>();
    const mutate = changeResponse((body, request, call) => {
      const id = getId(request);
      if (isCall("vaultPaymentMethod", call) && "paymentMethodDetail" in request && !requests.has(id))
        requests.set(id, request);
      return isInquiry(call) ? change(body, requests.get(id) ?? {}) : undefined;
    });
    return mutate(next, context);
  };

/** Drops notifications with the given result code, and returns an acknowledgement to the server. */
const dropNotification =
  (resultCode: string): DeliveryMutation =>
  (next) =>
  async (notification) =>
    getResult(parseBody(notification.text)).resultCode === resultCode ? ACKNOWLEDGED : next(notification);

const firstChecks = ["createVaultingSession", "inquireVaulting"].flatMap((operation) =>
  [
    ["invalid", "{}"],
    ["malformed", "{"],
  ].map(([id, body]) => [
    `protocol.signature.first.${operation}-${id}`,
    {
      [`${id}-${operation}-reported-before-signature`]: {
        handler: acceptUnverified((call) => isCall(operation, call) && call.text === body),
      },
    },
  ]),
);

export const conditionMutations: Table<Mutations> = {
  ...Object.fromEntries(firstChecks),
  "inquireVaulting.state.one-namespace": {
    "session-under-id-of-declined-card": {
      handler: (next, context) => async (call) => {
        const id = getId(readRequest(call));
        const response = await next(call);
        if (getResult(parseBody(response.text)).resultCode === "PROCESS_FAIL") context.memory.add(id);
        return isSession(call) && context.memory.has(id) ? callWithDifferentId(next, call, context) : response;
      },
    },
  },
  "createVaultingSession.id.exact": {
    "session-ids-compared-without-case": {
      handler: (next, context) => {
        const ids = new Map<string, string>();
        const mutate = changeRequest((request, call) => {
          const id = getId(request);
          const first = ids.get(id.toLowerCase()) ?? id;
          if (isSession(call)) ids.set(id.toLowerCase(), first);
          return isSession(call) && first !== id ? { ...request, vaultingRequestId: first } : undefined;
        });
        return mutate(next, context);
      },
    },
  },
  "createVaultingSession.session.other-merchant": {
    "card-of-other-merchant-in-session": {
      handler: (next, context) => async (call) => {
        const id = getId(readRequest(call));
        const response = await next(call);
        const body = parseBody(response.text);
        if (!isInquiry(call)) return response;
        if (call.headers["client-id"] !== context.clientId && body["vaultingStatus"] === "SUCCESS")
          context.memory.add(id);
        return context.memory.has(id) && body["vaultingStatus"] === "PROCESSING"
          ? replaceBody(
              call,
              response,
              JSON.stringify({ ...vaultedResponse, vaultingRequestId: id, vaultingStatus: "SUCCESS" }),
              context,
            )
          : response;
      },
    },
  },
  "createVaultingSession.session.same-page": {
    "session-page-missing-without-redirect-url": {
      handler: (next, context) => {
        const mutate = changeResponse(({ normalUrl, ...body }, request, call) => {
          if (isSession(call) && "redirectUrl" in request) context.memory.add(getId(request));
          return isInquiry(call) && normalUrl !== undefined && !context.memory.has(getId(request)) ? body : undefined;
        });
        return mutate(next, context);
      },
    },
    "different-session-page-in-each-inquiry": {
      handler: (next, context) => {
        let count = 0;
        const mutate = changeResponse((body, _, call) =>
          isInquiry(call) && typeof body["normalUrl"] === "string"
            ? { ...body, normalUrl: `${body["normalUrl"]}?visit=${++count}` }
            : undefined,
        );
        return mutate(next, context);
      },
    },
  },
  "createVaultingSession.request.unknown-field": {
    "session-with-non-string-metadata-rejected": {
      handler: reject((request, call) => isSession(call) && typeof (request["metadata"] ?? "") !== "string"),
    },
  },
  "vaultPaymentMethod.card.fingerprint": {
    "fingerprint-depends-on-expiry-year": {
      handler: changeResponse((body, request) => {
        const { fingerprint } = getCard(body);
        if (fingerprint === undefined || !isSuccess(body)) return undefined;
        const text = `${String(fingerprint)} ${String(getCard(request)["expiryYear"])}`;
        return withCard(body, { fingerprint: createHash("sha256").update(text).digest("base64") });
      }),
    },
  },
  "vaultPaymentMethod.response.card-facts": {
    "brand-of-request-in-response": {
      handler: changeResponse((body, request) => repeatBrand(body, getCard(request)["brand"])),
    },
    "transaction-id-of-request-in-response": {
      handler: changeResponse((body, request) => {
        const { networkTransactionId } = getCard(request);
        return isSuccess(body) && networkTransactionId !== undefined
          ? withCard(body, { networkTransactionId })
          : undefined;
      }),
    },
  },
  "inquireVaulting.response.card-facts": {
    "brand-of-request-in-inquiry": {
      handler: changeInquiry((body, request) => repeatBrand(body, getCard(request)["brand"])),
    },
  },
  "notifyVaulting.message.card-facts": {
    "brand-in-failure-notification": {
      delivery: changeBody((body) => (isSuccess(body) ? undefined : repeatBrand(body, "MASTERCARD"))),
    },
  },
  "vaultPaymentMethod.challenge.reused": {
    "card-replaced-during-challenge": {
      handler: (next, context) => {
        const cards = new Map<string, string>();
        const mutate = changeInquiry((body, request) => {
          const cardNo = cards.get(getId(request));
          return cardNo !== undefined && isSuccess(body) && "maskedCardNo" in getCard(body)
            ? withCard(body, { maskedCardNo: `************${cardNo.slice(-4)}` })
            : undefined;
        });
        const handler = mutate(next, context);
        return (call) => {
          const request = readRequest(call);
          const { cardNo } = getCard(request);
          if (isCall("vaultPaymentMethod", call) && typeof cardNo === "string") cards.set(getId(request), cardNo);
          return handler(call);
        };
      },
    },
  },
  "vaultPaymentMethod.idempotency.after-rejection": {
    "vaulting-with-array-as-env-stored": {
      handler: changeInquiry((body, request) =>
        Array.isArray(request["env"]) && getResult(body).resultCode === "VAULTING_NOT_EXIST"
          ? {
              result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
              vaultingRequestId: getId(request),
              vaultingStatus: "PROCESSING",
            }
          : undefined,
      ),
    },
  },
  "notifyVaulting.session.expiry-notified": {
    "no-notification-about-expired-session": { delivery: dropNotification("ORDER_IS_CLOSED") },
  },
  "notifyVaulting.issuer-rejected.delivered": {
    "no-notification-about-rejection-by-issuer": { delivery: dropNotification("VERIFICATION_FAIL") },
  },
  "notifyVaulting.wrong-codes.delivered": {
    "no-notification-after-wrong-codes": { delivery: dropNotification("VERIFICATION_FAIL") },
  },
  "notifyVaulting.address.redirect-url": {
    "notification-to-redirect-url": {
      handler: (next, context) => async (call) => {
        const response = await next(call);
        const { redirectUrl } = readRequest(call);
        const body = parseBody(response.text);
        if (isSuccess(body) && typeof redirectUrl === "string" && redirectUrl.startsWith("http://127.0.0.1:"))
          await notify(redirectUrl, body, context);
        return response;
      },
    },
  },
  "notifyVaulting.resent.same": {
    "query-not-signed-on-resend": {
      delivery: (next, context) => {
        const attempts = createCounter();
        return (notification) => {
          const isFirst = attempts(notification.url) === 1;
          return next(
            isFirst ? notification : signNotification(notification, context, new URL(notification.url).pathname),
          );
        };
      },
    },
    "metadata-cut-off-on-resend": {
      delivery: changeBody(({ metadata, ...body }, attempt) =>
        attempt === 1 || typeof metadata !== "string" ? undefined : { ...body, metadata: metadata.slice(0, 255) },
      ),
    },
    "metadata-missing-on-resend": {
      delivery: changeBody(({ metadata: _, ...body }, attempt) => (attempt === 1 ? undefined : body)),
    },
  },
  "protocol.time.accepted.iso-west": {
    "negative-offset-rejected": { handler: reject((_, { headers }) => headers["request-time"]?.at(-6) === "-") },
  },
  "protocol.time.accepted.iso-east": {
    "largest-offset-rejected": {
      handler: reject((_, { headers }) => headers["request-time"]?.endsWith("+14:00") === true),
    },
  },
  "protocol.signature.rejected.agent-token": {
    "agent-token-skips-verification": {
      handler: acceptUnverified(({ headers }) => (headers["agent-token"] ?? "") !== ""),
    },
  },
};
