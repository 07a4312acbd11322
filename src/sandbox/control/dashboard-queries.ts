/** What the dashboard looks at, beyond what the control API gives. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { Journal } from "../call-log/call-log.ts";
import type { Store } from "../store/store.ts";
import type { Links } from "../vaulting/responses.ts";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { exchangeView, vaultingView } from "./serializers.ts";

type Schemas = ControlSchemas;

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

export interface SearchRequest {
  readonly text: string;
  readonly clientId?: string | undefined;
  readonly status?: Schemas["VaultingStatus"] | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface RecentRequest {
  readonly fits: (exchange: Schemas["Exchange"]) => boolean;
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface SearchAnswer {
  /** Newest first. */
  readonly vaultings: readonly Schemas["Vaulting"][];
  /** Where to go on, as `before`; left out where there is nothing more. */
  readonly next: number | undefined;
}

export interface Looks {
  /** Vaultings by a part of the ID, the end of the token or the card's last digits. */
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  readonly exchange: (sequence: number) => Schemas["Exchange"] | undefined;
  /** The exchanges that fit, newest first; no more are read than are needed. */
  readonly recent: (request: RecentRequest) => readonly Schemas["Exchange"][];
  /** Everything about one ID of a client. `undefined` where nothing is known of it. */
  readonly story: (vaultingRequestId: string, clientId: string) => Promise<Story | undefined>;
  readonly stored: () => Promise<number>;
}

export interface LooksParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly links: Links;
  readonly notification: (vaultingRequestId: string, clientId: string) => Promise<Schemas["Notification"] | undefined>;
}

export function createLooks({ store, journal, links, notification }: LooksParts): Looks {
  const { vaultings } = store;
  let counted = { newest: -1, count: 0 };

  return {
    search: async (request) => {
      const { found, next } = await vaultings.search(request);
      return { vaultings: found.map((row) => vaultingView(row, links)), next };
    },
    exchange: (sequence) => {
      const found = journal.find(sequence);
      return found && exchangeView(found);
    },
    recent: ({ fits, before = Number.MAX_SAFE_INTEGER, limit }) => {
      const { oldest, newest } = journal.range();
      const found: Schemas["Exchange"][] = [];
      for (let sequence = Math.min(newest, before - 1); sequence >= oldest && found.length < limit; sequence--) {
        const exchange = journal.find(sequence);
        const view = exchange && exchangeView(exchange);
        if (view && fits(view)) found.push(view);
      }
      return found;
    },
    story: async (vaultingRequestId, clientId) => {
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
