/** Queries that the dashboard needs beyond the control API. */
import type { ControlSchemas as Schemas } from "../../control-api/control-schemas.ts";
import type { CallLog } from "../call-log/call-log.ts";
import type { Store } from "../store/store.ts";
import type { SearchOptions } from "../store/vaultings.ts";
import type { Links } from "../vaulting/responses.ts";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { serializeCall, serializeVaulting } from "./serializers.ts";

/** A vaulting with its API calls and its notification. `vaulting` is `undefined` if every call was rejected. */
export interface VaultingHistory {
  readonly vaulting:
    | {
        /** The vaulting as the control API returns it. */
        readonly view: Schemas["Vaulting"];
        /** The stored row, which has more fields. */
        readonly stored: Vaulting;
      }
    | undefined;
  /** The calls with this ID that are still in the call log, oldest first. */
  readonly calls: readonly Schemas["ApiCall"][];
  readonly notification: Schemas["Notification"] | undefined;
}

export function createDashboardQueries(
  { store: { vaultings }, callLog, links }: { readonly store: Store; readonly callLog: CallLog; readonly links: Links },
  notification: (vaultingRequestId: string, clientId: string) => Promise<Schemas["Notification"] | undefined>,
) {
  let lastCount = { newest: -1, count: 0 };

  return {
    /** Finds vaultings by part of their ID, the end of their token, or the last digits of their card, newest first. To get the next page, pass `next` as `before`. */
    searchVaultings: async (request: SearchOptions) => {
      const { found, next } = await vaultings.search(request);
      return { vaultings: found.map((row) => serializeVaulting(row, links)), next };
    },
    findCall: (sequence: number) => {
      const call = callLog.find(sequence);
      return call && serializeCall(call);
    },
    /** Returns at most `limit` matching calls whose sequence number is less than `before`, newest first. */
    recentCalls: (
      matches: (call: Schemas["ApiCall"]) => boolean,
      limit: number,
      before = Number.MAX_SAFE_INTEGER,
    ): readonly Schemas["ApiCall"][] => {
      const { oldest, newest } = callLog.range();
      const found: Schemas["ApiCall"][] = [];
      for (let sequence = Math.min(newest, before - 1); sequence >= oldest && found.length < limit; sequence--) {
        const logged = callLog.find(sequence);
        const call = logged && serializeCall(logged);
        if (call && matches(call)) found.push(call);
      }
      return found;
    },
    /** Returns the history of a client's vaulting ID, or `undefined` if the ID is unknown. */
    history: async (vaultingRequestId: string, clientId: string): Promise<VaultingHistory | undefined> => {
      const stored = await vaultings.find({ clientId, vaultingRequestId });
      const calls = callLog
        .list({ limit: Number.MAX_SAFE_INTEGER, after: 0 })
        .filter((call) => call.clientId === clientId && call.vaultingRequestId === vaultingRequestId)
        .map(serializeCall);
      if (!stored && calls.length === 0) return undefined;
      return {
        vaulting: stored && { view: serializeVaulting(stored, links), stored },
        calls,
        notification: await notification(vaultingRequestId, clientId),
      };
    },
    vaultingCount: async () => {
      // Counting many rows is slow. The count changes only if the newest row does, because only a reset deletes rows.
      const newest = await vaultings.getNewestSequence();
      if (newest !== lastCount.newest) lastCount = { newest, count: await vaultings.count() };
      return lastCount.count;
    },
  };
}
