/** Mutations that accept invalid forms of a value or a body that is almost JSON, and mutations that reject or misread valid forms. */
import { getAt, setAt } from "../../src/contract/document/derive-probes.ts";
import { type Body, getCard, parseBody, withCard } from "./bodies.ts";
import { type Call, decodeBody, isCall, withBody } from "./http-messages.ts";
import { changeRequest, type Mutation, reject, type Table } from "./mutations.ts";

/** Converts the value of a text field before the server validates it, as a lenient parser would. */
const readField = (pointer: string, read: (value: string) => unknown): Mutation =>
  changeRequest((body) => {
    const path = pointer.split("/").slice(1);
    const value = getAt(body, path);
    return typeof value === "string" ? setAt(body, path, read(value)) : undefined;
  });

const CARD = "/paymentMethodDetail/card";
const CARD_CHECKS = "vaultPaymentMethod.request.paymentMethodDetail.card";
const readCard = (name: string, read: (value: string) => unknown) => readField(`${CARD}/${name}`, read);

/** Changes each value in a request, starting with the innermost values. */
const mapValues = (change: (value: unknown, name: string) => unknown): Mutation =>
  changeRequest((body) => JSON.parse(JSON.stringify(body), (name, value: unknown) => change(value, name)));

/** Rejects requests in which a text field matches a pattern. */
const rejectText = (pattern: RegExp, pointer: string): Mutation =>
  reject((body) => pattern.test(String(getAt(body, pointer.split("/").slice(1)) ?? "")));

/** Repairs the body of a vaultPaymentMethod call before the server reads it. */
const repairBody =
  (repair: (text: string, call: Call) => string): Mutation =>
  (next, context) =>
  (call) => {
    const text = decodeBody(call);
    const repaired = isCall("vaultPaymentMethod", call) ? repair(text, call) : text;
    return next(repaired === text ? call : withBody(call, repaired, context));
  };

const parseTolerantly = (change: (text: string) => string): Mutation =>
  repairBody((text) => (text === "" || Object.keys(parseBody(text)).length > 0 ? text : change(text)));

const renameField =
  (from: string, to: string) =>
  (body: Body): Body | undefined => {
    const { [from]: value, ...rest } = body;
    return value === undefined ? undefined : { ...rest, [to]: value };
  };

const ACCEPTED = "vaultPaymentMethod.request.forms";
const ALMOST_JSON = "protocol.body.rejected.almost-json";
const FLAG = "vaultPaymentMethod.challenge.flag";

const toDate = (text: string): string => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : new Date(date.getTime() + 43_200_000).toISOString().slice(0, 10);
};

const rejectedForms: Table<Mutation> = {
  [`${CARD_CHECKS}.cardNo.pattern`]: {
    "separators-in-card-number-accepted": readCard("cardNo", (text) => text.replace(/(?<=\d)[ .-](?=\d)/g, "")),
  },
  [`${CARD_CHECKS}.cardholderName.firstName.required`]: {
    "full-name-replaces-first-name": changeRequest((body) => {
      const name = getAt(body, ["paymentMethodDetail", "card", "cardholderName"]);
      return typeof name === "object" && name !== null && "fullName" in name && !("firstName" in name)
        ? withCard(body, { cardholderName: { firstName: "x", ...name } })
        : undefined;
    }),
  },
  [`${CARD_CHECKS}.billingAddress.region.required`]: {
    "empty-address-read-as-absent": changeRequest((body) => {
      const { billingAddress, ...card } = getCard(body);
      return JSON.stringify(billingAddress) === "{}" ? withCard(body, { ...card, billingAddress: null }) : undefined;
    }),
  },
  [`${CARD_CHECKS}.cvv.pattern`]: {
    "cvv-trimmed": readCard("cvv", (text) => text.trim()),
    "cvv-with-line-feed-accepted": readCard("cvv", (text) => text.replace(/\n$/, "")),
  },
  [`${CARD_CHECKS}.businessNo.pattern`]: {
    "digits-of-any-script-accepted": readCard("businessNo", (text) => text.replace(/\p{Nd}/gu, "1")),
  },
  [`${CARD_CHECKS}.expiryYear.pattern`]: {
    "year-read-as-number": readCard("expiryYear", (text) => String(Math.abs(Number(text)) || text)),
    "last-two-digits-of-year-read": readCard("expiryYear", (text) => text.slice(-2)),
  },
  [`${CARD_CHECKS}.expiryMonth.pattern`]: {
    "month-without-zero-accepted": readCard("expiryMonth", (text) => text.padStart(2, "0")),
    "name-of-month-accepted": readCard("expiryMonth", (text) => (text === "Aug" ? "08" : text)),
  },
  [`${CARD_CHECKS}.dateOfBirth.format`]: {
    "date-in-any-form-accepted": readCard("dateOfBirth", toDate),
  },
  [`${CARD_CHECKS}.payerEmail.pattern`]: {
    "email-address-with-display-name-accepted": readCard("payerEmail", (text) => text.replace(/^.*<(.*)>$/, "$1")),
    "list-of-email-addresses-accepted": readCard("payerEmail", (text) => text.replace(/,.*$/, "")),
  },
  [`${CARD_CHECKS}.is3DSAuthentication.oneOf`]: {
    "boolean-in-any-case-accepted": readCard("is3DSAuthentication", (text) => text.toLowerCase()),
    "yes-accepted-as-boolean": readCard("is3DSAuthentication", (text) => (text === "yes" ? true : text)),
    "number-accepted-as-boolean": changeRequest((body) => {
      const { is3DSAuthentication } = getCard(body);
      return typeof is3DSAuthentication === "number" ? withCard(body, { is3DSAuthentication: false }) : undefined;
    }),
  },
  [`${CARD_CHECKS}.selectedCardBrand.enum`]: {
    "brand-in-any-case-accepted": readCard("selectedCardBrand", (text) => text.toUpperCase()),
  },
  [`${CARD_CHECKS}.billingAddress.region.enum`]: {
    "reserved-country-code-accepted": readCard("billingAddress/region", (text) => text.replace("UK", "GB")),
    "alpha-3-country-code-accepted": readCard("billingAddress/region", (text) => text.replace("BRA", "BR")),
  },
  "vaultPaymentMethod.request.merchantRegion.enum": {
    "lowercase-country-code-accepted": readField("/merchantRegion", (text) => text.toUpperCase()),
  },
  "vaultPaymentMethod.request.env.screenHeight.pattern": {
    "whole-number-with-unit-accepted": readField("/env/screenHeight", (text) => String(Number.parseInt(text, 10))),
  },
  "vaultPaymentMethod.request.env.timeZoneOffset.oneOf": {
    "time-zone-offset-rounded": mapValues((value, name) =>
      name === "timeZoneOffset" && typeof value === "number" ? Math.round(value) : value,
    ),
    "signed-time-zone-offset-accepted": readField("/env/timeZoneOffset", (text) => text.replace("+", "")),
  },
  "vaultPaymentMethod.request.env.clientIp.pattern": {
    "first-of-two-ip-addresses-read": readField("/env/clientIp", (text) => text.replace(/,.*$/, "")),
  },
  "vaultPaymentMethod.request.env.colorDepth.enum": {
    "color-depth-read-as-number": readField("/env/colorDepth", (text) => String(Number.parseInt(text, 10))),
  },
  "vaultPaymentMethod.request.env.terminalType.enum": {
    "terminal-type-in-any-case-accepted": readField("/env/terminalType", (text) => text.toUpperCase()),
    "terminal-type-without-underscore-accepted": readField("/env/terminalType", (text) =>
      text.replace(/^MINI-APP$/, "MINI_APP"),
    ),
  },
  "vaultPaymentMethod.request.env.osType.enum": {
    "os-type-in-any-case-accepted": readField("/env/osType", (text) => text.toUpperCase()),
  },
  "vaultPaymentMethod.request.env.cookieId.pattern": {
    "tab-in-cookie-id-accepted": readField("/env/cookieId", (text) => text.replaceAll("\t", " ")),
  },
  "vaultPaymentMethod.request.redirectUrl.pattern": {
    "user-name-without-scheme-accepted": readField("/redirectUrl", (text) => text.replace(/^\w+@(?=\w)/, "")),
    "ftp-url-accepted": readField("/redirectUrl", (text) => text.replace(/^ftp:/, "https:")),
    "url-trimmed": readField("/redirectUrl", (text) => text.trim()),
    "path-accepted-as-url": readField("/redirectUrl", (text) => text.replace(/^\/(?=\w)/, "https://merchant.example/")),
    "slashes-of-url-repaired": readField("/redirectUrl", (text) => text.replace(/^https:[\\/]+/, "https://")),
  },
  "vaultPaymentMethod.request.env.type": {
    "object-as-json-text-accepted": readField("/env", (text) => parseBody(text)),
  },
  "vaultPaymentMethod.request.env.clientIp.type": {
    "array-of-one-value-accepted": mapValues((value) =>
      Array.isArray(value) && value.length === 1 ? value[0] : value,
    ),
  },
  [`${CARD_CHECKS}.cardNo.type`]: {
    "numbers-read-as-text": mapValues((value, name) =>
      typeof value === "number" && name !== "timeZoneOffset" ? String(value) : value,
    ),
  },
  "vaultPaymentMethod.request.env.required": {
    "field-names-in-any-case-accepted": changeRequest(renameField("Env", "env")),
  },
  "createVaultingSession.request.paymentMethodType.required": {
    "field-names-in-snake-case-accepted": changeRequest(renameField("payment_method_type", "paymentMethodType")),
  },
  "vaultPaymentMethod.request.env.terminalType.required": {
    "field-outside-its-object-accepted": changeRequest(({ terminalType, ...body }) =>
      typeof terminalType === "string" ? setAt(body, ["env", "terminalType"], terminalType) : undefined,
    ),
  },
};

const acceptedForms: Table<Mutation> = {
  [ACCEPTED]: {
    "apostrophe-in-name-rejected": rejectText(/'/, `${CARD}/cardholderName/lastName`),
    "name-in-other-script-rejected": rejectText(
      /[^\p{Script=Latin}\p{P}\p{M} \d]/u,
      `${CARD}/cardholderName/firstName`,
    ),
    "combining-accent-rejected": rejectText(/\p{M}/u, `${CARD}/billingAddress/city`),
    "character-outside-bmp-rejected": rejectText(/[\ud800-\udbff]/, `${CARD}/billingAddress/address2`),
    "special-character-in-address-rejected": rejectText(/[#/&]/, `${CARD}/billingAddress/address1`),
    "empty-optional-text-rejected": rejectText(/^$/, `${CARD}/cardholderName/middleName`),
    "plus-in-email-address-rejected": rejectText(/\+/, `${CARD}/payerEmail`),
    "short-email-address-rejected": rejectText(/^.@/, `${CARD}/payerEmail`),
    "leading-zero-in-cvv-rejected": rejectText(/^0/, `${CARD}/cvv`),
    "month-01-rejected": rejectText(/^01$/, `${CARD}/expiryMonth`),
    "date-before-1970-rejected": rejectText(/^19[0-6]/, `${CARD}/dateOfBirth`),
    "expiry-year-from-75-to-99-rejected": rejectText(/^(?:7[5-9]|[89]\d)$/, `${CARD}/expiryYear`),
    "business-number-with-leading-zero-rejected": rejectText(/^0/, `${CARD}/businessNo`),
    "long-user-agent-rejected": rejectText(/^.{256}/, "/env/userAgent"),
    "largest-quoted-offset-rejected": rejectText(/^720$/, "/env/timeZoneOffset"),
    "longest-ip-address-rejected": rejectText(/^.{40}/, "/env/clientIp"),
    "rare-brand-rejected": rejectText(/^(?:TROY|MIR)$/, `${CARD}/selectedCardBrand`),
    "card-like-number-in-text-rejected": rejectText(/^4111111111111111$/, `${CARD}/cardholderName/fullName`),
    "request-without-optional-fields-rejected": reject(
      ({ metadata, merchantRegion, env, ...body }) =>
        Object.keys(getCard(body)).join() === "cardNo,expiryYear,expiryMonth" && Object.keys(Object(env)).length === 1,
    ),
    "norway-rejected": rejectText(/^NO$/, `${CARD}/billingAddress/region`),
    "ipv6-address-rejected": rejectText(/:/, "/env/clientIp"),
    "half-hour-offset-rejected": reject(({ env }) => Number(Object(env).timeZoneOffset ?? 0) % 60 !== 0),
    "url-with-port-rejected": rejectText(/\.example:\d/, "/redirectUrl"),
    "url-with-port-without-scheme-rejected": rejectText(/^[^/?]*\.example:\d/, "/redirectUrl"),
    "underscore-in-host-rejected": rejectText(/my_shop/, "/vaultingNotificationUrl"),
    "different-brands-rejected": reject((body) => {
      const { brand, selectedCardBrand } = getCard(body);
      return typeof brand === "string" && typeof selectedCardBrand === "string" && brand !== selectedCardBrand;
    }),
    "os-of-web-browser-rejected": reject(({ env }) => Object(env).terminalType === "WEB" && "osType" in Object(env)),
    "url-with-fragment-rejected": rejectText(/#/, "/redirectUrl"),
    "internationalized-host-rejected": rejectText(/\u00e4/, "/vaultingNotificationUrl"),
    "ipv6-host-rejected": rejectText(/\[2001/, "/vaultingNotificationUrl"),
    "quotation-marks-in-metadata-rejected": reject(({ metadata }) => metadata === '"Bo"', "PROCESS_FAIL"),
  },
  "createVaultingSession.request.forms": {
    "uppercase-scheme-rejected": reject(
      (body, call) => isCall("createVaultingSession", call) && /^HTTPS/.test(String(body["redirectUrl"])),
    ),
  },
  [`${CARD_CHECKS}.cardNo.maxLength`]: {
    "card-number-read-as-64-bit-integer": reject(
      (body) => BigInt(/^\d+$/.exec(String(getCard(body)["cardNo"]))?.[0] ?? 0) > 2n ** 63n,
    ),
  },
  [`${CARD_CHECKS}.cardNo.minLength`]: {
    "card-number-of-14-digits-rejected": rejectText(/^\d{14}$/, `${CARD}/cardNo`),
  },
};

const almostJson: Table<Mutation> = {
  [ALMOST_JSON]: {
    "trailing-comma-accepted": parseTolerantly((text) => text.replace(/,(?=[}\]])/g, "")),
    "comment-accepted": parseTolerantly((text) => text.replace(/\/\*.*?\*\/|\/\/ .*|# .*/g, "")),
    "single-quotes-accepted": parseTolerantly((text) => text.replaceAll("'", '"')),
    "name-without-quotes-accepted": parseTolerantly((text) => text.replace(/(?<=[{,])(\w+):/g, '"$1":')),
    "nan-accepted": parseTolerantly((text) => text.replace(/:(?:NaN|-?Infinity)/, ":null")),
    "leading-zero-accepted": parseTolerantly((text) => text.replace(":01", ":1")),
    "raw-line-feed-accepted": parseTolerantly((text) => text.replaceAll("\n", " ")),
    "text-after-object-ignored": parseTolerantly((text) => text.replace(/\}[^}]+$|\}\{\}$|(?<=\}\})\}$/, "}")),
    "truncated-object-repaired": parseTolerantly((text) => `${text}}`),
    "script-inclusion-prefix-ignored": parseTolerantly((text) => text.replace(/^\)\]\}',\n/, "")),
    "json-text-decoded-twice": repairBody((text) => (text.startsWith('"{') ? JSON.parse(text) : text)),
    "array-around-object-accepted": repairBody((text) => (text.startsWith("[{") ? text.slice(1, -1) : text)),
    "utf-16-accepted": repairBody((text, call) =>
      text.includes("\0v") || text.startsWith("{\0") ? Buffer.from(call.text, "latin1").toString("utf16le") : text,
    ),
    "escaped-duplicate-in-card-accepted": repairBody((text) =>
      text.includes('"\\u0063ardNo"') ? JSON.stringify(parseBody(text)) : text,
    ),
    "duplicate-in-card-accepted": repairBody((text) =>
      /"card":\{("cardNo":"\d+"),\1/.test(text) ? JSON.stringify(parseBody(text)) : text,
    ),
    "duplicate-in-unknown-object-accepted": repairBody((text) => text.replace('{"a":1,"a":2}', "1")),
    "nested-duplicate-accepted": repairBody((text) =>
      /"env":\{("terminalType":"\w+"),\1/.test(text) ? JSON.stringify(parseBody(text)) : text,
    ),
  },
};

const setFlag = (when: unknown, flag: unknown): Mutation =>
  changeRequest((body) =>
    getCard(body)["is3DSAuthentication"] === when ? withCard(body, { is3DSAuthentication: flag }) : undefined,
  );

const effects: Table<Mutation> = {
  [FLAG]: {
    "quoted-false-requests-challenge": setFlag("false", true),
    "quoted-true-ignored": setFlag("true", false),
    "null-requests-challenge": setFlag(null, true),
    "false-flag-requests-challenge": setFlag(false, true),
    "lowercase-terminal-type-ignores-flag": changeRequest((body) =>
      getAt(body, ["env", "terminalType"]) === "app" ? withCard(body, { is3DSAuthentication: false }) : undefined,
    ),
  },
  "vaultPaymentMethod.state.ignored-fields": {
    "field-of-sdk-class-requests-challenge": changeRequest((body) =>
      getCard(body)["request3DS"] === true ? withCard(body, { is3DSAuthentication: true }) : undefined,
    ),
    "metadata-name-in-any-case-accepted": changeRequest((body) =>
      "METADATA" in body ? { ...body, metadata: body["METADATA"] } : undefined,
    ),
    "id-name-in-any-case-accepted": changeRequest((body) =>
      "vaultingRequestId".toUpperCase() in body
        ? { ...body, vaultingRequestId: `${String(body["vaultingRequestId"])}d` }
        : undefined,
    ),
  },
  "createVaultingSession.page.no-challenge-null": {
    "null-in-session-requests-challenge": changeRequest((body) =>
      body["is3DSAuthentication"] === null ? { ...body, is3DSAuthentication: true } : undefined,
    ),
  },
  "vaultPaymentMethod.state.null-fields": {
    "null-stored-as-text": changeRequest((body) =>
      body["metadata"] === null ? { ...body, metadata: "null" } : undefined,
    ),
  },
  "createVaultingSession.state.null-fields": {
    "null-in-session-rejected": reject(
      (body, call) => isCall("createVaultingSession", call) && body["redirectUrl"] === null,
    ),
  },
};

export const formatMutations: readonly Table<Mutation>[] = [rejectedForms, acceptedForms, almostJson, effects];
