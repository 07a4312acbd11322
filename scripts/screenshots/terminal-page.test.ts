import { expect, test } from "vitest";
import { createTerminalPage } from "./terminal-page.ts";

const renderOutput = (output: string) =>
  /<\/span> antom-vault\n(.*)<\/pre>/s.exec(createTerminalPage("antom-vault", output))?.[1];

test.each([
  ["plain\r\nlines\r\n", "plain\nlines"],
  ["\u001B[32m✓\u001B[39m done", '<span class="s32">✓</span> done'],
  ["\u001B[1m\u001B[31mno\u001B[39m\u001B[22m!", '<span class="s1 s31">no</span>!'],
  ["\u001B[2mdim\u001B[0m not", '<span class="s2">dim</span> not'],
  ["\r\u001B[K⠋ Waiting\r\u001B[K⠙ Waiting\r\u001B[Kdone\r\n", "done"],
  ["\u001B[?25lhidden\u001B[?25h", "hidden"],
  ["\u001B]8;;http://a/b\u001B\\link\u001B]8;;\u001B\\", "link"],
  ["<b> & \u202e", "&lt;b&gt; &amp; ⟨U+202E⟩"],
])("createTerminalPage renders the output %j as a terminal would display it", (output, html) => {
  expect(renderOutput(output)).toBe(html);
});
