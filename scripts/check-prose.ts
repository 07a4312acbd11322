/**
 * Checks the spelling of all text and names (US English), and finds the words and phrases that the project avoids. The words and their
 * replacements are in cspell.config.yaml. Usage: `npm run check:prose [-- FILE…]`. Exits with code 1 on any finding.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/** Avoided phrases, and what to write instead. cspell checks only single words. */
const PHRASES = {
  "be had": "be created",
  "had by": "created by",
  "in the place of": "instead of",
  "of its own": "separate",
  "of one's own": "your",
  "one's own": "your own",
  "so many": "the number of",
  "stand for itself": "be self-contained",
  "stands for": "means",
} as const;

const SKIPPED =
  /^(?:generated\/|package-lock\.json$|LICENSE$|cspell\.config\.yaml$|scripts\/check-prose)|\.(?:png|svg)$/;

const files = process.argv.length > 2 ? process.argv.slice(2) : listTrackedFiles();
const findings = files.flatMap(findPhrases);
for (const finding of findings) console.error(finding);
const cspell = join(import.meta.dirname, "../node_modules/cspell/bin.mjs");
// cspell reads only files in its root directory.
const rootOptions = files.some((file) => isAbsolute(file)) ? ["--config", "cspell.config.yaml", "--root", "/"] : [];
const args = [cspell, "lint", "--no-progress", "--no-summary", ...rootOptions, ...files];
const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
process.exitCode = status === 0 && findings.length === 0 ? 0 : 1;

function listTrackedFiles(): readonly string[] {
  const tracked = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0");
  return tracked.filter((file) => file !== "" && !SKIPPED.test(file));
}

/** Finds phrases within a line, and across a line break in a comment or paragraph. */
function findPhrases(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  return Object.entries(PHRASES).flatMap(([phrase, instead]) => {
    const pattern = new RegExp(`\\b${phrase.replaceAll(" ", "(?:\\s+[*#/>|]*\\s*)")}\\b`, "gi");
    return [...text.matchAll(pattern)].map(({ index }) => {
      const line = text.slice(0, index).split("\n").length;
      return `${file}:${line} - "${phrase}": write "${instead}"`;
    });
  });
}
