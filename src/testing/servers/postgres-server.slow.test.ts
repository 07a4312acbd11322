import { existsSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { startProgram } from "../../testing/processes/store-program.ts";
import { getPostgresSkipReason, startPostgres } from "../../testing/servers/postgres-server.ts";

const skipReason = getPostgresSkipReason();

test.skipIf(skipReason)(
  "the PostgreSQL test server restarts with its data and removes its directory when it stops",
  async () => {
    const server = await startPostgres();
    if (!server) throw new Error("PostgreSQL is not installed.");
    await server.run(["create table kept (id int)"]);
    await server.kill("SIGKILL");
    await expect(server.run(["select 1"])).rejects.toThrow("ECONNREFUSED");
    await server.restart();
    await server.run(["select * from kept"]);
    if (process.getuid?.() === 0) expect(statSync(server.dataDirectory).uid).not.toBe(0);
    await server.stop();
    await expect(server.run(["select 1"])).rejects.toThrow("ECONNREFUSED");
    expect(existsSync(server.dataDirectory)).toBe(false);
  },
);

test.skipIf(skipReason)(
  "the PostgreSQL test server removes its directory when the process that started it is killed",
  async () => {
    await using run = startProgram(`
    const { startPostgres } = await load("../../testing/servers/postgres-server.ts");
    const { dataDirectory, url } = await startPostgres();
    print({ dataDirectory, url });
    setInterval(() => {}, 1000);
  `);
    const { dataDirectory } = (await run.readLine()) as { readonly dataDirectory: string };
    expect(existsSync(dataDirectory)).toBe(true);
    run.kill("SIGKILL");
    await run.ended;
    await expect.poll(() => existsSync(dataDirectory), { timeout: 10_000 }).toBe(false);
  },
);
