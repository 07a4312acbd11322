/** After the restart: whether all that was answered is there, once, unchanged, and told to the merchant. */
import type { Entry, Round } from "./call-record.ts";
import { compareInquiry, compareNotifications, parseResponse, vaultRequest } from "./compare-responses.ts";
import type { SignedClient } from "./signed-client.ts";

const WORKERS = 16;

/** Inquires every entry, and repeats the requests of final ones. Faults go into the ledger. */
export const checkEntries = (entries: Iterable<Entry>, round: Round): Promise<void> =>
  runInParallel(entries, (entry) => checkEntry(entry, round));

async function checkEntry(entry: Entry, { client, record, listener, round }: Round): Promise<void> {
  const { id, kind, answer } = entry;
  const wrong = compareInquiry(answer, await inquire(client, id));
  if (wrong) return record.recordViolation(entry, wrong, round);
  if (!answer.final) return;
  const again = await vault(client, vaultRequest(id, kind, listener.url));
  if (again !== answer.body) return record.recordViolation(entry, "changed", round);
  const doubled = compareNotifications(answer, listener.bodiesFor(id));
  if (doubled) record.recordViolation(entry, doubled, round);
}

/**
 * Repeats the calls that were cut off, as a merchant would. Whether one had been kept is the sandbox's to say, but what it had told of by
 * a notification it must have kept. Returns how many were kept, and how many were not.
 */
export async function retryInterrupted({ client, record, listener, round }: Round) {
  let kept = 0;
  const cutOff = record.unconfirmed();
  await runInParallel(cutOff, async ([id, kind]) => {
    const told = listener.bodiesFor(id).size > 0;
    const inquiry = await inquire(client, id);
    const answer = parseResponse(await vault(client, vaultRequest(id, kind, listener.url)));
    if (!answer) throw new Error(`After the restart a request is refused that had been cut off (${id}).`);
    const found = compareInquiry(answer, inquiry) !== "missing";
    if (found) kept += 1;
    // It is looked at again after the next crash, as it was answered before that one.
    record.recordResponse(id, answer, round + 1);
    const entry = { id, kind, round, answer };
    const doubled = compareNotifications(answer, listener.bodiesFor(id));
    if (told && !found) record.recordViolation(entry, "missing", round);
    else if (doubled) record.recordViolation(entry, doubled, round);
  });
  return { kept, forgotten: cutOff.length - kept };
}

const inquire = async (caller: SignedClient, vaultingRequestId: string): Promise<string> =>
  requireResponse(await caller.call("inquireVaulting", JSON.stringify({ vaultingRequestId })));

const vault = async (caller: SignedClient, body: string): Promise<string> =>
  requireResponse(await caller.call("vaultPaymentMethod", body));

function requireResponse(body: string | undefined): string {
  if (body === undefined) throw new Error("The sandbox does not answer after its restart.");
  return body;
}

async function runInParallel<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items].values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}
