/** Compares the output that a guide shows with the actual output. */

/** Returns the lines of `wanted` that are not in `printed` in this order. `…` matches any text, and other lines may be in between. */
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

/** Returns the output that the comments `// → …` of a code block show. */
export const readExpectedLines = (code: string): readonly string[] =>
  [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = ""]) => line);
