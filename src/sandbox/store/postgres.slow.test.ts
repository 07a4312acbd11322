import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openTestStore, type TestStore } from "../../testing/sandbox/store.ts";
import { createProcessing, getCardToken, getVaultingKey, toSucceeded } from "../../testing/sandbox/stored-vaultings.ts";
import { startCommitProxy } from "../../testing/servers/commit-proxy.ts";
import { getPostgresSkipReason, type PostgresServer, startPostgres } from "../../testing/servers/postgres-server.ts";
import { openPostgres, type PostgresOptions } from "./postgres.ts";

const statement = (sql: string) => ({ sql, values: [] });

test("openPostgres reports why the server is unreachable, without the password in the URL", async () => {
  const opening = openPostgres({ url: "postgres://user:s3cret@127.0.0.1:1/vault" });
  await expect(opening).rejects.toMatchObject({
    name: "AntomVaultError",
    code: "CONFIGURATION_INVALID",
    message:
      "Cannot use the database: ECONNREFUSED. Check that the database is running, and that the user in its URL can connect.",
  });
  await expect(openPostgres({ url: "postgres://user:s3cret@[:x/vault" })).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    message: expect.not.stringContaining("s3cret"),
  });
});

describe.skipIf(getPostgresSkipReason())("the PostgreSQL engine", () => {
  let started: PostgresServer | undefined;
  beforeAll(async () => {
    started = await startPostgres();
  }, 60_000);
  afterAll(() => started?.stop());
  const server = (): PostgresServer => started ?? expect.fail("PostgreSQL is not running.");

  async function open(options: Partial<PostgresOptions> = {}): Promise<TestStore & { readonly url: string }> {
    const url = options.url ?? (await server().createDatabase());
    const store = await openTestStore(await openPostgres({ ...options, url }));
    onTestFinished(() => store.close());
    return { ...store, url };
  }
  async function put(store: TestStore, vaulting = toSucceeded(createProcessing())): Promise<string | null> {
    return store.vaultings.update(getVaultingKey(vaulting), (stored) =>
      stored ? { response: getCardToken(stored) } : { response: vaulting.cardToken, vaulting },
    );
  }
  /** Returns `done` or the error of a call. Fails the test if the call takes longer than `ms` milliseconds. */
  async function runWithin(ms: number, call: () => Promise<unknown>): Promise<"done" | Error> {
    const start = performance.now();
    const result = await call().then(
      () => "done" as const,
      (error: Error) => error,
    );
    expect(performance.now() - start).toBeLessThan(ms);
    return result;
  }
  const FIVE_SECONDS = 5_000;

  describe("rejects a database with", () => {
    const configurationError = (reason: string) => ({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(reason),
    });

    test("synchronous_commit = off for the user", async () => {
      const url = new URL(await server().createDatabase());
      await server().run(["create role careless login", "alter role careless set synchronous_commit = off"]);
      url.username = "careless";
      await expect(openPostgres({ url: url.href })).rejects.toMatchObject(
        configurationError("synchronous_commit = off"),
      );
    });

    test("synchronous_commit = off for the database", async () => {
      const url = await server().createDatabase();
      await server().run([`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`]);
      await expect(openPostgres({ url })).rejects.toMatchObject(configurationError("synchronous_commit = off"));
    });

    test("synchronous_commit = off in the URL", async () => {
      const url = `${await server().createDatabase()}?options=-c%20synchronous_commit%3Doff`;
      await expect(openPostgres({ url })).rejects.toMatchObject(configurationError("synchronous_commit = off"));
    });

    test("fsync = off", async () => {
      const url = await server().createDatabase();
      await server().run(["alter system set fsync = off"]);
      await server().restart();
      await expect(openPostgres({ url })).rejects.toMatchObject(
        configurationError("Set fsync = on in postgresql.conf"),
      );
      await server().run(["alter system reset fsync"]);
      await server().restart();
      await (await openPostgres({ url })).close();
    });

    test("an encoding other than UTF8", async () => {
      const url = await server().createDatabase("encoding 'LATIN1' template template0");
      await expect(openPostgres({ url })).rejects.toMatchObject(configurationError("encoding UTF8"));
    });
  });

  test("creates 1 vaulting and 1 notification, and returns 1 token, if two engines use the same ID concurrently", async () => {
    const first = await open();
    const second = await open({ url: first.url });
    for (let round = 0; round < 5; round++) {
      // As in the sandbox, each vaulting has a challenge with a new ID.
      const id = { clientId: "SANDBOX_1", vaultingRequestId: `id ${round}` };
      const calls = [first, second].flatMap((store) =>
        Array.from({ length: 40 }, () => put(store, toSucceeded(createProcessing(id)))),
      );
      const tokens = new Set(await Promise.all(calls));
      expect(tokens.size).toBe(1);
      expect(await second.vaultings.find(id)).toMatchObject({ cardToken: [...tokens][0], version: 0 });
      expect(await first.outbox.list({ ...id, limit: 10 })).toHaveLength(1);
    }
    expect(await first.vaultings.count()).toBe(5);
    expect(first.getFinalCount() + second.getFinalCount()).toBe(5);
  });

  test("never gives a notification to two claims, or more notifications than the limit to one claim, even if PostgreSQL cannot choose its usual query plan", async () => {
    const url = await server().createDatabase();
    // Without these plans, PostgreSQL would run a subquery in an update for each row.
    const plans = ["hashjoin", "mergejoin", "hashagg", "sort", "material"];
    const name = new URL(url).pathname.slice(1);
    await server().run(plans.map((plan) => `alter database ${name} set enable_${plan} = off`));
    const [first, second] = [await open({ url }), await open({ url })];
    await Promise.all(Array.from({ length: 40 }, () => put(first)));
    const claim = { host: "127.0.0.1:9", limit: 3, now: 2 ** 52, real: 1, until: 2 };
    const claims = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? first : second).outbox.claim({ ...claim, lease: String(index) }),
    );
    const claimed = (await Promise.all(claims)).map((rows) => rows.map(({ seq }) => seq));
    expect(Math.max(...claimed.map((seqs) => seqs.length))).toBe(3);
    expect(new Set(claimed.flat()).size).toBe(claimed.flat().length);
  });

  describe("retries after", () => {
    test("a serialization failure", async () => {
      const store = await open();
      await store.settings.set("count", "0");
      let tries = 0;
      const result = await store.engine.transact(async (tx) => {
        tries += 1;
        await tx.all(statement("set transaction isolation level repeatable read"));
        await tx.all(statement(`select * from "setting"`));
        if (tries === 1) await store.settings.set("count", "1");
        await tx.all(statement(`update "setting" set "value" = "value" || '+' where "name" = 'count'`));
        return "done";
      });
      expect({ result, tries }).toEqual({ result: "done", tries: 2 });
      expect(await store.settings.get("count")).toBe("1+");
    });

    test("a deadlock", async () => {
      const store = await open();
      await store.settings.set("a", "");
      await store.settings.set("b", "");
      let tries = 0;
      const both = Promise.withResolvers<void>();
      const add = (name: string) => statement(`update "setting" set "value" = "value" || '+' where "name" = '${name}'`);
      const inOrder = (first: string, second: string) =>
        store.engine.transact(async (tx) => {
          tries += 1;
          // A retry starts with the row that the other transaction has locked. Otherwise, it could lock its first row
          // again before the other transaction wakes up, which would cause a second deadlock.
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

    test("up to 4 failures, and rejects after the fifth", async () => {
      const store = await open();
      let tries = 0;
      const hopeless = store.engine.transact((tx) => {
        tries += 1;
        return tx.all(statement("do $$ begin raise exception using errcode = '40001'; end $$"));
      });
      await expect(hopeless).rejects.toMatchObject({ code: "40001" });
      expect(tries).toBe(5);
    });
  });

  test("rolls back and rejects if the work ignores a failed query", async () => {
    const store = await open();
    const careless = store.engine.transact(async (tx) => {
      await tx.all(statement(`insert into "setting" values ('careless', '1')`));
      await tx.all(statement("select * from nowhere")).catch(() => {});
      return "done";
    });
    await expect(careless).rejects.toThrow("rolled back");
    expect(await store.settings.get("careless")).toBeUndefined();
  });

  test("returns the committed result for the same ID after the response to a commit was lost", async () => {
    const url = await server().createDatabase();
    await using network = await startCommitProxy(url);
    const store = await open({ url: network.url });
    const vaulting = createProcessing();
    const first = toSucceeded(vaulting);
    network.dropNextResponse();
    await expect(put(store, first)).rejects.toThrow();
    expect(await put(store, toSucceeded(vaulting))).toBe(first.cardToken);
    expect(await store.vaultings.count()).toBe(1);
    expect(await store.outbox.list({ limit: 10 })).toHaveLength(1);
  });

  describe("returns within 5 seconds", () => {
    test("if all connections are busy", async () => {
      const store = await open({ connections: 2 });
      const gate = Promise.withResolvers<void>();
      const holding = [0, 1].map(() => store.engine.transact(() => gate.promise));
      expect(await runWithin(FIVE_SECONDS, () => put(store))).toBeInstanceOf(Error);
      gate.resolve();
      await Promise.all(holding);
      expect(await runWithin(1_000, () => put(store))).toBe("done");
    });

    test("if a different connection has a lock", async () => {
      const store = await open({ connections: 2 });
      const other = await open({ url: store.url });
      const locked = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const holding = other.engine.transact(async (tx) => {
        await tx.all(statement('lock table "vaulting" in access exclusive mode'));
        locked.resolve();
        await gate.promise;
      });
      await locked.promise;
      const calls = [() => put(store), () => store.vaultings.count(), () => put(store)];
      for (const result of await Promise.all(calls.map((call) => runWithin(FIVE_SECONDS, call)))) {
        expect(result).toBeInstanceOf(Error);
      }
      gate.resolve();
      await holding.catch(() => {});
      expect(await runWithin(FIVE_SECONDS, () => put(store))).toBe("done");
    });

    test("if the server becomes read-only, as after a failover", async () => {
      const store = await open();
      const token = await put(store);
      let stored = 1;
      const readOnly = async (on: boolean) => {
        await store.engine.read(statement(`alter system set default_transaction_read_only = ${on ? "on" : "off"}`));
        await store.engine.read(statement("select pg_reload_conf()"));
      };
      await readOnly(true);
      try {
        await expect.poll(() => runWithin(FIVE_SECONDS, () => put(store))).toMatchObject({ code: "25006" });
        // A call might have succeeded before the server read its new setting.
        stored = await store.vaultings.count();
        expect(await runWithin(FIVE_SECONDS, () => put(store))).toMatchObject({ code: "25006" });
        expect(await store.vaultings.count()).toBe(stored);
      } finally {
        await readOnly(false);
      }
      await expect.poll(() => runWithin(FIVE_SECONDS, () => put(store)), { timeout: FIVE_SECONDS }).toBe("done");
      expect((await store.vaultings.list({ limit: 10 })).map(getCardToken)).toContain(token);
      expect(await store.outbox.list({ limit: 10 })).toHaveLength(stored + 1);
    });

    test("if the server is suspended", async () => {
      const store = await open({ connections: 3 });
      await Promise.all([put(store), put(store), put(store)]);
      await server().kill("SIGSTOP");
      const calls = [
        () => put(store),
        () => store.vaultings.count(),
        ...Array.from({ length: 5 }, () => () => put(store)),
      ];
      for (const result of await Promise.all(calls.map((call) => runWithin(FIVE_SECONDS, call)))) {
        expect(result).toBeInstanceOf(Error);
      }
      await server().kill("SIGCONT");
      expect(await runWithin(FIVE_SECONDS, () => put(store))).toBe("done");
      expect(await store.vaultings.count()).toBe((await store.outbox.list({ limit: 100 })).length);
    });

    test.each([
      "SIGKILL",
      "SIGQUIT",
      "SIGINT",
    ] as const)("and keeps confirmed results if the server is stopped with %s and restarted", async (signal) => {
      const store = await open();
      const confirmed: (string | null)[] = [];
      let stopped = false;
      const callers = Array.from({ length: 12 }, async () => {
        while (!stopped) {
          await runWithin(FIVE_SECONDS, async () => {
            confirmed.push(await put(store));
          });
          // A failed connection attempt returns immediately, so yield to the event loop.
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
      await expect.poll(() => confirmed.length, { timeout: 30_000 }).toBeGreaterThan(50);
      await server().kill(signal);
      for (const call of [() => put(store), () => store.vaultings.count()]) {
        expect(await runWithin(FIVE_SECONDS, call)).toBeInstanceOf(Error);
      }
      const before = confirmed.length;
      await server().restart();
      await expect.poll(() => confirmed.length, { timeout: FIVE_SECONDS }).toBeGreaterThan(before + 20);
      stopped = true;
      await Promise.all(callers);
      const rows = await store.vaultings.list({ limit: 1_000_000 });
      const tokens = new Set(rows.map(getCardToken));
      expect(confirmed.filter((token) => !tokens.has(token))).toEqual([]);
      expect(await store.outbox.list({ limit: 1_000_000 })).toHaveLength(rows.length);
    });
  });

  test("completes earlier calls on close, including those that wait for a connection", async () => {
    const store = await open({ connections: 2 });
    const calls = Array.from({ length: 50 }, () => put(store));
    const closed = store.close();
    expect(await Promise.all(calls)).toHaveLength(50);
    await closed;
  });

  afterEach(async () => {
    // Resume the server if a test failed while the server was suspended.
    await started?.kill("SIGCONT");
  });
});
