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

const commandForCheck = (id: string) => `npx antom-vault contract sandbox --only ${id}`;
const mixedPage = formatHtml(mixedReport, { ...reportOptions, commandForCheck });
const skipped = createCheckResult("a.b", { status: "skipped", message: "The target does not store vaultings." });

const findAll = (page: string, pattern: RegExp): readonly string[] =>
  [...page.matchAll(pattern)].map(([, one = ""]) => one);
const findAnchors = (page: string) => findAll(page, /\sid="([^"]*)"/g);
const findLinks = (page: string) => findAll(page, /\shref="([^"]*)"/g);

describe("the report header", () => {
  test.each([
    [
      "all checks passed",
      [createCheckResult("a.b"), createCheckResult("a.c"), skipped],
      "2 of 2 checks passed",
      "good",
    ],
    ["the only check passed", [createCheckResult("a.b")], "1 of 1 check passed", "good"],
    [
      "some checks failed",
      [createCheckResult("a.b"), createFailedResult("a.c", "Broken."), skipped],
      "1 of 2 checks failed",
      "bad",
    ],
    ["the only check failed", [createFailedResult("a.c", "Broken.")], "1 of 1 check failed", "bad"],
    ["all checks were skipped", [skipped], "All checks were skipped", "bad"],
    ["there are no checks", [], "All checks were skipped", "bad"],
  ])("summarizes a report in which %s", (_, checks, text, color) => {
    const page = formatHtml(createReport(checks), reportOptions);
    expect(page).toContain(`<title>${text}: Vault API contract tests of sandbox</title>`);
    expect(page).toMatch(new RegExp(`<p class="result ${color}"><span aria-hidden="true">.</span> ${text}\\.</p>`));
  });

  test("shows the date, the duration, and the version", () => {
    expect(mixedPage).toContain('<time datetime="2026-11-25T08:52:00.000Z">25 November 2026 at 08:52 UTC</time>');
    expect(mixedPage).toContain("<dd>4.0 s</dd>");
    expect(mixedPage).toContain("<dd>antom-vault 1.2.3</dd>");
    expect(formatHtml(mixedReport, { ...reportOptions, seconds: 119.6 })).toContain("<dd>2 min 0 s</dd>");
  });
});

describe("the Failures section", () => {
  test("shows each kind once, the most frequent first, with its first check in full", () => {
    expect(findAll(mixedPage, /<h3 id="kind-\d-title"><span[^>]*>✗<\/span> (.*?)<\/h3>/g)).toEqual([
      "Response does not echo the vaultingRequestId of the request.",
      "Response signature is invalid.",
    ]);
    expect(mixedPage).toContain("<p>First of 2: Title of vaultPaymentMethod.response.echo</p>");
    expect(mixedPage).toContain("<p>Affects 5 of 9 responses in this run.</p>");
    expect(mixedPage).toContain("<pre>\n{\n  &quot;vaultingRequestId&quot;: &quot;a&quot;\n}</pre>");
    expect(mixedPage).toContain("<dt>Response, HTTP status 200</dt>");
    expect(mixedPage).toContain("<code>/components/schemas/VaultPaymentMethodResponse</code>");
    expect(mixedPage).toContain('<pre class="command">curl -sS -i http://127.0.0.1:1/v1');
    expect(mixedPage).toContain(`<pre class="command">${commandForCheck("vaultPaymentMethod.response.echo")}</pre>`);
    expect(mixedPage).toContain('<a href="#inquireVaulting.response.echo">inquireVaulting.response.echo</a>');
    expect(mixedPage).toContain('<p class="quiet">Empty body.</p>');
  });

  test("is omitted if nothing failed", () => {
    const page = formatHtml(createReport([createCheckResult("a.b")]), reportOptions);
    expect(page).not.toContain("Failures</h2>");
    expect(page).not.toContain("Skipped checks");
  });
});

test("formatHtml returns a row for each check with its status and reason", () => {
  const rows = findAll(mixedPage, /(<tr id=.*?<\/tr>)/g);
  expect(rows).toHaveLength(mixedReport.checks.length);
  const findRow = (id: string) => rows.find((html) => html.includes(`id="${id}"`)) ?? "";
  expect(findRow("vaultPaymentMethod.response.masked")).toContain("<td>✓ passed</td>");
  expect(findRow("inquireVaulting.response.signed")).toContain('<a href="#kind-2">Response signature is invalid.</a>');
  expect(findRow("inquireVaulting.result.SUCCESS")).toContain("<td>– skipped</td>");
  expect(findRow("inquireVaulting.result.SUCCESS")).toContain(
    "<p>The target does not return examples from the OpenAPI document on demand.</p>",
  );
  expect(mixedPage).toContain(
    "<b>1</b><div><p>The target does not return examples from the OpenAPI document on demand.</p>",
  );
});

test("formatHtml marks each operation with its result", () => {
  const page = formatHtml(
    createReport([...mixedReport.checks, { ...skipped, operation: "notifyVaulting" }]),
    reportOptions,
  );
  expect(
    findAll(page, /<th scope="row"><span class="\w+" aria-hidden="true">(.<\/span> <a href="#checks-\w+)/g).map(
      (html) => html.replace(/<.*#checks-/, " "),
    ),
  ).toEqual(["✗ vaultPaymentMethod", "✗ inquireVaulting", "✓ protocol", "– notifyVaulting"]);
});

test("formatHtml opens only the tables with failures", () => {
  expect(findAll(mixedPage, /<details class="operation" id="checks-(\w+)" open>/g)).toEqual([
    "vaultPaymentMethod",
    "inquireVaulting",
  ]);
  expect(findAll(mixedPage, /<details class="operation" id="checks-(\w+)">/g)).toEqual(["protocol"]);
});

describe("text from the target", () => {
  const MALICIOUS = [
    ["markup", "</script><img src=x onerror=alert(1)>", "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"],
    ["a closing style tag", "</style>", "&lt;/style&gt;"],
    ["closing tags", "</pre></dd><h1>", "&lt;/pre&gt;&lt;/dd&gt;&lt;h1&gt;"],
    ["quotes", `" onfocus="x' y='`, "&quot; onfocus=&quot;x&#39; y=&#39;"],
    ["an entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;"],
    ["a NUL character", "a\0b", "a⟨U+0000⟩b"],
    ["a carriage return and an escape", "a\r\u001B[31mb", "a⟨U+000D⟩⟨U+001B⟩[31mb"],
    ["a lone high surrogate", "a\uD83Db", "a⟨U+D83D⟩b"],
    ["a lone low surrogate", "a\uDE00b", "a⟨U+DE00⟩b"],
    ["a surrogate pair", "a😀b", "a😀b"],
    ["bidirectional controls", "a\u202Egnp\u2066\u200F\u061Cb", "a⟨U+202E⟩gnp⟨U+2066⟩⟨U+200F⟩⟨U+061C⟩b"],
    ["zero-width characters", "a\u200B\uFEFF\u00ADb", "a⟨U+200B⟩⟨U+FEFF⟩⟨U+00AD⟩b"],
    ["Unicode line separators", "a\u2028\u2029\u0085b", "a⟨U+2028⟩⟨U+2029⟩⟨U+0085⟩b"],
    ["tag characters and noncharacters", "a\u{E0041}\uFFFF\u{10FFFE}b", "a⟨U+E0041⟩⟨U+FFFF⟩⟨U+10FFFE⟩b"],
  ] as const;

  test.each(MALICIOUS)("is safe to display if it contains %s", (_, text, shown) => {
    const message = `What ${text}\nMore ${text}\nRequest: ${text}\nResponse: 200 ${text}\nDocument: ${text}`;
    const checks = [createFailedResult(`a.${text}`, message, { title: text }), { ...skipped, message: text }];
    const page = formatHtml(createReport(checks, text), {
      ...reportOptions,
      version: text,
      commandForCheck: () => text,
    });
    for (const expected of [
      `<b>${shown}</b></h1>`,
      `contract tests of ${shown}</title>`,
      `content="antom-vault ${shown}"`,
      `</span> What ${shown}</h3>`,
      `<p>${shown}</p>\n<p class="id">`,
      `<p>More ${shown}</p>`,
      `<dt>Request</dt><dd><pre>\n${shown}</pre>`,
      `<dt>Response, HTTP status 200</dt><dd><pre>\n${shown}</pre>`,
      `<code>${shown}</code>`,
      `<pre class="command">${shown}</pre>`,
      `<td>${shown}<p>`,
      `<div><p>${shown}</p>`,
    ])
      expect(page).toContain(expected);
  });

  test("never adds tags", () => {
    const getTags = (text: string) => {
      const message = `What\nRequest: ${text}\nResponse: 200 ${text}\nDocument: ${text}`;
      const page = formatHtml(createReport([createFailedResult("a.b", message, { title: text })], text), {
        ...reportOptions,
        commandForCheck: () => text,
      });
      return findAll(page.replaceAll('<p class="quiet">Empty body.</p>', "<pre></pre>"), /<(\/?\w+)/g);
    };
    const expected = getTags("x");
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1 }).filter((text) => !text.includes("\n")),
        (text) => {
          expect(getTags(`x${text}`)).toEqual(expected);
        },
      ),
    );
  });

  test("is truncated without splitting surrogate pairs", () => {
    expect(truncate("a😀b", 2)).toBe("a…");
    expect(truncate("a😀b", 3)).toBe("a😀…");
    expect(truncate("a😀b", 4)).toBe("a😀b");
  });
});

describe("anchors", () => {
  const unusual = createReport([
    createFailedResult("a.b", "One.\nDocument: /x"),
    createFailedResult("a.c", "Two.\nDocument: /x"),
    createFailedResult("failures", "Two.\nDocument: /x"),
    createFailedResult("x y\u0000</script>", "Two.\nDocument: /x"),
    createFailedResult("kind-1", "Two.\nDocument: /x"),
    createCheckResult("checks"),
  ]);

  test.each([
    ["usual IDs", mixedPage],
    ["unusual IDs", formatHtml(unusual, reportOptions)],
  ])("of %s are unique, and every link has a target", (_, page) => {
    const anchors = findAnchors(page);
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
    const links = findLinks(page);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !anchors.includes(link.slice(1)))).toEqual([]);
    for (const label of findAll(page, /\saria-labelledby="([^"]*)"/g)) expect(anchors).toContain(label);
  });

  test("of checks are the check IDs", () => {
    for (const { id } of mixedReport.checks) expect(findAnchors(mixedPage)).toContain(id);
  });
});

describe("security", () => {
  const hashSource = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

  test("the Content-Security-Policy allows only the style and script of the page", () => {
    const [style = ""] = findAll(mixedPage, /<style>(.*?)<\/style>/gs);
    const [script = ""] = findAll(mixedPage, /<script>(.*?)<\/script>/gs);
    const policy = `default-src 'none'; style-src ${hashSource(style)}; script-src ${hashSource(script)}; base-uri 'none'; form-action 'none'`;
    const [meta] = findAll(mixedPage, /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g);
    expect(meta?.replaceAll("&#39;", "'")).toBe(policy);
    expect(findAll(mixedPage, /<(style|script)\b/g)).toEqual(["style", "script"]);
    expect(mixedPage).not.toMatch(/\sstyle=|\son\w+="/);
  });

  test("the page has no external references", () => {
    expect(findLinks(mixedPage).filter((link) => !link.startsWith("#"))).toEqual([]);
    expect(mixedPage).not.toMatch(/\s(?:src|srcset|action|poster|data|xlink:href)=/);
    expect(mixedPage).not.toMatch(/url\(|@import|<(?:link|base|iframe|object|embed|img)\b/);
  });
});

describe("accessibility", () => {
  test("the page has landmarks, ordered headings, and table captions", () => {
    expect(mixedPage).toContain('<html lang="en">');
    for (const landmark of ["header", "main", "footer"])
      expect(findAll(mixedPage, new RegExp(`<(${landmark})\\b`, "g"))).toHaveLength(1);
    const ranks = findAll(mixedPage, /<h(\d)\b/g).map(Number);
    expect(ranks.filter((rank) => rank === 1)).toHaveLength(1);
    for (const [index, rank] of ranks.entries()) expect(rank).toBeLessThanOrEqual((ranks[index - 1] ?? 0) + 1);
    expect(findAll(mixedPage, /<(table)\b/g).length).toBe(findAll(mixedPage, /<table[^>]*>\n<(caption)/g).length);
  });

  const getLuminance = (color: string): number => {
    const linear = [1, 3, 5].map((index) => {
      const share = Number.parseInt(color.slice(index, index + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    const [red = 0, green = 0, blue = 0] = linear;
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const getContrast = (one: string, other: string) => {
    const [dark = 0, light = 0] = [getLuminance(one), getLuminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  test.each([
    ["light", 0],
    ["dark", 1],
  ] as const)("all text in the %s theme has sufficient contrast", (_, scheme) => {
    expect(getContrast("#ffffff", "#000000")).toBeCloseTo(21);
    for (const ground of ["ground", "raised", "marked"] as const)
      for (const text of ["ink", "quiet", "good", "bad", "link"] as const)
        expect([text, ground, getContrast(PALETTE[text][scheme], PALETTE[ground][scheme]) >= 4.5]).toEqual([
          text,
          ground,
          true,
        ]);
  });
});

describe("a report of 430 checks", () => {
  const createFailures = (createMessage: (index: number) => string) =>
    createReport(
      Array.from({ length: 430 }, (_, index) =>
        createFailedResult(
          `vaultPaymentMethod.request.paymentMethodDetail.card.field${index}.maxLength`,
          createMessage(index),
          {
            title: `enforces the maxLength of /paymentMethodDetail/card/field${index}`,
          },
        ),
      ),
    );
  const bodies = `Request: {"a":"${"'<".repeat(2000)}"}\nResponse: 200 ${'"<'.repeat(1000)}\nDocument: /info`;

  test.each([
    ["with 1 kind of failure", createFailures(() => `Target rejected a valid request: F / PARAM_ILLEGAL.\n${bodies}`)],
    ["with 430 kinds of failure", createFailures((index) => `${index} ${"many words ".repeat(40)}.\n${bodies}`)],
  ])("%s is smaller than 300 KB", (_, report) => {
    const page = formatHtml(report, { ...reportOptions, commandForCheck });
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
    expect(findAll(page, /<tr id="([^"]*)"/g)).toHaveLength(430);
    const anchors = new Set(findAnchors(page));
    expect(findLinks(page).filter((link) => !anchors.has(link.slice(1)))).toEqual([]);
  });

  test("shows how many kinds of failure it omits, and that it omits exchanges", () => {
    const page = formatHtml(
      createFailures((index) => `${index}.\n${bodies}`),
      reportOptions,
    );
    expect(page).toContain("410 more kinds of failure are listed under All checks.");
    expect(page).toContain("are omitted to limit the size of this page");
    expect(formatHtml(mixedReport, reportOptions)).not.toContain("are omitted to limit the size of this page");
  });
});
