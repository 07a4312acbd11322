/** Which word was meant by a mistyped one. commander does it for commands and options; here it is for what is given to them. */

/** The known words nearest to a word, where they are near enough to have been meant. */
export function closestMatches(word: string, known: Iterable<string>): readonly string[] {
  const near = [...known].map((each) => ({ each, far: editDistance(word.toLowerCase(), each.toLowerCase()) }));
  const least = Math.min(...near.map(({ far }) => far));
  if (least > Math.max(1, Math.min(3, Math.floor(word.length * 0.4)))) return [];
  return near.filter(({ far }) => far === least).map(({ each }) => each);
}

/** `Did you mean visa?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const found = closestMatches(word, known);
  if (found.length === 0) return "";
  return found.length === 1 ? ` Did you mean ${found[0]}?` : ` Did you mean one of ${found.slice(0, 3).join(", ")}?`;
}

/** How many letters have to be put in, taken out, replaced or swapped with their neighbour. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
