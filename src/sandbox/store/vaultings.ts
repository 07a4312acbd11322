/** The stored vaultings, and how one changes: read, decide, write if nobody else did meanwhile, else again. */
import type { Kysely } from "kysely";
import { isFinal, type Vaulting, type VaultingStatus } from "../vaulting/vaulting.ts";
import type { Engine, Transaction } from "./engine.ts";
import type { Outbox } from "./outbox.ts";
import type { Tables, VaultingRow } from "./schema.ts";
import { statement } from "./statement.ts";

/** By what a vaulting is found. */
export type Lookup =
  | { readonly clientId: string; readonly vaultingRequestId: string }
  | { readonly challengeId: string }
  | { readonly cardPageId: string };

export interface Decision<Answer> {
  readonly answer: Answer;
  /** The vaulting as it is to be from now on; left out where nothing changes. */
  readonly vaulting?: Vaulting;
}

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
  readonly change: <Answer>(
    lookup: Lookup,
    decide: (stored: VaultingRow | undefined) => Decision<Answer>,
  ) => Promise<Answer>;
  readonly find: (lookup: Lookup) => Promise<VaultingRow | undefined>;
  /** Newest first. */
  readonly list: (options: ListOptions) => Promise<readonly VaultingRow[]>;
  /** Some of those that have ended by the time `now`, and are not recorded so yet. */
  readonly expired: (now: number) => Promise<readonly VaultingRow[]>;
  readonly count: () => Promise<number>;
}

export function createVaultings(
  engine: Engine,
  db: Kysely<Tables>,
  outbox: Outbox,
  { onFinal, now }: { readonly onFinal: () => void; readonly now: () => number },
): Vaultings {
  const queries = queriesOf(db);

  const byLookup = (lookup: Lookup) => {
    if ("challengeId" in lookup) return queries.byChallenge(lookup);
    if ("cardPageId" in lookup) return queries.byCardPage(lookup);
    return queries.byId(lookup);
  };

  /** False where another was faster. */
  async function write(tx: Transaction, stored: VaultingRow | undefined, vaulting: Vaulting): Promise<boolean> {
    if (stored && isFinal(stored)) throw new Error("A final result was to be changed.");
    const rows = stored
      ? await tx.all(
          queries.update({ ...vaulting, seq: stored.seq, version: stored.version, next: stored.version + 1 }),
        )
      : await tx.all(queries.insert(vaulting));
    if (rows.length === 0) return false;
    if (isFinal(vaulting)) await outbox.put(tx, vaulting, now());
    return true;
  }

  return {
    change: async (lookup, decide) => {
      let final = false;
      const answer = await engine.transact(async (tx) => {
        for (;;) {
          const [stored] = await tx.all(byLookup(lookup));
          const { answer, vaulting } = decide(stored);
          if (!vaulting) return answer;
          if (await write(tx, stored, vaulting)) {
            final = isFinal(vaulting);
            return answer;
          }
        }
      });
      if (final) onFinal();
      return answer;
    },
    find: async (lookup) => (await engine.read(byLookup(lookup)))[0],
    list: async ({ clientId, status, limit, before }) => {
      let query = db.selectFrom("vaulting").selectAll().orderBy("seq", "desc").limit(limit);
      if (clientId !== undefined) query = query.where("clientId", "=", clientId);
      if (status !== undefined) query = query.where("status", "=", status);
      if (before !== undefined) query = query.where("seq", "<", before);
      return engine.read(statement<object, VaultingRow>(() => query)({}));
    },
    expired: (time) => engine.read(queries.expired({ time })),
    count: async () => Number((await engine.read(queries.count({})))[0]?.count ?? 0),
  };
}

type Inserted = Omit<VaultingRow, "seq" | "version">;

function queriesOf(db: Kysely<Tables>) {
  const all = () => db.selectFrom("vaulting").selectAll();
  return {
    byId: statement<{ clientId: string; vaultingRequestId: string }, VaultingRow>((parameter) =>
      all()
        .where("clientId", "=", parameter("clientId"))
        .where("vaultingRequestId", "=", parameter("vaultingRequestId")),
    ),
    byChallenge: statement<{ challengeId: string }, VaultingRow>((parameter) =>
      all().where("challengeId", "=", parameter("challengeId")),
    ),
    byCardPage: statement<{ cardPageId: string }, VaultingRow>((parameter) =>
      all().where("cardPageId", "=", parameter("cardPageId")),
    ),
    expired: statement<{ time: number }, VaultingRow>((parameter) =>
      all().where("expiresAt", "<=", parameter("time")).orderBy("expiresAt").limit(100),
    ),
    count: statement<object, { count: number }>(() =>
      db.selectFrom("vaulting").select((each) => each.fn.countAll<number>().as("count")),
    ),
    insert: statement<Inserted, { seq: number }>((parameter) =>
      db
        .insertInto("vaulting")
        .values({
          version: 0,
          clientId: parameter("clientId"),
          vaultingRequestId: parameter("vaultingRequestId"),
          origin: parameter("origin"),
          status: parameter("status"),
          resultCode: parameter("resultCode"),
          verificationFailed: parameter("verificationFailed"),
          brand: parameter("brand"),
          maskedCardNo: parameter("maskedCardNo"),
          cardToken: parameter("cardToken"),
          notificationUrl: parameter("notificationUrl"),
          redirectUrl: parameter("redirectUrl"),
          metadata: parameter("metadata"),
          fingerprint: parameter("fingerprint"),
          cardPageId: parameter("cardPageId"),
          sessionId: parameter("sessionId"),
          sessionData: parameter("sessionData"),
          sessionExpiresAt: parameter("sessionExpiresAt"),
          sessionThreeDS: parameter("sessionThreeDS"),
          challengeId: parameter("challengeId"),
          challengeScript: parameter("challengeScript"),
          pendingVerdict: parameter("pendingVerdict"),
          endedBy: parameter("endedBy"),
          wrongCodes: parameter("wrongCodes"),
          expiresAt: parameter("expiresAt"),
          createdAt: parameter("createdAt"),
          finishedAt: parameter("finishedAt"),
        })
        .onConflict((conflict) => conflict.columns(["clientId", "vaultingRequestId"]).doNothing())
        .returning("seq"),
    ),
    // What a vaulting was asked with never changes; what became of it does.
    update: statement<VaultingRow & { next: number }, { seq: number }>((parameter) =>
      db
        .updateTable("vaulting")
        .set({
          version: parameter("next"),
          status: parameter("status"),
          resultCode: parameter("resultCode"),
          verificationFailed: parameter("verificationFailed"),
          brand: parameter("brand"),
          maskedCardNo: parameter("maskedCardNo"),
          cardToken: parameter("cardToken"),
          challengeId: parameter("challengeId"),
          challengeScript: parameter("challengeScript"),
          pendingVerdict: parameter("pendingVerdict"),
          endedBy: parameter("endedBy"),
          wrongCodes: parameter("wrongCodes"),
          expiresAt: parameter("expiresAt"),
          finishedAt: parameter("finishedAt"),
        })
        .where("seq", "=", parameter("seq"))
        .where("version", "=", parameter("version"))
        .where("status", "=", "PROCESSING")
        .returning("seq"),
    ),
  };
}
