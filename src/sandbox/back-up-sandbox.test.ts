import { copyFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryDirectory, runCommand } from "../testing/processes/command.ts";
import { callDirectly, createVaultRequest } from "../testing/sandbox/sandbox.ts";
import { backUpSandbox, startSandbox } from "./index.ts";

test("backUpSandbox copies the database of a stopped sandbox, and a restored copy contains the same vaultings", async () => {
  using directory = createTemporaryDirectory();
  const data = join(directory.path, "data");
  const file = join(directory.path, "backup.db");
  const request = createVaultRequest();
  const countVaultings = async (
    work = async (_: Parameters<typeof callDirectly>[0]): Promise<unknown> => undefined,
  ) => {
    await using sandbox = await startSandbox({ data });
    await work(sandbox.credentials);
    await expect(backUpSandbox(data, file)).rejects.toThrow("is already in use by a sandbox");
    return (await sandbox.health()).vaultings;
  };
  expect(await countVaultings((credentials) => callDirectly(credentials, "vaultPaymentMethod", request))).toBe(1);
  expect(await runCommand("sandbox", "--data", data, "--backup", file, "--json")).toMatchObject({
    exitCode: 0,
    stdout: `${JSON.stringify({ backup: file })}\n`,
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expect(backUpSandbox(data, file)).rejects.toThrow(`${file}: the file already exists.`);
  for (const name of readdirSync(data).filter((name) => name.startsWith("vault.db"))) rmSync(join(data, name));
  copyFileSync(file, join(data, "vault.db"));
  rmSync(file);
  expect(await countVaultings()).toBe(1);
});

test("backUpSandbox rejects a directory without a database, and a damaged database", async () => {
  using directory = createTemporaryDirectory();
  const file = join(directory.path, "backup.db");
  await expect(backUpSandbox(join(directory.path, "none"), file)).rejects.toThrow("contains no database to back up");
  writeFileSync(join(directory.path, "vault.db"), "This is not a database. ".repeat(100));
  await expect(backUpSandbox(directory.path, file)).rejects.toThrow("file is not a database");
  expect(readdirSync(directory.path)).not.toContain("none");
  expect(readdirSync(directory.path)).not.toContain("backup.db");
});
