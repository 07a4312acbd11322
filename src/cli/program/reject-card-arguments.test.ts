import { describe, expect, test } from "vitest";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { runCommand } from "../../testing/processes/command.ts";
import { rejectCardArguments } from "./reject-card-arguments.ts";

const CARD = "5555341244441115";

describe("rejectCardArguments", () => {
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
  ])("rejects %j and gives the reason without the value", async (args) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/visible in the shell history and in process lists/);
    expect(stderr).toContain("--card FILE");
    for (const secret of [CARD, "1115", "917", "11/37"]) expect(stderr).not.toContain(secret);
  });

  test("does not quote the value of an unknown option", async () => {
    const { exitCode, stderr } = await runCommand("vault", "--secret-thing=917");
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain("917");
    expect(stderr).toContain("unknown option '--secret-thing'");
  });

  test.each([
    ["times and IDs", ["sign", "--time", "1795601097435", "--metadata", "2026112308040117"]],
    ["the ID in Antom's sample", ["inquire", "123456789206"]],
    ["test card numbers", TEST_CARDS.map(({ number }) => number)],
    ["options with similar names", ["--card", "card.json", "--print", "--secret"]],
  ])("accepts %s", (_, args) => {
    expect(() => rejectCardArguments(args)).not.toThrow();
  });
});
