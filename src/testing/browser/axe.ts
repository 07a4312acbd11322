/** Checks pages against the accessibility rules of axe-core, if it is installed. @module */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/** Returns the axe-core script at AXE_PATH, or in the installed package if AXE_PATH is not set. Returns `undefined` if it cannot be read. */
export function findAxe(): string | undefined {
  try {
    const { resolve } = createRequire(import.meta.url);
    return readFileSync(process.env["AXE_PATH"] ?? resolve("axe-core/axe.min.js"), "utf8");
  } catch {
    return undefined;
  }
}

/** Returns the rule and the element of each accessibility violation on a page. */
export async function findViolations(page: Page, axe: string): Promise<readonly string[]> {
  await page.evaluate(axe);
  // Finish all transitions, because colors can have less contrast during a transition.
  await page.evaluate(
    "document.getAnimations().forEach((animation) => { try { animation.finish(); } catch { animation.cancel(); } })",
  );
  return page.evaluate<string[]>(
    "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))",
  );
}
