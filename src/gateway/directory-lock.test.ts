import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import { startProgram } from "../testing/processes/store-program.ts";
import { lockDirectory } from "./directory-lock.ts";
import * as dependencies from "./require-dependencies.ts";

const createLockProgram = (directory: string) => `
  const { lockDirectory } = await load("../../gateway/directory-lock.ts");
  const lock = await lockDirectory(${JSON.stringify(directory)}, "sandbox");
  await lock.setPort(4321);
  print("locked");
  setInterval(() => {}, 1000);
`;

describe("lockDirectory", () => {
  test("rejects a directory that a different process uses, and names that process, its port, and its start time", async () => {
    using directory = createTemporaryDirectory();
    const data = join(directory.path, "data");
    await using first = startProgram(createLockProgram(data));
    expect(await first.readLine()).toBe("locked");
    await expect(lockDirectory(data, "mock")).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringMatching(
        `^${data} is already in use by a sandbox \\(process ${first.pid}, port 4321, started 2\\S+Z\\)\\. Stop it, or`,
      ),
    });
    first.kill("SIGKILL");
    await first.ended;
    using lock = await lockDirectory(data, "mock");
    await lock.setPort(1);
    expect(JSON.parse(readFileSync(join(data, "server.json"), "utf8"))).toMatchObject({
      program: "mock",
      processId: process.pid,
      port: 1,
    });
    expect(statSync(data).mode & 0o777).toBe(0o700);
    for (const file of ["server.json", "server.lock"]) expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["SQLite", undefined],
    ["a process ID file", "too old"],
  ])("with %s, prevents a second lock in the same process until the first lock is released", async (_, problem) => {
    const spy = vi.spyOn(dependencies, "findSqliteProblem").mockReturnValue(problem);
    using directory = createTemporaryDirectory();
    for (let round = 0; round < 2; round++) {
      using lock = await lockDirectory(directory.path, "sandbox");
      await lock.setPort(4321);
      await expect(lockDirectory(directory.path, "mock")).rejects.toThrow(`(process ${process.pid}, port 4321`);
    }
    spy.mockRestore();
  });

  test("takes over the process ID file of a process that is no longer running", async () => {
    const spy = vi.spyOn(dependencies, "findSqliteProblem").mockReturnValue("too old");
    using directory = createTemporaryDirectory();
    await using ended = startProgram("print(1); process.exit(0);");
    await ended.ended;
    writeFileSync(join(directory.path, "server.lock.pid"), String(ended.pid));
    using _lock = await lockDirectory(directory.path, "sandbox");
    expect(readFileSync(join(directory.path, "server.lock.pid"), "utf8")).toBe(String(process.pid));
    spy.mockRestore();
  });

  test.each(["server.lock", "server.json"])("never writes through a symbolic link named %s", async (name) => {
    using directory = createTemporaryDirectory();
    const target = join(directory.path, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, join(directory.path, name));
    if (name === "server.lock")
      await expect(lockDirectory(directory.path, "sandbox")).rejects.toThrow("server.lock is a symbolic link");
    else (await lockDirectory(directory.path, "sandbox"))[Symbol.dispose]();
    expect(readFileSync(target, "utf8")).toBe("precious");
  });
});
