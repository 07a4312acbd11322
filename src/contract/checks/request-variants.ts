/** Checks that send a valid request with 1 change. */
import type { TestRequest } from "../conversation/send-request.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import {
  expectAccepted,
  expectDocumentedResult,
  expectEcho,
  expectRejected,
  expectSignature,
} from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import type { Check } from "./check.ts";

/** The operation that most protocol checks call, because the protocol is the same for all operations. */
export const OPERATION = "vaultPaymentMethod";
export const INTRODUCTION = "/info/description";

type Change = Partial<TestRequest>;
export type ChangeSource = Change | ((client: TargetClient, validBody: string) => Change | Promise<Change>);

export const applyChange = async (change: ChangeSource, client: TargetClient, validBody: string): Promise<Change> =>
  typeof change === "function" ? change(client, validBody) : change;

/** Metadata with characters of 2, 3, and 4 bytes, because a target might decode only ASCII correctly. */
const NON_ASCII = { metadata: "Zo\u00eb \u4f60\u597d \u{1f4b3}" };

/** Sends the sample request with a new ID and a change. */
export async function sendVariant(
  client: TargetClient,
  source: ChangeSource,
  expect: NonNullable<TestRequest["expect"]>,
): Promise<Exchange> {
  const text = JSON.stringify(createRequestBody(OPERATION, client.createId(), NON_ASCII));
  return client.send({ operation: OPERATION, body: text, expect, ...(await applyChange(source, client, text)) });
}

export interface VariantRow extends Pick<Check, "id" | "title">, Partial<Pick<Check, "source" | "requires">> {
  readonly change: ChangeSource;
  /** A second result code that a correct target may return. */
  readonly alsoAllowed?: string | undefined;
}

/** Creates a check for each row. The check sends the sample request with the row's change and verifies the result. */
const createVariantChecks = (
  group: string,
  rows: readonly VariantRow[],
  source: string,
  expect: NonNullable<TestRequest["expect"]>,
  verify: (exchange: Exchange, alsoAllowed?: string) => void,
): readonly Check[] =>
  rows.map(({ id, change, alsoAllowed, ...row }) => ({
    source,
    ...row,
    id: `protocol.${group}.${id}`,
    operation: "protocol",
    run: async (client) => verify(await sendVariant(client, change, expect), alsoAllowed),
  }));

export const createAcceptedChecks = (group: string, rows: readonly VariantRow[], source: string): readonly Check[] =>
  createVariantChecks(group, rows, source, "accepted", (exchange) => {
    expectAccepted(exchange);
    expectEcho(exchange);
  });

/**
 * Creates checks that send requests whose result is not documented. The target may accept or reject each request, but it must respond. The
 * target must not reject the valid signature, unless `alsoAllowed` is INVALID_SIGNATURE.
 */
export const createRobustnessChecks = (group: string, rows: readonly VariantRow[], source: string): readonly Check[] =>
  createVariantChecks(group, rows, source, "rejected", (exchange, alsoAllowed) => {
    expectDocumentedResult(exchange);
    expectSignature(exchange);
    if (exchange.resultCode === "INVALID_SIGNATURE" && exchange.resultCode !== alsoAllowed)
      fail(exchange, "Target rejected a valid signature.");
  });

export const createRejectedChecks = (
  group: string,
  code: string,
  rows: readonly VariantRow[],
  source: string,
  expect: "rejected" | "signature-rejected" = "rejected",
): readonly Check[] =>
  createVariantChecks(group, rows, source, expect, (exchange, alsoAllowed) =>
    expectRejected(exchange, alsoAllowed && exchange.resultCode === alsoAllowed ? alsoAllowed : code),
  );
