/** Correct servers that differ from the sandbox in ways that the API contract permits. No check may fail against them. */
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { TEST_CARDS as ALL_TEST_CARDS } from "../src/cards/test-cards.ts";
import { TEST_CARDS } from "../src/contract/document/sample-requests.ts";
import {
  type Body,
  getCard,
  getId,
  getResult,
  isSuccess,
  parseBody,
  withCard,
  withResult,
} from "./faulty-servers/bodies.ts";
import { decodeBody, signResponse } from "./faulty-servers/http-messages.ts";
import { changeResponse, type Mutation, type Mutations } from "./faulty-servers/mutations.ts";
import { type DeliveryMutation, signNotification } from "./faulty-servers/notification-relay.ts";
import { changeBody } from "./faulty-servers/notifications.ts";
import { sendErrorsUnsigned } from "./faulty-servers/requests.ts";

export interface CorrectServer {
  /** A noun phrase that describes the server, for example `a slow server`. */
  readonly name: string;
  readonly mutations: Mutations;
  /** Whether the run accepts unknown fields and codes. */
  readonly lenient?: boolean;
  readonly idReuse?: "reject";
  readonly sendsErrorsUnsigned?: boolean;
}

/** Combines mutations. Each mutation changes the output of the previous one. */
const combine = (...all: readonly Mutations[]): Mutations => ({
  handler: (next, context) => all.reduce((last, { handler }) => handler?.(last, context) ?? last, next),
  delivery: (next, context) => all.reduceRight((last, { delivery }) => delivery?.(last, context) ?? last, next),
});

/** Changes the bodies of responses and notifications. `undefined` leaves a body unchanged. */
const changeBodies = (change: (body: Body) => Body | undefined): Mutations => ({
  // Skips responses to other merchants, because their notifications do not pass through the proxy. They are recognized by their longer client IDs.
  handler: (next, context) => {
    const mutate = changeResponse((body, _, { headers }) =>
      (headers["client-id"] ?? "").length > context.clientId.length ? undefined : change(body),
    );
    return mutate(next, context);
  },
  delivery: changeBody(change),
});

const hasToken = (body: Body): boolean => isSuccess(body) && "cardToken" in getCard(body);
const mapField = (body: Body, name: string, change: (text: string) => string): Body => {
  const value = body[name];
  return typeof value === "string" ? { ...body, [name]: change(value) } : body;
};

/** A way to format messages without changing their content. */
interface Format {
  readonly json: (body: Body) => string;
  readonly time: (milliseconds: number) => string;
  readonly signature: (header: string) => string;
  readonly headerName: (name: string) => string;
  readonly contentType: string;
  /** Whether the server sends response bodies in chunks that can split multi-byte characters. */
  readonly isChunked: boolean;
}

function formatMessages({ json, time, signature, headerName, contentType, isChunked }: Format): Mutations {
  const formatHeaders = ({ signature: value, ...headers }: Readonly<Record<string, string>>) => {
    const signed = value === undefined ? {} : { signature: signature(value) };
    const all = { ...headers, ...signed, "content-type": contentType, "x-trace": "0a1b2c" };
    return Object.fromEntries(Object.entries(all).map(([name, text]) => [headerName(name), text]));
  };
  const handler: Mutation =
    (next, { gateway }) =>
    async (call) => {
      const response = await next(call);
      const changed = { ...response, isChunked, text: json(parseBody(response.text)) };
      const { signature: original, "response-time": sent = "" } = response.headers;
      if (original === undefined) return { ...changed, headers: formatHeaders(response.headers) };
      const headers = { ...response.headers, "response-time": time(Date.parse(sent)) };
      const signed = signResponse(call, { ...changed, headers }, gateway);
      return { ...signed, headers: formatHeaders(signed.headers) };
    };
  const delivery: DeliveryMutation = (next, context) => (notification) => {
    const headers = {
      ...notification.headers,
      "request-time": time(Date.parse(notification.headers["request-time"] ?? "")),
    };
    const signed = signNotification({ ...notification, text: json(parseBody(notification.text)), headers }, context);
    return next({ ...signed, headers: formatHeaders(signed.headers) });
  };
  return { handler, delivery };
}

const reverse = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).reverse())
    : value;
const formatIso = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 23);
const HALF_HOUR_MS = 1_800_000;

const readable: Format = {
  json: (body) => `\n${JSON.stringify(JSON.parse(JSON.stringify(body), reverse), null, 3).replaceAll("/", "\\/")}\n`,
  time: (milliseconds) => `${formatIso(milliseconds + 16 * HALF_HOUR_MS)}+08:00`,
  signature: (header) => header.replaceAll(",", ", "),
  headerName: (name) => name,
  contentType: "application/json;charset=utf-8",
  isChunked: false,
};
/** A format with escaped letters, signatures without a key version, and times with 9 fractional digits and an offset without a colon. */
const escaped: Format = {
  json: (body) =>
    JSON.stringify(body).replace(/\\(?:u.{4}|.)|[a-z](?=[^"]*"[,}])/g, (part) =>
      part.length > 1 ? part : `\\u00${part.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  // The clock is half an hour fast.
  time: (milliseconds) => `${formatIso(milliseconds - 10 * HALF_HOUR_MS)}123456-0530`,
  signature: (header) => decodeURIComponent(header.replace("keyVersion=1,", "")),
  headerName: (name) => name.toUpperCase(),
  contentType: 'Application/JSON; Charset="UTF-8"',
  isChunked: true,
};

/** Card fields that the sandbox never sends. The value of address1 happens to equal the CVV of the sample request. */
const DETAILS = {
  selectedCardBrand: "VISA",
  expiryYear: "26",
  expiryMonth: "08",
  cardholderName: { firstName: "xu", lastName: "jie" },
  billingAddress: { region: "CN", address1: "123" },
  mask: "****",
  cardIssuer: "Example Bank",
  supportedBrands: ["VISA", "CARTES_BANCAIRES"],
};
const NOTIFICATION_DETAILS = {
  // The time at which the test run starts.
  vaultingCreateTime: new Date().toISOString(),
  notifyType: "VAULTING",
  acquirerInfo: { acquirerName: "Example Acquirer", acquirerResultCode: "00" },
};

/** Returns a hash of the test card number that ends with the lastFour of a message. A gateway may return such a hash as the fingerprint. */
function hashNumber(body: Body): string {
  const { lastFour } = getCard(body);
  const card = ALL_TEST_CARDS.find(({ number }) => number.endsWith(String(lastFour)));
  return createHash("sha256").update(String(card?.number)).digest("hex");
}

/** Adds every documented field, and makes tokens and URLs as long as permitted. */
function addDetails(original: Body): Body {
  let body = mapField(original, "vaultingSessionData", (text) => text.padEnd(4096, "+/"));
  body = mapField(body, "vaultingSessionId", (text) => text.padEnd(64, "~"));
  body = mapField(body, "normalUrl", (text) => `${text}?locale=en&state=`.padEnd(2048, "x"));
  return hasToken(body)
    ? withCard(body, {
        ...DETAILS,
        countryIssue: getCard(body)["issuingCountry"] ?? "SG",
        fingerprint: hashNumber(body),
        cardToken: String(getCard(body)["cardToken"]).padEnd(2048, "~/+="),
      })
    : body;
}

/** Removes the optional fields of cards and inquiry responses. */
function removeDetails(body: Body): Body {
  const { paymentMethodDetail, vaultingResultMessage: _, vaultingResultCode: __, ...rest } = body;
  const { cardToken } = getCard({ paymentMethodDetail });
  if (cardToken === undefined) return rest;
  return { ...rest, paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken } } };
}

/** Replaces the resultMessage. */
const changeMessage = (body: Body): Body | undefined =>
  "result" in body
    ? withResult(body, { resultMessage: 'The "card" is invalid. 请检查请求。 😀 '.padEnd(200, ".") })
    : undefined;

const EXTENSION = { extension: [{ value: null }] };

/** Adds an unknown field to the body, the result, the paymentMethodDetail, and the card. */
const addExtensions = (body: Body): Body =>
  JSON.parse(JSON.stringify({ ...body, ...EXTENSION }), (name, value: unknown) =>
    ["result", "paymentMethodDetail", "card"].includes(name) ? Object.assign({}, value, EXTENSION) : value,
  );

const UNKNOWN_VALUES = { funding: "NEW_FUNDING", supportedBrands: ["NEW_BRAND"] };

/** Uses values that the document does not list: a funding type, a supported brand, and result codes for declined cards. */
const useUnknownCodes: Mutations = {
  handler: (next, context) => {
    const mutate = changeResponse((body, request) => {
      if (hasToken(body)) return withCard(body, UNKNOWN_VALUES);
      if (!context.memory.has(getId(request))) return undefined;
      if (body["vaultingStatus"] === "FAIL") return { ...body, vaultingResultCode: "NEW_REASON" };
      return getResult(body).resultCode === "PROCESS_FAIL" ? withResult(body, { resultCode: "NEW_CODE" }) : undefined;
    });
    const handler = mutate(next, context);
    return (call) => {
      const request = parseBody(decodeBody(call));
      if (getCard(request)["cardNo"] === TEST_CARDS.declined) context.memory.add(getId(request));
      return handler(call);
    };
  },
  delivery: (next, context) => {
    const mutate = changeBody((body) => {
      if (hasToken(body)) return withCard(body, UNKNOWN_VALUES);
      return context.memory.has(getId(body)) ? withResult(body, { resultCode: "NEW_REASON" }) : undefined;
    });
    return mutate(next, context);
  },
};

const slow: Mutations = {
  handler: (next) => {
    let calls = 0;
    return async (call) => {
      calls += 1;
      await wait((calls * 7) % 30);
      const response = await next(call);
      await wait((calls * 5) % 30);
      return response;
    };
  },
  delivery: (next) => async (notification) => {
    await wait(100);
    return next(notification);
  },
};

const omitClientId: Mutation = (next) => async (call) => {
  const response = await next(call);
  const { "client-id": _, ...headers } = response.headers;
  return { ...response, headers };
};

export const correctServers: readonly CorrectServer[] = [
  {
    name: "a server with unsigned errors, different result messages, only required fields, escaped JSON, chunked bodies, and uppercase header names",
    mutations: combine(
      changeBodies(removeDetails),
      changeBodies(changeMessage),
      { handler: sendErrorsUnsigned },
      formatMessages(escaped),
    ),
    sendsErrorsUnsigned: true,
  },
  {
    name: "a slow server that sends readable JSON, omits client-id from responses, and rejects reused IDs",
    mutations: combine(formatMessages(readable), { handler: omitClientId }, slow),
    idReuse: "reject",
  },
  {
    name: "a server with every documented field and the longest permitted tokens",
    mutations: combine(changeBodies(addDetails), {
      delivery: changeBody((body) => ({ ...NOTIFICATION_DETAILS, ...body })),
    }),
  },
  {
    name: "a server with unknown fields and codes if the run is lenient",
    mutations: combine(useUnknownCodes, changeBodies(addExtensions)),
    lenient: true,
  },
];
