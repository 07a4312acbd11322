import { existsSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { startProgram } from "../../testing/processes/store-program.ts";
import { getPostgresSkipReason, startPostgres } from "../../testing/servers/postgres-server.ts";

const missing = getPostgresSkipReason();

test.skipIf(missing)("the tests' server starts anew on its folder, and leaves nothing behind", async () => {
  const server = await startPostgres();
  if (!server) throw new Error("There is no server.");
  await server.run(["create table kept (id int)"]);
  await server.kill("SIGKILL");
  await expect(server.run(["select 1"])).rejects.toThrow("ECONNREFUSED");
  await server.restart();
  await server.run(["select * from kept"]);
  if (process.getuid?.() === 0) expect(statSync(server.dataDirectory).uid).not.toBe(0);
  await server.stop();
  await expect(server.run(["select 1"])).rejects.toThrow("ECONNREFUSED");
  expect(existsSync(server.dataDirectory)).toBe(false);
});

test.skipIf(missing)("the tests' server ends with a test run that is killed", async () => {
  await using run = startProgram(`
    const { startPostgres } = await load("../../testing/servers/postgres-server.ts");
    const { dataFolder, url } = await startPostgres();
    say({ dataFolder, url });
    setInterval(() => {}, 1000);
  `);
  const { dataFolder } = (await run.readLine()) as { readonly dataFolder: string };
  expect(existsSync(dataFolder)).toBe(true);
  run.kill("SIGKILL");
  await run.ended;
  await expect.poll(() => existsSync(dataFolder), { timeout: 10_000 }).toBe(false);
});
