/** The stored API calls. */
import type { Engine } from "./database-engine.ts";
import type { Queries } from "./queries.ts";
import type { CallRow, VaultingId } from "./rows.ts";

export type NewCall = Omit<CallRow, "seq" | "position" | "loggedAt">;

export type Calls = Readonly<ReturnType<typeof createCalls>>;

/** The limits of the stored calls. The oldest calls are deleted. */
export interface CallLimits {
  readonly count: number;
  /** The total length of the texts, in characters. */
  readonly characters: number;
  /** The maximum age on the system clock. */
  readonly ageMs: number;
}

export const CALL_LIMITS: CallLimits = { count: 10_000, characters: 64 * 1024 * 1024, ageMs: 7 * 86_400_000 };

/** The name of the setting that stores the number of the last call, so that numbers are never reused. */
const NUMBER_SETTING = "lastCallNumber";

export function createCalls(engine: Engine, queries: Queries, limits = CALL_LIMITS) {
  const getNewestNumber = async () =>
    Number((await engine.read(queries.settingGet({ name: NUMBER_SETTING })))[0]?.value ?? 0);

  const bindPrune = (end: Pick<CallRow, "seq" | "position">, now: number, limit: number) =>
    queries.callPrune({
      seq: end.seq - limits.count,
      position: end.position - limits.characters,
      loggedAt: now - limits.ageMs,
      limit,
    });

  return {
    /**
     * Stores calls, and deletes up to twice as many old ones, in a separate transaction. Returns the number of the first call. The numbers
     * of the calls are consecutive.
     */
    append: (calls: readonly NewCall[], now: number): Promise<number> =>
      engine.transact(
        async (tx) => {
          // This update locks the row until the commit, so processes with the same database number calls in the order of their commits.
          const [counter] = await tx.all(queries.settingIncrease({ name: NUMBER_SETTING, count: calls.length }));
          const last = Number(counter?.value);
          const [newest] = await tx.all(queries.callListBefore({ before: Number.MAX_SAFE_INTEGER, limit: 1 }));
          let seq = last - calls.length;
          let position = newest ? newest.position + getLength(newest) : 0;
          for (const call of calls) {
            seq += 1;
            await tx.all(queries.callInsert({ ...call, seq, position, loggedAt: now }));
            position += getLength(call);
          }
          await tx.all(bindPrune({ seq, position }, now, 2 * calls.length));
          return last - calls.length + 1;
        },
        { alone: true },
      ),
    /** Deletes up to `limit` calls that are too old. Returns how many it deleted. */
    prune: async (now: number, limit: number): Promise<number> =>
      (await engine.transact((tx) => tx.all(bindPrune({ seq: 0, position: 0 }, now, limit)), { alone: true })).length,
    setNote: async (seq: number, note: string): Promise<void> => {
      await engine.transact((tx) => tx.all(queries.callSetNote({ seq, note })));
    },
    find: async (seq: number) => (await engine.read(queries.callFind({ seq })))[0],
    /** Returns the numbers of the oldest and the newest call. Without calls, `newest` is less than `oldest`. */
    range: async () => {
      const newest = await getNewestNumber();
      const [row] = await engine.read(queries.callGetOldest({}));
      return { oldest: row?.seq ?? newest + 1, newest };
    },
    /** Lists calls after a number, oldest first. */
    listAfter: (after: number, limit: number) => engine.read(queries.callListAfter({ after, limit })),
    /** Lists calls before a number, newest first. */
    listBefore: (before: number, limit: number) => engine.read(queries.callListBefore({ before, limit })),
    /** Lists the calls of a vaulting, oldest first. If there are more than `limit`, omits those in the middle. */
    listByVaulting: async (vaulting: VaultingId, limit: number) => {
      const numbers = (await engine.read(queries.callListNumbers(vaulting))).map(({ seq }) => seq);
      const omitted = Math.max(0, numbers.length - limit);
      const bounds = { first: numbers[limit / 2 - 1] ?? Number.MAX_SAFE_INTEGER, last: numbers.at(-limit / 2) ?? 0 };
      return { calls: await engine.read(queries.callListByVaulting({ ...vaulting, ...bounds })), omitted };
    },
  };
}

/** Returns the length of the texts of a call. */
export const getLength = ({ path, request, response }: NewCall): number =>
  path.length + request.length + response.length;
