/** The merchant's signed calls, down to the bytes that come back. */
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { basePaths, type OperationId, operationPaths } from "../../generated/operations.ts";
import type { Credentials } from "../../src/gateway/index.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../src/signature/index.ts";

export interface Caller {
  /** The answer's body, or `undefined` where none came whole: the connection broke. */
  readonly call: (operation: OperationId, body: string) => Promise<string | undefined>;
  /** Moves the sandbox's clock. */
  readonly advanceClock: (ms: number) => Promise<void>;
  readonly close: () => void;
}

const TIMEOUT_MS = 15_000;

export async function createCaller({ baseUrl, clientId, merchantPrivateKey }: Credentials): Promise<Caller> {
  const key = await importPrivateKey(merchantPrivateKey);
  const agent = new Agent({ keepAlive: true });
  const json = { "content-type": "application/json; charset=UTF-8" };

  function post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const lost = () => resolve(undefined);
      const answered = (response: IncomingMessage) =>
        void text(response).then(
          (read) => resolve(response.complete && response.statusCode === 200 ? read : undefined),
          lost,
        );
      const options = { agent, method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) } };
      request(baseUrl + path, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }, answered)
        .on("error", lost)
        .end(body);
    });
  }

  return {
    call: async (operation, body) => {
      const path = basePaths.sandbox + operationPaths[operation];
      const time = String(Date.now());
      const signature = formatSignatureHeader(await sign({ path, clientId, time, body }, key), 1);
      return post(path, { ...json, "client-id": clientId, "request-time": time, signature }, body);
    },
    advanceClock: async (advanceMs) => {
      const answer = await post("/_sandbox/clock", json, JSON.stringify({ advanceMs }));
      if (answer === undefined) throw new Error("The sandbox's clock could not be moved.");
    },
    close: () => agent.destroy(),
  };
}
