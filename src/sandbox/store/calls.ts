/** The stored API calls. */
import type { Engine, Transaction } from "./database-engine.ts";
import type { Queries } from "./queries.ts";
import type { CallRow, VaultingId } from "./rows.ts";

export type NewCall = Omit<CallRow, "seq" | "position" | "loggedAt">;

export type Calls = Readonly<ReturnType<typeof createCalls>>;

/** The limits of the stored calls. If a limit is exceeded, the oldest calls are deleted. */
export interface CallLimits {
  readonly count: number;
  /** The total length of the paths, requests, and responses, in characters. */
  readonly characters: number;
  /** The maximum age in milliseconds, on the system clock. */
  readonly ageMs: number;
}

export const CALL_LIMITS: CallLimits = { count: 10_000, characters: 64 * 1024 * 1024, ageMs: 7 * 86_400_000 };

/** The name of the setting that stores the number of the last call, so that numbers are never reused. */
const NUMBER_SETTING = "lastCallNumber";

export function createCalls(engine: Engine, queries: Queries, limits = CALL_LIMITS) {
  const getNewestNumber = async () =>
    Number((await engine.read(queries.settingGet({ name: NUMBER_SETTING })))[0]?.value ?? 0);

  /** Returns the end of the log: the number of the newest call, and the position after it. */
  async function readEnd(tx: Transaction) {
    const [newest] = await tx.all(queries.callListBefore({ before: Number.MAX_SAFE_INTEGER, limit: 1 }));
    return newest ? { seq: newest.seq, position: newest.position + getLength(newest) } : { seq: 0, position: 0 };
  }

  /** Deletes up to `limit` calls that exceed the limits. Returns the number of deleted calls. */
  async function pruneBefore(tx: Transaction, end: Awaited<ReturnType<typeof readEnd>>, now: number, limit: number) {
    const position = end.position - limits.characters;
    const bounds = { seq: end.seq - limits.count, position, loggedAt: now - limits.ageMs };
    const prune = async (count: number) => (await tx.all(queries.callPrune({ ...bounds, limit: count }))).length;
    // Usually, no call exceeds the limits, so check only the oldest call first.
    return (await prune(1)) === 0 ? 0 : 1 + (await prune(limit - 1));
  }

  return {
    /**
     * Stores calls in a separate transaction, which also deletes up to `calls.length + 1` old calls. Numbers the calls consecutively.
     * Returns the first number, and whether more calls might exceed the limits.
     */
    append: (calls: readonly NewCall[], now: number): Promise<{ readonly first: number; readonly isFull: boolean }> =>
      engine.transact(
        async (tx) => {
          // This update locks the row until the commit, so processes that share the database number calls in the order of their commits.
          const [counter] = await tx.all(queries.settingIncrease({ name: NUMBER_SETTING, count: calls.length }));
          const first = Number(counter?.value) - calls.length + 1;
          let { position } = await readEnd(tx);
          for (const [index, call] of calls.entries()) {
            await tx.all(queries.callInsert({ ...call, seq: first + index, position, loggedAt: now }));
            position += getLength(call);
          }
          const limit = calls.length + 1;
          const deleted = await pruneBefore(tx, { seq: first + calls.length - 1, position }, now, limit);
          return { first, isFull: deleted === limit };
        },
        { alone: true },
      ),
    /** Deletes up to `limit` calls that exceed the limits. Returns the number of deleted calls. */
    prune: (now: number, limit: number): Promise<number> =>
      engine.transact(async (tx) => pruneBefore(tx, await readEnd(tx), now, limit), { alone: true }),
    /** Replaces the explanation of a rejected signature. */
    explain: async (explained: Pick<CallRow, "seq" | "note" | "rejectedSignature">): Promise<void> => {
      await engine.transact((tx) => tx.all(queries.callExplain(explained)), { alone: true });
    },
    find: async (seq: number) => (await engine.read(queries.callFind({ seq })))[0],
    /** Returns the numbers of the oldest and the newest call. If there are no calls, `newest` is less than `oldest`. */
    range: async () => {
      const newest = await getNewestNumber();
      const [row] = await engine.read(queries.callGetOldest({}));
      return { oldest: row?.seq ?? newest + 1, newest };
    },
    /** Lists calls after a number, oldest first. */
    listAfter: (after: number, limit: number) => engine.read(queries.callListAfter({ after, limit })),
    /** Lists calls before a number, newest first. */
    listBefore: (before: number, limit: number) => engine.read(queries.callListBefore({ before, limit })),
    /** Lists the calls of a vaulting, oldest first. If there are more than `limit` calls, omits those in the middle. */
    listByVaulting: async (vaulting: VaultingId, limit: number) => {
      const numbers = (await engine.read(queries.callListNumbers(vaulting))).map(({ seq }) => seq);
      const omitted = Math.max(0, numbers.length - limit);
      const bounds = { first: numbers[limit / 2 - 1] ?? Number.MAX_SAFE_INTEGER, last: numbers.at(-limit / 2) ?? 0 };
      return { calls: await engine.read(queries.callListByVaulting({ ...vaulting, ...bounds })), omitted };
    },
  };
}

/** Returns the total length of a call's path, request, and response, in characters. */
export const getLength = ({ path, request, response }: NewCall): number =>
  path.length + request.length + response.length;
