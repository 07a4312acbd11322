/** Patterns: valid with the u flag, put in words beside, and linear in the length of what they are run on. */
import { createContext, Script } from "node:vm";
import type { Document } from "../generate/document.ts";
import type { Check, Fault } from "./check.ts";
import type { Place } from "./places.ts";
import { allSchemas } from "./schemas.ts";

const LENGTH = 64 * 1024;
const SLOW_MS = 50;

interface Pattern {
  readonly source: string;
  readonly means: unknown;
  readonly examples: readonly string[];
}

const patterns = (document: Document): readonly Place<Pattern>[] =>
  allSchemas(document).flatMap(({ at, value }) => {
    const { pattern: source, examples, "x-means": means } = value;
    if (typeof source !== "string") return [];
    return [
      {
        at,
        value: {
          source,
          means,
          examples: Array.isArray(examples) ? examples.filter((each) => typeof each === "string") : [],
        },
      },
    ];
  });

/**
 * Texts that make a backtracking engine try hard: a start that the pattern may accept, then 64 KiB of one character or
 * pair taken from the pattern, then an end that it should not accept.
 */
function* hardTexts({ source, examples }: Pattern): Generator<string> {
  const characters = [...new Set(`${source}a0 _é`)];
  const pairs = [...source].map((character, index) => character + (source[index + 1] ?? ""));
  const starts = examples.flatMap((example) =>
    [...example.matchAll(/[^A-Za-z0-9]+/g)]
      .slice(0, 6)
      .map(({ index, 0: mark }) => example.slice(0, index + mark.length)),
  );
  for (const start of new Set(["", ...starts, ...examples])) {
    for (const unit of new Set([...characters, ...pairs])) {
      const middle = unit.repeat(LENGTH / unit.length);
      yield `${start}${middle}\u0000`;
      yield `${start}${middle}\n`;
    }
  }
}

/** Runs apart, so that a pattern that never ends can be stopped. A slow text has three tries: the machine may be busy. */
const measure = new Script(`
  let slowest = 0;
  for (const text of texts) {
    let best = Infinity;
    for (let left = 3; left > 0 && best > limit; left--) {
      const start = now();
      pattern.test(text);
      best = Math.min(best, now() - start);
    }
    slowest = Math.max(slowest, best);
    if (slowest > limit) break;
  }
  slowest;
`);

const measured = new Map<string, number>();

/** The milliseconds that the hardest text takes; infinite where there seems to be no end. Measured once in a process. */
function slowest(pattern: Pattern): number {
  const key = JSON.stringify([pattern.source, pattern.examples]);
  const took = measured.get(key) ?? measureSlowest(pattern);
  measured.set(key, took);
  return took;
}

function measureSlowest(pattern: Pattern): number {
  const context = createContext({
    pattern: new RegExp(pattern.source, "u"),
    texts: hardTexts(pattern),
    limit: SLOW_MS,
    now: () => performance.now(),
  });
  try {
    return Number(measure.runInContext(context, { timeout: 2000 }));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return Number.POSITIVE_INFINITY;
    throw error;
  }
}

function validWithU(source: string): boolean {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

const linear: Check = {
  title: "patterns",
  bar: `u flag, x-means, 64 KiB within ${SLOW_MS} ms`,
  find: (document) => {
    const all = patterns(document);
    const faults: Fault[] = all
      .filter(({ value }) => !value.means)
      .map(({ at }) => ({ at, message: "a pattern without x-means" }));
    const distinct = [...new Map(all.map((place) => [place.value.source, place])).values()];
    let hardest = 0;
    for (const { at, value } of distinct) {
      if (!validWithU(value.source)) {
        faults.push({ at, message: `the pattern ${value.source} is not valid with the u flag` });
        continue;
      }
      const took = slowest(value);
      hardest = Math.max(hardest, took);
      if (took > SLOW_MS)
        faults.push({ at, message: `the pattern ${value.source} is slow: more than ${SLOW_MS} ms for 64 KiB` });
    }
    return { measured: `${distinct.length} in ${all.length} places, slowest ${hardest.toFixed(1)} ms`, faults };
  },
};

export const patternChecks: readonly Check[] = [linear];
