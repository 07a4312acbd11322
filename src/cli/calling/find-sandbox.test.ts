import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { readControlToken } from "./find-sandbox.ts";

describe("readControlToken", () => {
  afterEach(() => void vi.unstubAllEnvs());

  test("returns undefined without a token file", async () => {
    using directory = createTemporaryDirectory();
    expect(await readControlToken(directory.path)).toBeUndefined();
  });

  test.each([
    ["an empty token", "", 0o600, "has fewer than 16 characters"],
    ["a token that consists of spaces", " ".repeat(40), 0o600, "has fewer than 16 characters"],
    ["a token that other users can read", "t".repeat(32), 0o644, "Run `chmod 600 "],
    ["a token that the group can read", "t".repeat(32), 0o640, "Run `chmod 600 "],
  ])("rejects %s without quoting it", async (_, token, mode, message) => {
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

  test("returns the token in ANTOM_CONTROL_TOKEN instead of the one in the file", async () => {
    using directory = createTemporaryDirectory();
    writeFileSync(join(directory.path, "control-token"), "t".repeat(32), { mode: 0o600 });
    vi.stubEnv("ANTOM_CONTROL_TOKEN", `${"e".repeat(16)}\n`);
    expect(await readControlToken(directory.path)).toBe("e".repeat(16));
    vi.stubEnv("ANTOM_CONTROL_TOKEN", "");
    expect(await readControlToken(directory.path)).toBe("t".repeat(32));
  });

  test("rejects a short token in ANTOM_CONTROL_TOKEN without quoting it", async () => {
    using directory = createTemporaryDirectory();
    vi.stubEnv("ANTOM_CONTROL_TOKEN", "e".repeat(15));
    const error = await readControlToken(directory.path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: "Cannot use ANTOM_CONTROL_TOKEN: the token has fewer than 16 characters. Set a longer token.",
    });
  });
});
