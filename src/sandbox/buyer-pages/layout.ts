/** The layout of the buyer pages, and their security headers. */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { SCRIPT } from "./browser-script.ts";
import { STYLE } from "./style.ts";

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The contents of a page. */
export interface View {
  readonly status: 200 | 403 | 404 | 422;
  readonly title: string;
  /** The element above the title: the kind of page, or an icon. */
  readonly aboveTitle: Markup;
  readonly body: Markup;
  /** The sandbox banner. Default: a plain label. */
  readonly banner?: Markup;
  /** Whether the page shows a form error. */
  readonly hasError?: boolean;
}

export interface Page extends View {
  /** Whether submitting the form can redirect to the merchant. */
  readonly leavesSandbox?: boolean;
  readonly cookie?: string | undefined;
}

/** Renders a page with its security headers. */
export async function renderPage(page: Page): Promise<Response> {
  const { status, title, aboveTitle, body, banner, hasError, leavesSandbox, cookie } = page;
  // Only pages with a custom banner have a form or copy buttons.
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
<aside class="banner" aria-label="Sandbox">
${banner ?? html`<p class="banner-label">${SANDBOX_LABEL}</p>`}
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
    ...securityHeaders({ leavesSandbox, hasScript: banner !== undefined }),
    "content-type": "text/html; charset=utf-8",
  });
  if (cookie !== undefined) headers.append("set-cookie", cookie);
  return new Response(String(text), { status, headers });
}

/** The label that marks every page as a sandbox page. */
export const SANDBOX_LABEL: Markup = html`<span><b>Sandbox</b> Test environment. No real cards.</span>`;

/** Creates a redirect for which browsers send no referrer. */
export const redirectTo = (location: string): Response =>
  new Response(null, { status: 303, headers: { ...securityHeaders({}), location } });

const cspHash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const STYLE_HASH = cspHash(STYLE);
const SCRIPT_HASH = cspHash(SCRIPT);

/**
 * Returns the security headers. Browsers apply `form-action` to every redirect after a form submission, including redirects on the merchant's
 * site. Their targets are unknown, so pages with `leavesSandbox` allow all HTTP and HTTPS URLs. The policy never contains merchant input.
 */
function securityHeaders({
  leavesSandbox = false,
  hasScript = false,
}: {
  readonly leavesSandbox?: boolean | undefined;
  readonly hasScript?: boolean;
}): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    // Before it submits a form, the script checks that the sandbox responds.
    ...(hasScript ? [`script-src ${SCRIPT_HASH}`, "connect-src 'self'"] : []),
    `form-action ${leavesSandbox ? "'self' http: https:" : "'self'"}`,
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
