/** Parts that the dashboard's lists share: the search field, filter chips with counts, and the export. */
import { maskCardNumbers } from "../../../cards/mask-card-data.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { MAX_SEARCH_LENGTH, readSearch } from "./components.ts";
import { jsonResponse } from "./page-layout.ts";

/** The parameters of a list's URL. */
export type ListFilter = Readonly<Record<string, string | undefined>>;

/** The number of matches of each kind. `isComplete` is false if there might be more matches. */
export interface MatchCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly isComplete: boolean;
}

export interface SearchText {
  /** The search text, or only the last 4 digits if the user entered a card number. */
  readonly text: string;
  /** The search text with masked card numbers, as the page shows it. */
  readonly maskedText: string;
}

export function readSearchText(query: URLSearchParams): SearchText {
  const search = readSearch(query);
  const maskedText = maskCardNumbers(search);
  return { text: maskedText === search ? search : maskedText.slice(-4), maskedText };
}

export const searchField = (maskedText: string, placeholder: string): Markup =>
  markup`<label class="grow">Search<input type="search" name="q" value="${exactAttribute(maskedText)}" maxlength="${MAX_SEARCH_LENGTH}" autocomplete="off" spellcheck="false" placeholder="${placeholder}"></label>`;

export function formatListUrl(path: string, filter: ListFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  return `${path}${query.size > 0 ? `?${query}` : ""}`;
}

/** Formats a count, with a plus sign if there might be more matches. */
const formatCount = (count: number, isComplete: boolean): string =>
  `${count.toLocaleString("en")}${isComplete ? "" : "+"}`;

/** Formats the total number of matches. */
export const formatTotal = ({ counts, isComplete }: MatchCounts): string =>
  formatCount(
    [...counts.values()].reduce((total, count) => total + count, 0),
    isComplete,
  );

interface ChipOptions {
  /** The path of the list. */
  readonly path: string;
  readonly filter: ListFilter;
  /** The visible name of each parameter. */
  readonly names: ListFilter;
  /** The parameter whose values are offered as chips, each with its number of matches. */
  readonly facet: string;
  /** The title of each value of the facet. */
  readonly titles: Readonly<Record<string, string>>;
  readonly matches: MatchCounts;
}

/**
 * Renders links that remove the active filters, links that filter by a value of the facet, and the export link. Renders nothing for an empty list
 * without filters.
 */
export function filterChips({ path, filter, names, facet, titles, matches }: ChipOptions): Markup {
  if (matches.counts.size === 0 && !Object.values(filter).some(Boolean)) return nothing;
  const url = (changes: ListFilter) => exactAttribute(formatListUrl(path, { ...filter, ...changes }));
  const count = (value: string | undefined) =>
    value === undefined ? formatTotal(matches) : formatCount(matches.counts.get(value) ?? 0, matches.isComplete);
  const active = Object.entries(names).flatMap(([name, title = name]) => {
    const value = filter[name];
    if (!value) return [];
    const shown = name === facet ? (titles[value] ?? value) : value;
    const counted = name === facet ? markup` <b>${count(value)}</b>` : nothing;
    return [
      markup`<li><a class="chip active" href="${url({ [name]: undefined })}"><span class="visually-hidden">Remove filter </span>${title}: <bdi>${shown}</bdi>${counted} <span aria-hidden="true">×</span></a></li>`,
    ];
  });
  const offered = Object.entries(titles).flatMap(([value, title]) =>
    value === filter[facet]
      ? []
      : [markup`<li><a class="chip" href="${url({ [facet]: value })}">${title} <b>${count(value)}</b></a></li>`],
  );
  return markup`<div class="chips"><ul aria-label="Filters">
${active}<li class="quiet">${filter[facet] ? nothing : markup`All <b>${count(undefined)}</b>`}</li>${offered}
</ul><a class="export" href="${url({ format: "json" })}" download>Export JSON</a></div>`;
}

/** The limits of an export. A search for rare matches might need many pages. */
const EXPORT = { rows: 1000, characters: 8 * 1024 * 1024, pages: 20, rowsPerPage: 100 } as const;

interface ExportOptions<Row> {
  /** The name of the list. The file name starts with it. */
  readonly name: string;
  readonly filter: ListFilter;
  /** The time on the sandbox clock. */
  readonly now: string;
  readonly fetchPage: (
    before: number | undefined,
    limit: number,
  ) => Promise<{ readonly rows: readonly Row[]; readonly next: number | undefined }>;
}

/** Returns the matching rows of a list as a JSON file, newest first. In the file, `isComplete` is false if a limit was reached. */
export async function exportList<Row>({ name, filter, now, fetchPage }: ExportOptions<Row>): Promise<Response> {
  const rows: string[] = [];
  let characters = 0;
  let next = filter["before"] === undefined ? undefined : Number(filter["before"]);
  let pages = 0;
  do {
    const page = await fetchPage(next, EXPORT.rowsPerPage);
    for (const row of page.rows) {
      const text = JSON.stringify(row);
      rows.push(text);
      characters += text.length;
    }
    ({ next } = page);
    pages += 1;
  } while (next !== undefined && rows.length < EXPORT.rows && characters < EXPORT.characters && pages < EXPORT.pages);
  const head = { sandboxTime: now, machineTime: new Date().toISOString(), filter, isComplete: next === undefined };
  const text = `${JSON.stringify(head).slice(0, -1)},"${name}":[\n${rows.join(",\n")}\n]}\n`;
  return jsonResponse(text, `${name}-${now.slice(0, 19).replaceAll(":", "-")}.json`);
}
