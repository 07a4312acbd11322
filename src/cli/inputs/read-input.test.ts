import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { readInput } from "./read-input.ts";

describe("readInput", () => {
  test("reads a file up to the limit", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "body");
    writeFileSync(file, Buffer.alloc(200_000, 255));
    expect(await readInput(file, 200_000)).toEqual(new Uint8Array(200_000).fill(255));
    await expect(readInput(file, 199_999)).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
  });

  test.skipIf(process.platform === "win32")("stops reading a device that never ends", async () => {
    const message = "Cannot read /dev/zero: it is larger than 1 MiB. Use a smaller file.";
    await expect(readInput("/dev/zero")).rejects.toMatchObject({ code: "CONFIGURATION_INVALID", message });
  });

  test("names a file that does not exist", async () => {
    const message = "Cannot read /nowhere/card.json: no such file or directory.";
    await expect(readInput("/nowhere/card.json")).rejects.toMatchObject({ message });
  });
});
