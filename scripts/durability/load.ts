/** Merchants who never rest: new IDs all the time, some asked twice at once, some asked again. */
import type { Round } from "./call-record.ts";
import { type CardKind, parseResponse, vaultRequest } from "./compare-responses.ts";

const CLIENTS = 16;

export function startLoad({ client: caller, record, listener, round }: Round) {
  let stopped = false;
  let disregarded = false;

  async function vault(id: string, kind: CardKind): Promise<void> {
    const body = await caller.call("vaultPaymentMethod", vaultRequest(id, kind, listener.url));
    // Without a response the sandbox is gone.
    if (body === undefined) stopped = true;
    const answer = body === undefined ? undefined : parseResponse(body);
    if (answer && !disregarded) record.recordResponse(id, answer, round);
  }

  async function client(): Promise<void> {
    while (!stopped) {
      const dice = Math.random();
      const [earlier] = dice < 0.1 ? record.sample(1) : [];
      if (earlier) {
        await vault(earlier.id, earlier.kind);
        continue;
      }
      const kind = kindFor(Math.random());
      const id = record.createId(kind);
      await Promise.all(dice > 0.95 ? [vault(id, kind), vault(id, kind)] : [vault(id, kind)]);
    }
  }

  const all = Promise.all(Array.from({ length: CLIENTS }, client));
  return {
    /** From here on a response counts for nothing. */
    ignoreResponses: (): void => {
      disregarded = true;
    },
    /** Resolves once every call that was under way has ended. */
    stop: async (): Promise<void> => {
      stopped = true;
      await all;
    },
  };
}

function kindFor(dice: number): CardKind {
  if (dice < 0.65) return "vaults";
  return dice < 0.9 ? "fails" : "challenged";
}
