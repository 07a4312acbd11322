/** The stored vaultings, and how one changes: read, decide, write if nobody else did meanwhile, else again. */
import { isFinal, type Vaulting, type VaultingStatus } from "../vaulting/state-machine.ts";
import type { Engine, Transaction } from "./database-engine.ts";
import type { Outbox } from "./outbox.ts";
import type { Queries } from "./queries.ts";
import type { NotificationRow, VaultingId, VaultingRow } from "./rows.ts";
import { type StoredVaulting, toVaultingRow, vaultingFromRow } from "./vaulting-rows.ts";

/** By what a vaulting is found. */
export type Lookup = VaultingId | { readonly challengeId: string } | { readonly cardPageId: string };

export interface Decision<Answer> {
  readonly response: Answer;
  /** The vaulting as it is to be from now on; left out where nothing changes. */
  readonly vaulting?: Vaulting;
}

type Decide<Answer> = (stored: StoredVaulting | undefined) => Decision<Answer>;

export interface ListOptions {
  readonly clientId?: string | undefined;
  readonly status?: VaultingStatus | undefined;
  readonly limit: number;
  /** Only those with a smaller sequence number. */
  readonly before?: number | undefined;
}

/** What a search asks for: {@link ListOptions}, and a text. */
export interface SearchOptions extends ListOptions {
  /** A part of the ID, the end of the token or the last digits of the card. */
  readonly text: string;
}

/** What the store tells while it works. */
export interface StoreCallbacks {
  /** A vaulting is final, and a notification is to be sent. */
  readonly onFinal: () => void;
  /** A vaulting was begun or changed, and that is durable. */
  readonly onVaulting?: (vaulting: VaultingId) => void;
  /** A notification was tried, or is to be sent again, and that is durable. */
  readonly onNotification?: (notification: NotificationRow) => void;
  /** The sandbox's clock. */
  readonly now: () => number;
}

export type Vaultings = Readonly<ReturnType<typeof createVaultings>>;

export function createVaultings(
  engine: Engine,
  queries: Queries,
  outbox: Outbox,
  { onFinal, onVaulting, now }: StoreCallbacks,
) {
  const byLookup = (lookup: Lookup) => {
    if ("challengeId" in lookup) return queries.vaultingFindByChallenge(lookup);
    if ("cardPageId" in lookup) return queries.vaultingFindByCardPage(lookup);
    return queries.vaultingFind(lookup);
  };

  /** False where another was faster. */
  async function write(tx: Transaction, stored: StoredVaulting | undefined, vaulting: Vaulting): Promise<boolean> {
    if (stored && isFinal(stored)) throw new Error("A final result was to be changed.");
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

  /** Lets it be decided, until what was looked at is still what is there. */
  async function decideAndWrite<Answer>(
    tx: Transaction,
    lookup: Lookup,
    decide: Decide<Answer>,
  ): Promise<Decision<Answer>> {
    for (;;) {
      const stored = toVaulting(await tx.all(byLookup(lookup)));
      const decision = decide(stored);
      if (!decision.vaulting || (await write(tx, stored, decision.vaulting))) return decision;
    }
  }

  async function runDecision<Answer>(work: (tx: Transaction) => Promise<Decision<Answer>>): Promise<Answer> {
    const { response, vaulting } = await engine.transact(work);
    if (!vaulting) return response;
    onVaulting?.(vaulting);
    if (isFinal(vaulting)) onFinal();
    return response;
  }

  /** The sequence number of the newest; 0 where there is none. */
  const newest = async () => Number((await engine.read(queries.vaultingGetNewest({})))[0]?.seq ?? 0);

  /**
   * Newest first, some thousands looked at: a search that looked at all would keep every call waiting. Where it stopped before it had
   * `limit`, it can be gone on with: `next` is the `before` of the rest, and `undefined` where everything was looked at.
   */
  async function search({ text, clientId, status, limit, before }: SearchOptions) {
    const found: StoredVaulting[] = [];
    const filter = { clientId: clientId ?? null, status: status ?? null, ...toLikePatterns(text) };
    let end = Math.min(before ?? Number.MAX_SAFE_INTEGER, (await newest()) + 1);
    for (let slice = 0; slice < MAX_SLICES && end > 1 && found.length < limit; slice++) {
      // Between two slices come the calls that have been waiting.
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
     * Lets `decide` look at a vaulting and say what becomes of it, in one transaction with the notification that a final result brings.
     * `decide` may be asked again where another process was faster, so it must do nothing but decide.
     */
    update: <Answer>(lookup: Lookup, decide: Decide<Answer>): Promise<Answer> =>
      runDecision((tx) => decideAndWrite(tx, lookup, decide)),
    /**
     * As `change`, for an ID that is most likely new: it is decided as if it were, and looked for only where it is not, or where nothing comes
     * of it. That saves one query of three.
     */
    create: <Answer>(id: VaultingId, decide: Decide<Answer>): Promise<Answer> =>
      runDecision(async (tx) => {
        const { response, vaulting } = decide(undefined);
        if (vaulting && (await write(tx, undefined, vaulting))) return { response, vaulting };
        return decideAndWrite(tx, id, decide);
      }),
    find: async (lookup: Lookup) => toVaulting(await engine.read(byLookup(lookup))),
    /** Newest first. */
    list: async ({ clientId, status, limit, before = Number.MAX_SAFE_INTEGER }: ListOptions) => {
      const query = queries.vaultingList({ clientId: clientId ?? null, status: status ?? null, before, limit });
      return (await engine.read(query)).map(vaultingFromRow);
    },
    search,
    newest,
    /** Some of those that have ended by that time, and are not recorded so yet. */
    listExpired: (time: number): Promise<readonly VaultingId[]> => engine.read(queries.vaultingListExpired({ time })),
    count: async () => Number((await engine.read(queries.vaultingCount({})))[0]?.count ?? 0),
  };
}

const toVaulting = ([row]: readonly VaultingRow[]): StoredVaulting | undefined => row && vaultingFromRow(row);

/** So many vaultings are looked at in one go, and so many times: 25,000 take SQLite some 8 ms, in which it does nothing else. */
const SLICE_SIZE = 25_000;
const MAX_SLICES = 4;

/** The patterns of a search. A text that no token or card can end in is looked for in the IDs alone. */
function toLikePatterns(text: string) {
  const meant = text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
  const none = "-";
  return {
    idLike: `%${meant}%`,
    tokenLike: text === "" ? none : `%${meant}`,
    cardLike: /^\d{1,4}$/.test(text) ? `%${meant}` : none,
  };
}
