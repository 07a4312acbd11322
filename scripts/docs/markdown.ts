/** Reads the parts of a Markdown page that the tests need: code blocks, links, anchors, and the declarations that the blocks use. */
import GithubSlugger from "github-slugger";
import MarkdownIt, { type Env, type Token } from "markdown-it";

/** A fenced code block. */
export interface Block {
  readonly file: string;
  /** The line number of the block's first line of code, starting at 1. */
  readonly line: number;
  readonly language: string;
  /** The words after the language, such as `run`, `serves`, or `exit=1`. */
  readonly words: readonly string[];
  readonly text: string;
  /** The text of the heading above the block. */
  readonly heading: string;
}

export interface Link {
  /** The line number of the paragraph that contains the link, starting at 1. Always 1 for link definitions. */
  readonly line: number;
  readonly target: string;
}

export interface Page {
  readonly file: string;
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
  /** The anchors that GitHub creates for the headings. */
  readonly anchors: readonly string[];
  /** The exported TypeScript declarations that the blocks use, from the comment `<!-- names … -->`. */
  readonly declarations: string;
}

const parser = new MarkdownIt({ html: true });
// Keep link targets as written, without normalization.
parser.normalizeLink = (target) => target;
parser.validateLink = () => true;

/** Parses a page. @throws {Error} if a code block has no closing fence */
export function readPage(file: string, markdown: string): Page {
  const lines = markdown.split("\n");
  const slugger = new GithubSlugger();
  const blocks: Block[] = [];
  const links: Link[] = [];
  const anchors: string[] = [];
  let heading = "";
  let declarations = "";
  let line = 1;
  const environment: Env = {};
  const tokens = parser.parse(markdown, environment);
  for (const [at, token] of tokens.entries()) {
    const [start, end] = token.map ?? [line - 1, line];
    line = start + 1;
    if (token.type === "heading_open") {
      heading = getText(tokens[at + 1]);
      anchors.push(slugger.slug(heading));
    }
    if (token.type === "fence") {
      if (end - start < 2 || !lines[end - 1]?.trim().startsWith(token.markup))
        throw new Error(`${file}:${line + 1}: the code block is not closed.`);
      const [language = "", ...words] = token.info.trim().split(/\s+/);
      blocks.push({ file, line: line + 1, language, words, text: token.content.replace(/\n$/, ""), heading });
    }
    if (token.type === "html_block")
      declarations ||= /^<!-- names\b[^\n]*\n([\s\S]*?)-->/.exec(token.content)?.[1] ?? "";
    for (const target of [token, ...(token.children ?? [])].flatMap(findTargets)) links.push({ line, target });
  }
  // Link definitions are not tokens.
  for (const { href } of Object.values(environment.references ?? {})) links.push({ line: 1, target: href });
  return { file, blocks, links, anchors, declarations };
}

function findTargets({ type, content, attrs }: Token): readonly string[] {
  if (type === "html_block" || type === "html_inline") {
    const html = content.replace(/<!--[\s\S]*?-->/g, "");
    return [...html.matchAll(/<(?:a|img|source)\b[^>]*?\s(?:href|src|srcset)="([^"]*)"/g)].map(
      ([, target = ""]) => target,
    );
  }
  return (attrs ?? []).filter(([name]) => name === "href" || name === "src").map(([, target]) => String(target));
}

/** Returns the text of an inline token without markup. */
const getText = (inline: Token | undefined): string =>
  (inline?.children ?? [])
    .filter(({ type }) => type === "text" || type === "code_inline")
    .map(({ content }) => content)
    .join("");
