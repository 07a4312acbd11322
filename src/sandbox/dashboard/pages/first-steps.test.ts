import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nothing } from "../../../html/html-template.ts";
import { createVaultCommand, firstSteps } from "./first-steps.ts";

describe("the first steps", () => {
  test.each([
    [".antom-vault/sandbox", ""],
    [".antom-vault/other", ` --data ${join(process.cwd(), ".antom-vault/other")}`],
    ["it's", ` --data '${join(process.cwd(), "it")}'\\''s'`],
  ])("contain a command for the data directory %s", (data, option) => {
    const file = join(process.cwd(), data, "credentials.json");
    expect(createVaultCommand(file)).toBe(`npx antom-vault vault --test-card visa${option}`);
  });

  test("contain no command if the keys are only in memory, because the command could not find the sandbox", () => {
    const { markup } = firstSteps({ base: "/vault", tokenField: nothing });
    expect(markup).not.toContain("npx");
    expect(markup).toContain('action="/vault/send"');
  });
});
