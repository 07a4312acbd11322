/** A report as one HTML file: to be looked at, attached to a run of a CI, and printed. @module */
import { createHash } from "node:crypto";
import { type Markup, markup, nothing, truncate } from "../../html/html-template.ts";
import type { ContractReport } from "../model/report.ts";
import { checksSection, coverageSection, overviewSection, skippedSection } from "./html-checks.ts";
import { failureSection } from "./html-failures.ts";
import { createPage, type HtmlOptions, type Page } from "./html-page.ts";
import { SCRIPT } from "./html-script.ts";
import { STYLE } from "./html-style.ts";

export type { HtmlOptions } from "./html-page.ts";

/**
 * The page. It asks no other host for anything, can be read without its script, and runs and styles nothing but its own; whatever came from
 * the target is shown as text.
 */
export function formatHtml(report: ContractReport, options: HtmlOptions): string {
  const page = createPage(report, options);
  const target = truncate(report.target, MAX_NAME_LENGTH);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="antom-vault ${options.version}">
<title>${formatResult(report.totals)}: Vault contract of ${target}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
${createHeader(page, target)}
<main id="content">
${[failureSection, overviewSection, coverageSection, skippedSection, checksSection].map((section) => section(page))}
</main>
<footer>
<p>Made by antom-vault ${options.version}. Card data is masked; in commands stand no cards but the test cards of the document.</p>
</footer>
<script>${{ markup: SCRIPT }}</script>
</body>
</html>
`.markup;
}

const MAX_NAME_LENGTH = 200;

const hashSource = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const POLICY = `default-src 'none'; style-src ${hashSource(STYLE)}; script-src ${hashSource(SCRIPT)}; base-uri 'none'; form-action 'none'`;

type Totals = ContractReport["totals"];

/** The outcome in one sentence, without its full stop. */
function formatResult({ passed, failed }: Totals): string {
  const asked = passed + failed;
  const checks = asked === 1 ? "check" : "checks";
  if (asked === 0) return "No check could be asked";
  return failed === 0 ? `${passed} of ${asked} ${checks} held` : `${failed} of ${asked} ${checks} failed`;
}

/** With a headline, a bar and the circumstances of the run. */
export function createHeader({ report: { totals }, options, groups }: Page, target: string): Markup {
  const { passed, failed, skipped } = totals;
  const held = failed === 0 && passed > 0;
  const aside = [
    groups.length > 0 ? `${formatCount(groups.length, "kind")} of failure.` : "",
    skipped > 0 && passed + failed > 0 ? `${skipped} could not be asked of this target.` : "",
  ].filter(Boolean);
  return markup`<header>
<h1>Vault contract of <b>${target}</b></h1>
<p class="verdict ${held ? "held" : "broken"}"><span aria-hidden="true">${held ? "✓" : "✗"}</span> ${formatResult(totals)}.</p>
${aside.length > 0 ? markup`<p class="aside">${aside.join(" ")}</p>\n` : nothing}${createBar(totals)}
<ul class="totals">
<li class="${passed > 0 ? "held" : "quiet"}"><span aria-hidden="true">✓</span> <b>${passed}</b> held</li>
<li class="${failed > 0 ? "broken" : "quiet"}"><span aria-hidden="true">✗</span> <b>${failed}</b> failed</li>
<li class="quiet"><span aria-hidden="true">–</span> <b>${skipped}</b> not asked</li>
</ul>
<dl class="facts">
<div><dt>Date</dt><dd>${formatTime(options.date)}</dd></div>
<div><dt>Duration</dt><dd>${formatDuration(options.seconds)}</dd></div>
<div><dt>Made with</dt><dd>antom-vault ${options.version}</dd></div>
</dl>
</header>`;
}

/** The totals as lengths. The same numbers stand below it. */
function createBar({ passed, failed, skipped }: Totals): Markup {
  const all = passed + failed + skipped;
  if (all === 0) return nothing;
  const parts = [
    { name: "held", size: passed },
    { name: "broken", size: failed },
    { name: "unasked", size: skipped },
  ].filter(({ size }) => size > 0);
  // A part of one among hundreds has to be seen, too.
  const least = all / 100;
  const gap = all / 250;
  let at = 0;
  const rects = parts.map(({ name, size }) => {
    const width = Math.max(size, least);
    const rect = markup`<rect class="${name}" x="${at.toFixed(2)}" width="${width.toFixed(2)}" height="1"/>`;
    at += width + gap;
    return rect;
  });
  return markup`<svg class="bar" viewBox="0 0 ${(at - gap).toFixed(2)} 1" preserveAspectRatio="none" aria-hidden="true">${rects}</svg>`;
}

function formatTime(date: Date): Markup {
  const text = date.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return markup`<time datetime="${date.toISOString()}">${text} UTC</time>`;
}

function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const formatCount = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
