/** Checks that each pattern is valid with the u flag, has a rule text, and takes at most `SLOW_MS` for an input of 64 KiB. */
import { createContext, Script } from "node:vm";
import { groupBy } from "../../src/protocol/group-by.ts";
import type { Document } from "../openapi/openapi-document.ts";
import type { Check, Violation } from "./check.ts";
import { findAllSchemas } from "./compiled-schemas.ts";
import type { Located } from "./document-parts.ts";

/** The length of each input, and the timeout in milliseconds for all inputs of this length. Short inputs suffice to detect exponential time. */
const STAGES = [
  { length: 1024, timeout: 300 },
  { length: 64 * 1024, timeout: 3000 },
];
const SLOW_MS = 50;

interface Pattern {
  readonly source: string;
  readonly ruleText: unknown;
  readonly examples: readonly string[];
}

const findPatterns = (document: Document): readonly Located<Pattern>[] =>
  findAllSchemas(document).flatMap(({ at, value }) => {
    const { pattern: source, examples, "x-rule-text": ruleText } = value;
    if (typeof source !== "string") return [];
    const texts = Array.isArray(examples) ? examples.filter((example) => typeof example === "string") : [];
    return [{ at, value: { source, ruleText, examples: texts } }];
  });

/**
 * Generates inputs that cause backtracking: a start that the pattern might accept, many repetitions of a character or pair from the pattern, and
 * an end that the pattern should reject.
 */
function* createHardInputs(source: string, examples: readonly string[], length: number): Generator<string> {
  const characters = [...new Set(`${source}a0 _é`)];
  const pairs = [...source].map((character, index) => character + (source[index + 1] ?? ""));
  const starts = examples.flatMap((example) =>
    [...example.matchAll(/[^A-Za-z0-9]+/g)]
      .slice(0, 6)
      .map(({ index, 0: mark }) => example.slice(0, index + mark.length)),
  );
  for (const start of new Set(["", ...starts, ...examples])) {
    for (const unit of new Set([...characters, ...pairs])) {
      const middle = unit.repeat(length / unit.length);
      yield `${start}${middle}\u0000`;
      yield `${start}${middle}\n`;
    }
  }
}

/**
 * Runs a pattern in a separate context with a timeout, so that the pattern cannot hang the process. Each slow input is tried up to 3 times, because
 * the computer might be busy.
 */
const measureScript = new Script(`
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

const measuredMs = new Map<string, number>();

/** Returns the milliseconds for the slowest input, or infinity after a timeout. Each pattern is measured once per process. */
function getSlowestMs(source: string, examples: readonly string[]): number {
  const key = JSON.stringify([source, examples]);
  const ms = measuredMs.get(key) ?? measureSlowestMs(source, examples);
  measuredMs.set(key, ms);
  return ms;
}

function measureSlowestMs(source: string, examples: readonly string[]): number {
  let worst = 0;
  for (const { length, timeout } of STAGES) {
    const context = createContext({
      pattern: new RegExp(source, "u"),
      texts: createHardInputs(source, examples, length),
      limit: SLOW_MS,
      now: () => performance.now(),
    });
    try {
      worst = Math.max(worst, Number(measureScript.runInContext(context, { timeout })));
    } catch (error) {
      // The error can come from the separate context, which has a different Error class.
      const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
      if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return Number.POSITIVE_INFINITY;
      throw error;
    }
    if (worst > SLOW_MS) break;
  }
  return worst;
}

function isValidWithU(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}

const patterns: Check = {
  title: "patterns",
  requirement: `u flag, x-rule-text, 64 KiB within ${SLOW_MS} ms`,
  measure: (document) => {
    const all = findPatterns(document);
    const violations: Violation[] = all
      .filter(({ value }) => !value.ruleText)
      .map(({ at }) => ({ at, message: "a pattern without x-rule-text" }));
    const bySource = groupBy(all, ({ value }) => value.source);
    let hardest = 0;
    for (const [source, places] of bySource) {
      const report = (message: string) => violations.push(...places.map(({ at }) => ({ at, message })));
      if (!isValidWithU(source)) {
        report(`the pattern ${source} is invalid with the u flag`);
        continue;
      }
      const ms = getSlowestMs(source, [...new Set(places.flatMap(({ value }) => value.examples))]);
      hardest = Math.max(hardest, ms);
      if (ms > SLOW_MS) report(`the pattern ${source} is slow: over ${SLOW_MS} ms for 64 KiB`);
    }
    const measured = `${bySource.size} in ${all.length} places, slowest ${hardest.toFixed(1)} ms`;
    return { measured, violations };
  },
};

export const patternChecks: readonly Check[] = [patterns];
