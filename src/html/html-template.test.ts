import { describe, expect, test } from "vitest";
import { escapeInvisibleJson, exactAttribute, markup, revealInvisible, truncate } from "./html-template.ts";

const INVISIBLE = "\u0000\u001b\u007f\u00ad\u200b\u200f\u202e\u2028\u2066\ufeff\ud800\u{e0001}";

describe("html-template", () => {
  test("markup escapes interpolated strings, but not interpolated Markup values", () => {
    const nested = markup`<i>${"<b>"}</i>`;
    expect(markup`<p title="${"\"'&"}">${nested}${[nested, nested]}${3}</p>`.markup).toBe(
      '<p title="&quot;&#39;&amp;"><i>&lt;b&gt;</i><i>&lt;b&gt;</i><i>&lt;b&gt;</i>3</p>',
    );
  });

  test("revealInvisible replaces invisible characters with their code points", () => {
    expect(revealInvisible(INVISIBLE)).toBe(
      "⟨U+0000⟩⟨U+001B⟩⟨U+007F⟩⟨U+00AD⟩⟨U+200B⟩⟨U+200F⟩⟨U+202E⟩⟨U+2028⟩⟨U+2066⟩⟨U+FEFF⟩⟨U+D800⟩⟨U+E0001⟩",
    );
    expect(revealInvisible("a\tb\nc é 日本 😀 ")).toBe("a\tb\nc é 日本 😀 ");
    expect(markup`${"a\u202eb"}`.markup).toBe("a⟨U+202E⟩b");
  });

  test("exactAttribute escapes markup, and writes invisible characters as character references", () => {
    expect(exactAttribute('a"\u202e<').markup).toBe("a&quot;&#x202E;&lt;");
  });

  test("escapeInvisibleJson escapes all invisible characters, and does not change the value that the JSON text parses to", () => {
    const json = JSON.stringify({ text: `${INVISIBLE} é 😀` });
    const shown = escapeInvisibleJson(json);
    expect(revealInvisible(shown)).toBe(shown);
    expect(JSON.parse(shown)).toEqual(JSON.parse(json));
  });

  test("truncate leaves short text unchanged, and does not split a surrogate pair", () => {
    expect(truncate("abc", 3)).toBe("abc");
    expect(truncate("ab😀d", 3)).toBe("ab…");
  });
});
