/** Queries that the dashboard needs and the control API does not provide. */
import type { ControlSchemas as Schemas } from "../../control-api/control-schemas.ts";
import type { CallLog } from "../call-log/call-log.ts";
import type { Store } from "../store/store.ts";
import type { SearchOptions } from "../store/vaulting-search.ts";
import type { Links } from "../vaulting/responses.ts";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { serializeCall, serializeVaulting } from "./serializers.ts";

/** A vaulting with its API calls and its notification. `vaulting` is `undefined` if every call was rejected. */
export interface VaultingHistory {
  readonly vaulting:
    | {
        /** The vaulting as the control API returns it. */
        readonly view: Schemas["Vaulting"];
        /** The stored vaulting, which has more fields. */
        readonly stored: Vaulting;
      }
    | undefined;
  /** The calls with this ID that are still in the call log, oldest first. */
  readonly calls: readonly Schemas["ApiCall"][];
  /** The number of calls that are omitted from the middle of a long list. */
  readonly omittedCalls: number;
  readonly notification: Schemas["Notification"] | undefined;
}

/** The number of calls in a slice. Reading a slice takes about 2 ms. Other requests can run between slices. */
const SLICE_SIZE = 500;

export function createDashboardQueries(
  { store: { vaultings }, callLog, links }: { readonly store: Store; readonly callLog: CallLog; readonly links: Links },
  notification: (vaultingRequestId: string, clientId: string) => Promise<Schemas["Notification"] | undefined>,
) {
  let lastCount = { newest: -1, count: 0 };

  /** Reads the calls before a sequence number in slices, newest first. */
  async function* readCalls(before = Number.MAX_SAFE_INTEGER) {
    for (let end: number | undefined = before; end !== undefined; ) {
      const calls: readonly Schemas["ApiCall"][] = (await callLog.listBefore(end, SLICE_SIZE)).map(serializeCall);
      yield calls;
      end = calls.length < SLICE_SIZE ? undefined : calls.at(-1)?.sequence;
    }
  }

  return {
    /** Finds vaultings that match the search, newest first. To get the next page, pass `next` as `before`. */
    searchVaultings: async (request: SearchOptions) => {
      const { found, next } = await vaultings.search(request);
      return { vaultings: found.map((row) => serializeVaulting(row, links)), next };
    },
    /** Returns up to `limit` vaultings with this ID, newest first. Unlike a search, finds vaultings of any age. */
    listVaultingsById: async (vaultingRequestId: string, options: Pick<SearchOptions, "clientId" | "limit">) =>
      (await vaultings.listById(vaultingRequestId, options)).map((row) => serializeVaulting(row, links)),
    /** Counts matching vaultings by status. */
    countVaultings: vaultings.countMatches,
    findCall: async (sequence: number) => {
      const call = await callLog.find(sequence);
      return call && serializeCall(call);
    },
    /** Returns at most `limit` matching calls whose sequence number is less than `before`, newest first. */
    recentCalls: async (
      matches: (call: Schemas["ApiCall"]) => boolean,
      limit: number,
      before?: number,
    ): Promise<readonly Schemas["ApiCall"][]> => {
      const found: Schemas["ApiCall"][] = [];
      for await (const calls of readCalls(before)) {
        found.push(...calls.filter(matches));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
    /**
     * Counts the newest calls by the kind that `classify` returns, until at least `limit` calls have been read. `isComplete` is false if there might
     * be more calls.
     */
    countCalls: async (classify: (call: Schemas["ApiCall"]) => string | undefined, limit = Number.MAX_SAFE_INTEGER) => {
      const counts = new Map<string, number>();
      let read = 0;
      for await (const calls of readCalls()) {
        for (const kind of calls.map(classify)) if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        read += calls.length;
        if (read >= limit) return { counts, isComplete: false };
      }
      return { counts, isComplete: true };
    },
    /** Returns the history of a client's vaultingRequestId, or `undefined` if the ID is unknown. */
    history: async (vaultingRequestId: string, clientId: string): Promise<VaultingHistory | undefined> => {
      const stored = await vaultings.find({ clientId, vaultingRequestId });
      const { calls, omitted } = await callLog.listByVaulting({ clientId, vaultingRequestId });
      if (!stored && calls.length === 0) return undefined;
      return {
        vaulting: stored && { view: serializeVaulting(stored, links), stored },
        calls: calls.map(serializeCall),
        omittedCalls: omitted,
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
