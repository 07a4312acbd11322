import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { readControlToken } from "./find-sandbox.ts";

describe("readControlToken", () => {
  test("returns undefined without a token file", async () => {
    using directory = createTemporaryDirectory();
    expect(await readControlToken(directory.path)).toBeUndefined();
  });

  test.each([
    ["an empty token", "", 0o600, "has fewer than 16 characters"],
    ["a token of spaces", " ".repeat(40), 0o600, "has fewer than 16 characters"],
    ["a token that other users can read", "t".repeat(32), 0o644, "Run `chmod 600 "],
    ["a token that the group can read", "t".repeat(32), 0o640, "Run `chmod 600 "],
  ])("rejects %s, and never shows it", async (_, token, mode, message) => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "control-token");
    writeFileSync(file, token);
    chmodSync(file, mode);
    const error = await readControlToken(directory.path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "CONFIGURATION_INVALID", message: expect.stringContaining(message) });
    expect(String(error)).not.toContain("ttt");
    chmodSync(file, 0o600);
    writeFileSync(file, "t".repeat(32));
    expect(await readControlToken(directory.path)).toBe("t".repeat(32));
  });
});
