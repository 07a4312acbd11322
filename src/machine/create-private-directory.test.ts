import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import { createPrivateDirectory } from "./create-private-directory.ts";

test("makes what is missing, for the owner alone, and takes what is there", async () => {
  using place = createTemporaryDirectory();
  const path = join(place.path, "a", "b", "c");
  await createPrivateDirectory(path);
  await createPrivateDirectory(path);
  await Promise.all(["d", "d", "d/e", "d/e"].map((each) => createPrivateDirectory(join(path, each))));
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(existsSync(join(path, "d", "e"))).toBe(true);
});

test("makes a directory and its parent at the same time", async () => {
  using place = createTemporaryDirectory();
  for (let round = 0; round < 300; round++) {
    const parent = join(place.path, String(round));
    await Promise.all(
      [parent, join(parent, "a"), join(parent, "a", "b"), join(parent, "a", "b", "c")].map(createPrivateDirectory),
    );
    expect(existsSync(join(parent, "a", "b", "c"))).toBe(true);
  }
});

test("a file in its way is told", async () => {
  using place = createTemporaryDirectory();
  writeFileSync(join(place.path, "file"), "");
  await expect(createPrivateDirectory(join(place.path, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(createPrivateDirectory(join(place.path, "file", "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

test.runIf(existsSync("/proc/self"))("ends where the file system takes no folders", async () => {
  await expect(createPrivateDirectory("/proc/nope/below")).rejects.toMatchObject({ code: "ENOENT" });
});
