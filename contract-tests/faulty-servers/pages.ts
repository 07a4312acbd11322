/** Mutations of the pages for the buyer. */
import { vaultedResponse } from "../../src/testing/messages/client-messages.ts";
import { type Body, getCard, getId, toProcessing, withCard } from "./bodies.ts";
import { type HttpResponse, isCall } from "./http-messages.ts";
import { changeRaw, changeResponse, type Mutation, type Mutations, type Table } from "./mutations.ts";

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

/** Changes the pages about a card, given the request with the card. */
const changeCardPage = (change: (response: HttpResponse, card: Body) => HttpResponse): Mutations => {
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

/** Calls `change` with each inquiry, and the forms that the buyer submitted on the page of its vaulting. */
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

export const pageMutations: Table<Mutations> = {
  "createVaultingSession.page.isolated": {
    "digits-of-first-entry": changeAfterForms((body, [first, second]) =>
      second && "lastFour" in getCard(body) ? withCard(body, { lastFour: first?.get("cardNo")?.slice(-4) }) : undefined,
    ),
  },
  "notifyVaulting.challenge.expires": {
    "code-accepted-after-expiry": changeAfterForms((body, [form]) =>
      body["vaultingStatus"] === "FAIL" && form?.get("action") === "code"
        ? { ...vaultedResponse, vaultingRequestId: getId(body), vaultingStatus: "SUCCESS" }
        : undefined,
    ),
  },
  "createVaultingSession.page.vaults": {
    "session-page-for-one-visit": { page: showOnce },
    "redirect-url-as-path": {
      page: changeLocation((location) => location.replace(/^https:\/\/(?=merchant.example\/cards\/done$)/, "")),
    },
  },
  "vaultPaymentMethod.challenge.passed": {
    "challenge-page-for-one-visit": { page: showOnce },
    "result-in-redirect": {
      page: changeLocation((location) => (/^https?:/.test(location) ? `${location}#cardToken=x` : location)),
    },
  },
  "vaultPaymentMethod.card-data.hidden": {
    "number-in-hidden-field": changeCardPage((response, { cardNo }) => ({
      ...response,
      text: response.text.replace("<form", `<input type="hidden" name="card" value="${String(cardNo)}"><form`),
    })),
    "cvv-in-hidden-field": changeCardPage((response, { cvv }) => ({
      ...response,
      text: response.text.replace("<form", `<input type="hidden" name="data" value="${String(cvv)}"><form`),
    })),
    "number-in-base64-on-page": changeCardPage((response, { cardNo }) => ({
      ...response,
      text: response.text.replace("<form", `<form data-card="${Buffer.from(String(cardNo)).toString("base64")}"`),
    })),
    "name-on-page": changeCardPage((response, { cardholderName }) => ({
      ...response,
      text: response.text.replace("<form", `<p>${String((cardholderName as Body | undefined)?.["fullName"])}</p><form`),
    })),
    "number-in-header-of-page": changeCardPage((response, { cardNo }) => ({
      ...response,
      headers: { ...response.headers, "x-state": String(cardNo) },
    })),
  },
  "notifyVaulting.session.expires": { "visit-extends-session": extendWithVisit() },
};
