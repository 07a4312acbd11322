/** What the dashboard looks at, beyond what the control API gives. */
import type { ControlSchemas as Schemas } from "../../control-api/control-schemas.ts";
import type { Journal } from "../call-log/call-log.ts";
import type { Store } from "../store/store.ts";
import type { SearchOptions } from "../store/vaultings.ts";
import type { Links } from "../vaulting/responses.ts";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { exchangeView, vaultingView } from "./serializers.ts";

/** A vaulting from its first call to its last notification. Without `vaulting` none was begun: every call was refused. */
export interface Story {
  readonly vaulting:
    | {
        /** As the control API shows it. */
        readonly view: Schemas["Vaulting"];
        /** As it is stored, for its developer alone. */
        readonly stored: Vaulting;
      }
    | undefined;
  /** Every call that named it and that the journal still has, oldest first. */
  readonly exchanges: readonly Schemas["Exchange"][];
  readonly notification: Schemas["Notification"] | undefined;
}

export function createLooks(
  { store: { vaultings }, journal, links }: { readonly store: Store; readonly journal: Journal; readonly links: Links },
  notification: (vaultingRequestId: string, clientId: string) => Promise<Schemas["Notification"] | undefined>,
) {
  let counted = { newest: -1, count: 0 };

  return {
    /** Vaultings by a part of the ID, the end of the token or the card's last digits, newest first. `next` is where to go on, as `before`. */
    search: async (request: SearchOptions) => {
      const { found, next } = await vaultings.search(request);
      return { vaultings: found.map((row) => vaultingView(row, links)), next };
    },
    exchange: (sequence: number) => {
      const found = journal.find(sequence);
      return found && exchangeView(found);
    },
    /** The exchanges that fit, newest first; no more are read than are needed. */
    recent: (fits: (exchange: Schemas["Exchange"]) => boolean, limit: number, before = Number.MAX_SAFE_INTEGER) => {
      const { oldest, newest } = journal.range();
      const found: Schemas["Exchange"][] = [];
      for (let sequence = Math.min(newest, before - 1); sequence >= oldest && found.length < limit; sequence--) {
        const exchange = journal.find(sequence);
        const view = exchange && exchangeView(exchange);
        if (view && fits(view)) found.push(view);
      }
      return found;
    },
    /** Everything about one ID of a client. `undefined` where nothing is known of it. */
    story: async (vaultingRequestId: string, clientId: string): Promise<Story | undefined> => {
      const stored = await vaultings.find({ clientId, vaultingRequestId });
      const exchanges = journal
        .list({ limit: Number.MAX_SAFE_INTEGER, after: 0 })
        .filter((each) => each.clientId === clientId && each.vaultingRequestId === vaultingRequestId)
        .map(exchangeView);
      if (!stored && exchanges.length === 0) return undefined;
      return {
        vaulting: stored && { view: vaultingView(stored, links), stored },
        exchanges,
        notification: await notification(vaultingRequestId, clientId),
      };
    },
    stored: async () => {
      // Counting takes as long as there are many, and nothing but a reset takes one away.
      const newest = await vaultings.newest();
      if (newest !== counted.newest) counted = { newest, count: await vaultings.count() };
      return counted.count;
    },
  };
}
