/** The stored vaultings, and how one changes: read, decide, write if nobody else did meanwhile, else again. */
import { isFinal, type Vaulting, type VaultingStatus } from "../vaulting/vaulting.ts";
import type { Engine, Transaction } from "./engine.ts";
import type { Outbox } from "./outbox.ts";
import type { Queries } from "./queries.ts";
import type { VaultingRow } from "./schema.ts";

export interface VaultingId {
  readonly clientId: string;
  readonly vaultingRequestId: string;
}

/** By what a vaulting is found. */
export type Lookup = VaultingId | { readonly challengeId: string } | { readonly cardPageId: string };

export interface Decision<Answer> {
  readonly answer: Answer;
  /** The vaulting as it is to be from now on; left out where nothing changes. */
  readonly vaulting?: Vaulting;
}

type Decide<Answer> = (stored: VaultingRow | undefined) => Decision<Answer>;

export interface ListOptions {
  readonly clientId?: string | undefined;
  readonly status?: VaultingStatus | undefined;
  readonly limit: number;
  /** Only those with a smaller sequence number. */
  readonly before?: number | undefined;
}

export interface Vaultings {
  /**
   * Lets `decide` look at a vaulting and say what becomes of it, in one transaction with the notification that a final result brings.
   * `decide` may be asked again where another process was faster, so it must do nothing but decide.
   */
  readonly change: <Answer>(lookup: Lookup, decide: Decide<Answer>) => Promise<Answer>;
  /**
   * As `change`, for an ID that is most likely new: it is decided as if it were, and looked for only where it is not, or where nothing comes
   * of it. That saves one query of three.
   */
  readonly begin: <Answer>(id: VaultingId, decide: Decide<Answer>) => Promise<Answer>;
  readonly find: (lookup: Lookup) => Promise<VaultingRow | undefined>;
  /** Newest first. */
  readonly list: (options: ListOptions) => Promise<readonly VaultingRow[]>;
  /** Some of those that have ended by the time `now`, and are not recorded so yet. */
  readonly expired: (now: number) => Promise<readonly VaultingRow[]>;
  readonly count: () => Promise<number>;
}

export function createVaultings(
  engine: Engine,
  queries: Queries,
  outbox: Outbox,
  { onFinal, now }: { readonly onFinal: () => void; readonly now: () => number },
): Vaultings {
  const byLookup = (lookup: Lookup) => {
    if ("challengeId" in lookup) return queries.vaultingByChallenge(lookup);
    if ("cardPageId" in lookup) return queries.vaultingByCardPage(lookup);
    return queries.vaultingById(lookup);
  };

  /** False where another was faster. */
  async function write(tx: Transaction, stored: VaultingRow | undefined, vaulting: Vaulting): Promise<boolean> {
    if (stored && isFinal(stored)) throw new Error("A final result was to be changed.");
    const rows = stored
      ? await tx.all(
          queries.vaultingUpdate({ ...vaulting, seq: stored.seq, version: stored.version, next: stored.version + 1 }),
        )
      : await tx.all(queries.vaultingInsert(vaulting));
    if (rows.length === 0) return false;
    if (isFinal(vaulting)) await outbox.put(tx, vaulting, now());
    return true;
  }

  /** Lets it be decided, until what was looked at is still what is there. */
  async function settle<Answer>(tx: Transaction, lookup: Lookup, decide: Decide<Answer>): Promise<Decision<Answer>> {
    for (;;) {
      const [stored] = await tx.all(byLookup(lookup));
      const decision = decide(stored);
      if (!decision.vaulting || (await write(tx, stored, decision.vaulting))) return decision;
    }
  }

  async function decided<Answer>(work: (tx: Transaction) => Promise<Decision<Answer>>): Promise<Answer> {
    const { answer, vaulting } = await engine.transact(work);
    if (vaulting && isFinal(vaulting)) onFinal();
    return answer;
  }

  return {
    change: (lookup, decide) => decided((tx) => settle(tx, lookup, decide)),
    begin: (id, decide) =>
      decided(async (tx) => {
        const { answer, vaulting } = decide(undefined);
        if (vaulting && (await write(tx, undefined, vaulting))) return { answer, vaulting };
        return settle(tx, id, decide);
      }),
    find: async (lookup) => (await engine.read(byLookup(lookup)))[0],
    list: ({ clientId = null, status = null, limit, before = Number.MAX_SAFE_INTEGER }) =>
      engine.read(queries.vaultingList({ clientId, status, before, limit })),
    expired: (time) => engine.read(queries.vaultingExpired({ time })),
    count: async () => Number((await engine.read(queries.vaultingCount({})))[0]?.count ?? 0),
  };
}
