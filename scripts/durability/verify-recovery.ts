/** Checks after a restart that every confirmed result is stored, is unchanged, and has no contradictory notification. */
import type { Entry, RoundContext } from "./call-record.ts";
import { compareInquiry, compareNotifications, createBody, parseResponse } from "./compare-responses.ts";
import type { SignedClient } from "./signed-client.ts";

const WORKERS = 16;

/** Inquires about every entry, and retries the requests of the entries with a final result. Adds violations to the record. */
export const checkEntries = (entries: Iterable<Entry>, context: RoundContext): Promise<void> =>
  runInParallel(entries, (entry) => checkEntry(entry, context));

async function checkEntry(entry: Entry, { client, record, listener, round }: RoundContext): Promise<void> {
  const { id, kind, response } = entry;
  const violation = compareInquiry(response, await inquire(client, id));
  if (violation) return record.recordViolation(entry, violation, round);
  if (!response.final) return;
  const retried = await vault(client, createBody(id, kind, listener.url));
  if (retried !== response.body) return record.recordViolation(entry, "changed", round);
  const duplicated = compareNotifications(response, listener.getBodies(id));
  if (duplicated) record.recordViolation(entry, duplicated, round);
}

/**
 * Retries the interrupted calls, as a merchant would. The sandbox may or may not have stored these calls, but it must have stored every call
 * for which it sent a notification. Returns how many calls were stored and how many were not.
 */
export async function retryInterrupted({ client, record, listener, round }: RoundContext) {
  let stored = 0;
  const interrupted = record.getUnconfirmed();
  await runInParallel(interrupted, async ([id, kind]) => {
    const notified = listener.getBodies(id).size > 0;
    const inquiry = await inquire(client, id);
    const response = parseResponse(await vault(client, createBody(id, kind, listener.url)));
    if (!response)
      throw new Error(`After the restart, the sandbox rejected the retry of an interrupted request (${id}).`);
    const found = compareInquiry(response, inquiry) !== "missing";
    if (found) stored += 1;
    // Records the response for the next round, so that it is checked after the next crash.
    record.recordResponse(id, response, round + 1);
    const entry = { id, kind, round, response };
    const duplicated = compareNotifications(response, listener.getBodies(id));
    if (notified && !found) record.recordViolation(entry, "missing", round);
    else if (duplicated) record.recordViolation(entry, duplicated, round);
  });
  return { stored, discarded: interrupted.length - stored };
}

const inquire = async (client: SignedClient, vaultingRequestId: string): Promise<string> =>
  requireResponse(await client.call("inquireVaulting", JSON.stringify({ vaultingRequestId })));

const vault = async (client: SignedClient, body: string): Promise<string> =>
  requireResponse(await client.call("vaultPaymentMethod", body));

function requireResponse(body: string | undefined): string {
  if (body === undefined) throw new Error("The sandbox does not respond after its restart.");
  return body;
}

async function runInParallel<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items].values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}
