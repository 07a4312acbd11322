/** Links that are shown if a search finds nothing in a list, but finds rows in other lists. */
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { formatListUrl, formatTotal, type MatchCounts, type SearchText } from "../frame/list-tools.ts";
import { createCallMatcher } from "./call-filter.ts";

type ListName = "vaultings" | "calls" | "notifications";

interface List {
  readonly name: ListName;
  /** The noun and verb for one match and for several matches. */
  readonly rows: readonly [one: string, several: string];
  readonly count: (control: Control, text: string) => Promise<MatchCounts>;
}

const LISTS: readonly List[] = [
  {
    name: "vaultings",
    rows: ["vaulting matches", "vaultings match"],
    count: (control, text) => control.countVaultings({ text }),
  },
  {
    name: "calls",
    rows: ["API call matches", "API calls match"],
    count: (control, text) => {
      const isMatch = createCallMatcher(text);
      return control.countCalls((call) => (isMatch(call) ? "match" : undefined));
    },
  },
  {
    name: "notifications",
    rows: ["notification matches", "notifications match"],
    count: (control, text) => control.countNotifications({ text }),
  },
];

export async function searchHints(
  control: Control,
  base: string,
  { text, maskedText }: SearchText,
  current: ListName,
): Promise<readonly Markup[]> {
  if (text === "") return [];
  const others = LISTS.filter(({ name }) => name !== current);
  return Promise.all(
    others.map(async ({ name, rows: [one, several], count }) => {
      const total = formatTotal(await count(control, text));
      const url = exactAttribute(formatListUrl(base + PAGE[name], { q: maskedText }));
      return total === "0"
        ? nothing
        : markup`<p><a href="${url}">${total} ${total === "1" ? one : several} your search</a></p>`;
    }),
  );
}
