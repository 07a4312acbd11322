import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLIENTS, formatGuideRow, formatGuideSteps } from "./codegen/clients.ts";

const guide = readFileSync(join(import.meta.dirname, "../docs/generate-code.md"), "utf8");

test("the guide lists exactly the clients that npm run codegen tests", () => {
  const rows = guide.split("\n").filter((line) => line.includes("](../scripts/codegen/programs/"));
  expect(rows).toEqual(CLIENTS.map(formatGuideRow));
});

test.each(["Go", "Python"])("the guide for %s shows the commands that npm run codegen runs", (name) => {
  const client = CLIENTS.find(({ language }) => language === name) ?? expect.fail(`${name} is not in the table`);
  expect(guide.slice(guide.indexOf(`## Vault a card in ${name}`))).toContain(`\n${formatGuideSteps(client)}\n\`\`\`\n`);
});
