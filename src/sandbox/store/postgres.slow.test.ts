import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openTestStore, type TestStore } from "../../testing/sandbox/store.ts";
import { createProcessing, getCardToken, getVaultingKey, toSucceeded } from "../../testing/sandbox/stored-vaultings.ts";
import { startCommitProxy } from "../../testing/servers/commit-proxy.ts";
import { getPostgresSkipReason, type PostgresServer, startPostgres } from "../../testing/servers/postgres-server.ts";
import { openPostgres, type PostgresOptions } from "./postgres.ts";

const statement = (sql: string) => ({ sql, values: [] });

test("a server that is not there is named by what is wrong, and its password by nobody", async () => {
  const opening = openPostgres({ url: "postgres://user:s3cret@127.0.0.1:1/vault" });
  await expect(opening).rejects.toMatchObject({
    name: "AntomVaultError",
    code: "CONFIGURATION_INVALID",
    message: "The database cannot be used: ECONNREFUSED. Is it running, and may the user of --database connect to it?",
  });
  await expect(openPostgres({ url: "postgres://user:s3cret@[:x/vault" })).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    message: expect.not.stringContaining("s3cret"),
  });
});

describe.skipIf(getPostgresSkipReason())("on a server", () => {
  let started: PostgresServer | undefined;
  beforeAll(async () => {
    started = await startPostgres();
  }, 60_000);
  afterAll(() => started?.stop());
  const server = (): PostgresServer => {
    if (!started) throw new Error("There is no server.");
    return started;
  };

  async function opened(options: Partial<PostgresOptions> = {}): Promise<TestStore & { readonly url: string }> {
    const url = options.url ?? (await server().newDatabase());
    const store = await openTestStore(await openPostgres({ ...options, url }));
    onTestFinished(() => store.close());
    return { ...store, url };
  }
  async function put(store: TestStore, vaulting = toSucceeded(createProcessing())): Promise<string | null> {
    return store.vaultings.update(getVaultingKey(vaulting), (stored) =>
      stored ? { response: getCardToken(stored) } : { response: vaulting.cardToken, vaulting },
    );
  }
  /** What came of a call, and that it came in time. */
  async function within(ms: number, call: () => Promise<unknown>): Promise<"done" | Error> {
    const start = performance.now();
    const result = await call().then(
      () => "done" as const,
      (error: Error) => error,
    );
    expect(performance.now() - start).toBeLessThan(ms);
    return result;
  }
  const FIVE_SECONDS = 5_000;

  describe("refuses a database that may forget", () => {
    const refusal = (what: string) => ({ code: "CONFIGURATION_INVALID", message: expect.stringContaining(what) });

    test("synchronous_commit = off for the user", async () => {
      const url = new URL(await server().newDatabase());
      await server().run(["create role careless login", "alter role careless set synchronous_commit = off"]);
      url.username = "careless";
      await expect(openPostgres({ url: url.href })).rejects.toMatchObject(refusal("synchronous_commit = off"));
    });

    test("synchronous_commit = off for the database", async () => {
      const url = await server().newDatabase();
      await server().run([`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`]);
      await expect(openPostgres({ url })).rejects.toMatchObject(refusal("synchronous_commit = off"));
    });

    test("synchronous_commit = off in the address", async () => {
      const url = `${await server().newDatabase()}?options=-c%20synchronous_commit%3Doff`;
      await expect(openPostgres({ url })).rejects.toMatchObject(refusal("synchronous_commit = off"));
    });

    test("fsync = off", async () => {
      const url = await server().newDatabase();
      await server().run(["alter system set fsync = off"]);
      await server().restart();
      await expect(openPostgres({ url })).rejects.toMatchObject(refusal("fsync = off"));
      await server().run(["alter system reset fsync"]);
      await server().restart();
      await (await openPostgres({ url })).close();
    });

    test("one that cannot keep every character", async () => {
      const url = await server().newDatabase("encoding 'LATIN1' template template0");
      await expect(openPostgres({ url })).rejects.toMatchObject(refusal("encoding UTF8"));
    });
  });

  test("two processes on one database, with the same ID at once: one vaulting, one notification, one answer", async () => {
    const first = await opened();
    const second = await opened({ url: first.url });
    for (let round = 0; round < 5; round++) {
      // Each call makes a challenge of its own, as the sandbox does.
      const id = { clientId: "SANDBOX_1", vaultingRequestId: `id ${round}` };
      const calls = [first, second].flatMap((store) =>
        Array.from({ length: 40 }, () => put(store, toSucceeded(createProcessing(id)))),
      );
      const answers = new Set(await Promise.all(calls));
      expect(answers.size).toBe(1);
      expect(await second.vaultings.find(id)).toMatchObject({ cardToken: [...answers][0], version: 0 });
      expect(await first.outbox.list({ ...id, limit: 10 })).toHaveLength(1);
    }
    expect(await first.vaultings.count()).toBe(5);
    expect(first.finalCount() + second.finalCount()).toBe(5);
  });

  test("no notification is taken by two processes, and none takes more than it may, whatever the database plans", async () => {
    const url = await server().newDatabase();
    // With these the inner query of an update would be run for each row.
    const plans = ["hashjoin", "mergejoin", "hashagg", "sort", "material"];
    const name = new URL(url).pathname.slice(1);
    await server().run(plans.map((each) => `alter database ${name} set enable_${each} = off`));
    const [first, second] = [await opened({ url }), await opened({ url })];
    await Promise.all(Array.from({ length: 40 }, () => put(first)));
    const claim = { host: "127.0.0.1:9", limit: 3, now: 2 ** 52, real: 1, until: 2 };
    const claims = Array.from({ length: 20 }, (_, at) =>
      (at % 2 === 0 ? first : second).outbox.claim({ ...claim, lease: String(at) }),
    );
    const taken = (await Promise.all(claims)).map((rows) => rows.map(({ seq }) => seq));
    expect(Math.max(...taken.map((seqs) => seqs.length))).toBe(3);
    expect(new Set(taken.flat()).size).toBe(taken.flat().length);
  });

  describe("what the database gives up is done again", () => {
    test("a serialization failure", async () => {
      const store = await opened();
      await store.settings.set("count", "0");
      let tries = 0;
      const answer = await store.engine.transact(async (tx) => {
        tries += 1;
        await tx.all(statement("set transaction isolation level repeatable read"));
        await tx.all(statement(`select * from "setting"`));
        if (tries === 1) await store.settings.set("count", "1");
        await tx.all(statement(`update "setting" set "value" = "value" || '+' where "name" = 'count'`));
        return "done";
      });
      expect({ answer, tries }).toEqual({ answer: "done", tries: 2 });
      expect(await store.settings.get("count")).toBe("1+");
    });

    test("a deadlock", async () => {
      const store = await opened();
      await store.settings.set("a", "");
      await store.settings.set("b", "");
      let tries = 0;
      const both = Promise.withResolvers<void>();
      const add = (name: string) => statement(`update "setting" set "value" = "value" || '+' where "name" = '${name}'`);
      const inOrder = (first: string, second: string) =>
        store.engine.transact(async (tx) => {
          tries += 1;
          // A retry starts with the row that the other transaction holds. Otherwise, it could take its first row
          // again before the other transaction wakes up, which is a second deadlock.
          const [one, other] = tries > 2 ? [second, first] : [first, second];
          await tx.all(add(one));
          if (tries === 2) both.resolve();
          await both.promise;
          await tx.all(add(other));
        });
      await Promise.all([inOrder("a", "b"), inOrder("b", "a")]);
      expect(tries).toBe(3);
      expect([await store.settings.get("a"), await store.settings.get("b")]).toEqual(["++", "++"]);
    });

    test("and not for ever", async () => {
      const store = await opened();
      let tries = 0;
      const hopeless = store.engine.transact((tx) => {
        tries += 1;
        return tx.all(statement("do $$ begin raise exception using errcode = '40001'; end $$"));
      });
      await expect(hopeless).rejects.toMatchObject({ code: "40001" });
      expect(tries).toBe(5);
    });
  });

  test("work that does not mind a query's failure is not taken for done", async () => {
    const store = await opened();
    const careless = store.engine.transact(async (tx) => {
      await tx.all(statement(`insert into "setting" values ('careless', '1')`));
      await tx.all(statement("select * from nowhere")).catch(() => {});
      return "done";
    });
    await expect(careless).rejects.toThrow("took back");
    expect(await store.settings.get("careless")).toBeUndefined();
  });

  test("the answer to a commit is lost: the call fails, and the same ID gives what was committed", async () => {
    const url = await server().newDatabase();
    await using network = await startCommitProxy(url);
    const store = await opened({ url: network.url });
    const vaulting = createProcessing();
    const first = toSucceeded(vaulting);
    network.dropNextResponse();
    await expect(put(store, first)).rejects.toThrow();
    expect(await put(store, toSucceeded(vaulting))).toBe(first.cardToken);
    expect(await store.vaultings.count()).toBe(1);
    expect(await store.outbox.list({ limit: 10 })).toHaveLength(1);
  });

  describe("answers within five seconds, whatever happens", () => {
    test("all connections are taken: the call fails, and the next one after that is served", async () => {
      const store = await opened({ connections: 2 });
      const gate = Promise.withResolvers<void>();
      const holding = [0, 1].map(() => store.engine.transact(() => gate.promise));
      expect(await within(FIVE_SECONDS, () => put(store))).toBeInstanceOf(Error);
      gate.resolve();
      await Promise.all(holding);
      expect(await within(1_000, () => put(store))).toBe("done");
    });

    test("somebody holds a lock", async () => {
      const store = await opened({ connections: 2 });
      const other = await opened({ url: store.url });
      const locked = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const holding = other.engine.transact(async (tx) => {
        await tx.all(statement('lock table "vaulting" in access exclusive mode'));
        locked.resolve();
        await gate.promise;
      });
      await locked.promise;
      const calls = [() => put(store), () => store.vaultings.count(), () => put(store)];
      for (const result of await Promise.all(calls.map((call) => within(FIVE_SECONDS, call)))) {
        expect(result).toBeInstanceOf(Error);
      }
      gate.resolve();
      await holding.catch(() => {});
      expect(await within(FIVE_SECONDS, () => put(store))).toBe("done");
    });

    test("the server becomes read-only, as after a failover to a standby, and writable again", async () => {
      const store = await opened();
      const token = await put(store);
      let stored = 1;
      const readOnly = async (on: boolean) => {
        await store.engine.read(statement(`alter system set default_transaction_read_only = ${on ? "on" : "off"}`));
        await store.engine.read(statement("select pg_reload_conf()"));
      };
      await readOnly(true);
      try {
        await expect.poll(() => within(FIVE_SECONDS, () => put(store))).toMatchObject({ code: "25006" });
        // A call may have been in time before the server read its new setting.
        stored = await store.vaultings.count();
        expect(await within(FIVE_SECONDS, () => put(store))).toMatchObject({ code: "25006" });
        expect(await store.vaultings.count()).toBe(stored);
      } finally {
        await readOnly(false);
      }
      await expect.poll(() => within(FIVE_SECONDS, () => put(store)), { timeout: FIVE_SECONDS }).toBe("done");
      expect((await store.vaultings.list({ limit: 10 })).map(getCardToken)).toContain(token);
      expect(await store.outbox.list({ limit: 10 })).toHaveLength(stored + 1);
    });

    test("the server stands still, and goes on", async () => {
      const store = await opened({ connections: 3 });
      await Promise.all([put(store), put(store), put(store)]);
      await server().kill("SIGSTOP");
      const calls = [
        () => put(store),
        () => store.vaultings.count(),
        ...Array.from({ length: 5 }, () => () => put(store)),
      ];
      for (const result of await Promise.all(calls.map((call) => within(FIVE_SECONDS, call)))) {
        expect(result).toBeInstanceOf(Error);
      }
      await server().kill("SIGCONT");
      expect(await within(FIVE_SECONDS, () => put(store))).toBe("done");
      expect(await store.vaultings.count()).toBe((await store.outbox.list({ limit: 100 })).length);
    });

    test.each([
      "SIGKILL",
      "SIGQUIT",
      "SIGINT",
    ] as const)("the server is ended by %s in the midst of calls, and started again: what was answered is there", async (signal) => {
      const store = await opened();
      const answered: (string | null)[] = [];
      let stopped = false;
      const callers = Array.from({ length: 12 }, async () => {
        while (!stopped) {
          await within(FIVE_SECONDS, async () => {
            answered.push(await put(store));
          });
          // A refused connection takes no time at all.
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
      await expect.poll(() => answered.length, { timeout: 30_000 }).toBeGreaterThan(50);
      await server().kill(signal);
      for (const call of [() => put(store), () => store.vaultings.count()]) {
        expect(await within(FIVE_SECONDS, call)).toBeInstanceOf(Error);
      }
      const before = answered.length;
      await server().restart();
      await expect.poll(() => answered.length, { timeout: FIVE_SECONDS }).toBeGreaterThan(before + 20);
      stopped = true;
      await Promise.all(callers);
      const rows = await store.vaultings.list({ limit: 1_000_000 });
      const tokens = new Set(rows.map(getCardToken));
      expect(answered.filter((token) => !tokens.has(token))).toEqual([]);
      expect(await store.outbox.list({ limit: 1_000_000 })).toHaveLength(rows.length);
    });
  });

  test("closing waits for the calls that were made before, those that wait for a connection too", async () => {
    const store = await opened({ connections: 2 });
    const calls = Array.from({ length: 50 }, () => put(store));
    const closed = store.close();
    expect(await Promise.all(calls)).toHaveLength(50);
    await closed;
  });

  afterEach(async () => {
    // A test that failed half way leaves the server to the next one as it found it.
    await started?.kill("SIGCONT");
  });
});
