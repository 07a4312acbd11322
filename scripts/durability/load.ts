/** Merchants who never rest: new IDs all the time, some asked twice at once, some asked again. */

import type { Ledger } from "./call-record.ts";
import { type CardKind, readAnswer, vaultRequest } from "./compare-responses.ts";
import type { Caller } from "./signed-client.ts";

export interface LoadOptions {
  readonly caller: Caller;
  readonly ledger: Ledger;
  readonly round: number;
  readonly notificationUrl: string;
  readonly clients: number;
}

export interface Load {
  /** From here on an answer counts for nothing. */
  readonly disregard: () => void;
  /** Resolves once every call that was under way has ended. */
  readonly stop: () => Promise<void>;
}

export function startLoad({ caller, ledger, round, notificationUrl, clients }: LoadOptions): Load {
  let stopped = false;
  let disregarded = false;

  async function vault(id: string, kind: CardKind): Promise<void> {
    const body = await caller.call("vaultPaymentMethod", vaultRequest(id, kind, notificationUrl));
    if (body === undefined) {
      // The sandbox is gone.
      stopped = true;
      return;
    }
    const answer = readAnswer(body);
    if (answer && !disregarded) ledger.answered(id, answer, round);
  }

  async function client(): Promise<void> {
    while (!stopped) {
      const dice = Math.random();
      const [earlier] = dice < 0.1 ? ledger.sample(1) : [];
      if (earlier) {
        await vault(earlier.id, earlier.kind);
        continue;
      }
      const kind = kindFor(Math.random());
      const id = ledger.ask(kind, round);
      await Promise.all(dice > 0.95 ? [vault(id, kind), vault(id, kind)] : [vault(id, kind)]);
    }
  }

  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    disregard: () => {
      disregarded = true;
    },
    stop: async () => {
      stopped = true;
      await all;
    },
  };
}

function kindFor(dice: number): CardKind {
  if (dice < 0.65) return "vaults";
  return dice < 0.9 ? "fails" : "challenged";
}
