import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLIENTS, formatGuideRow } from "./codegen/clients.ts";

test("the guide lists exactly the clients that npm run codegen tests", () => {
  const guide = readFileSync(join(import.meta.dirname, "../docs/generate-code.md"), "utf8");
  const rows = guide.split("\n").filter((line) => line.includes("](../scripts/codegen/programs/"));
  expect(rows).toEqual(CLIENTS.map(formatGuideRow));
});
