/** What a guide says that is printed, against what is. */

/** The lines of `wanted` that do not follow one another in `printed`. `…` stands for anything, and lines between do not count. */
export function findMissingLines(wanted: readonly string[], printed: string): readonly string[] {
  const lines = printed.split("\n");
  let at = 0;
  return wanted.filter((line) => {
    const pattern = new RegExp(`^\\s*${line.trim().split("…").map(escapePattern).join(".*")}\\s*$`);
    const found = lines.findIndex((each, index) => index >= at && pattern.test(each));
    if (found >= 0) at = found + 1;
    return found < 0;
  });
}

const escapePattern = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");

/** What the comments `// → …` of a block say that it prints. */
export const readExpectedLines = (code: string): readonly string[] =>
  [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = ""]) => line);
