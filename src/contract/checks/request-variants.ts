/** A request that is right but for one change, and what must come of it. */

import type { Sending } from "../conversation/send-request.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { requestOf } from "../document/openapi-document.ts";
import { expectAccepted, expectAnswered, expectEcho, expectRefused } from "../rules/assertions.ts";
import type { Check } from "./check.ts";

/** The operation that the protocol is tried with; it is the same for all. */
export const OPERATION = "vaultPaymentMethod";
export const INTRODUCTION = "/info/description";

export type Change = Partial<Sending>;
type Changing = Change | ((conversation: Conversation, right: string) => Change | Promise<Change>);

const sample = (): Readonly<Record<string, unknown>> =>
  requestOf(OPERATION).examples.get("Sample") as Readonly<Record<string, unknown>>;

/** A request of the sample, with an ID of its own and the change made to it. */
async function exchangeOf(conversation: Conversation, changing: Changing, expect: NonNullable<Sending["expect"]>) {
  const request = { ...sample(), vaultingRequestId: conversation.freshId() };
  const text = JSON.stringify(request);
  const change = typeof changing === "function" ? await changing(conversation, text) : changing;
  return conversation.send({ operation: OPERATION, body: text, expect, ...change });
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly needs?: Check["needs"];
  readonly change: Changing;
}

const check = (group: string, row: Row, run: Check["run"], source: string): Check => ({
  id: `protocol.${group}.${row.id}`,
  operation: "protocol",
  title: row.title,
  source: row.source ?? source,
  ...(row.needs ? { needs: row.needs } : {}),
  run,
});

export const acceptedChecks = (group: string, rows: readonly Row[], source: string): readonly Check[] =>
  rows.map((row) =>
    check(
      group,
      row,
      async (conversation) => {
        const exchange = await exchangeOf(conversation, row.change, "accepted");
        expectAccepted(exchange);
        expectEcho(exchange);
      },
      source,
    ),
  );

/** What the document says nothing of: it may be taken or refused, but is answered. */
export const survivedChecks = (group: string, rows: readonly Row[], source: string): readonly Check[] =>
  rows.map((row) =>
    check(
      group,
      row,
      async (conversation) => expectAnswered(await exchangeOf(conversation, row.change, "refused")),
      source,
    ),
  );

export const refusedChecks = (
  group: string,
  code: string,
  rows: readonly Row[],
  source: string,
  signed = true,
): readonly Check[] =>
  rows.map((row) =>
    check(
      group,
      row,
      async (conversation) => {
        const exchange = await exchangeOf(conversation, row.change, signed ? "refused" : "signature-refused");
        expectRefused(exchange, code);
      },
      source,
    ),
  );
