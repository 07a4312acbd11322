import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agreedDifferences, groups, sources } from "./source-facts.ts";

test("the groups of facts refer to exactly the listed sources", () => {
  expect([...new Set(groups.flatMap((group) => group.sources))].sort()).toEqual(Object.keys(sources).sort());
});

test("every agreed difference has a reason, and the table of decisions contains its row", () => {
  const decisions = readFileSync(join(import.meta.dirname, "../../spec/README.md"), "utf8");
  for (const { reason, row } of agreedDifferences) {
    expect(reason).toMatch(/\.$/);
    if (row !== undefined) expect(decisions).toContain(`\n| ${row} |`);
  }
});
