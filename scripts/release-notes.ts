/** Prints the release notes of a version from CHANGELOG.md: `npm run --silent release-notes -- 0.1.0`. */
import { readFileSync } from "node:fs";

/**
 * Returns the text below the heading of a version, such as `## 0.1.0 - 2026-12-01` or `## [0.1.0] - 2026-12-01`.
 * @throws {Error} if there is no such heading, or no text below it
 */
export function extractReleaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0]?.replace(/^\[|\]$/g, "") === version);
  const notes = section?.replace(/.*/, "").trim();
  if (!notes) throw new Error(`CHANGELOG.md has no notes for ${version}: add a section "## ${version} - DATE".`);
  return notes;
}

if (import.meta.main) {
  const version = process.argv[2] ?? "";
  console.log(extractReleaseNotes(readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8"), version));
}
