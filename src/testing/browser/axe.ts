/** The accessibility rules of axe-core, where it is installed. @module */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/** The script named by AXE_PATH, or that of the package; `undefined` where there is none. */
export function findAxe(): string | undefined {
  try {
    const { resolve } = createRequire(import.meta.url);
    return readFileSync(process.env["AXE_PATH"] ?? resolve("axe-core/axe.min.js"), "utf8");
  } catch {
    return undefined;
  }
}

/** What axe finds wrong with a page as it stands: the rule, and where. */
export async function findViolations(page: Page, axe: string): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(
    "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))",
  );
}
