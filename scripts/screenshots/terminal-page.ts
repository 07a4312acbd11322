/** Renders terminal output as an HTML page, for a screenshot. */
import { markup, nothing } from "../../src/html/html-template.ts";
import { FONTS, formatCustomProperties, PALETTE } from "../../src/html/theme.ts";

const STYLE = `:root { ${formatCustomProperties(PALETTE, 1)} ${FONTS} --wait: #e3bb62; }
body { background: var(--ground); color: var(--ink); font: 14px/1.55 var(--code); margin: 0; padding: 20px 24px; }
pre { font: inherit; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.s1 { font-weight: 600; } .s2 { color: var(--quiet); } .s31 { color: var(--bad); } .s32 { color: var(--good); } .s33 { color: var(--wait); }`;

/** Creates a page with a command and its output. */
export function createTerminalPage(command: string, output: string): string {
  const text = getFinalText(output).trimEnd();
  return markup`<!doctype html><html lang="en"><meta charset="utf-8"><title>${command}</title><style>${{ markup: STYLE }}</style>
<pre><span class="s2">$</span> ${command}
${addColors(text)}</pre></html>`.markup;
}

/** Returns the lines without overwritten text. */
function getFinalText(output: string): string {
  return output
    .replace(LINK, "")
    .replace(/\r+\n/g, "\n")
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1))
    .join("\n")
    .replace(CURSOR_CODES, "");
}

const ESCAPE = "\u001B";
const LINK = new RegExp(`${ESCAPE}\\]8;;.*?${ESCAPE}\\\\`, "g");
/** Sequences that clear text, or that move, show, or hide the cursor. */
const CURSOR_CODES = new RegExp(`${ESCAPE}\\[[?\\d;]*[A-HJKhl]`, "g");
const COLOR = new RegExp(`${ESCAPE}\\[(\\d+)m`);

/** The styles that each of these codes ends: bold and dim, the color, or all styles. */
const ENDED_STYLES: Readonly<Record<string, RegExp>> = { "22": /^[12]$/, "39": /^3\d$/, "0": /./ };

function addColors(text: string) {
  let active: readonly string[] = [];
  return text.split(COLOR).map((piece, index) => {
    if (index % 2 === 0) {
      if (piece === "") return nothing;
      return active.length === 0
        ? markup`${piece}`
        : markup`<span class="${active.map((code) => `s${code}`).join(" ")}">${piece}</span>`;
    }
    const ended = ENDED_STYLES[piece];
    active = ended ? active.filter((code) => !ended.test(code)) : [...active, piece];
    return nothing;
  });
}
