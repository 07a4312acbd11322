/** What a schema cannot say of an answer. */
import type { OperationId } from "../../../generated/operations.ts";
import { getRequestMessage, getResponseMessage } from "../document/openapi-document.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { expectAccepted, expectDocumented, expectEcho } from "../rules/assertions.ts";
import { RESPONSE_RULES } from "../rules/response-rules.ts";
import type { Check } from "./check.ts";
import { INTRODUCTION } from "./request-variants.ts";

/** Each rule on all answers of the run so far and on those to the operation's examples, and the ways of writing the same JSON. */
export function responseChecks(operation: OperationId): readonly Check[] {
  const { examples, pointer } = getRequestMessage(operation);
  const { pointer: response } = getResponseMessage(operation);
  const requests = [...examples] as readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  const rules = RESPONSE_RULES.filter(
    ({ id }) => operation === "vaultPaymentMethod" || !["no-card-data", "masked"].includes(id),
  ).filter(({ id }) => operation !== "createVaultingSession" || id !== "echo");
  return [
    ...rules.map(
      ({ id, title }): Check => ({
        id: `${operation}.response.${id}`,
        operation,
        title,
        source: id === "signed" || id === "response-time" ? INTRODUCTION : response,
        after: "others",
        run: async (conversation) => {
          for (const [, example] of requests) {
            const body = { ...example, vaultingRequestId: conversation.createId() };
            const exchange = await conversation.send({ operation, body });
            // What is no answer breaks no rule of answers, and keeps none.
            if (exchange.resultStatus === undefined) expectDocumented(exchange);
          }
          conversation.record.expectNoViolation(operation, id);
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
          expectAccepted(await conversation.send({ operation, body: example }));
        },
      }),
    ),
    ...jsonVariants.map(
      ({ id, title, write }): Check => ({
        id: `${operation}.json.${id}`,
        operation,
        title,
        source: INTRODUCTION,
        run: async (conversation) => {
          const body = write(createRequestBody(operation, conversation.createId()));
          const exchange = await conversation.send({ operation, body });
          expectAccepted(exchange);
          expectEcho(exchange);
        },
      }),
    ),
  ];
}

const jsonVariants: readonly {
  readonly id: string;
  readonly title: string;
  readonly write: (body: object) => string;
}[] = [
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
