import { describe, expect, test } from "vitest";
import { ONE_TIME_CODE, TEST_CARDS } from "../../cards/test-cards.ts";
import { runCommand } from "../../testing/processes/command.ts";

describe("antom-vault cards", () => {
  test("prints each card once, with its result and purpose", async () => {
    const { exitCode, stdout, stderr } = await runCommand("cards");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.split("\n");
    for (const { number, result, purpose, challenge } of TEST_CARDS) {
      const shown = lines.filter((text) => text.startsWith(`  ${number}  `));
      expect(shown).toHaveLength(1);
      for (const cell of [result, purpose, challenge ?? ""]) expect(shown[0]).toContain(cell);
    }
  });

  test("prints 3 groups with aligned columns and no trailing spaces", async () => {
    const { stdout } = await runCommand("cards");
    const groups = stdout.split("\n\n").slice(0, -1);
    expect(groups.map((group) => group.split("\n").length - 2)).toEqual([10, 24, 7]);
    for (const group of groups) {
      const [title, head = "", ...rows] = group.split("\n");
      expect(title).toMatch(/^[A-Z]/);
      for (const column of head.trim().split(/ {2,}/)) {
        const start = head.indexOf(column);
        for (const row of rows) expect(row.slice(start - 2, start + 1)).toMatch(/^ {2}\S$/);
      }
    }
    expect(stdout).not.toMatch(/ $/m);
  });

  test("prints the one-time code and the rules for other numbers", async () => {
    const { stdout } = await runCommand("cards");
    const rules = stdout.slice(stdout.lastIndexOf("\n\n"));
    for (const word of [
      ONE_TIME_CODE,
      "Luhn",
      "PARAM_ILLEGAL",
      "is3DSAuthentication",
      "CVV",
      "expiry",
      "lastFour",
      "fingerprint",
    ]) {
      expect(rules).toContain(word);
    }
  });

  test("prints the test cards as JSON with --json", async () => {
    const { exitCode, stdout } = await runCommand("cards", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(TEST_CARDS)));
  });

  test("has examples in its help", async () => {
    expect((await runCommand("cards", "--help")).stdout).toContain("Examples:");
  });
});
