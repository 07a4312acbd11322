/** After the restart: whether all that was answered is there, once, unchanged, and told to the merchant. */
import type { Entry, Round } from "./call-record.ts";
import { judgeInquiry, judgeNotifications, readAnswer, vaultRequest } from "./compare-responses.ts";
import type { Caller } from "./signed-client.ts";

const WORKERS = 16;

/** Inquires every entry, and repeats the requests of final ones. Faults go into the ledger. */
export const checkEntries = (entries: Iterable<Entry>, round: Round): Promise<void> =>
  inParallel(entries, (entry) => checkEntry(entry, round));

async function checkEntry(entry: Entry, { caller, ledger, listener, round }: Round): Promise<void> {
  const { id, kind, answer } = entry;
  const wrong = judgeInquiry(answer, await inquire(caller, id));
  if (wrong) return ledger.fault(entry, wrong, round);
  if (!answer.final) return;
  const again = await demand(caller, vaultRequest(id, kind, listener.url));
  if (again !== answer.body) return ledger.fault(entry, "changed", round);
  const doubled = judgeNotifications(answer, listener.bodiesFor(id));
  if (doubled) ledger.fault(entry, doubled, round);
}

/**
 * Repeats the calls that were cut off, as a merchant would. Whether one had been kept is the sandbox's to say, but what it had told of by
 * a notification it must have kept. Returns how many were kept, and how many were not.
 */
export async function repeatCutOff({ caller, ledger, listener, round }: Round) {
  let kept = 0;
  const cutOff = ledger.unanswered();
  await inParallel(cutOff, async ([id, kind]) => {
    const told = listener.bodiesFor(id).size > 0;
    const inquiry = await inquire(caller, id);
    const answer = readAnswer(await demand(caller, vaultRequest(id, kind, listener.url)));
    if (!answer) throw new Error(`After the restart a request is refused that had been cut off (${id}).`);
    const found = judgeInquiry(answer, inquiry) !== "missing";
    if (found) kept += 1;
    // It is looked at again after the next crash, as it was answered before that one.
    ledger.answered(id, answer, round + 1);
    const entry = { id, kind, round, answer };
    const doubled = judgeNotifications(answer, listener.bodiesFor(id));
    if (told && !found) ledger.fault(entry, "missing", round);
    else if (doubled) ledger.fault(entry, doubled, round);
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

async function inParallel<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items].values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}
