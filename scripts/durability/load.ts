/** Generates load: clients that continuously send new requests, concurrent duplicates, and retries. */
import type { RoundContext } from "./call-record.ts";
import { type CardKind, createBody, parseResponse } from "./compare-responses.ts";

const CLIENTS = 16;

export function startLoad({ client, record, listener, round }: RoundContext) {
  let stopped = false;
  let ignored = false;

  async function vault(id: string, kind: CardKind): Promise<void> {
    const body = await client.call("vaultPaymentMethod", createBody(id, kind, listener.url));
    // No response means that the sandbox has crashed.
    if (body === undefined) stopped = true;
    const response = body === undefined ? undefined : parseResponse(body);
    if (response && !ignored) record.recordResponse(id, response, round);
  }

  async function runClient(): Promise<void> {
    while (!stopped) {
      const random = Math.random();
      const [earlier] = random < 0.1 ? record.sample(1) : [];
      if (earlier) {
        await vault(earlier.id, earlier.kind);
        continue;
      }
      const kind = chooseKind(Math.random());
      const id = record.createId(kind);
      await Promise.all(random > 0.95 ? [vault(id, kind), vault(id, kind)] : [vault(id, kind)]);
    }
  }

  const all = Promise.all(Array.from({ length: CLIENTS }, runClient));
  return {
    /** Ignores all further responses. */
    ignoreResponses: (): void => {
      ignored = true;
    },
    /** Stops the load. Resolves when all pending calls have ended. */
    stop: async (): Promise<void> => {
      stopped = true;
      await all;
    },
  };
}

function chooseKind(random: number): CardKind {
  if (random < 0.65) return "vaulted";
  return random < 0.9 ? "declined" : "challenged";
}
