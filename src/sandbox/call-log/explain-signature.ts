/** Finds common causes of invalid signatures, for the call log. */
import type { Merchant, RejectedSignature } from "../../gateway/index.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { isHeaderToken } from "../../protocol/http.ts";
import { findSignatureProblem } from "../../signature/index.ts";
import { describeSignedString } from "./rejected-signature.ts";

/** The rate limit: a burst of 10 diagnoses, then 1 per second, because a diagnosis takes as much CPU time as hundreds of calls. */
const BURST = 10;
const REFILL_INTERVAL_MS = 1000;
/** The maximum number of other clients whose IDs and keys a diagnosis tries. */
const MAX_CLIENTS = 20;

/** An explanation of why a signature was rejected. It contains no card data. */
export interface Explanation {
  readonly note: string;
  /** The string that was signed, if the diagnosis found it and it differs from the expected one. */
  readonly signedString?: string | undefined;
}

export interface ExplainerOptions {
  readonly listClients?: () => readonly Merchant[];
  readonly burst?: number;
  readonly refillMs?: number;
  readonly now?: () => number;
}

/** Creates a function that diagnoses rejected signatures one at a time, and skips those above the rate limit. */
export function createSignatureExplainer<Call>(
  onExplanation: (call: Call, explanation: Explanation) => void,
  { listClients = () => [], burst = BURST, refillMs = REFILL_INTERVAL_MS, now = Date.now }: ExplainerOptions = {},
): (call: Call, rejected: RejectedSignature) => void {
  let remaining = burst;
  let filledAt = now();
  let explaining: Promise<void> = Promise.resolve();

  async function explain(call: Call, rejected: RejectedSignature): Promise<void> {
    const explanation = rejected.merchant
      ? await diagnose(rejected, rejected.merchant, listClients().slice(0, MAX_CLIENTS))
      : suggestClient(rejected, listClients());
    if (explanation) onExplanation(call, explanation);
  }

  return (call, rejected) => {
    const refilled = Math.floor((now() - filledAt) / refillMs);
    if (refilled > 0) {
      remaining = Math.min(burst, remaining + refilled);
      filledAt += refilled * refillMs;
    }
    if (remaining <= 0) return;
    remaining -= 1;
    // After an error, the call keeps its generic reason.
    explaining = explaining.then(() => explain(call, rejected)).catch(() => {});
  };
}

const getKey = ({ publicKeys }: Merchant) => publicKeys?.keys[0];

async function diagnose(
  rejected: RejectedSignature,
  merchant: Merchant,
  clients: readonly Merchant[],
): Promise<Explanation | undefined> {
  const { path, clientId, time, body, headerValue } = rejected;
  const publicKey = getKey(merchant);
  if (!publicKey) return undefined;
  const others = clients.filter((client) => client.clientId !== clientId);
  const problem = await findSignatureProblem({
    message: { path, clientId, time, body },
    headerValue,
    publicKey,
    otherPublicKeys: others.map(getKey).filter((key) => key !== undefined),
    otherClientIds: others.map((client) => client.clientId),
  });
  if (!problem) return undefined;
  const owner = others.find((client) => getKey(client) === problem.variant.key);
  const note = owner
    ? `The signature is valid for the key of client ${owner.clientId}: send the client ID that belongs to the key.`
    : problem.message;
  return { note, signedString: describeSignedString(rejected, problem.variant) };
}

function suggestClient({ reason, clientId }: RejectedSignature, clients: readonly Merchant[]): Explanation | undefined {
  const suggestion = describeClosestClient(clientId, clients);
  return suggestion === "" ? undefined : { note: reason + suggestion };
}

/** Returns a hint such as ` Did you mean SANDBOX_1?`, or an empty string if no client ID is similar. */
export const describeClosestClient = (clientId: string, clients: readonly Merchant[]): string =>
  isHeaderToken(clientId)
    ? didYouMean(
        clientId,
        clients.map((client) => client.clientId),
      )
    : "";
