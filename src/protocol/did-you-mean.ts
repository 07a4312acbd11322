/** Suggestions for mistyped values, and for mistyped commands and options for which the commander package has no suggestion. @module */

/** Returns the known words that are closest to a word, or none if they all differ too much. */
export function findClosestMatches(word: string, known: Iterable<string>): readonly string[] {
  const candidates = [...known].map((text) => ({ text, edits: countEdits(word.toLowerCase(), text.toLowerCase()) }));
  const least = Math.min(...candidates.map(({ edits }) => edits));
  if (least > Math.max(1, Math.min(3, Math.floor(word.length * 0.4)))) return [];
  return candidates.filter(({ edits }) => edits === least).map(({ text }) => text);
}

/** Returns a hint such as ` Did you mean visa?`, or an empty string if no known word is close. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const found = findClosestMatches(word, known);
  if (found.length === 0) return "";
  return found.length === 1 ? ` Did you mean ${found[0]}?` : ` Did you mean one of ${found.slice(0, 3).join(", ")}?`;
}

/** Returns the minimum number of edits that turn `a` into `b`. An edit inserts, deletes, or replaces a letter, or swaps two adjacent letters. */
function countEdits(a: string, b: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (previous[j - 2] ?? 0) + 1);
      next.push(least);
    }
    previous = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
