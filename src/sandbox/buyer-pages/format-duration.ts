/** A duration in words. @module */
import type { Language, Texts } from "./texts.ts";

const formats = new Map<string, Intl.NumberFormat>();

/** `15 minutes`, `1 hour`: to the nearest, as people say it. */
export function timeInWords(ms: number, { lang, lessThanAMinute }: Texts): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return lessThanAMinute;
  return minutes < 60 ? inUnits(minutes, "minute", lang) : inUnits(Math.round(minutes / 60), "hour", lang);
}

function inUnits(count: number, unit: "minute" | "hour", lang: Language): string {
  const key = `${lang} ${unit}`;
  // To make a format takes far longer than to use it.
  const format = formats.get(key) ?? new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" });
  formats.set(key, format);
  return format.format(count);
}
