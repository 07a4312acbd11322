/** The merchant's signed calls, down to the bytes that come back. */
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
    /** Returns the response's body, or `undefined` if none came whole: the connection broke. */
    call: async (operation: OperationId, body: string): Promise<string | undefined> => {
      const path = basePaths.sandbox + operationPaths[operation];
      const time = String(Date.now());
      const signature = formatSignatureHeader(await sign({ path, clientId, time, body }, key), 1);
      return post(path, { "client-id": clientId, "request-time": time, signature }, body);
    },
    /** Moves the sandbox's clock. */
    advanceClock: async (advanceMs: number): Promise<void> => {
      const answer = await post("/_sandbox/clock", {}, JSON.stringify({ advanceMs }));
      if (answer === undefined) throw new Error("The sandbox's clock could not be moved.");
    },
  };
}
