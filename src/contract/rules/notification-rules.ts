/** Rules that each attempt to deliver a notification must satisfy. */
import { validateVaultingNotification, validateVaultingNotificationStrict } from "../../../generated/validators.js";
import { maskKnownCard } from "../../cards/mask-known-card.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { isJsonMediaType, parseMessageTime } from "../../protocol/http.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import { CHALLENGED_CARD, createRequestBody, FAILING_CARD, withCard } from "../document/sample-requests.ts";
import type { Notification, ResponseContext } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { findCardData, showsTooManyDigits } from "./assertions.ts";
import { findCardDetail } from "./card-details.ts";
import { findWrongDigits, findWrongFact } from "./card-facts.ts";
import { formatBody, omitBody } from "./fail.ts";
import type { SentCards } from "./sent-cards.ts";

const SINGLE_HEADERS: ReadonlySet<string> = new Set(["content-type", "client-id", "request-time", "signature"]);
const HOUR_MS = 3_600_000;

export interface NotificationRule {
  readonly id: string;
  readonly title: string;
  /** `cards` contains the cards of earlier requests, if there are any. */
  readonly expect: (notification: Notification, context: ResponseContext, cards?: SentCards) => void;
}

/** Throws a {@link ContractFailure} that shows the masked notification. */
export function failNotification({ method, path, bytes, card }: Notification, message: string): never {
  const head = maskKnownCard(`${message}\nNotification: ${method} ${path}`, card);
  throw new ContractFailure(`${head} ${formatBody(bytes, [card])}`);
}

/** Returns the requests whose card data a notification must not contain. */
const listSentCards = ({ card }: ResponseContext): readonly unknown[] => [
  createRequestBody("vaultPaymentMethod", ""),
  FAILING_CARD,
  CHALLENGED_CARD,
  ...(card ? [withCard({ ...card })] : []),
];

export const NOTIFICATION_RULES: readonly NotificationRule[] = [
  {
    id: "documented",
    title: "sends notifications as JSON in POST requests that match the OpenAPI document",
    expect: (notification, { lenient }) => {
      const { method, headers, body } = notification;
      if (method !== "POST") failNotification(notification, `Notification uses the method ${method}, expected POST.`);
      if (!headers.get("content-type") || !isJsonMediaType(headers.get("content-type")))
        failNotification(notification, "Notification Content-Type is not application/json in UTF-8.");
      const repeated = notification.repeatedHeaders.find((name) => SINGLE_HEADERS.has(name));
      if (repeated) failNotification(notification, `Notification has more than one ${repeated} header.`);
      const validation = (lenient ? validateVaultingNotification : validateVaultingNotificationStrict)(body);
      if (!validation.valid)
        failNotification(
          notification,
          `Notification does not match the OpenAPI document: ${describeIssues(validation.issues)}.`,
        );
    },
  },
  {
    id: "signed",
    title: "signs the raw bytes of notifications together with this client's ID and the called path",
    expect: (notification, { clientId }) => {
      const { signatureError, headers } = notification;
      if (signatureError !== undefined)
        failNotification(notification, `Notification signature is invalid: ${signatureError}`);
      if (headers.get("client-id") !== clientId)
        failNotification(notification, "Notification header Client-Id is not the client ID of the merchant.");
    },
  },
  {
    id: "request-time",
    title: "sends notifications with a Request-Time within 1 hour of the current time",
    expect: (notification) => {
      const time = parseMessageTime(notification.headers.get("request-time") ?? "");
      if (time === undefined)
        failNotification(notification, "Notification header Request-Time is missing or has an unknown format.");
      if (Math.abs(time - Date.now()) > HOUR_MS)
        failNotification(
          notification,
          "Notification header Request-Time differs from the current time by more than 1 hour.",
        );
    },
  },
  {
    id: "no-card-data",
    title:
      "sends notifications without the card number, the CVV, or other details of the card, and with at most the last 4 digits in maskedCardNo",
    expect: (notification, context, cards) => {
      const masked = getField(getCard(notification.body), "maskedCardNo");
      if (typeof masked === "string" && showsTooManyDigits(masked))
        failNotification(notification, "Notification maskedCardNo shows more than the last 4 digits.");
      const found = listSentCards(context)
        .map((request) => findCardData(notification.body, request))
        .find((kind) => kind !== undefined);
      if (found) failNotification(notification, `Notification contains the ${found}.`);
      const revealed = cards?.findIn(notification, getField(notification.body, "vaultingRequestId"));
      if (revealed) failNotification(omitBody(notification), `Notification contains the ${revealed}.`);
      const detail = findCardDetail(
        notification.body,
        cards?.getCard(getField(notification.body, "vaultingRequestId")),
      );
      if (detail) failNotification(omitBody(notification), `Notification contains the ${detail} of the card.`);
    },
  },
  {
    id: "masked",
    title: "sends last digits and a BIN that match the card number in the request",
    expect: (notification, { isStateful }, cards) => {
      const number = cards?.getNumber(getField(notification.body, "vaultingRequestId"));
      const wrong = findWrongDigits(getCard(notification.body), isStateful ? number : undefined);
      if (wrong) failNotification(notification, `Notification ${wrong}.`);
    },
  },
  {
    id: "card-facts",
    title:
      "sends the brand and country that Antom publishes for its test cards, and the networkTransactionId of the vaulting, instead of the merchant's values",
    expect: (notification, _, cards) => {
      const id = getField(notification.body, "vaultingRequestId");
      const wrong = findWrongFact(getCard(notification.body), cards?.getNumber(id), cards?.getCard(id));
      if (wrong) failNotification(notification, `Notification ${wrong}.`);
    },
  },
];
