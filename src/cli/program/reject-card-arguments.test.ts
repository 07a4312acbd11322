import { describe, expect, test } from "vitest";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { runCommand } from "../../testing/processes/command.ts";
import { rejectCardArguments } from "./reject-card-arguments.ts";

const CARD = "5555341244441115";

describe("card data in arguments", () => {
  test.each([
    [["vault", CARD]],
    [["vault", "5555 3412 4444 1115"]],
    [["vault", "5555-3412-4444-1115"]],
    [["vault", "--card", CARD]],
    [["vault", `--card=${CARD}`]],
    [["vault", "--card", `{"cardNo":"${CARD}"}`]],
    [["vault", "--test-card", CARD]],
    [["vault", `--metadata=card ${CARD}`]],
    [["inquire", CARD]],
    [["--frobnicate", CARD]],
    [[CARD]],
    [["vault", "--card-no", CARD, "--json"]],
    [["vault", "--cvv", "917"]],
    [["vault", "--cvv=917"]],
    [["vault", "--expiry", "11/37"]],
    [["vault", "--pan=5"]],
    [["trigger", "--number", "5"]],
  ])("%j is refused before anything else, with the reason and without the value", async (args) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/in the shell's history and in every process list/);
    expect(stderr).toContain("--card FILE");
    for (const secret of [CARD, "1115", "917", "11/37"]) expect(stderr).not.toContain(secret);
  });

  test("the value behind an unknown option is not repeated either", async () => {
    const { exitCode, stderr } = await runCommand("vault", "--secret-thing=917");
    expect({ exitCode, repeated: stderr.includes("917") }).toEqual({ exitCode: 2, repeated: false });
    expect(stderr).toContain("unknown option '--secret-thing'");
  });

  test.each([
    ["times and IDs", ["sign", "--time", "1795601097435", "--metadata", "2026112308040117"]],
    ["the vendor's sample ID", ["inquire", "123456789206"]],
    ["published test numbers", TEST_CARDS.map(({ number }) => number)],
    ["options that only begin alike", ["--card", "card.json", "--print", "--secret"]],
  ])("%s pass", (_, args) => {
    expect(() => rejectCardArguments(args)).not.toThrow();
  });
});
