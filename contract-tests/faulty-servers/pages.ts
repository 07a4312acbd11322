/** Mutations of the buyer pages. */
import { setTimeout as wait } from "node:timers/promises";
import { vaultedResponse } from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, parseBody, toProcessing, withCard } from "./bodies.ts";
import { type Call, decodeBody, type HttpResponse, isCall } from "./http-messages.ts";
import { changeRaw, changeResponse, createCounter, type Mutation, type Mutations, type Table } from "./mutations.ts";

const NOT_FOUND: HttpResponse = { status: 404, headers: {}, text: "" };

/** Shows each page only once. */
const showOnce: Mutation =
  (next, { memory }) =>
  async (call) => {
    if (call.method !== "GET") return next(call);
    if (memory.has(call.path)) return NOT_FOUND;
    memory.add(call.path);
    return next(call);
  };

/** Changes the URL to which a page redirects the buyer. */
const changeLocation = (change: (location: string) => string): Mutation =>
  changeRaw((response) => {
    const { location } = response.headers;
    return location === undefined
      ? response
      : { ...response, headers: { ...response.headers, location: change(location) } };
  });

/** Changes challenge pages. `change` receives the card from the request. */
const changeChallengePage = (change: (response: HttpResponse, card: Body) => HttpResponse): Mutations => {
  const cards = new Map<string, Body>();
  return {
    handler: changeResponse((body, request) => {
      if (typeof body["normalUrl"] === "string" && "cardNo" in getCard(request))
        cards.set(new URL(body["normalUrl"]).pathname, getCard(request));
      return undefined;
    }),
    page: changeRaw((response, call) => {
      const card = cards.get(call.path);
      return card === undefined ? response : change(response, card);
    }),
  };
};

/** Extends a session whenever its page is requested. */
const extendWithVisit = (): Mutations => {
  const sessions = new Map<string, string>();
  const visited = new Set<string>();
  return {
    handler: changeResponse((body, request, call) => {
      const id = getId(request);
      if (isCall("createVaultingSession", call) && typeof body["normalUrl"] === "string")
        sessions.set(id, new URL(body["normalUrl"]).pathname);
      const isExtended = body["vaultingResultCode"] === "ORDER_IS_CLOSED" && visited.has(sessions.get(id) ?? "");
      return isExtended ? toProcessing(body) : undefined;
    }),
    page: (next) => (call) => {
      visited.add(call.path);
      return next(call);
    },
  };
};

/** Changes inquiry responses. `change` receives the forms that the buyer submitted on the page of the vaulting. */
const changeAfterForms = (change: (body: Body, forms: readonly URLSearchParams[]) => Body | undefined): Mutations => {
  const pages = new Map<string, string>();
  const forms = new Map<string, URLSearchParams[]>();
  return {
    handler: changeResponse((body, request, call) => {
      if (typeof body["normalUrl"] === "string") pages.set(getId(request), new URL(body["normalUrl"]).pathname);
      return isCall("inquireVaulting", call)
        ? change(body, forms.get(pages.get(getId(request)) ?? "") ?? [])
        : undefined;
    }),
    page: (next) => (call) => {
      if (call.method === "POST")
        forms.set(call.path, [...(forms.get(call.path) ?? []), new URLSearchParams(call.text)]);
      return next(call);
    },
  };
};

/** Changes the pages of sessions. `change` receives the request that created the session. */
const changeSessionPage = (change: (response: HttpResponse, call: Call, request: Body) => HttpResponse): Mutations => {
  const requests = new Map<string, Body>();
  const byPath = new Map<string, Body>();
  return {
    handler: changeResponse((body, request, call) => {
      if (isCall("createVaultingSession", call) && !requests.has(getId(request))) requests.set(getId(request), request);
      const session = requests.get(getId(request));
      const { normalUrl } = body;
      if (session && typeof normalUrl === "string") byPath.set(new URL(normalUrl).pathname, session);
      return undefined;
    }),
    page: changeRaw((response, call) => {
      const session = byPath.get(call.path);
      return session ? change(response, call, session) : response;
    }),
  };
};

/** Changes the URL to which the page of a session redirects the buyer, or adds a redirect. */
const redirectFromSession = (change: (location: string | undefined, call: Call, request: Body) => string | undefined) =>
  changeSessionPage((response, call, request) => {
    const location = change(response.headers["location"], call, request);
    if (call.method !== "POST" || location === undefined) return response;
    return { ...response, status: 303, headers: { ...response.headers, location } };
  });

/** Redirects the buyer of a session to the redirectUrl of the last request with the same vaultingRequestId. */
const redirectToLastUrl = (): Mutations => {
  const last = new Map<string, string>();
  const { handler, page } = redirectFromSession((location, _, request) => location && last.get(getId(request)));
  return {
    handler: (next, context) => {
      const track = handler?.(next, context) ?? next;
      return (call) => {
        const { redirectUrl, ...request } = parseBody(decodeBody(call));
        if (isCall("createVaultingSession", call) && typeof redirectUrl === "string")
          last.set(getId(request), redirectUrl);
        return track(call);
      };
    },
    ...(page ? { page } : {}),
  };
};

/** Identifies the session of a submitted form by a cookie that each opened page overwrites. */
const findSessionByCookie = (): Mutations => {
  const paths = new Map<string, string>();
  const lastDigits = new Map<string, string>();
  return {
    handler: changeResponse((body, request, call) => {
      const id = getId(request);
      if (isCall("createVaultingSession", call) && typeof body["normalUrl"] === "string")
        paths.set(id, new URL(body["normalUrl"]).pathname);
      const digits = lastDigits.get(paths.get(id) ?? "");
      return digits !== undefined && isCall("inquireVaulting", call) && "cardToken" in getCard(body)
        ? withCard(body, { maskedCardNo: `************${digits}`, lastFour: digits, bin: undefined })
        : undefined;
    }),
    page: changeRaw((response, call) => {
      const session = /session=([^;]+)/.exec(call.headers["cookie"] ?? "")?.[1] ?? call.path;
      const digits = /cardNo=\d+(\d{4})\b/.exec(call.text)?.[1];
      if (call.method === "POST" && digits !== undefined && !lastDigits.has(session)) lastDigits.set(session, digits);
      // Node.js sends each string in an array as a separate header line.
      const cookies = [response.headers["set-cookie"] ?? "", `session=${call.path}; Path=/`];
      return call.method === "GET"
        ? { ...response, headers: { ...response.headers, "set-cookie": cookies as unknown as string } }
        : response;
    }),
  };
};

/** Reports a vaulted card for a session that failed with a matching code if `when` returned true for a call to its page. */
const vaultIf = (failure: string, when: (call: Call, memory: Set<string>) => boolean): Mutations => {
  const paths = new Map<string, string>();
  const memory = new Set<string>();
  const vaulted = new Set<string>();
  return {
    handler: changeResponse((body, request, call) => {
      const id = getId(request);
      if (isCall("createVaultingSession", call) && typeof body["normalUrl"] === "string")
        paths.set(id, new URL(body["normalUrl"]).pathname);
      const isFailed = new RegExp(failure).test(String(body["vaultingResultCode"]));
      const isVaulted = isFailed && vaulted.has(paths.get(id) ?? "");
      return isVaulted ? { ...vaultedResponse, vaultingRequestId: id, vaultingStatus: "SUCCESS" } : undefined;
    }),
    page: (next) => (call) => {
      if (when(call, memory)) vaulted.add(call.path);
      return next(call);
    },
  };
};

/** Sends a second notification if the buyer submits the form twice. */
const notifyForEachClick = (): Mutations => {
  const clicks = createCounter();
  const clickedTwice = new Set<string>();
  const paths = new Map<string, string>();
  return {
    handler: changeResponse((body, request, call) => {
      if (isCall("createVaultingSession", call) && typeof body["normalUrl"] === "string")
        paths.set(getId(request), new URL(body["normalUrl"]).pathname);
      return undefined;
    }),
    page: (next) => (call) => {
      if (call.method === "POST" && clicks(call.path) > 1) clickedTwice.add(call.path);
      return next(call);
    },
    delivery: (next) => async (notification) => {
      // Both submissions arrive during this delay.
      await wait(50);
      const path = paths.get(getId(parseBody(notification.text))) ?? "";
      if (clickedTwice.has(path)) await next(notification);
      return next(notification);
    },
  };
};

export const pageMutations: Table<Mutations> = {
  "createVaultingSession.page.isolated": {
    "session-found-by-cookie": findSessionByCookie(),
    "last-digits-of-first-submitted-card": changeAfterForms((body, [first, second]) =>
      second && "lastFour" in getCard(body) ? withCard(body, { lastFour: first?.get("cardNo")?.slice(-4) }) : undefined,
    ),
  },
  "notifyVaulting.challenge.expires": {
    "challenge-code-accepted-after-expiry": changeAfterForms((body, [form]) =>
      body["vaultingStatus"] === "FAIL" && form?.get("action") === "code"
        ? { ...vaultedResponse, vaultingRequestId: getId(body), vaultingStatus: "SUCCESS" }
        : undefined,
    ),
  },
  "createVaultingSession.page.challenge-native": {
    "query-missing-in-redirect-after-challenge-of-session": redirectFromSession((location, { path, text }) =>
      path.startsWith("/3ds/") && text.includes("action=code") ? location?.replace(/\?.*/, "") : location,
    ),
  },
  "createVaultingSession.page.exempt": {
    "query-missing-in-redirect-of-exempt-card": redirectFromSession((location, { text }) =>
      text.includes("0008") ? location?.replace(/\?.*/, "") : location,
    ),
  },
  "createVaultingSession.page.declined": {
    "second-card-accepted-after-declined-card": vaultIf("PROCESS_FAIL|DO_NOT_HONOR", (call, memory) => {
      const isDeclined = memory.has(call.path);
      if (call.text.includes("4054692760174822")) memory.add(call.path);
      return isDeclined && call.method === "POST";
    }),
    "result-in-redirect-of-declined-card": redirectFromSession((location, { text }) =>
      /cardNo=4054692760174822/.test(text) && location !== undefined ? `${location}&result=F` : location,
    ),
  },
  "createVaultingSession.idempotency.different-content": {
    "redirect-url-of-last-request": redirectToLastUrl(),
  },
  "notifyVaulting.session.once": { "notification-for-each-click": notifyForEachClick() },
  "createVaultingSession.page.vaults": {
    "null-as-redirect-url": redirectFromSession((location, _, { redirectUrl }) =>
      redirectUrl === null ? "null" : location,
    ),
    "missing-redirect-url-as-path": redirectFromSession((location, _, { redirectUrl }) =>
      redirectUrl === undefined ? "/undefined" : location,
    ),
    "session-page-shown-only-once": { page: showOnce },
    "redirect-url-as-path": {
      page: changeLocation((location) => location.replace(/^https:\/\/(?=merchant.example\/cards\/done$)/, "")),
    },
  },
  "vaultPaymentMethod.challenge.passed": {
    "challenge-page-shown-only-once": { page: showOnce },
    "result-in-redirect": {
      page: changeLocation((location) => (/^https?:/.test(location) ? `${location}#cardToken=x` : location)),
    },
  },
  "vaultPaymentMethod.card-data.hidden": {
    "number-in-hidden-field": changeChallengePage((response, { cardNo }) => ({
      ...response,
      text: response.text.replace("<form", `<input type="hidden" name="card" value="${String(cardNo)}"><form`),
    })),
    "cvv-in-hidden-field": changeChallengePage((response, { cvv }) => ({
      ...response,
      text: response.text.replace("<form", `<input type="hidden" name="data" value="${String(cvv)}"><form`),
    })),
    "number-in-base64-on-page": changeChallengePage((response, { cardNo }) => ({
      ...response,
      text: response.text.replace("<form", `<form data-card="${Buffer.from(String(cardNo)).toString("base64")}"`),
    })),
    "name-on-page": changeChallengePage((response, { cardholderName }) => ({
      ...response,
      text: response.text.replace("<form", `<p>${String((cardholderName as Body | undefined)?.["fullName"])}</p><form`),
    })),
    "number-in-header-of-page": changeChallengePage((response, { cardNo }) => ({
      ...response,
      headers: { ...response.headers, "x-state": String(cardNo) },
    })),
  },
  "notifyVaulting.session.expires": {
    "visit-extends-session": extendWithVisit(),
    // Checks the expiry only when the page is requested, not when the form is submitted.
    "form-of-expired-session-accepted": vaultIf("ORDER_IS_CLOSED", ({ method }) => method === "POST"),
  },
};
