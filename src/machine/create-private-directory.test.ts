import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import { createPrivateDirectory } from "./create-private-directory.ts";

test("createPrivateDirectory creates missing directories with mode 0700 and accepts existing directories", async () => {
  using temporary = createTemporaryDirectory();
  const path = join(temporary.path, "a", "b", "c");
  await createPrivateDirectory(path);
  await createPrivateDirectory(path);
  await Promise.all(["d", "d", "d/e", "d/e"].map((name) => createPrivateDirectory(join(path, name))));
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(existsSync(join(path, "d", "e"))).toBe(true);
});

test("createPrivateDirectory can create a directory and its parents concurrently", async () => {
  using temporary = createTemporaryDirectory();
  for (let round = 0; round < 300; round++) {
    const parent = join(temporary.path, String(round));
    await Promise.all(
      [parent, join(parent, "a"), join(parent, "a", "b"), join(parent, "a", "b", "c")].map(createPrivateDirectory),
    );
    expect(existsSync(join(parent, "a", "b", "c"))).toBe(true);
  }
});

test("createPrivateDirectory adds a .gitignore only to a new .antom-vault directory", async () => {
  using temporary = createTemporaryDirectory();
  await createPrivateDirectory(join(temporary.path, ".antom-vault", "sandbox"));
  const ignore = join(temporary.path, ".antom-vault", ".gitignore");
  expect(readFileSync(ignore, "utf8")).toBe("*\n");
  expect(existsSync(join(temporary.path, ".antom-vault", "sandbox", ".gitignore"))).toBe(false);
  writeFileSync(ignore, "# mine\n");
  await createPrivateDirectory(join(temporary.path, ".antom-vault"));
  expect(readFileSync(ignore, "utf8")).toBe("# mine\n");
});

test("createPrivateDirectory rejects the path of a file and a path below a file", async () => {
  using temporary = createTemporaryDirectory();
  writeFileSync(join(temporary.path, "file"), "");
  await expect(createPrivateDirectory(join(temporary.path, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(createPrivateDirectory(join(temporary.path, "file", "below"))).rejects.toMatchObject({
    code: "ENOTDIR",
  });
});

test.runIf(existsSync("/proc/self"))(
  "createPrivateDirectory rejects if the file system does not allow creating the directory",
  async () => {
    await expect(createPrivateDirectory("/proc/nope/below")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
