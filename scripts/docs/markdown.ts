/** Reads a page of Markdown as far as the tests of the guides look at it: blocks of code, headings, links and the names for its blocks. */

/** A fenced block of code. */
export interface Block {
  readonly file: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** What stands behind the language: `run`, `serves`, `exit=1` … */
  readonly words: readonly string[];
  readonly text: string;
  /** The heading that it stands under. */
  readonly heading: string;
}

export interface Link {
  readonly line: number;
  readonly target: string;
}

export interface Page {
  readonly file: string;
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
  /** What a link behind a # may name. */
  readonly anchors: readonly string[];
  /** TypeScript that exports the names that the blocks use and do not declare: the comment `<!-- names … -->`. */
  readonly names: string;
}

const FENCE = /^( *)(`{3,})([^\s`]*) *([^`]*)$/;

/** Reads a page. Throws where a block has no end. */
export function readPage(file: string, markdown: string): Page {
  const blocks: Block[] = [];
  const prose: string[] = [];
  const headings: string[] = [];
  let open:
    | (Omit<Block, "text"> & { readonly indent: number; readonly fence: string; readonly code: string[] })
    | undefined;
  for (const [at, line] of blankComments(markdown).split("\n").entries()) {
    if (open) {
      prose.push("");
      if (line.trim() === open.fence) {
        const { indent: _, fence: __, code, ...block } = open;
        blocks.push({ ...block, text: code.join("\n") });
        open = undefined;
      } else open.code.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
      continue;
    }
    const [, indent, fence, language, words] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      open = {
        file,
        line: at + 2,
        language: language ?? "",
        words: (words ?? "").split(/\s+/).filter(Boolean),
        heading: headings.at(-1) ?? "",
        indent: indent?.length ?? 0,
        fence,
        code: [],
      };
      prose.push("");
      continue;
    }
    const heading = /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1];
    if (heading !== undefined) headings.push(heading);
    prose.push(line);
  }
  if (open) throw new Error(`${file}:${open.line}: the block has no end.`);
  return { file, blocks, links: linksOf(prose), anchors: anchorsOf(headings), names: namesOf(markdown) };
}

/** Comments made blank, so that line numbers stay. One that stands in a block of code stays as it is, since none does in ours. */
const blankComments = (markdown: string): string =>
  markdown.replace(/<!--[\s\S]*?-->/g, (all) => all.replace(/[^\n]/g, ""));

const namesOf = (markdown: string): string => /<!-- names\b[^\n]*\n([\s\S]*?)-->/.exec(markdown)?.[1] ?? "";

function linksOf(prose: readonly string[]): readonly Link[] {
  // Over a whole page, since the text of a link may go on in the next line. Code spans hold no links.
  const text = prose.join("\n").replace(/`[^`]*`/g, (all) => all.replace(/[^\n]/g, " "));
  const inline = text.matchAll(/\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)/g);
  const defined = text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/gm);
  const html = text.matchAll(/<(?:a|img|source)\b[^>]*?\s(?:href|src|srcset)="([^"]*)"/g);
  const automatic = text.matchAll(/<(https?:[^>\s]+)>/g);
  return [...inline, ...defined, ...html, ...automatic].map((found) => ({
    line: text.slice(0, found.index).split("\n").length,
    target: found[1] ?? "",
  }));
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(headings: readonly string[]): readonly string[] {
  const times = new Map<string, number>();
  return headings.map((heading) => {
    const text = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/<[^>]+>/g, "");
    const slug = text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    const before = times.get(slug) ?? 0;
    times.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}
