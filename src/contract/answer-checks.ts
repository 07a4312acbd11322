/** What a schema cannot say of an answer. */
import type { OperationId } from "../../generated/operations.ts";
import { parseMessageTime } from "../http.ts";
import { INTRODUCTION } from "./changed-request.ts";
import type { Check } from "./check.ts";
import { type Conversation, type Exchange, field } from "./conversation.ts";
import { requestOf, responseOf } from "./document.ts";

interface Rule {
  readonly id: string;
  readonly title: string;
  readonly expect: (conversation: Conversation, exchange: Exchange, request: unknown) => void;
}

/** The last four digits at the most, and none that are not the card's. */
function maskedAsSent(conversation: Conversation, exchange: Exchange): void {
  const masked = field(field(field(exchange.body, "paymentMethodDetail"), "card"), "maskedCardNo");
  if (typeof masked === "string" && /\d{5}|\d[^\d]+\d/.test(masked))
    conversation.fail(exchange, "maskedCardNo shows more than the last four digits.");
}

const RULES: readonly Rule[] = [
  {
    id: "documented",
    title: "the answer is one that the document describes",
    expect: (conversation, exchange) => conversation.expectDocumented(exchange),
  },
  {
    id: "signed",
    title: "the answer is signed over its raw bytes, for this client",
    expect: (conversation, exchange) => conversation.expectSigned(exchange),
  },
  {
    id: "echo",
    title: "the answer echoes vaultingRequestId",
    expect: (conversation, exchange, request) => conversation.expectEcho(exchange, request),
  },
  {
    id: "no-card-data",
    title: "the answer carries neither card number nor CVV",
    expect: (conversation, exchange, request) => conversation.expectNoCardData(exchange, request),
  },
  { id: "masked", title: "maskedCardNo shows the last four digits at the most", expect: maskedAsSent },
  {
    id: "response-time",
    title: "response-time is now, within a day",
    expect: (conversation, exchange) => {
      const time = parseMessageTime(exchange.headers.get("response-time") ?? "");
      if (time === undefined || Math.abs(time - Date.now()) > 86_400_000)
        conversation.fail(exchange, "response-time is not now.");
    },
  },
];

/** Each rule on the answer to each of the operation's request examples, and the ways of writing the same JSON. */
export function answerChecks(operation: OperationId): readonly Check[] {
  const { examples, pointer } = requestOf(operation);
  const { pointer: response } = responseOf(operation);
  const requests = [...examples] as readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  const rules = RULES.filter(
    ({ id }) => operation === "vaultPaymentMethod" || !["no-card-data", "masked"].includes(id),
  ).filter(({ id }) => operation !== "createVaultingSession" || id !== "echo");
  const [, first = {}] = requests[0] ?? [];
  return [
    ...rules.map(
      ({ id, title, expect }): Check => ({
        id: `${operation}.answer.${id}`,
        operation,
        title,
        source: id === "signed" || id === "response-time" ? INTRODUCTION : response,
        run: async (conversation) => {
          for (const [, example] of requests) {
            const body = { ...example, vaultingRequestId: conversation.freshId() };
            expect(conversation, await conversation.send({ operation, body }), body);
          }
        },
      }),
    ),
    ...requests.map(
      ([name, example]): Check => ({
        id: `${operation}.example.${name}`,
        operation,
        title: `the document's example ${name} is accepted as it stands`,
        source: pointer,
        run: async (conversation) => {
          const exchange = await conversation.send({ operation, body: example });
          conversation.expectAccepted(exchange, example);
        },
      }),
    ),
    ...writings.map(
      ({ id, title, write }): Check => ({
        id: `${operation}.json.${id}`,
        operation,
        title,
        source: INTRODUCTION,
        run: async (conversation) => {
          const body = { ...first, vaultingRequestId: conversation.freshId() };
          const exchange = await conversation.send({ operation, body: write(body) });
          conversation.expectAccepted(exchange, body);
        },
      }),
    ),
  ];
}

const writings: readonly { readonly id: string; readonly title: string; readonly write: (body: object) => string }[] = [
  {
    id: "white-space",
    title: "white space and line ends in the body do not matter",
    write: (body) => `\r\n${JSON.stringify(body, null, "\t").replaceAll("\n", "\r\n")}\n `,
  },
  {
    id: "order",
    title: "the order of the fields does not matter",
    write: (body) => JSON.stringify(Object.fromEntries(Object.entries(body).reverse())),
  },
  {
    id: "escapes",
    title: "Unicode escapes in the body do not matter",
    write: (body) =>
      JSON.stringify(body).replace(
        /[a-z](?=[^"]*"[,}])/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
  },
];
