/** What the dashboard looks at, beyond what the control API gives. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { CallLog } from "../call-log/call-log.ts";
import type { Store } from "../store/store.ts";
import type { SearchOptions } from "../store/vaultings.ts";
import type { Links } from "../vaulting/responses.ts";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { serializeCall, serializeVaulting } from "./serializers.ts";

/** A vaulting from its first call to its last notification. Without `vaulting` none was begun: every call was refused. */
export interface VaultingHistory {
  readonly vaulting:
    | {
        /** As the control API shows it. */
        readonly view: ControlSchemas["Vaulting"];
        /** As it is stored, for its developer alone. */
        readonly stored: Vaulting;
      }
    | undefined;
  /** Every call that named it and that the journal still has, oldest first. */
  readonly calls: readonly ControlSchemas["ApiCall"][];
  readonly notification: ControlSchemas["Notification"] | undefined;
}

export function createDashboardQueries(
  { store: { vaultings }, callLog, links }: { readonly store: Store; readonly callLog: CallLog; readonly links: Links },
  notification: (vaultingRequestId: string, clientId: string) => Promise<ControlSchemas["Notification"] | undefined>,
) {
  let counted = { newest: -1, count: 0 };

  return {
    /** Vaultings by a part of the ID, the end of the token or the card's last digits, newest first. `next` is where to go on, as `before`. */
    searchVaultings: async (request: SearchOptions) => {
      const { found, next } = await vaultings.search(request);
      return { vaultings: found.map((row) => serializeVaulting(row, links)), next };
    },
    findCall: (sequence: number) => {
      const found = callLog.find(sequence);
      return found && serializeCall(found);
    },
    /** The exchanges that fit, newest first; no more are read than are needed. */
    recentCalls: (
      fits: (exchange: ControlSchemas["ApiCall"]) => boolean,
      limit: number,
      before = Number.MAX_SAFE_INTEGER,
    ) => {
      const { oldest, newest } = callLog.range();
      const found: ControlSchemas["ApiCall"][] = [];
      for (let sequence = Math.min(newest, before - 1); sequence >= oldest && found.length < limit; sequence--) {
        const exchange = callLog.find(sequence);
        const view = exchange && serializeCall(exchange);
        if (view && fits(view)) found.push(view);
      }
      return found;
    },
    /** Everything about one ID of a client. `undefined` where nothing is known of it. */
    history: async (vaultingRequestId: string, clientId: string): Promise<VaultingHistory | undefined> => {
      const vaultingCount = await vaultings.find({ clientId, vaultingRequestId });
      const exchanges = callLog
        .list({ limit: Number.MAX_SAFE_INTEGER, after: 0 })
        .filter((each) => each.clientId === clientId && each.vaultingRequestId === vaultingRequestId)
        .map(serializeCall);
      if (!vaultingCount && exchanges.length === 0) return undefined;
      return {
        vaulting: vaultingCount && { view: serializeVaulting(vaultingCount, links), stored: vaultingCount },
        calls: exchanges,
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
