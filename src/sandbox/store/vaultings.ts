/** The stored vaultings, with optimistic locking: read, decide, write, and retry after a conflict. */
import type { Decision } from "../vaulting/request-decisions.ts";
import { isFinal, type Vaulting } from "../vaulting/state-machine.ts";
import type { Engine, Transaction } from "./database-engine.ts";
import type { Outbox } from "./outbox.ts";
import type { Queries } from "./queries.ts";
import type { NotificationRow, VaultingId, VaultingRow } from "./rows.ts";
import { type StoredVaulting, toVaultingRow, vaultingFromRow } from "./vaulting-rows.ts";
import { createVaultingSearch, type VaultingListOptions } from "./vaulting-search.ts";

/** A key that identifies a vaulting. */
export type Lookup = VaultingId | { readonly challengeId: string } | { readonly cardPageId: string };

type Decide<Result> = (stored: StoredVaulting | undefined) => Decision<Result>;

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

  /** Stores a vaulting and, if it is final, its notification. Returns false if a concurrent write conflicts with this write. */
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

  return {
    /**
     * Stores the vaulting that `decide` returns, with its notification if it is final, in one transaction. `decide` runs again after a
     * conflict, so it must not have side effects.
     */
    update: <Result>(lookup: Lookup, decide: Decide<Result>): Promise<Result> =>
      runDecision((tx) => decideAndWrite(tx, lookup, decide)),
    /** Like `update`, but first tries to insert, which saves a query if the ID is new. */
    create: <Result>(id: VaultingId, decide: Decide<Result>): Promise<Result> =>
      runDecision(async (tx) => {
        const { response, vaulting } = decide(undefined);
        if (vaulting && (await write(tx, undefined, vaulting))) return { response, vaulting };
        return decideAndWrite(tx, id, decide);
      }),
    find: async (lookup: Lookup) => toVaulting(await engine.read(toFindQuery(lookup))),
    /** Lists vaultings, newest first. */
    list: async ({ clientId, status, limit, before = Number.MAX_SAFE_INTEGER }: VaultingListOptions) => {
      const query = queries.vaultingList({ clientId: clientId ?? null, status: status ?? null, before, limit });
      return (await engine.read(query)).map(vaultingFromRow);
    },
    ...createVaultingSearch(engine, queries),
    /** Lists up to 100 vaultings in progress that expire at or before `time`. */
    listExpired: (time: number): Promise<readonly VaultingId[]> => engine.read(queries.vaultingListExpired({ time })),
    count: async () => Number((await engine.read(queries.vaultingCount({})))[0]?.count ?? 0),
  };
}

const toVaulting = ([row]: readonly VaultingRow[]): StoredVaulting | undefined => row && vaultingFromRow(row);
