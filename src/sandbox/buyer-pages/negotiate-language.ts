/** Which of our languages a browser asks for. @module */
import type { Language } from "./texts.ts";

/** What a range can match, in lower case, best first: RFC 4647 looks a range up by leaving off its subtags from the end. */
const TAGS: ReadonlyMap<string, Language> = new Map([
  ["en", "en"],
  ["zh", "zh-CN"],
  ["ko", "ko"],
  ["pt", "pt-BR"],
  ["es", "es"],
  ["ja", "ja"],
]);

/** No browser sends half as much. Beyond it nothing is read, so that a header costs the same whatever its length. */
const LONGEST = 1000;

/** A language range and its weight: RFC 9110, sections 12.4.2 and 12.5.4. */
const ELEMENT = /^(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/**
 * The language for an `Accept-Language` header by the lookup of RFC 4647, section 3.4; English where it names none of ours. What is no
 * language range is passed over.
 *
 * @example
 * ```ts
 * languageFor("pt-PT, fr;q=0.9, ja;q=0.5"); // "pt-BR"
 * ```
 */
export function languageFor(header: string | null): Language {
  const wanted = rangesIn(header ?? "");
  const refused = new Set(wanted.filter(({ weight }) => weight === 0).map(({ range }) => range));
  const ranges = wanted.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight);
  for (const { range } of ranges) {
    const found = lookUp(range, refused);
    if (found !== undefined) return found;
  }
  // "*", or nothing of ours. English then, unless it is what the buyer does not want and another will do.
  const [other] = [...TAGS].filter(([tag]) => !refused.has(tag) && ranges.some(({ range }) => range === "*"));
  return other?.[1] ?? "en";
}

function rangesIn(header: string): { readonly range: string; readonly weight: number }[] {
  // What stands at the cut may be the half of something else.
  const read = header.length > LONGEST ? header.slice(0, header.lastIndexOf(",", LONGEST) + 1) : header;
  return read.split(",").flatMap((each) => {
    const [, range, weight = "1"] = ELEMENT.exec(each.trim().toLowerCase()) ?? [];
    return range === undefined ? [] : [{ range, weight: Number(weight) }];
  });
}

function lookUp(range: string, refused: ReadonlySet<string>): Language | undefined {
  for (let tag = range; tag !== ""; tag = tag.slice(0, Math.max(tag.lastIndexOf("-"), 0))) {
    const found = TAGS.get(tag);
    if (found !== undefined) return refused.has(tag) ? undefined : found;
  }
  return undefined;
}
