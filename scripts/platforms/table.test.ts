import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FRAMEWORKS } from "./frameworks.ts";
import { RUNTIMES } from "./runtimes.ts";
import { formatSummary, formatTable, isFailed } from "./table.ts";

const read = (file: string) => readFileSync(join(import.meta.dirname, "..", "..", file), "utf8");

test("the README lists every tested platform", () => {
  expect(read("README.md")).toContain(`${formatSummary()}\n`);
});

test("docs/platforms.md has a row without failures for every tested platform", () => {
  const rows = [...read("docs/platforms.md").matchAll(/^\| (.+?) +\| [✓–].*$/gm)];
  expect(rows.map(([, name]) => name)).toEqual([...Object.keys(RUNTIMES), ...Object.keys(FRAMEWORKS)]);
  expect(rows.filter(([row]) => row.includes("✗"))).toEqual([]);
});

test("formatTable shows passed, failed, and absent results, and isFailed detects failures", () => {
  expect(
    formatTable({ Bun: { import: true, types: false } })
      .split("\n")
      .at(-1)
      ?.replace(/ +/g, " "),
  ).toBe("| Bun | ✓ | ✗ | – | – |");
  expect([{ receiver: false }, { receiver: true }, { skipped: "no program" }].map(isFailed)).toEqual([
    true,
    false,
    false,
  ]);
});
