/** Components that several pages of the dashboard share. */
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { escapeInvisibleJson, exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";

type VaultingView = ControlSchemas["Vaulting"];

export type Tone = "good" | "bad" | "wait" | "plain";

const SYMBOLS: Readonly<Record<Tone, string>> = { good: "✓", bad: "✗", wait: "◷", plain: "·" };

/** Renders a status with a symbol and a color. */
export const stateLabel = (tone: Tone, text: string | Markup): Markup =>
  markup`<span class="state ${tone}"><span aria-hidden="true">${SYMBOLS[tone]}</span> ${text}</span>`;

export const toneFromStatus = (status: string | undefined): Tone =>
  status === "SUCCESS" || status === "S" ? "good" : status === "PROCESSING" || status === "U" ? "wait" : "bad";

/** Formats a time on the sandbox clock, with the date unless it is today, and with milliseconds if `precise` is true. */
export function formatTime(iso: string, now: string, precise = false): Markup {
  const [day = "", hour = ""] = iso.slice(0, precise ? 23 : 19).split("T");
  const shown = day === now.slice(0, 10) ? hour : `${day} ${hour}`;
  return markup`<time datetime="${iso}" title="${iso}">${shown}</time>`;
}

/** Renders the remaining time, which the script counts down. */
export const countdown = (iso: string, now: string): Markup =>
  markup`<span data-until="${iso}">${formatDuration(Date.parse(iso) - Date.parse(now))}</span>`;

/** Formats a duration with at most 2 units: `1 h 5 min`. */
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

/** Renders the last 8 characters of a card token. */
export const tokenSuffix = (cardToken: string): Markup =>
  markup`<span class="token"><span aria-hidden="true">…</span>${cardToken.slice(-8)}</span>`;

/** Renders a button that copies text. The button stays hidden until the script runs. */
export const copyButton = (text: string, name: string): Markup =>
  markup`<button type="button" class="copy" data-copy="${exactAttribute(text)}" aria-label="Copy ${name}">Copy</button>`;

/** Renders a block of code with a copy button. `content` is the text with markup. */
export const codeBlock = (text: string, name: string, content: Markup = toMarkup(text)): Markup =>
  markup`<div class="code">${copyButton(text, name)}<pre tabindex="0" aria-label="${name}"><code>${content}</code></pre></div>`;

/** Indents JSON and escapes its invisible characters. Returns other text unchanged. */
export function formatJson(json: string): string {
  try {
    return escapeInvisibleJson(JSON.stringify(JSON.parse(json), null, 2));
  } catch {
    return json;
  }
}

/** Renders an expandable section. The key identifies the section, so that it stays open when the page refreshes. */
export const disclosure = (key: string, title: string, body: Markup, open = false): Markup =>
  markup`<details data-key="${exactAttribute(key)}"${open ? markup` open` : nothing}><summary>${title}</summary>${body}</details>`;

/** Renders a list of names and values, and omits names without a value. */
export const factList = (rows: readonly (readonly [string, Markup | undefined])[]): Markup =>
  markup`<dl class="facts">${rows.flatMap(([name, value]) => (value ? [markup`<div><dt>${name}</dt><dd>${value}</dd></div>`] : []))}</dl>`;

export const toMarkup = (value: string): Markup => markup`${value}`;

/** Renders an ID so that its text direction does not affect the surrounding text. */
export const formatId = (value: string): Markup => markup`<bdi class="id">${value}</bdi>`;

export const option = (value: string, title: string, selected: string | undefined): Markup =>
  markup`<option value="${exactAttribute(value)}"${value === (selected ?? "") ? markup` selected` : nothing}>${title}</option>`;

/** Formats the brand and the last 4 digits of a card. Returns `undefined` if there is no card. */
export const formatCard = ({
  brand,
  maskedCardNo,
}: Pick<VaultingView, "brand" | "maskedCardNo">): Markup | undefined =>
  maskedCardNo === undefined
    ? undefined
    : markup`${brand ?? "card"} <span class="digits"><span aria-hidden="true">••••</span> ${maskedCardNo.slice(-4)}</span>`;

/** The maximum length of the search text in characters. */
export const MAX_SEARCH_LENGTH = 200;

export const readSearch = (query: URLSearchParams): string =>
  [...(query.get("q") ?? "").trim()].slice(0, MAX_SEARCH_LENGTH).join("");

/** Returns the `before` parameter, or `undefined` if it is missing or invalid. A list shows only rows with smaller sequence numbers. */
export function readBefore(query: URLSearchParams): number | undefined {
  const before = query.get("before") ?? "";
  return /^[1-9]\d{0,14}$/.test(before) ? Number(before) : undefined;
}

/** Renders links to the first and the next page of a list. Each link contains the `filter`. */
export function pager(
  path: string,
  filter: Readonly<Record<string, string | undefined>>,
  {
    before,
    next,
    older = "Older",
  }: { readonly before: number | undefined; readonly next: number | undefined; readonly older?: string },
): Markup {
  const link = (sequence?: number) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filter, before: sequence?.toString() }))
      if (value) query.set(name, value);
    return exactAttribute(`${path}${query.size > 0 ? `?${query}` : ""}`);
  };
  return markup`<nav class="pager" aria-label="Pages">${
    before === undefined ? nothing : markup`<a href="${link()}" rel="first">Newest</a>`
  } ${next === undefined ? nothing : markup`<a href="${link(next)}" rel="next">${older}</a>`}</nav>`;
}
