/** Searches the stored vaultings, in slices that do not block other queries for long. */
import type { VaultingStatus } from "../vaulting/state-machine.ts";
import type { Engine } from "./database-engine.ts";
import type { Queries } from "./queries.ts";
import { type StoredVaulting, vaultingFromRow } from "./vaulting-rows.ts";

/** The filters and the limit for a list of vaultings. */
export interface VaultingListOptions {
  /** Selects only vaultings of this client. Default: all clients. */
  readonly clientId?: string | undefined;
  /** Selects only vaultings with this status. */
  readonly status?: VaultingStatus | undefined;
  /** The maximum number of vaultings. Default in `vaultings.list`: 100. */
  readonly limit: number;
  /** Selects only vaultings with a smaller sequence number. */
  readonly before?: number | undefined;
}

export interface SearchOptions extends VaultingListOptions {
  /** The text to find: part of the ID, client ID, status, result code, or brand; the end of the token; or the last digits of the card number. */
  readonly text: string;
}

export function createVaultingSearch(engine: Engine, queries: Queries) {
  /** Returns the sequence number of the newest vaulting, or 0. */
  const getNewestSequence = async () => Number((await engine.read(queries.vaultingGetNewest({})))[0]?.seq ?? 0);

  /**
   * Searches the newest vaultings first. `next` is the `before` option of the next search, or `undefined` if no vaultings remain. Reads up to
   * 100,000 vaultings per call.
   */
  async function search({ text, clientId, status, limit, before }: SearchOptions) {
    const found: StoredVaulting[] = [];
    const filter = { clientId: clientId ?? null, status: status ?? null, ...toLikePatterns(text) };
    let end = Math.min(before ?? Number.MAX_SAFE_INTEGER, (await getNewestSequence()) + 1);
    for (let slice = 0; slice < MAX_SLICES && end > 1 && found.length < limit; slice++) {
      // Lets waiting calls run between two slices.
      if (slice > 0) await new Promise((resolve) => setImmediate(resolve));
      const from = Math.max(1, end - SLICE_SIZE);
      const query = queries.vaultingSearch({ ...filter, before: end, from, limit: limit - found.length });
      found.push(...(await engine.read(query)).map(vaultingFromRow));
      end = from;
    }
    const next = found.length < limit ? end : (found.at(-1)?.seq ?? 1);
    return { found, next: next > 1 ? next : undefined };
  }

  /** Counts the matches with each status among the newest vaultings. `isComplete` is false if there are more vaultings than this function reads. */
  async function countMatches({ text, clientId }: Pick<SearchOptions, "text" | "clientId">) {
    const filter = { clientId: clientId ?? null, ...toLikePatterns(text) };
    const counts = new Map<string, number>();
    let end = (await getNewestSequence()) + 1;
    for (let slice = 0; slice < COUNTED_SLICES && end > 1; slice++) {
      if (slice > 0) await new Promise((resolve) => setImmediate(resolve));
      const from = Math.max(1, end - SLICE_SIZE);
      for (const { status, count } of await engine.read(
        queries.vaultingCountByStatus({ ...filter, before: end, from }),
      ))
        counts.set(status, (counts.get(status) ?? 0) + Number(count));
      end = from;
    }
    return { counts, isComplete: end <= 1 };
  }

  return {
    search,
    countMatches,
    /** Lists the vaultings with this ID, at most one per client, newest first. */
    listById: async (vaultingRequestId: string, { clientId, limit }: Pick<SearchOptions, "clientId" | "limit">) => {
      const query = queries.vaultingListById({ vaultingRequestId, clientId: clientId ?? null, limit });
      return (await engine.read(query)).map(vaultingFromRow);
    },
    getNewestSequence,
  };
}

/**
 * The number of vaultings per query, and the number of queries per search and per count. SQLite needs about 2 ms for 5,000 rows, and blocks
 * other queries during that time.
 */
const SLICE_SIZE = 5_000;
const MAX_SLICES = 20;
const COUNTED_SLICES = 4;

/** Returns the LIKE patterns of a search. `none` matches no token and no card. */
function toLikePatterns(text: string) {
  const escaped = text.replace(/[\\%_]/g, (character) => `\\${character}`);
  const none = "-";
  return {
    textLike: `%${escaped}%`,
    tokenLike: text === "" ? none : `%${escaped}`,
    cardLike: /^\d{1,4}$/.test(text) ? `%${escaped}` : none,
  };
}
