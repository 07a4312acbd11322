/** Sends signed calls and returns the raw response bodies. */
import { basePaths, type OperationId, operationPaths } from "../../generated/operations.ts";
import type { Credentials } from "../../src/gateway/index.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../src/signature/index.ts";

const TIMEOUT_MS = 15_000;

export type SignedClient = Awaited<ReturnType<typeof createSignedClient>>;

export async function createSignedClient({ baseUrl, clientId, merchantPrivateKey }: Credentials) {
  const key = await importPrivateKey(merchantPrivateKey);

  async function post(path: string, signature: Readonly<Record<string, string>>, body: string) {
    const headers = { "content-type": "application/json; charset=UTF-8", ...signature };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetch(baseUrl + path, { method: "POST", headers, body, signal });
      const text = await response.text();
      return response.status === 200 ? text : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    /** Returns the body of the response, or `undefined` if the call failed or the HTTP status is not 200. */
    call: async (operation: OperationId, body: string): Promise<string | undefined> => {
      const path = basePaths.sandbox + operationPaths[operation];
      const time = String(Date.now());
      const signature = formatSignatureHeader(await sign({ path, clientId, time, body }, key), 1);
      return post(path, { "client-id": clientId, "request-time": time, signature }, body);
    },
    /** Advances the sandbox's clock. */
    advanceClock: async (advanceMs: number): Promise<void> => {
      const response = await post("/_sandbox/clock", {}, JSON.stringify({ advanceMs }));
      if (response === undefined) throw new Error("Cannot advance the sandbox's clock.");
    },
  };
}
