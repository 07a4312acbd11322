/** Mutations that take effect only in combination with an earlier request, a particular value, a header, or the merchant's response. */
import { TEST_CARDS } from "../../src/contract/document/sample-requests.ts";
import { createFailureResult, successResult } from "../../src/testing/messages/client-messages.ts";
import {
  type Body,
  getCard,
  getId,
  getResult,
  isSuccess,
  parseBody,
  toProcessing,
  withCard,
  withResult,
} from "./bodies.ts";
import { type Call, decodeBody, isCall } from "./http-messages.ts";
import {
  callWithDifferentId,
  changeRaw,
  changeRequest,
  changeResponse,
  createCounter,
  type Mutation,
  type Mutations,
  reject,
  type Table,
} from "./mutations.ts";
import { type DeliveryMutation, notify, signNotification } from "./notification-relay.ts";
import { ACKNOWLEDGED, changeBody } from "./notifications.ts";

const readRequest = (call: Call): Body => parseBody(decodeBody(call));
const isVaulting = (call: Call): boolean => isCall("vaultPaymentMethod", call);
const isInquiry = (call: Call): boolean => isCall("inquireVaulting", call);
const toUnknown = ({ vaultingRequestId }: Body): Body => ({
  result: createFailureResult("VAULTING_NOT_EXIST"),
  vaultingRequestId,
});
const toStatus = ({ vaultingRequestId }: Body, vaultingStatus: "SUCCESS" | "FAIL"): Body => ({
  result: successResult,
  vaultingRequestId,
  vaultingStatus,
});

/** Changes inquiry responses about an ID if `when` returned true for an earlier request with this ID and its response. */
const changeInquiriesAfter =
  (
    when: (request: Body, response: Body, call: Call) => boolean,
    change: (body: Body, request: Body) => Body | undefined,
  ): Mutation =>
  (next, context) => {
    const requests = new Map<string, Body>();
    const mutate = changeResponse((body, request, call) => {
      const earlier = requests.get(getId(request));
      if (when(request, body, call)) requests.set(getId(request), request);
      return isInquiry(call) && earlier ? change(body, earlier) : undefined;
    });
    return mutate(next, context);
  };

const isRejected = (body: Body): boolean => getResult(body).resultCode === "PARAM_ILLEGAL";
const isUnknown = (body: Body): boolean => getResult(body).resultCode === "VAULTING_NOT_EXIST";
/** Makes inquiries find the IDs of rejected requests for which `when` returns true. */
const storeRejected = (when: (request: Body) => boolean): Mutation =>
  changeInquiriesAfter(
    (request, body, call) => isVaulting(call) && isRejected(body) && when(request),
    (body) => (isUnknown(body) ? toProcessing(body) : undefined),
  );
const getEnv = (request: Body): Body => (request["env"] ?? {}) as Body;
const isChallenge = (request: Body): boolean => getCard(request)["is3DSAuthentication"] === true;

const applyLastFlag: Mutation = (next, context) => {
  let last: unknown;
  const mutate = changeRequest((request, call) => {
    if (!isVaulting(call) || !("cardNo" in getCard(request))) return undefined;
    if ("is3DSAuthentication" in getCard(request)) {
      last = getCard(request)["is3DSAuthentication"];
      return undefined;
    }
    return last === true ? withCard(request, { is3DSAuthentication: true }) : undefined;
  });
  return mutate(next, context);
};

const echoLastId: Mutation = (next, context) => {
  let last = "";
  const mutate = changeResponse((body, request) => {
    if (typeof request["vaultingRequestId"] === "string") last = getId(request);
    return isRejected(body) && !("vaultingRequestId" in body) && !("vaultingRequestId" in request) && last !== ""
      ? { ...body, vaultingRequestId: last }
      : undefined;
  });
  return mutate(next, context);
};

/** Changes the card in responses to requests whose card number has the given length. */
const changeCardOfLength = (length: number, change: (cardNo: string) => Body): Mutation =>
  changeResponse((body, request) => {
    const { cardNo } = getCard(request);
    return typeof cardNo === "string" && cardNo.length === length && "cardToken" in getCard(body)
      ? withCard(body, change(cardNo))
      : undefined;
  });

/** Stores the IDs of the calls for which `when` returns true, so that the delivery mutation can recognize them. */
const remember =
  (when: (request: Body, response: Body, call: Call) => boolean): Mutation =>
  (next, { memory }) =>
  async (call) => {
    const response = await next(call);
    const request = readRequest(call);
    if (when(request, parseBody(response.text), call)) memory.add(getId(request));
    return response;
  };

/** Drops the notifications about stored IDs for which `when` returns true, and returns an acknowledgement to the server. */
const dropRemembered =
  (when: (body: Body, attempt: number) => boolean = () => true): DeliveryMutation =>
  (next, { memory }) => {
    const attempts = createCounter();
    return async (notification) => {
      const body = parseBody(notification.text);
      return memory.has(getId(body)) && when(body, attempts(getId(body))) ? ACKNOWLEDGED : next(notification);
    };
  };

const notifyConcurrentCalls: Mutation = (next, context) => {
  const active = new Map<string, number>();
  return async (call) => {
    const { vaultingNotificationUrl: url, vaultingRequestId } = readRequest(call);
    const id = String(vaultingRequestId);
    const count = (active.get(id) ?? 0) + 1;
    active.set(id, count);
    try {
      const response = await next(call);
      if (isVaulting(call) && count > 1 && String(url).startsWith("http://127."))
        await notify(String(url), { result: createFailureResult("DO_NOT_HONOR"), vaultingRequestId }, context);
      return response;
    } finally {
      active.set(id, (active.get(id) ?? 1) - 1);
    }
  };
};

/** Identifies vaultings by the client ID and the vaultingRequestId, joined without a separator. */
const joinKeys: Mutation = (next, context) => {
  const vaultings = new Map<string, Body>();
  const mutate = changeResponse((body, request, { headers }) => {
    const key = `${headers["client-id"]}${getId(request)}`;
    const first = vaultings.get(key);
    if (isSuccess(body) && !first) vaultings.set(key, body);
    return isUnknown(body) && first
      ? { ...first, vaultingRequestId: getId(request), vaultingStatus: "SUCCESS" }
      : undefined;
  });
  return mutate(next, context);
};

/** Sends notifications with the client ID of the last call. */
const useLastCaller = (): Mutations => {
  let last = "";
  return {
    handler: (next) => (call) => {
      last = call.headers["client-id"] ?? "";
      return next(call);
    },
    delivery: (next, context) => (notification) => {
      const headers = { ...notification.headers, "client-id": last };
      return next(signNotification({ ...notification, headers }, { ...context, clientId: last }));
    },
  };
};

const stopForUrl: DeliveryMutation = (next) => {
  const acknowledged = new Set<string>();
  return async (notification) => {
    if (acknowledged.has(notification.url)) return ACKNOWLEDGED;
    const response = await next(notification);
    if (response.status === 200) acknowledged.add(notification.url);
    return response;
  };
};

const prefersXml = ({ headers }: Call): boolean => headers["accept"]?.startsWith("application/xml") === true;

const responseTables: Table<Mutation> = {
  "vaultPaymentMethod.idempotency.different-content": {
    "metadata-replaced-on-reuse": changeInquiriesAfter(
      (_, __, call) => isVaulting(call),
      (body, { metadata }) => (isSuccess(body) ? { ...body, metadata } : undefined),
    ),
    "id-unique-only-within-merchant-account": (next, context) => {
      const accounts = new Map<string, unknown>();
      return (call) => {
        const { merchantAccountId, ...request } = readRequest(call);
        if (!isVaulting(call)) return next(call);
        const first = accounts.has(getId(request)) ? accounts.get(getId(request)) : merchantAccountId;
        accounts.set(getId(request), first);
        return first === merchantAccountId ? next(call) : callWithDifferentId(next, call, context);
      };
    },
  },
  "vaultPaymentMethod.idempotency.after-rejection": {
    "card-with-incorrect-check-digit-stored": storeRejected((request) =>
      String(getCard(request)["cardNo"]).startsWith(TEST_CARDS.visa.slice(0, -1)),
    ),
  },
  "vaultPaymentMethod.request.env.terminalType.enum": {
    "vaulting-with-invalid-terminal-type-stored": storeRejected(
      (request) => typeof getEnv(request)["terminalType"] === "string",
    ),
  },
  "vaultPaymentMethod.request.metadata.maxLength": {
    "vaulting-with-overlong-metadata-stored": storeRejected(({ metadata }) => String(metadata).length > 2048),
  },
  "vaultPaymentMethod.request.all-invalid": {
    "overlong-message-about-invalid-fields": changeResponse((body, _, call) =>
      isRejected(body) && (decodeBody(call).match(/:(?:""|\{\})/g) ?? []).length > 12
        ? withResult(body, { resultMessage: "The field is invalid. ".repeat(13) })
        : undefined,
    ),
  },
  "vaultPaymentMethod.challenge.passed": {
    "challenge-status-cached": (next, context) => {
      const cached = new Set<string>();
      const mutate = changeResponse((body, request, call) => {
        if (body["vaultingStatus"] === "PROCESSING") cached.add(getId(request));
        return isInquiry(call) && isSuccess(body) && cached.has(getId(request)) ? toProcessing(body) : undefined;
      });
      return mutate(next, context);
    },
  },
  "vaultPaymentMethod.challenge.wrong-code": {
    "different-challenge-url-after-inquiry": (next, context) => {
      const inquired = new Set<string>();
      const mutate = changeResponse((body, request, call) => {
        if (isInquiry(call)) inquired.add(getId(request));
        return isVaulting(call) && inquired.has(getId(request)) && "normalUrl" in body
          ? { ...body, normalUrl: `${body["normalUrl"]}?again` }
          : undefined;
      });
      return mutate(next, context);
    },
  },
  "vaultPaymentMethod.challenge.flag": { "flag-of-earlier-request-applied": applyLastFlag },
  "vaultPaymentMethod.response.echo": {
    "id-of-earlier-request-for-unreadable-body": echoLastId,
    "overlong-id-cut-off": changeResponse((body, request) =>
      isRejected(body) && getId(request).length > 64
        ? { ...body, vaultingRequestId: getId(request).slice(0, 64) }
        : undefined,
    ),
    "id-after-invalid-field-not-echoed": changeResponse(({ vaultingRequestId: _, ...body }, { env }, call) =>
      isRejected(body) && typeof env === "string" && call.text.endsWith('x"}') ? body : undefined,
    ),
  },
  "vaultPaymentMethod.card.numbers": {
    "rounded-number-of-19-digits": changeCardOfLength(19, (cardNo) => ({
      maskedCardNo: `***************${String(BigInt(Number(cardNo))).slice(-4)}`,
    })),
    "null-brand-of-unknown-card": changeResponse((body) =>
      "cardToken" in getCard(body) && !("brand" in getCard(body)) ? withCard(body, { brand: null }) : undefined,
    ),
    "mask-in-groups-of-american-express": changeCardOfLength(15, (cardNo) => ({
      maskedCardNo: `**** ****** *${cardNo.slice(-4)}`,
    })),
  },
  "vaultPaymentMethod.card.brand": {
    "selected-brand-of-request-in-response": changeResponse((body, request) => {
      const { selectedCardBrand: brand } = getCard(request);
      return "brand" in getCard(body) && typeof brand === "string" ? withCard(body, { brand }) : undefined;
    }),
  },
  "inquireVaulting.metadata.unchanged": {
    "empty-metadata-added": changeResponse((body, _, call) =>
      isInquiry(call) && isSuccess(body) ? { metadata: "", ...body } : undefined,
    ),
  },
  "protocol.headers.ignored": {
    "xml-response-for-accept-header": changeRaw((response, call) =>
      prefersXml(call)
        ? { ...response, headers: { ...response.headers, "content-type": "application/xml" }, text: "<result/>" }
        : response,
    ),
    "agent-token-in-storage-key": (next, context) => {
      const tokens = new Map<string, string>();
      const rejectOther = reject((request, call) => {
        const token = call.headers["agent-token"] ?? "";
        if (!isInquiry(call)) tokens.set(getId(request), token);
        return isInquiry(call) && (tokens.get(getId(request)) ?? token) !== token;
      }, "VAULTING_NOT_EXIST");
      return rejectOther(next, context);
    },
    "host-header-in-challenge-url": changeResponse((body, _, { headerLines }) =>
      "normalUrl" in body
        ? {
            ...body,
            normalUrl: String(body["normalUrl"]).replace(/\/\/[^/]+/, `//${headerLines?.["host"]?.[0] ?? ""}`),
          }
        : undefined,
    ),
    "unsupported-language-rejected": (next, context) => async (call) => {
      const response = await next(call);
      return getResult(parseBody(response.text)).resultCode === "PROCESS_FAIL" &&
        call.headers["accept-language"]?.startsWith("de")
        ? reject(() => true, "PARAM_ILLEGAL")(next, context)(call)
        : response;
    },
  },
  "vaultPaymentMethod.id.exact": {
    "vaultings-of-one-region-not-found-by-inquiry": changeInquiriesAfter(
      ({ merchantRegion }) => merchantRegion === "DE",
      toUnknown,
    ),
    "short-numbers-compared-as-numbers": (next, context) => (call) => {
      const id = getId(readRequest(call));
      return /^\d{1,9}(?:\.0|e0)?$|^0\d{1,9}$/.test(id) && String(Number(id)) !== id
        ? callWithDifferentId(next, call, context, String(Number(id)))
        : next(call);
    },
  },
  "inquireVaulting.state.other-merchant": { "client-id-joined-with-id": joinKeys },
  "vaultPaymentMethod.idempotency.reordered-fields": {
    "whitespace-compared-on-retry": (next, context) => {
      const texts = new Map<string, string>();
      const rejectOther = reject((request, call) => {
        const first = texts.get(getId(request)) ?? call.text;
        texts.set(getId(request), first);
        return isVaulting(call) && first.length !== call.text.length;
      }, "REPEAT_REQ_INCONSISTENT");
      return rejectOther(next, context);
    },
  },
  "notifyVaulting.address.unreachable": {
    "vaulting-lost-if-endpoint-refuses-connections": changeInquiriesAfter(
      ({ vaultingNotificationUrl: url }) => String(url).startsWith("http://127.0.0.1:1/"),
      toUnknown,
    ),
  },
  "notifyVaulting.concurrent.once": { "notification-for-each-concurrent-call": notifyConcurrentCalls },
};

export const interactionMutations: Table<Mutations> = {
  ...Object.fromEntries(
    Object.entries(responseTables).map(([id, table]) => [
      id,
      Object.fromEntries(Object.entries(table).map(([name, handler]) => [name, { handler }])),
    ]),
  ),
  "notifyVaulting.message.masked": {
    "masked-number-of-different-card-in-notification": {
      delivery: changeBody((body) =>
        isSuccess(body) ? withCard(body, { maskedCardNo: "************0000" }) : undefined,
      ),
    },
  },
  "notifyVaulting.address.query": {
    "empty-path-signed": {
      delivery: (next, context) => (notification) => {
        const { pathname, search } = new URL(notification.url);
        return next(pathname === "/" ? signNotification(notification, context, search) : notification);
      },
    },
  },
  "notifyVaulting.address.other-merchant": { "notification-with-client-id-of-last-caller": useLastCaller() },
  "notifyVaulting.failed.codes": {
    "less-specific-code-in-notification": {
      delivery: changeBody((body) =>
        getResult(body).resultCode === "LOST_CARD" ? withResult(body, { resultCode: "RESTRICTED_CARD" }) : undefined,
      ),
    },
  },
  "notifyVaulting.challenged-failed.delivered": {
    "no-notification-about-decline-after-challenge": {
      handler: remember((request) => isChallenge(request) && getCard(request)["cardNo"] === TEST_CARDS.declined),
      delivery: dropRemembered(),
    },
  },
  "notifyVaulting.all.delivered": {
    "notification-missing-for-one-reason": {
      delivery: (next) => async (notification) =>
        getResult(parseBody(notification.text)).resultCode === "VERIFICATION_FAIL" ? ACKNOWLEDGED : next(notification),
    },
  },
  "notifyVaulting.challenged.create-time": {
    "create-time-of-result": {
      delivery: changeBody((body) => ({ ...body, vaultingCreateTime: new Date().toISOString() })),
    },
    "create-time-in-local-time": {
      delivery: changeBody((body) => ({
        ...body,
        vaultingCreateTime: new Date(Date.now() - 28_800_000).toISOString(),
      })),
    },
  },
  "notifyVaulting.resent.after-other-body": {
    "session-notifications-stop-early": {
      handler: remember((_, __, call) => isCall("createVaultingSession", call)),
      delivery: dropRemembered((_, attempt) => attempt > 3),
    },
  },
  "notifyVaulting.resent.after-no-response": {
    "missing-first-response-treated-as-acknowledgement": {
      delivery: (next) => {
        const attempts = createCounter();
        return (notification) => {
          const attempt = attempts(getId(parseBody(notification.text)));
          return next(notification).catch((error: unknown) => {
            if (attempt > 1) throw error;
            return ACKNOWLEDGED;
          });
        };
      },
    },
  },
  "notifyVaulting.session.expiry-notified": {
    "no-notification-about-expired-session-before-inquiry": {
      handler: remember((_, body, call) => isInquiry(call) && body["vaultingStatus"] === "FAIL"),
      delivery:
        (next, { memory }) =>
        async (notification) => {
          const body = parseBody(notification.text);
          return getResult(body).resultCode === "ORDER_IS_CLOSED" && !memory.has(getId(body))
            ? ACKNOWLEDGED
            : next(notification);
        },
    },
  },
  "notifyVaulting.resent.shared-url": { "acknowledgement-stops-all-notifications-to-url": { delivery: stopForUrl } },
  "notifyVaulting.challenge.expiry-notified": {
    "no-notification-about-expired-challenge-after-inquiry": {
      handler: remember((_, body, call) => isInquiry(call) && body["vaultingStatus"] === "PROCESSING"),
      delivery: dropRemembered((body) => getResult(body).resultCode === "VERIFICATION_FAIL"),
    },
    "no-notification-about-expired-challenge-before-inquiry": {
      handler: remember((_, body, call) => isInquiry(call) && body["vaultingStatus"] === "FAIL"),
      delivery:
        (next, { memory }) =>
        async (notification) => {
          const body = parseBody(notification.text);
          const isExpired = getResult(body).resultCode === "VERIFICATION_FAIL";
          return isExpired && !memory.has(getId(body)) ? ACKNOWLEDGED : next(notification);
        },
    },
  },
  "notifyVaulting.resent.after-status": {
    "http-401-stops-resends": {
      delivery: (next) => async (notification) => {
        const response = await next(notification);
        return response.status === 401 ? ACKNOWLEDGED : response;
      },
    },
    "retry-stops-resends": {
      handler: (next, context) => {
        const count = createCounter();
        return remember((request, _, call) => isVaulting(call) && count(getId(request)) > 1)(next, context);
      },
      delivery: dropRemembered((_, attempt) => attempt > 1),
    },
  },
  "notifyVaulting.resent.schedule": {
    "inquiry-stops-resends": {
      handler: remember((_, body, call) => isInquiry(call) && "vaultingStatus" in body),
      delivery: dropRemembered((_, attempt) => attempt > 1),
    },
  },
  "notifyVaulting.state.retained": {
    "vaulting-failed-after-last-notification-attempt": {
      handler: (next, context) => {
        const mutate = changeResponse((body, _, call) =>
          isInquiry(call) && context.memory.has(getId(body)) ? toStatus(body, "FAIL") : undefined,
        );
        return mutate(next, context);
      },
      delivery: (next, { memory }) => {
        const attempts = createCounter();
        return async (notification) => {
          const id = getId(parseBody(notification.text));
          if (attempts(id) === 8) memory.add(id);
          return next(notification);
        };
      },
    },
  },
};
