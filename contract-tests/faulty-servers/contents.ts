/** Mutations that reveal card data in messages, or that change card details, metadata, or IDs. */
import { createHash } from "node:crypto";
import { type Body, getCard, getId, getResult, isSuccess, parseBody, withCard, withResult } from "./bodies.ts";
import { decodeBody, getOperation } from "./http-messages.ts";
import { changeResponse, type Mutations, type Table } from "./mutations.ts";
import { ACKNOWLEDGED, changeBody } from "./notifications.ts";

/** The first request with each vaultingRequestId, across all faulty servers. */
const requests = new Map<string, Body>();
type Change = (body: Body, request: Body, operation: string) => Body | undefined;

/** Changes responses and notifications, given the first request with the same ID. `undefined` leaves a message unchanged. */
const changeMessages = (change: Change): Mutations => ({
  handler: (next, context) => {
    const handler = changeResponse((body, request, call) =>
      change(body, requests.get(getId(request)) ?? {}, getOperation(call)),
    )(next, context);
    return (call) => {
      const request = parseBody(decodeBody(call));
      if ("vaultingNotificationUrl" in request && !requests.has(getId(request))) requests.set(getId(request), request);
      return handler(call);
    };
  },
  delivery: changeBody((body) => change(body, requests.get(getId(body)) ?? {}, "notifyVaulting")),
});

/** Changes only the responses of one operation, or only the notifications. */
const changeOnly = (operation: string, change: Change): Mutations =>
  changeMessages((body, request, actual) => (actual === operation ? change(body, request, actual) : undefined));

const getText = (request: Body, name: string): string => String(getCard(request)[name] ?? "");
const hash = (algorithm: string, text: string) => createHash(algorithm).update(text);
const hasCard = (request: Body): boolean => "cardNo" in getCard(request);
const setResultMessage =
  (text: (request: Body) => string): Change =>
  (body, request) =>
    hasCard(request) ? withResult(body, { resultMessage: text(request) }) : undefined;
const setCard =
  (create: (request: Body) => Body): Change =>
  (body, request) =>
    "cardToken" in getCard(body) && hasCard(request) ? withCard(body, create(request)) : undefined;
const isDeclined = (body: Body): boolean => getResult(body).resultCode === "PROCESS_FAIL";
const reverse = (text: string): string => [...text].reverse().join("");
const getNumber = (request: Body): string => getText(request, "cardNo");

/** Changes the metadata in the responses of one operation or in the notifications. `undefined` removes the metadata. */
const changeMetadata = (operation: string, change: (text: string) => string | undefined): Mutations =>
  changeOnly(operation, (body) => {
    const { metadata } = body;
    return typeof metadata === "string" ? { ...body, metadata: change(metadata) } : undefined;
  });
const serializeAgain = (text: string): string => (/^\s*[[{]/.test(text) ? JSON.stringify(JSON.parse(text)) : text);

export const contentMutations: Table<Mutations> = {
  "notifyVaulting.message.card-facts": {
    "country-of-merchant-in-failure-notification": changeOnly("notifyVaulting", (body, { merchantRegion }) =>
      isSuccess(body) || merchantRegion === undefined ? undefined : withCard(body, { issuingCountry: merchantRegion }),
    ),
  },
  "vaultPaymentMethod.response.no-card-data": {
    "number-in-full-width-digits": changeOnly(
      "vaultPaymentMethod",
      setResultMessage((request) =>
        getNumber(request).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
      ),
    ),
    "reversed-number-in-message": changeOnly(
      "vaultPaymentMethod",
      setResultMessage((request) => `Card ${reverse(getNumber(request))}.`),
    ),
    "number-without-check-digit": changeOnly(
      "vaultPaymentMethod",
      setResultMessage((request) => `Card ${getNumber(request).slice(0, -1)}.`),
    ),
    "number-in-hexadecimal-token": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({
        cardToken: `t${Buffer.from(getNumber(request)).toString("hex")}${getId(request).slice(-9)}`,
      })),
    ),
    "number-in-base64-token": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({
        cardToken: Buffer.from(`${getId(request)}:${getNumber(request)}`).toString("base64url"),
      })),
    ),
    "hashed-number-as-transaction-id": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({ networkTransactionId: hash("sha1", getNumber(request)).digest("hex") })),
    ),
    "reversed-base-36-number-in-token": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({
        cardToken: `T${reverse(BigInt(getNumber(request)).toString(36))}${getId(request).slice(-9)}`,
      })),
    ),
    "invalid-month-quoted": changeOnly("vaultPaymentMethod", (body, request) =>
      hasCard(request) && !/^(?:0[1-9]|1[0-2])$/.test(getText(request, "expiryMonth"))
        ? withResult(body, { resultMessage: `expiryMonth ${getText(request, "expiryMonth")} is invalid.` })
        : undefined,
    ),
    "tax-id-in-rejection-of-card": changeOnly("vaultPaymentMethod", (body, request) =>
      getResult(body).resultCode === "PARAM_ILLEGAL" && getText(request, "cpf").length > 11
        ? withResult(body, { resultMessage: `cpf: ${getText(request, "cpf")}` })
        : undefined,
    ),
    "first-digits-beside-mask": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({ mask: `${getNumber(request).slice(0, 6)}******${getNumber(request).slice(-4)}` })),
    ),
  },
  "inquireVaulting.response.no-card-data": {
    "number-in-inquiry": changeOnly(
      "inquireVaulting",
      setResultMessage((request) => `Card ${getNumber(request).replace(/(....)/g, "$1 ")}.`),
    ),
    "expiry-in-inquiry-about-failure": changeOnly("inquireVaulting", (body, request) =>
      body["vaultingStatus"] === "FAIL"
        ? {
            ...body,
            vaultingResultMessage: `Expired (${getText(request, "expiryMonth")}/${getText(request, "expiryYear")}).`,
          }
        : undefined,
    ),
    "number-in-inquiry-about-failure": changeOnly("inquireVaulting", (body, request) =>
      body["vaultingStatus"] === "FAIL" ? { ...body, vaultingResultMessage: getNumber(request) } : undefined,
    ),
    "hashed-number-in-inquiry": changeOnly(
      "inquireVaulting",
      setCard((request) => ({ networkTransactionId: hash("sha256", getNumber(request)).digest("base64url") })),
    ),
  },
  "inquireVaulting.response.masked": {
    "different-digits-in-inquiry": changeOnly(
      "inquireVaulting",
      setCard(() => ({ lastFour: "0000" })),
    ),
    "different-digits-in-last4": changeOnly(
      "inquireVaulting",
      setCard(() => ({ last4: "0000" })),
    ),
    "too-many-digits-in-inquiry": changeOnly(
      "inquireVaulting",
      setCard((request) => ({ maskedCardNo: `******${getNumber(request).slice(-6)}` })),
    ),
  },
  "createVaultingSession.response.no-card-data": {
    "number-of-earlier-card-in-session": (() => {
      let last = "";
      return changeMessages((body, request, operation) => {
        if (hasCard(request) && isSuccess(body)) last = getNumber(request);
        return operation === "createVaultingSession" && isSuccess(body)
          ? { ...body, vaultingSessionData: `${String(body["vaultingSessionData"])}/${last}` }
          : undefined;
      });
    })(),
  },
  "notifyVaulting.message.no-card-data": {
    "hashed-number-in-notification": changeOnly(
      "notifyVaulting",
      setCard((request) => ({ networkTransactionId: hash("md5", getNumber(request)).digest("hex") })),
    ),
    "number-in-failure-notification": changeOnly("notifyVaulting", (body, request) =>
      isSuccess(body) ? undefined : setResultMessage(getNumber)(body, request, ""),
    ),
  },
  "vaultPaymentMethod.card-data.hidden": {
    "hash-of-number-and-expiry-in-header": {
      handler: (next) => async (call) => {
        const request = parseBody(decodeBody(call));
        const text = ["cardNo", "expiryMonth", "expiryYear"].map((name) => getText(request, name)).join("");
        const response = await next(call);
        return { ...response, headers: { ...response.headers, etag: `"${hash("md5", text).digest("hex")}"` } };
      },
    },
    "hash-of-number-and-cvv-as-fingerprint": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({
        fingerprint: hash("sha256", `${getNumber(request)}|${getText(request, "cvv")}`).digest("base64"),
      })),
    ),
    "cvv-in-message": changeOnly(
      "vaultPaymentMethod",
      setResultMessage((request) => `The code ${getText(request, "cvv")} matches.`),
    ),
    "end-of-body-in-rejection": {
      handler: (next, context) => {
        const mutate = changeResponse((body, _, call) =>
          getResult(body).resultCode === "PARAM_ILLEGAL" && /"cvv":"\d+$/.test(call.text)
            ? withResult(body, { resultMessage: `Unexpected end after ${call.text.slice(-12)}` })
            : undefined,
        );
        return mutate(next, context);
      },
    },
    "cvv-in-failure-after-challenge": changeOnly("vaultPaymentMethod", (body, request) =>
      isDeclined(body) && getCard(request)["is3DSAuthentication"] === true
        ? withResult(body, { resultMessage: `Code ${getText(request, "cvv")} after 3-D Secure.` })
        : undefined,
    ),
    "cvv-in-token": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({
        cardToken: `${hash("sha256", getId(request)).digest("hex")}${getText(request, "cvv")}`,
      })),
    ),
    "cvv-in-failure": changeOnly("vaultPaymentMethod", (body, request) =>
      isDeclined(body) ? withResult(body, { resultMessage: `Declined: cvv=${getText(request, "cvv")}` }) : undefined,
    ),
    "cvv-in-challenge-url": changeOnly("vaultPaymentMethod", (body, request) =>
      "normalUrl" in body
        ? { ...body, normalUrl: `${String(body["normalUrl"])}?c=${getText(request, "cvv")}` }
        : undefined,
    ),
    "hashed-cvv": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({ fingerprint: hash("sha256", getText(request, "cvv")).digest("hex") })),
    ),
    "expiry-in-message": changeOnly(
      "vaultPaymentMethod",
      setResultMessage(
        (request) => `Valid until ${getText(request, "expiryMonth")}/${getText(request, "expiryYear")}.`,
      ),
    ),
    "expiry-in-token": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({
        cardToken: `${getText(request, "expiryYear")}${getText(request, "expiryMonth")}-${hash("sha256", getId(request)).digest("hex")}`,
      })),
    ),
    "name-in-message": changeOnly(
      "vaultPaymentMethod",
      setResultMessage(
        (request) => `Thank you, ${String((getCard(request)["cardholderName"] as Body | undefined)?.["firstName"])}.`,
      ),
    ),
    "tax-id-in-rejection": changeOnly("vaultPaymentMethod", (body, request) =>
      getResult(body).resultCode === "PARAM_ILLEGAL"
        ? setResultMessage((sent) => `Tax ID ${getText(sent, "cpf")}`)(body, request, "")
        : undefined,
    ),
    "date-of-birth-in-message": changeOnly(
      "vaultPaymentMethod",
      setResultMessage((request) => `Born ${getText(request, "dateOfBirth").replaceAll("-", "").slice(2)}.`),
    ),
    "password-digits-in-message": changeOnly(
      "vaultPaymentMethod",
      setResultMessage((request) => `Password ${getText(request, "cardPasswordDigest")}**.`),
    ),
    "last-six-digits-in-message": changeOnly(
      "vaultPaymentMethod",
      setResultMessage((request) => `Card ending in ${getNumber(request).slice(-6)}.`),
    ),
  },
  "inquireVaulting.card-data.hidden": {
    "cvv-in-inquiry": changeOnly(
      "inquireVaulting",
      setCard((request) => ({ issuerName: `Bank ${getText(request, "cvv")}` })),
    ),
    "cvv-in-inquiry-about-failure": changeOnly("inquireVaulting", (body, request) =>
      body["vaultingStatus"] === "FAIL"
        ? { ...body, vaultingResultMessage: `CVV ${getText(request, "cvv")}` }
        : undefined,
    ),
    "business-number-in-inquiry": changeOnly(
      "inquireVaulting",
      setCard((request) => ({ networkTransactionId: getText(request, "businessNo") })),
    ),
  },
  "notifyVaulting.card-data.hidden": {
    "cvv-in-notification": changeOnly(
      "notifyVaulting",
      setCard((request) => ({ cvvResultRaw: `M${getText(request, "cvv")}` })),
    ),
    "expiry-in-failure-notification": changeOnly("notifyVaulting", (body, request) =>
      isSuccess(body)
        ? undefined
        : setResultMessage((sent) => `Expired ${getText(sent, "expiryMonth")}${getText(sent, "expiryYear")}.`)(
            body,
            request,
            "",
          ),
    ),
  },
  "vaultPaymentMethod.card.numbers": {
    "brand-instead-of-selected-brand": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => (getText(request, "brand") === "" ? {} : { brand: getText(request, "brand") })),
    ),
    "complete-number-in-bin-and-last-digits": changeOnly(
      "inquireVaulting",
      setCard((request) => ({ bin: getNumber(request).slice(0, 8), lastFour: getNumber(request).slice(-4) })),
    ),
  },
  "vaultPaymentMethod.card.brand": {
    "country-of-the-merchant-in-country-issue": changeOnly(
      "vaultPaymentMethod",
      setCard(({ merchantRegion = "SG" }) => ({ countryIssue: merchantRegion })),
    ),
    "brand-of-the-request": changeOnly(
      "vaultPaymentMethod",
      setCard((request) => ({ brand: getText(request, "brand") || "VISA" })),
    ),
    "country-of-the-merchant": changeOnly(
      "vaultPaymentMethod",
      setCard(({ merchantRegion = "SG" }) => ({ issuingCountry: merchantRegion })),
    ),
    "country-of-the-address-in-inquiry": changeOnly(
      "inquireVaulting",
      setCard((request) => ({
        issuingCountry: (getCard(request)["billingAddress"] as Body | undefined)?.["region"] ?? "SG",
      })),
    ),
  },
  "inquireVaulting.metadata.unchanged": {
    "metadata-trimmed": changeMetadata("inquireVaulting", (text) => text.trim()),
    "metadata-reserialized": changeMetadata("inquireVaulting", serializeAgain),
    "metadata-escaped-for-html": changeMetadata("inquireVaulting", (text) => text.replaceAll("<", "&lt;")),
    "metadata-normalized": changeMetadata("inquireVaulting", (text) => text.normalize("NFC")),
    "metadata-cut-off": changeMetadata("inquireVaulting", (text) => text.slice(0, 2000)),
    "metadata-encoded-as-latin-1": changeMetadata("inquireVaulting", (text) =>
      Buffer.from(text, "latin1").toString("latin1"),
    ),
    "metadata-without-emoji": changeMetadata("inquireVaulting", (text) =>
      text.replace(/[\u{10000}-\u{10ffff}]/gu, "?"),
    ),
    "metadata-on-one-line": changeMetadata("inquireVaulting", (text) => text.replace(/\r?\n/g, " ")),
    "metadata-url-decoded": changeMetadata("inquireVaulting", (text) => text.replaceAll("+", " ")),
    "metadata-unescaped": changeMetadata("inquireVaulting", (text) => text.replaceAll("\\\\", "\\")),
    "whitespace-metadata-missing": changeMetadata("inquireVaulting", (text) => (text.trim() === "" ? undefined : text)),
    "false-or-zero-metadata-missing": changeMetadata("inquireVaulting", (text) =>
      ["0", "false"].includes(text) ? undefined : text,
    ),
    "null-text-metadata-missing": changeMetadata("inquireVaulting", (text) => (text === "null" ? undefined : text)),
    "metadata-missing-in-failures": changeOnly("inquireVaulting", ({ metadata, ...body }) =>
      body["vaultingStatus"] === "FAIL" ? body : undefined,
    ),
    "metadata-missing-during-challenge": changeOnly("inquireVaulting", ({ metadata, ...body }) =>
      body["vaultingStatus"] === "PROCESSING" ? body : undefined,
    ),
    "default-metadata-added": changeOnly("inquireVaulting", (body) =>
      "vaultingStatus" in body ? { metadata: "{}", ...body } : undefined,
    ),
  },
  "notifyVaulting.metadata.unchanged": {
    "metadata-reserialized-in-notification": changeMetadata("notifyVaulting", serializeAgain),
    "replacement-patterns-expanded-in-notification-metadata": changeMetadata("notifyVaulting", (text) =>
      "x".replace("x", text),
    ),
    "placeholders-removed-from-notification-metadata": changeMetadata("notifyVaulting", (text) =>
      text.replaceAll("{0}", ""),
    ),
    "metadata-lowercased-in-notification": changeMetadata("notifyVaulting", (text) => text.toLowerCase()),
    "metadata-missing-in-failure-notification": changeOnly("notifyVaulting", ({ metadata, ...body }) =>
      isSuccess(body) ? undefined : body,
    ),
    "id-trimmed-in-notification": changeOnly("notifyVaulting", (body) => ({
      ...body,
      vaultingRequestId: getId(body).trim(),
    })),
    "notification-missing-for-long-metadata": {
      delivery: (next) => (notification) =>
        notification.text.length < 2000 ? next(notification) : Promise.resolve(ACKNOWLEDGED),
    },
  },
};
