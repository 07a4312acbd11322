/** Compares the output that a guide shows with the actual output. */

/** Returns the lines of `expected` that do not occur in `printed` in the given order. `…` matches any text, and `printed` can contain other lines. */
export function findMissingLines(expected: readonly string[], printed: string): readonly string[] {
  const lines = printed.split("\n");
  let at = 0;
  return expected.filter((line) => {
    const pattern = new RegExp(`^\\s*${line.trim().split("…").map(escapePattern).join(".*")}\\s*$`);
    const found = lines.findIndex((printedLine, index) => index >= at && pattern.test(printedLine));
    if (found >= 0) at = found + 1;
    return found < 0;
  });
}

const escapePattern = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");

/** Returns the expected output, from the `// → …` comments in a code block. */
export const readExpectedLines = (code: string): readonly string[] =>
  [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = ""]) => line);
