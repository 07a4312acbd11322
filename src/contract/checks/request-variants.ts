/** A request that is right but for one change, and what must come of it. */

import type { Sending } from "../conversation/send-request.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { bodyOf } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectAccepted, expectAnswered, expectEcho, expectRefused } from "../rules/assertions.ts";
import type { Check } from "./check.ts";

/** The operation that the protocol is tried with; it is the same for all. */
export const OPERATION = "vaultPaymentMethod";
export const INTRODUCTION = "/info/description";

type Change = Partial<Sending>;
type Changing = Change | ((conversation: Conversation, right: string) => Change | Promise<Change>);

/** A request of the sample, with an ID of its own and the change made to it. */
async function exchangeOf(conversation: Conversation, changing: Changing, expect: NonNullable<Sending["expect"]>) {
  const text = JSON.stringify(bodyOf(OPERATION, conversation.freshId()));
  const change = typeof changing === "function" ? await changing(conversation, text) : changing;
  return conversation.send({ operation: OPERATION, body: text, expect, ...change });
}

export interface Row extends Pick<Check, "id" | "title">, Partial<Pick<Check, "source" | "needs">> {
  readonly change: Changing;
}

/** A check for each row: the request is sent with the row's change, and `verify` looks at what comes of it. */
const variantChecks = (
  group: string,
  rows: readonly Row[],
  source: string,
  expect: NonNullable<Sending["expect"]>,
  verify: (exchange: Exchange) => void,
): readonly Check[] =>
  rows.map(({ id, change, ...row }) => ({
    source,
    ...row,
    id: `protocol.${group}.${id}`,
    operation: "protocol",
    run: async (conversation) => verify(await exchangeOf(conversation, change, expect)),
  }));

export const acceptedChecks = (group: string, rows: readonly Row[], source: string): readonly Check[] =>
  variantChecks(group, rows, source, "accepted", (exchange) => {
    expectAccepted(exchange);
    expectEcho(exchange);
  });

/** What the document says nothing of: it may be taken or refused, but is answered. */
export const survivedChecks = (group: string, rows: readonly Row[], source: string): readonly Check[] =>
  variantChecks(group, rows, source, "refused", expectAnswered);

export const refusedChecks = (
  group: string,
  code: string,
  rows: readonly Row[],
  source: string,
  expect: "refused" | "signature-refused" = "refused",
): readonly Check[] => variantChecks(group, rows, source, expect, (exchange) => expectRefused(exchange, code));
