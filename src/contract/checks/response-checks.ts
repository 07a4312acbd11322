/** Checks that responses satisfy the response rules, and that the target accepts the examples and equivalent JSON. */
import type { OperationId } from "../../../generated/operations.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { getRequestMessage, getResponseMessage } from "../document/openapi-document.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { CheckSkipped } from "../model/failure.ts";
import { expectAccepted, expectDocumented, expectEcho } from "../rules/assertions.ts";
import { RESPONSE_RULES } from "../rules/response-rules.ts";
import type { Check } from "./check.ts";
import { getCardConversations } from "./content/card-data-checks.ts";
import { vaultTestCards } from "./content/card-fact-checks.ts";
import { INTRODUCTION } from "./request-variants.ts";

/** Rules that need responses about cards. */
const CARD_RULES: ReadonlySet<string> = new Set(["no-card-data", "masked"]);

/** Sends the requests that a rule needs. */
async function sendForRule(client: TargetClient, operation: OperationId, id: string): Promise<void> {
  if (id === "echo") {
    // The response to a body without an ID must not contain the ID of the previous request.
    await client.send({ operation, body: "{", expect: "rejected" });
    const { vaultingRequestId: _, ...body } = createRequestBody(operation, "");
    // The target must not truncate an ID that is too long, and must echo a valid ID after an invalid field.
    for (const vaultingRequestId of ["x".repeat(65), client.createId()])
      await client.send({ operation, body: { ...body, env: "", vaultingRequestId }, expect: "rejected" });
  }
  if (!client.context.isStateful) return;
  if (CARD_RULES.has(id)) await getCardConversations(client);
  // Ignores a failure here, because the rule reports it, too.
  if (id === "card-facts") await vaultTestCards(client).catch(() => {});
}

/** Creates a check for each response rule, each example request, and each way to write equivalent JSON. */
export function createResponseChecks(operation: OperationId): readonly Check[] {
  const { examples, pointer } = getRequestMessage(operation);
  const { pointer: response } = getResponseMessage(operation);
  const requests = [...examples] as readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  const rules = RESPONSE_RULES.filter(
    ({ id }) => operation !== "createVaultingSession" || !["echo", "masked", "card-facts"].includes(id),
  );
  return [
    ...rules.map(
      ({ id, title }): Check => ({
        id: `${operation}.response.${id}`,
        operation,
        title,
        source: id === "signed" || id === "response-time" ? INTRODUCTION : response,
        // Runs last, because the other checks add responses.
        after: "everything",
        run: async (client) => {
          const exchanges = await client.once(`examples of ${operation}`, () =>
            Promise.all(
              requests.map(([, example]) =>
                client.send({ operation, body: { ...example, vaultingRequestId: client.createId() } }),
              ),
            ),
          );
          // Most rules do not apply to a malformed response, so it is reported here.
          for (const exchange of exchanges) if (exchange.resultStatus === undefined) expectDocumented(exchange);
          await sendForRule(client, operation, id);
          client.record.expectNoViolation(operation, id);
          if (!client.record.hasSeen(operation, id))
            throw new CheckSkipped("The target sent no response to which this check applies.");
        },
      }),
    ),
    ...requests.map(
      ([name, example]): Check => ({
        id: `${operation}.example.${name}`,
        operation,
        title: `accepts the example ${name} from the OpenAPI document unchanged`,
        source: pointer,
        run: async (client) => {
          // The ID of an example is fixed, so an earlier request with different content might have used it.
          expectAccepted(await client.send({ operation, body: example }), "REPEAT_REQ_INCONSISTENT");
        },
      }),
    ),
    ...jsonVariants.map(
      ({ id, title, serialize }): Check => ({
        id: `${operation}.json.${id}`,
        operation,
        title,
        source: INTRODUCTION,
        run: async (client) => {
          const body = serialize(createRequestBody(operation, client.createId()));
          const exchange = await client.send({ operation, body });
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
  readonly serialize: (body: object) => string;
}[] = [
  {
    id: "whitespace",
    title: "accepts any whitespace and line endings between JSON tokens",
    serialize: (body) => `\r\n${JSON.stringify(body, null, "\t").replaceAll("\n", "\r\n")}\n `,
  },
  {
    id: "order",
    title: "accepts fields in any order",
    serialize: (body) => JSON.stringify(Object.fromEntries(Object.entries(body).reverse())),
  },
  {
    id: "escapes",
    title: "accepts Unicode escapes in strings",
    serialize: (body) =>
      JSON.stringify(body).replace(
        /[a-z](?=[^"]*"[,}])/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
  },
];
