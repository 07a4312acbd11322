/** What every attempt to deliver a notification owes. A ledger holds each of them against these. */
import { validateVaultingNotification, validateVaultingNotificationStrict } from "../../../generated/validators.js";
import { describeIssues } from "../../protocol/errors.ts";
import { isJsonMediaType, parseMessageTime } from "../../protocol/http.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import { CHALLENGED_CARD, createRequestBody, FAILING_CARD, withCard } from "../document/sample-requests.ts";
import type { Notification, ResponseContext } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { findCardData, showsTooManyDigits } from "./assertions.ts";
import { formatBody } from "./fail.ts";

const HOUR_MS = 3_600_000;

export interface NotificationRule {
  readonly id: string;
  readonly title: string;
  readonly expect: (notification: Notification, reading: ResponseContext) => void;
}

/** Says what is wrong with a notification, and shows it, masked. */
export function failNotification({ method, path, bytes }: Notification, message: string): never {
  throw new ContractFailure(`${message}\nCame: ${method} ${path} ${formatBody(bytes)}`);
}

/** What the checks send; whatever of it must not come back. */
const listSentCards = ({ card }: ResponseContext): readonly unknown[] => [
  createRequestBody("vaultPaymentMethod", ""),
  FAILING_CARD,
  CHALLENGED_CARD,
  ...(card ? [withCard({ ...card })] : []),
];

export const NOTIFICATION_RULES: readonly NotificationRule[] = [
  {
    id: "documented",
    title: "a notification is one that the document describes, sent by POST as JSON",
    expect: (notification, { lenient }) => {
      const { method, headers, body } = notification;
      if (method !== "POST") failNotification(notification, `The notification is sent by ${method}, not by POST.`);
      if (!headers.get("content-type") || !isJsonMediaType(headers.get("content-type")))
        failNotification(notification, "The notification's Content-Type is not application/json in UTF-8.");
      const checked = (lenient ? validateVaultingNotification : validateVaultingNotificationStrict)(body);
      if (!checked.valid)
        failNotification(notification, `The notification breaks the document: ${describeIssues(checked.issues)}.`);
    },
  },
  {
    id: "signed",
    title: "a notification is signed over its raw bytes, for this client and the path that it is sent to",
    expect: (notification, { clientId }) => {
      const { signatureError, headers } = notification;
      if (signatureError !== undefined)
        failNotification(notification, `The notification's signature is refused: ${signatureError}`);
      if (headers.get("client-id") !== clientId)
        failNotification(notification, "The notification's header Client-Id is not the client's ID.");
    },
  },
  {
    id: "request-time",
    title: "a notification says when it was sent",
    expect: (notification) => {
      const time = parseMessageTime(notification.headers.get("request-time") ?? "");
      if (time === undefined)
        failNotification(notification, "The notification's header Request-Time is missing or of no known form.");
      if (Math.abs(time - Date.now()) > HOUR_MS)
        failNotification(notification, "The notification's header Request-Time is more than an hour off.");
    },
  },
  {
    id: "no-card-data",
    title: "a notification carries neither card number nor CVV, and of the number the last four digits at the most",
    expect: (notification, reading) => {
      const masked = getField(getCard(notification.body), "maskedCardNo");
      if (typeof masked === "string" && showsTooManyDigits(masked))
        failNotification(notification, "The notification's maskedCardNo shows more than the last four digits.");
      const found = listSentCards(reading)
        .map((request) => findCardData(notification.body, request))
        .find((each) => each !== undefined);
      if (found) failNotification(notification, `The notification carries the ${found}.`);
    },
  },
];
