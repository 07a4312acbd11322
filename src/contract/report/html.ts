/** A report as one HTML file: to be looked at, attached to a run of a CI, and printed. @module */
import { createHash } from "node:crypto";
import { clipped, markup } from "../../html/html-template.ts";
import type { ContractReport } from "../model/report.ts";
import { allChecks, overview, unasked } from "./html-checks.ts";
import { covered } from "./html-coverage.ts";
import { failureSection } from "./html-failures.ts";
import { type HtmlOptions, pageOf, type Section } from "./html-page.ts";
import { SCRIPT } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { head, verdictOf } from "./html-summary.ts";

export type { HtmlOptions } from "./html-page.ts";

/** In the page's order. */
const SECTIONS: readonly Section[] = [failureSection, overview, covered, unasked, allChecks];

/**
 * The page. It asks no other host for anything, can be read without its script, and runs and styles nothing but its own; whatever came from
 * the target is shown as text.
 *
 * @example
 * ```ts
 * await writeFile("contract.html", html(report, { version: "1.0.0", date: new Date(), seconds: 4.2 }));
 * ```
 */
export function html(report: ContractReport, options: HtmlOptions): string {
  const page = pageOf(report, options);
  const target = clipped(report.target, LONGEST_NAME);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="antom-vault ${options.version}">
<title>${verdictOf(report.totals)}: Vault contract of ${target}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
${head(page, target)}
<main id="content">
${SECTIONS.map((section) => section(page))}
</main>
<footer>
<p>Made by antom-vault ${options.version}. Card data is masked; in commands stand no cards but the test cards of the document.</p>
</footer>
<script>${{ markup: SCRIPT }}</script>
</body>
</html>
`.markup;
}

const LONGEST_NAME = 200;

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`;
