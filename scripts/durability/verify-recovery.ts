/** After the restart: whether all that was answered is there, once, unchanged, and told to the merchant. */

import { type Entry, fits, type Ledger } from "./call-record.ts";
import { isFound, judgeInquiry, readAnswer, vaultRequest } from "./compare-responses.ts";
import type { Listener } from "./notification-listener.ts";
import type { Caller } from "./signed-client.ts";

export interface CheckOptions {
  readonly caller: Caller;
  readonly ledger: Ledger;
  readonly listener: Listener;
  readonly round: number;
}

/** What came of the calls that were cut off. */
export interface CutOff {
  readonly kept: number;
  readonly forgotten: number;
}

const WORKERS = 16;
/** How many of the earlier rounds' answers are asked for again in each round. */
const SAMPLE = 50;

/** Asks for every answer of this round and some earlier ones, and repeats their requests. Faults go into the ledger. */
export async function checkAnswers(options: CheckOptions): Promise<void> {
  const { ledger, round } = options;
  const due = new Set([...ledger.entries(round), ...ledger.sample(SAMPLE)]);
  await inParallel([...due], (entry) => checkEntry(entry, options));
}

/** Asks for every final answer of every round. */
export async function checkAll(options: CheckOptions): Promise<void> {
  const all = options.ledger.entries().filter(({ answer }) => answer.final);
  await inParallel(all, (entry) => checkEntry(entry, options));
}

async function checkEntry(entry: Entry, { caller, ledger, listener, round }: CheckOptions): Promise<void> {
  const { id, kind, answer } = entry;
  const wrong = judgeInquiry(answer, await inquire(caller, id));
  if (wrong) return ledger.fault(entry, wrong, round);
  if (!answer.final) return;
  const again = await demand(caller, vaultRequest(id, kind, listener.url));
  if (again !== answer.body) return ledger.fault(entry, "changed", round);
  if (!fits(entry, listener.bodiesFor(id))) ledger.fault(entry, "doubled", round);
}

/**
 * Repeats the calls that were cut off, as a merchant would. Whether one had been kept is the sandbox's to say, but what it had told of by
 * a notification it must have kept.
 */
export async function repeatCutOff({ caller, ledger, listener, round }: CheckOptions): Promise<CutOff> {
  let kept = 0;
  const cutOff = ledger.unanswered();
  await inParallel(cutOff, async ({ id, kind }) => {
    const told = listener.bodiesFor(id).size > 0;
    const found = isFound(await inquire(caller, id));
    if (found) kept += 1;
    const answer = readAnswer(await demand(caller, vaultRequest(id, kind, listener.url)));
    if (!answer) throw new Error(`After the restart a request is refused that had been cut off (${id}).`);
    // It is looked at again after the next crash, as it was answered before that one.
    ledger.answered(id, answer, round + 1);
    const entry = { id, kind, round, answer };
    if (told && !found) ledger.fault(entry, "missing", round);
    else if (!fits(entry, listener.bodiesFor(id))) ledger.fault(entry, "doubled", round);
  });
  return { kept, forgotten: cutOff.length - kept };
}

const inquire = async (caller: Caller, vaultingRequestId: string): Promise<string> =>
  answered(await caller.call("inquireVaulting", JSON.stringify({ vaultingRequestId })));

const demand = async (caller: Caller, body: string): Promise<string> =>
  answered(await caller.call("vaultPaymentMethod", body));

function answered(body: string | undefined): string {
  if (body === undefined) throw new Error("The sandbox does not answer after its restart.");
  return body;
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}
