/** Whether the links of a page lead somewhere. Nothing is fetched: of an address elsewhere only the form is looked at. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Page, readPage } from "./markdown.ts";

/** A sentence for each link that leads nowhere. */
export function findBrokenLinks(root: string, page: Page): readonly string[] {
  return page.links.flatMap(({ line, target }) => {
    const why = /^[a-z][a-z0-9+.-]*:/i.test(target) ? findUrlError(target) : findPathError(root, page, target);
    return why === undefined ? [] : [`${page.file}:${line}: ${target} ${why}`];
  });
}

function findUrlError(target: string): string | undefined {
  if (!URL.canParse(target)) return "is no address.";
  const { protocol, hostname } = new URL(target);
  if (protocol !== "https:") return "is not https.";
  return hostname.includes(".") ? undefined : "names no host.";
}

function findPathError(root: string, page: Page, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  if (path === "") return page.anchors.includes(anchor ?? "") ? undefined : MISSING_HEADING;
  const file = join(root, dirname(page.file), decodeURIComponent(path));
  const inside = relative(root, file);
  if (inside.startsWith("..")) return "leads out of the repository.";
  if (!existsSync(file)) return "is not there.";
  if (anchor === undefined) return undefined;
  if (!statSync(file).isFile() || !file.endsWith(".md")) return "names a place in what is no page.";
  const { anchors } = readPage(inside, readFileSync(file, "utf8"));
  return anchors.includes(anchor) ? undefined : MISSING_HEADING;
}

const MISSING_HEADING = "names a heading that is not there.";
