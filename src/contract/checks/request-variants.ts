/** A request that is right but for one change, and what must come of it. */

import type { TestRequest } from "../conversation/send-request.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectAccepted, expectDocumentedResult, expectEcho, expectRejected } from "../rules/assertions.ts";
import type { Check } from "./check.ts";

/** The operation that the protocol is tried with; it is the same for all. */
export const OPERATION = "vaultPaymentMethod";
export const INTRODUCTION = "/info/description";

type Change = Partial<TestRequest>;
type ChangeSource = Change | ((conversation: TargetClient, right: string) => Change | Promise<Change>);

/** A request of the sample, with an ID of its own and the change made to it. */
async function sendVariant(
  conversation: TargetClient,
  changing: ChangeSource,
  expect: NonNullable<TestRequest["expect"]>,
) {
  const text = JSON.stringify(createRequestBody(OPERATION, conversation.createId()));
  const change = typeof changing === "function" ? await changing(conversation, text) : changing;
  return conversation.send({ operation: OPERATION, body: text, expect, ...change });
}

export interface VariantRow extends Pick<Check, "id" | "title">, Partial<Pick<Check, "source" | "requires">> {
  readonly change: ChangeSource;
}

/** A check for each row: the request is sent with the row's change, and `verify` looks at what comes of it. */
const variantChecks = (
  group: string,
  rows: readonly VariantRow[],
  source: string,
  expect: NonNullable<TestRequest["expect"]>,
  verify: (exchange: Exchange) => void,
): readonly Check[] =>
  rows.map(({ id, change, ...row }) => ({
    source,
    ...row,
    id: `protocol.${group}.${id}`,
    operation: "protocol",
    run: async (conversation) => verify(await sendVariant(conversation, change, expect)),
  }));

export const acceptedChecks = (group: string, rows: readonly VariantRow[], source: string): readonly Check[] =>
  variantChecks(group, rows, source, "accepted", (exchange) => {
    expectAccepted(exchange);
    expectEcho(exchange);
  });

/** What the document says nothing of: it may be taken or refused, but is answered. */
export const robustnessChecks = (group: string, rows: readonly VariantRow[], source: string): readonly Check[] =>
  variantChecks(group, rows, source, "rejected", expectDocumentedResult);

export const rejectedChecks = (
  group: string,
  code: string,
  rows: readonly VariantRow[],
  source: string,
  expect: "rejected" | "signature-rejected" = "rejected",
): readonly Check[] => variantChecks(group, rows, source, expect, (exchange) => expectRejected(exchange, code));
