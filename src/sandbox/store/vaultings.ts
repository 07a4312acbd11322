/** The stored vaultings, with optimistic locking: read, decide, write, and retry after a conflict. */
import type { Decision } from "../vaulting/request-decisions.ts";
import { isFinal, type Vaulting, type VaultingStatus } from "../vaulting/state-machine.ts";
import type { Engine, Transaction } from "./database-engine.ts";
import type { Outbox } from "./outbox.ts";
import type { Queries } from "./queries.ts";
import type { NotificationRow, VaultingId, VaultingRow } from "./rows.ts";
import { type StoredVaulting, toVaultingRow, vaultingFromRow } from "./vaulting-rows.ts";

/** A key that identifies a vaulting. */
export type Lookup = VaultingId | { readonly challengeId: string } | { readonly cardPageId: string };

type Decide<Result> = (stored: StoredVaulting | undefined) => Decision<Result>;

/** The filters and the limit for a list of vaultings. */
export interface VaultingListOptions {
  /** Returns only vaultings of this client. Default: all clients. */
  readonly clientId?: string | undefined;
  /** Returns only vaultings with this status. */
  readonly status?: VaultingStatus | undefined;
  /** The maximum number of vaultings. Default in the control API: 100. */
  readonly limit: number;
  /** Returns only vaultings with a smaller sequence number. */
  readonly before?: number | undefined;
}

export interface SearchOptions extends VaultingListOptions {
  /** Part of the ID, the end of the token, or the last digits of the card. */
  readonly text: string;
}

export interface StoreCallbacks {
  /** Called when a final vaulting and its notification are durable. */
  readonly onFinal: () => void;
  /** Called when a new or changed vaulting is durable. */
  readonly onVaulting?: (vaulting: VaultingId) => void;
  /** Called when a delivery attempt or a request to resend is durable. */
  readonly onNotification?: (notification: NotificationRow) => void;
  /** Returns the time on the sandbox's clock. */
  readonly now: () => number;
}

export type Vaultings = Readonly<ReturnType<typeof createVaultings>>;

export function createVaultings(
  engine: Engine,
  queries: Queries,
  outbox: Outbox,
  { onFinal, onVaulting, now }: StoreCallbacks,
) {
  const toFindQuery = (lookup: Lookup) => {
    if ("challengeId" in lookup) return queries.vaultingFindByChallenge(lookup);
    if ("cardPageId" in lookup) return queries.vaultingFindByCardPage(lookup);
    return queries.vaultingFind(lookup);
  };

  /** Stores a vaulting, and its notification if it is final. Returns false if a concurrent write conflicts with it. */
  async function write(tx: Transaction, stored: StoredVaulting | undefined, vaulting: Vaulting): Promise<boolean> {
    if (stored && isFinal(stored)) throw new Error("A final vaulting cannot change.");
    const row = toVaultingRow(vaulting);
    const rows = stored
      ? await tx.all(
          queries.vaultingUpdate({ ...row, seq: stored.seq, version: stored.version, next: stored.version + 1 }),
        )
      : await tx.all(queries.vaultingInsert(row));
    if (rows.length === 0) return false;
    if (isFinal(vaulting)) await outbox.add(tx, vaulting, now());
    return true;
  }

  /** Repeats the decision until no concurrent write conflicts with it. */
  async function decideAndWrite<Result>(
    tx: Transaction,
    lookup: Lookup,
    decide: Decide<Result>,
  ): Promise<Decision<Result>> {
    for (;;) {
      const stored = toVaulting(await tx.all(toFindQuery(lookup)));
      const decision = decide(stored);
      if (!decision.vaulting || (await write(tx, stored, decision.vaulting))) return decision;
    }
  }

  async function runDecision<Result>(work: (tx: Transaction) => Promise<Decision<Result>>): Promise<Result> {
    const { response, vaulting } = await engine.transact(work);
    if (!vaulting) return response;
    onVaulting?.(vaulting);
    if (isFinal(vaulting)) onFinal();
    return response;
  }

  /** Returns the sequence number of the newest vaulting, or 0. */
  const getNewestSequence = async () => Number((await engine.read(queries.vaultingGetNewest({})))[0]?.seq ?? 0);

  /**
   * Searches the newest vaultings first, up to 100,000 per call, so that other calls do not wait long. `next` is the `before` option of the
   * next search, or `undefined` after the last one.
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

  return {
    /**
     * Stores the vaulting that `decide` returns, with its notification if it is final, in one transaction. `decide` runs again after a
     * conflict, so it must not have side effects.
     */
    update: <Result>(lookup: Lookup, decide: Decide<Result>): Promise<Result> =>
      runDecision((tx) => decideAndWrite(tx, lookup, decide)),
    /** Like `update`, but first tries to insert, which saves one of three queries if the ID is new. */
    create: <Result>(id: VaultingId, decide: Decide<Result>): Promise<Result> =>
      runDecision(async (tx) => {
        const { response, vaulting } = decide(undefined);
        if (vaulting && (await write(tx, undefined, vaulting))) return { response, vaulting };
        return decideAndWrite(tx, id, decide);
      }),
    find: async (lookup: Lookup) => toVaulting(await engine.read(toFindQuery(lookup))),
    /** Lists the newest vaultings first. */
    list: async ({ clientId, status, limit, before = Number.MAX_SAFE_INTEGER }: VaultingListOptions) => {
      const query = queries.vaultingList({ clientId: clientId ?? null, status: status ?? null, before, limit });
      return (await engine.read(query)).map(vaultingFromRow);
    },
    search,
    getNewestSequence,
    /** Lists up to 100 vaultings in progress that expired by `time`. */
    listExpired: (time: number): Promise<readonly VaultingId[]> => engine.read(queries.vaultingListExpired({ time })),
    count: async () => Number((await engine.read(queries.vaultingCount({})))[0]?.count ?? 0),
  };
}

const toVaulting = ([row]: readonly VaultingRow[]): StoredVaulting | undefined => row && vaultingFromRow(row);

/** The number of vaultings per query, and the number of queries per search. SQLite needs about 8 ms for 25,000 rows, and blocks other queries during that time. */
const SLICE_SIZE = 25_000;
const MAX_SLICES = 4;

/** Returns the LIKE patterns of a search. `none` matches no token and no card. */
function toLikePatterns(text: string) {
  const escaped = text.replace(/[\\%_]/g, (character) => `\\${character}`);
  const none = "-";
  return {
    idLike: `%${escaped}%`,
    tokenLike: text === "" ? none : `%${escaped}`,
    cardLike: /^\d{1,4}$/.test(text) ? `%${escaped}` : none,
  };
}
