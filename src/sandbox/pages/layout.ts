/** The frame of the buyer's pages, and the headers that keep them safe. */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 26rem; padding: 2rem 1rem; }
h1 { font-size: 1.25rem; }
label { display: block; margin-top: 1rem; }
input { box-sizing: border-box; font: inherit; padding: .5rem; width: 100%; }
button { font: inherit; margin-top: 1.5rem; padding: .5rem 1rem; }
.mark { border: 1px dashed; font-size: .875rem; padding: .25rem .5rem; }
.wrong { color: #b00020; font-weight: 600; }
@media (prefers-color-scheme: dark) { .wrong { color: #ff8a80; } }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

export interface Page {
  readonly status: 200 | 403 | 404 | 422;
  readonly title: string;
  readonly body: Markup;
  /** Whether a form of this page may lead away from the sandbox, to the merchant. */
  readonly leadsAway?: boolean;
  readonly cookie?: string | undefined;
}

/** The response that a page is. */
export async function renderPage({ status, title, body, leadsAway, cookie }: Page): Promise<Response> {
  const text = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<p class="mark">Sandbox: no real card, no real bank.</p>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  const headers = new Headers({ ...securityHeaders(leadsAway), "content-type": "text/html; charset=utf-8" });
  if (cookie !== undefined) headers.append("set-cookie", cookie);
  return new Response(String(text), { status, headers });
}

/** On to somewhere else, with nothing of this page told there. */
export const redirectTo = (location: string): Response =>
  new Response(null, { status: 303, headers: { ...securityHeaders(), location } });

/**
 * Browsers hold every redirect after a form against the policy of the form's page, the merchant's own redirects too: from http to https, from
 * one of its hosts to another. Where those lead is not known here, so a page that leads away allows the web; and nothing that a merchant
 * wrote stands in a policy.
 */
function securityHeaders(leadsAway = false): Record<string, string> {
  const formAction = leadsAway ? "'self' http: https:" : "'self'";
  return {
    "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
  };
}

/** The one page for a link that leads nowhere: unknown, used up or expired, all the same. */
export const deadLink = (): Promise<Response> =>
  renderPage({
    status: 404,
    title: "This link leads nowhere",
    body: html`<p>It is unknown, was used, or has expired. Go back to the shop and begin again.</p>`,
  });

/** For a form that was not sent from the page that this browser was shown. Nothing has happened. */
export const notGenuine = (): Promise<Response> =>
  renderPage({
    status: 403,
    title: "Please open the page again",
    body: html`<p>What was sent did not come from this page. Nothing has happened.</p>`,
  });
