/** Checks the links of a page. Sends no requests, so it checks only the syntax of external URLs. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Page, readPage } from "./markdown.ts";

/** Returns an error for each broken link. */
export function findBrokenLinks(root: string, page: Page): readonly string[] {
  return page.links.flatMap(({ line, target }) => {
    const reason = /^[a-z][a-z0-9+.-]*:/i.test(target) ? findUrlError(target) : findPathError(root, page, target);
    return reason === undefined ? [] : [`${page.file}:${line}: ${target} ${reason}`];
  });
}

function findUrlError(target: string): string | undefined {
  if (!URL.canParse(target)) return "is not a valid URL.";
  const { protocol, hostname } = new URL(target);
  if (protocol !== "https:") return "is not an HTTPS URL.";
  return hostname.includes(".") ? undefined : "has no valid host.";
}

function findPathError(root: string, page: Page, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  if (path === "") return page.anchors.includes(anchor ?? "") ? undefined : MISSING_HEADING;
  const file = join(root, dirname(page.file), decodeURIComponent(path));
  const inside = relative(root, file);
  if (inside.startsWith("..")) return "is outside the repository.";
  if (!existsSync(file)) return "does not exist.";
  if (anchor === undefined) return undefined;
  if (!statSync(file).isFile() || !file.endsWith(".md")) return "has an anchor, but is not a Markdown page.";
  const { anchors } = readPage(inside, readFileSync(file, "utf8"));
  return anchors.includes(anchor) ? undefined : MISSING_HEADING;
}

const MISSING_HEADING = "has an anchor that matches no heading.";
