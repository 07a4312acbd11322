/** The frame of the buyer's pages, and the headers that keep them safe. */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { SCRIPT } from "./browser-script.ts";
import { STYLE } from "./style.ts";

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What a page shows. */
export interface View {
  readonly status: 200 | 403 | 404 | 422;
  readonly title: string;
  /** What stands above the title: what kind of page it is, or a drawing. */
  readonly aboveTitle: Markup;
  readonly body: Markup;
  /** What the sandbox has to say of the page. Left out: that it is one. */
  readonly banner?: Markup;
  /** Whether it tells of a mistake in the form. */
  readonly hasError?: boolean;
}

export interface Page extends View {
  /** Whether a form of this page may lead away from the sandbox, to the merchant. */
  readonly leavesSandbox?: boolean;
  readonly cookie?: string | undefined;
}

/** The response that a page is. */
export async function renderPage(page: Page): Promise<Response> {
  const { status, title, aboveTitle, body, banner, hasError, leavesSandbox, cookie } = page;
  // Only a page with a form or with numbers to copy has something to run.
  const script = banner === undefined ? "" : html`<script>${raw(SCRIPT)}</script>`;
  const text = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>${hasError ? "Error: " : ""}${title} · Sandbox</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<aside class="band" aria-label="Sandbox">
${banner ?? html`<p class="mark">${SANDBOX_LABEL}</p>`}
</aside>
<main class="sheet">
${aboveTitle}
<h1>${title}</h1>
${body}
</main>
${script}
</body>
</html>
`;
  const headers = new Headers({
    ...securityHeaders({ leadsAway: leavesSandbox, scripted: banner !== undefined }),
    "content-type": "text/html; charset=utf-8",
  });
  if (cookie !== undefined) headers.append("set-cookie", cookie);
  return new Response(String(text), { status, headers });
}

/** The words by which every page is known as the sandbox's. */
export const SANDBOX_LABEL: Markup = html`<span><b>Sandbox</b> No real card, no real bank</span>`;

/** On to somewhere else, with nothing of this page told there. */
export const redirectTo = (location: string): Response =>
  new Response(null, { status: 303, headers: { ...securityHeaders({}), location } });

const cspHash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const STYLE_HASH = cspHash(STYLE);
const SCRIPT_HASH = cspHash(SCRIPT);

/**
 * Browsers hold every redirect after a form against the policy of the form's page, the merchant's own redirects too: from http to https, from
 * one of its hosts to another. Where those lead is not known here, so a page that leads away allows the web; and nothing that a merchant
 * wrote stands in a policy.
 */
function securityHeaders({
  leadsAway = false,
  scripted = false,
}: {
  readonly leadsAway?: boolean | undefined;
  readonly scripted?: boolean;
}): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    ...(scripted ? [`script-src ${SCRIPT_HASH}`] : []),
    `form-action ${leadsAway ? "'self' http: https:" : "'self'"}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
  };
}
