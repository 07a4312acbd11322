/** Renders JSON with highlighted strings and literals. A hanging indent keeps wrapped lines indented. */
import { type Markup, markup, nothing } from "../../../html/html-template.ts";
import { codeBlock, formatJson } from "./components.ts";

/** The deepest nesting level for which the style sheet has a class. */
export const MAX_DEPTH = 8;

/** Renders a block of JSON. Text that is not JSON is rendered unchanged. */
export function jsonBlock(json: string, name: string): Markup {
  const text = formatJson(json);
  return text === json ? codeBlock(text, name) : codeBlock(text, name, markup`${text.split("\n").map(renderLine)}`);
}

/** Renders a line of indented JSON. The line break is inside the element, so that copied text contains it. */
function renderLine(line: string): Markup {
  const content = line.trimStart();
  const indent = line.slice(0, -content.length);
  const key = /^"(?:[^"\\]|\\.)*": /.exec(content)?.[0] ?? "";
  const value = content.slice(key.length);
  const depth = Math.min(indent.length / 2, MAX_DEPTH);
  return markup`<span class="json-line d${depth}">${indent}${key === "" ? nothing : markup`<b>${key}</b>`}${renderValue(value)}\n</span>`;
}

function renderValue(value: string): Markup {
  if (/^[[\]{}]/.test(value)) return markup`${value}`;
  return markup`<span class="${value.startsWith('"') ? "string" : "literal"}">${value}</span>`;
}
