/** Times in lists and timelines. All of them are times on the sandbox clock. */
import { type Markup, markup } from "../../../html/html-template.ts";
import { formatTime } from "./components.ts";

/** Creates a function that renders a time with its age. Adds milliseconds to times that share a second. */
export function createTimeFormat(times: readonly string[], now: string): (iso: string) => Markup {
  const toSecond = (iso: string) => iso.slice(0, 19);
  const seen = new Set<string>();
  const crowded = new Set<string>();
  for (const second of times.map(toSecond)) (seen.has(second) ? crowded : seen).add(second);
  return (iso) => markup`${formatTime(iso, now, crowded.has(toSecond(iso)))} ${formatAge(iso, now)}`;
}

/** Renders the age of a time. The script keeps the age up to date. */
export const formatAge = (iso: string, now: string): Markup =>
  markup`<small class="age" data-age="${iso}">${describeAge(Date.parse(now) - Date.parse(iso))}</small>`;

const UNITS = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
] as const;

export function describeAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds === 0) return "now";
  const [length, unit] = UNITS.find(([unitLength]) => seconds >= unitLength) ?? [1, "s"];
  return `${Math.floor(seconds / length)} ${unit} ago`;
}

/** Renders the heading of a column of times. Mentions the sandbox clock if it differs from the system clock. */
export const timeHeading = (title: string, { offsetMs }: { readonly offsetMs: number }): Markup =>
  markup`<th scope="col" class="number">${title} (UTC${offsetMs === 0 ? "" : ", sandbox clock"})</th>`;
