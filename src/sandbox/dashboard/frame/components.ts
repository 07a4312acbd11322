/** Small parts that several pages have. */
import { escapeInvisibleJson, exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";

export type Tone = "good" | "bad" | "wait" | "plain";

const SYMBOLS: Readonly<Record<Tone, string>> = { good: "✓", bad: "✗", wait: "◷", plain: "·" };

/** A word of state, told by a sign and a colour too. */
export const stateLabel = (tone: Tone, text: string): Markup =>
  markup`<span class="state ${tone}"><span aria-hidden="true">${SYMBOLS[tone]}</span> ${text}</span>`;

export const toneFromStatus = (status: string | undefined): Tone =>
  status === "SUCCESS" || status === "S" ? "good" : status === "PROCESSING" || status === "U" ? "wait" : "bad";

/** A time on the sandbox's clock: the hour where it is of today, else the day too. */
export function formatTime(iso: string, now: string): Markup {
  const [day = "", hour = ""] = iso.slice(0, 23).split("T");
  const shown = day === now.slice(0, 10) ? hour.slice(0, 8) : `${day} ${hour.slice(0, 8)}`;
  return markup`<time datetime="${iso}" title="${iso}">${shown}</time>`;
}

/** How long it is until a time, which the script counts down. */
export const countdown = (iso: string, now: string): Markup =>
  markup`<span data-until="${iso}">${formatDuration(Date.parse(iso) - Date.parse(now))}</span>`;

/** Milliseconds as a person says them, in two parts at the most. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** The end of a token, by which it is told from others. */
export const tokenSuffix = (cardToken: string): Markup =>
  markup`<span class="token"><span aria-hidden="true">…</span>${cardToken.slice(-8)}</span>`;

/** Copies a text. Only a script can, so without one it is not there. */
export const copyButton = (text: string, what: string): Markup =>
  markup`<button type="button" class="copy" data-copy="${exactAttribute(text)}" aria-label="Copy ${what}">Copy</button>`;

/** A text to be copied as a whole. */
export const codeBlock = (text: string, what: string): Markup =>
  markup`<div class="code">${copyButton(text, what)}<pre tabindex="0" aria-label="${what}"><code>${text}</code></pre></div>`;

/** JSON, laid out. What is none is shown as it is. */
export function formatJson(json: string): string {
  try {
    return escapeInvisibleJson(JSON.stringify(JSON.parse(json), null, 2));
  } catch {
    return json;
  }
}

/** What can be opened, and stays open when the page is renewed: its key is the same each time. */
export const disclosure = (key: string, title: string, body: Markup, open = false): Markup =>
  markup`<details data-key="${exactAttribute(key)}"${open ? markup` open` : nothing}><summary>${title}</summary>${body}</details>`;

/** Pairs of a name and what it is. */
export const factList = (rows: readonly (readonly [string, Markup | undefined])[]): Markup =>
  markup`<dl class="facts">${rows.flatMap(([name, value]) => (value ? [markup`<div><dt>${name}</dt><dd>${value}</dd></div>`] : []))}</dl>`;

export const toMarkup = (value: string): Markup => markup`${value}`;

/** An ID, or another word that has its own direction of writing. */
export const formatId = (value: string): Markup => markup`<bdi class="id">${value}</bdi>`;

export const option = (value: string, title: string, chosen: string | undefined): Markup =>
  markup`<option value="${exactAttribute(value)}"${value === (chosen ?? "") ? markup` selected` : nothing}>${title}</option>`;

/** A card as it may be shown: its brand and its last four digits. */
export const formatCard = ({
  brand,
  maskedCardNo,
}: {
  readonly brand?: string | undefined;
  readonly maskedCardNo?: string | undefined;
}): Markup | undefined =>
  maskedCardNo === undefined
    ? undefined
    : markup`${brand ?? "card"} <span class="digits"><span aria-hidden="true">••••</span> ${maskedCardNo.slice(-4)}</span>`;

/** How long a search may be, in characters. */
export const MAX_SEARCH_LENGTH = 200;

/** What is searched for. */
export const readSearch = (query: URLSearchParams): string =>
  [...(query.get("q") ?? "").trim()].slice(0, MAX_SEARCH_LENGTH).join("");

/** The sequence number before which a list goes on. */
export function readBefore(query: URLSearchParams): number | undefined {
  const before = query.get("before") ?? "";
  return /^[1-9]\d{0,14}$/.test(before) ? Number(before) : undefined;
}

/** The links from one part of a list to the others. `filter`: what each of them keeps. */
export function pager(
  path: string,
  filter: Readonly<Record<string, string | undefined>>,
  {
    before,
    next,
    older = "Older",
  }: { readonly before: number | undefined; readonly next: number | undefined; readonly older?: string },
): Markup {
  const link = (at?: number) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filter, before: at?.toString() }))
      if (value) query.set(name, value);
    return exactAttribute(`${path}${query.size > 0 ? `?${query}` : ""}`);
  };
  return markup`<nav class="pager" aria-label="Pages">${
    before === undefined ? nothing : markup`<a href="${link()}" rel="first">Newest</a>`
  } ${next === undefined ? nothing : markup`<a href="${link(next)}" rel="next">${older}</a>`}</nav>`;
}
