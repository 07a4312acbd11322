import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { truncate } from "../../html/html-template.ts";
import { PALETTE } from "../../html/theme.ts";
import {
  createCheckResult,
  createFailedResult,
  createReport,
  mixedReport,
  reportOptions,
} from "../../testing/messages/reports.ts";
import { formatHtml } from "./html.ts";

const alone = (id: string) => `npx antom-vault contract sandbox --only ${id}`;
const mixedPage = formatHtml(mixedReport, { ...reportOptions, commandForCheck: alone });
const unasked = createCheckResult("a.b", { status: "skipped", message: "The target does not offer: state." });

const all = (page: string, pattern: RegExp): readonly string[] =>
  [...page.matchAll(pattern)].map(([, one = ""]) => one);
const anchorsIn = (page: string) => all(page, /\sid="([^"]*)"/g);
const linksIn = (page: string) => all(page, /\shref="([^"]*)"/g);

describe("the verdict", () => {
  test.each([
    ["all held", [createCheckResult("a.b"), createCheckResult("a.c"), unasked], "2 of 2 checks held", "held"],
    ["one held", [createCheckResult("a.b")], "1 of 1 check held", "held"],
    [
      "some failed",
      [createCheckResult("a.b"), createFailedResult("a.c", "Broken."), unasked],
      "1 of 2 checks failed",
      "broken",
    ],
    ["all failed", [createFailedResult("a.c", "Broken.")], "1 of 1 check failed", "broken"],
    ["nothing asked", [unasked], "No check could be asked", "broken"],
    ["nothing at all", [], "No check could be asked", "broken"],
  ])("%s", (_, checks, sentence, colour) => {
    const page = formatHtml(createReport(checks), reportOptions);
    expect(page).toContain(`<title>${sentence}: Vault contract of sandbox</title>`);
    expect(page).toMatch(
      new RegExp(`<p class="verdict ${colour}"><span aria-hidden="true">.</span> ${sentence}\\.</p>`),
    );
  });

  test("with date, duration and version", () => {
    expect(mixedPage).toContain('<time datetime="2026-11-25T08:52:00.000Z">25 November 2026 at 08:52 UTC</time>');
    expect(mixedPage).toContain("<dd>4.0 s</dd>");
    expect(mixedPage).toContain("<dd>antom-vault 1.2.3</dd>");
    expect(formatHtml(mixedReport, { ...reportOptions, seconds: 119.6 })).toContain("<dd>2 min 0 s</dd>");
  });
});

describe("the failures", () => {
  test("each kind once, the most frequent first, its first check in full", () => {
    expect(all(mixedPage, /<h3 id="kind-\d-what"><span[^>]*>✗<\/span> (.*?)<\/h3>/g)).toEqual([
      "vaultingRequestId is not the request&#39;s.",
      "The answer&#39;s signature is refused.",
    ]);
    expect(mixedPage).toContain("<p>First of 2: vaultPaymentMethod.response.echo is kept</p>");
    expect(mixedPage).toContain("<p>So it was in 5 of 9 answers of the run.</p>");
    expect(mixedPage).toContain("<pre>\n{\n  &quot;vaultingRequestId&quot;: &quot;a&quot;\n}</pre>");
    expect(mixedPage).toContain("<dt>Came, HTTP status 200</dt>");
    expect(mixedPage).toContain("<code>/components/schemas/VaultPaymentMethodResponse</code>");
    expect(mixedPage).toContain('<pre class="command">curl -sS -i http://127.0.0.1:1/v1');
    expect(mixedPage).toContain(`<pre class="command">${alone("vaultPaymentMethod.response.echo")}</pre>`);
    expect(mixedPage).toContain('<a href="#inquireVaulting.response.echo">inquireVaulting.response.echo</a>');
    expect(mixedPage).toContain('<p class="quiet">An empty body.</p>');
  });

  test("none where there are none", () => {
    const page = formatHtml(createReport([createCheckResult("a.b")]), reportOptions);
    expect(page).not.toContain("What failed");
    expect(page).not.toContain("Not asked, and why");
  });
});

test("a row for each check, with its outcome and the reason", () => {
  const rows = all(mixedPage, /(<tr id=.*?<\/tr>)/g);
  expect(rows).toHaveLength(mixedReport.checks.length);
  const row = (id: string) => rows.find((each) => each.includes(`id="${id}"`)) ?? "";
  expect(row("vaultPaymentMethod.response.masked")).toContain("<td>✓ held</td>");
  expect(row("inquireVaulting.response.signed")).toContain(
    '<a href="#kind-2">The answer&#39;s signature is refused.</a>',
  );
  expect(row("inquireVaulting.result.SUCCESS")).toContain("<td>– not asked</td>");
  expect(row("inquireVaulting.result.SUCCESS")).toContain("<p>The target does not offer: examples.</p>");
  expect(mixedPage).toContain("<b>1</b><div><p>The target does not offer: examples.</p>");
});

test("an operation's mark is what came of it", () => {
  const page = formatHtml(
    createReport([...mixedReport.checks, { ...unasked, operation: "notifyVaulting" }]),
    reportOptions,
  );
  expect(
    all(page, /<th scope="row"><span class="\w+" aria-hidden="true">(.<\/span> <a href="#checks-\w+)/g).map((each) =>
      each.replace(/<.*#checks-/, " "),
    ),
  ).toEqual(["✗ vaultPaymentMethod", "✗ inquireVaulting", "✓ protocol", "– notifyVaulting"]);
});

test("tables are open where something failed", () => {
  expect(all(mixedPage, /<details class="operation" id="checks-(\w+)" open>/g)).toEqual([
    "vaultPaymentMethod",
    "inquireVaulting",
  ]);
  expect(all(mixedPage, /<details class="operation" id="checks-(\w+)">/g)).toEqual(["protocol"]);
});

describe("what a target says is text", () => {
  const HOSTILE = [
    ["markup", "</script><img src=x onerror=alert(1)>", "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"],
    ["an end of the style", "</style>", "&lt;/style&gt;"],
    ["an end of the text", "</pre></dd><h1>", "&lt;/pre&gt;&lt;/dd&gt;&lt;h1&gt;"],
    ["quotes", `" onfocus="x' y='`, "&quot; onfocus=&quot;x&#39; y=&#39;"],
    ["an entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;"],
    ["NUL", "a\0b", "a⟨U+0000⟩b"],
    ["a carriage return and an escape", "a\r\u001B[31mb", "a⟨U+000D⟩⟨U+001B⟩[31mb"],
    ["the first half of a pair", "a\uD83Db", "a⟨U+D83D⟩b"],
    ["the second half of a pair", "a\uDE00b", "a⟨U+DE00⟩b"],
    ["a pair", "a😀b", "a😀b"],
    ["text turned round", "a\u202Egnp\u2066\u200F\u061Cb", "a⟨U+202E⟩gnp⟨U+2066⟩⟨U+200F⟩⟨U+061C⟩b"],
    ["characters of no width", "a\u200B\uFEFF\u00ADb", "a⟨U+200B⟩⟨U+FEFF⟩⟨U+00AD⟩b"],
    ["line ends of Unicode", "a\u2028\u2029\u0085b", "a⟨U+2028⟩⟨U+2029⟩⟨U+0085⟩b"],
    ["tags and no characters", "a\u{E0041}\uFFFF\u{10FFFE}b", "a⟨U+E0041⟩⟨U+FFFF⟩⟨U+10FFFE⟩b"],
  ] as const;

  test.each(HOSTILE)("%s", (_, text, shown) => {
    const detail = `What ${text}\nMore ${text}\nSent: ${text}\nCame: 200 ${text}\nDocument: ${text}`;
    const checks = [createFailedResult(`a.${text}`, detail, { title: text }), { ...unasked, detail: text }];
    const page = formatHtml(createReport(checks, text), {
      ...reportOptions,
      version: text,
      commandForCheck: () => text,
    });
    for (const place of [
      `<b>${shown}</b></h1>`,
      `contract of ${shown}</title>`,
      `content="antom-vault ${shown}"`,
      `</span> What ${shown}</h3>`,
      `<p>${shown}</p>\n<p class="id">`,
      `<p>More ${shown}</p>`,
      `<dt>Sent</dt><dd><pre>\n${shown}</pre>`,
      `<dt>Came, HTTP status 200</dt><dd><pre>\n${shown}</pre>`,
      `<code>${shown}</code>`,
      `<pre class="command">${shown}</pre>`,
      `<td>${shown}<p>`,
      `<div><p>${shown}</p>`,
    ])
      expect(page).toContain(place);
  });

  test("whatever it says, the page has the same tags", () => {
    const tags = (text: string) => {
      const detail = `What\nSent: ${text}\nCame: 200 ${text}\nDocument: ${text}`;
      const page = formatHtml(createReport([createFailedResult("a.b", detail, { title: text })], text), {
        ...reportOptions,
        commandForCheck: () => text,
      });
      return all(page.replaceAll('<p class="quiet">An empty body.</p>', "<pre></pre>"), /<(\/?\w+)/g);
    };
    const usual = tags("x");
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1 }).filter((text) => !text.includes("\n")),
        (text) => {
          expect(tags(`x${text}`)).toEqual(usual);
        },
      ),
    );
  });

  test("a cut goes through no pair", () => {
    expect(truncate("a😀b", 2)).toBe("a…");
    expect(truncate("a😀b", 3)).toBe("a😀…");
    expect(truncate("a😀b", 4)).toBe("a😀b");
  });
});

describe("anchors", () => {
  const strange = createReport([
    createFailedResult("a.b", "One.\nDocument: /x"),
    createFailedResult("a.c", "Two.\nDocument: /x"),
    createFailedResult("failures", "Two.\nDocument: /x"),
    createFailedResult("x y\u0000</script>", "Two.\nDocument: /x"),
    createFailedResult("kind-1", "Two.\nDocument: /x"),
    createCheckResult("checks"),
  ]);

  test.each([
    ["usual", mixedPage],
    ["strange", formatHtml(strange, reportOptions)],
  ])("are unique, and every link finds one: %s", (_, page) => {
    const anchors = anchorsIn(page);
    expect(anchors.filter((anchor, at) => anchors.indexOf(anchor) !== at)).toEqual([]);
    const links = linksIn(page);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !anchors.includes(link.slice(1)))).toEqual([]);
    for (const label of all(page, /\saria-labelledby="([^"]*)"/g)) expect(anchors).toContain(label);
  });

  test("of checks are their IDs", () => {
    for (const { id } of mixedReport.checks) expect(anchorsIn(mixedPage)).toContain(id);
  });
});

describe("what a browser is allowed", () => {
  const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

  test("the page's own style and script, and nothing else", () => {
    const [style = ""] = all(mixedPage, /<style>(.*?)<\/style>/gs);
    const [script = ""] = all(mixedPage, /<script>(.*?)<\/script>/gs);
    const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
    const [meta] = all(mixedPage, /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g);
    expect(meta?.replaceAll("&#39;", "'")).toBe(policy);
    expect(all(mixedPage, /<(style|script)\b/g)).toEqual(["style", "script"]);
    expect(mixedPage).not.toMatch(/\sstyle=|\son\w+="/);
  });

  test("no reference leads out of the page", () => {
    expect(linksIn(mixedPage).filter((link) => !link.startsWith("#"))).toEqual([]);
    expect(mixedPage).not.toMatch(/\s(?:src|srcset|action|poster|data|xlink:href)=/);
    expect(mixedPage).not.toMatch(/url\(|@import|<(?:link|base|iframe|object|embed|img)\b/);
  });
});

describe("for everybody", () => {
  test("landmarks, and headings in order", () => {
    expect(mixedPage).toContain('<html lang="en">');
    for (const landmark of ["header", "main", "footer"])
      expect(all(mixedPage, new RegExp(`<(${landmark})\\b`, "g"))).toHaveLength(1);
    const ranks = all(mixedPage, /<h(\d)\b/g).map(Number);
    expect(ranks.filter((rank) => rank === 1)).toHaveLength(1);
    for (const [at, rank] of ranks.entries()) expect(rank).toBeLessThanOrEqual((ranks[at - 1] ?? 0) + 1);
    expect(all(mixedPage, /<(table)\b/g).length).toBe(all(mixedPage, /<table[^>]*>\n<(caption)/g).length);
  });

  const luminance = (colour: string): number => {
    const linear = [1, 3, 5].map((at) => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    const [red = 0, green = 0, blue = 0] = linear;
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string) => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  test.each([
    ["light", 0],
    ["dark", 1],
  ] as const)("every text can be read on every ground: %s", (_, scheme) => {
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
    for (const ground of ["ground", "raised", "marked"] as const)
      for (const text of ["ink", "quiet", "good", "bad", "link"] as const)
        expect([text, ground, contrast(PALETTE[text][scheme], PALETTE[ground][scheme]) >= 4.5]).toEqual([
          text,
          ground,
          true,
        ]);
  });
});

describe("430 checks are less than 300 KB", () => {
  const many = (detail: (at: number) => string) =>
    createReport(
      Array.from({ length: 430 }, (_, at) =>
        createFailedResult(`vaultPaymentMethod.request.paymentMethodDetail.card.field${at}.maxLength`, detail(at), {
          title: `/paymentMethodDetail/card/field${at}: maxLength is kept on both sides`,
        }),
      ),
    );
  const bodies = `Sent: {"a":"${"'<".repeat(2000)}"}\nCame: 200 ${'"<'.repeat(1000)}\nDocument: /info`;

  test.each([
    [
      "that failed in one way",
      many(() => `A request that the document allows is not taken: F / PARAM_ILLEGAL.\n${bodies}`),
    ],
    ["that failed each in its own", many((at) => `${at} ${"many words ".repeat(40)}.\n${bodies}`)],
  ])("%s", (_, report) => {
    const page = formatHtml(report, { ...reportOptions, commandForCheck: alone });
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
    expect(all(page, /<tr id="([^"]*)"/g)).toHaveLength(430);
    const anchors = new Set(anchorsIn(page));
    expect(linksIn(page).filter((link) => !anchors.has(link.slice(1)))).toEqual([]);
  });

  test("what is left out is said", () => {
    const page = formatHtml(
      many((at) => `${at}.\n${bodies}`),
      reportOptions,
    );
    expect(page).toContain("And 410 kinds more, told with their checks below.");
    expect(page).toContain("would make this page too long");
    expect(formatHtml(mixedReport, reportOptions)).not.toContain("would make this page too long");
  });
});
