/** The layout of the dashboard's pages, and their security headers. */
import { createHash } from "node:crypto";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { type Asset, ICON_ASSET, SCRIPT_ASSET } from "./assets.ts";
import { STYLE } from "./style.ts";

export interface Page {
  readonly title: string;
  /** The section that the navigation highlights. */
  readonly section?: keyof typeof PAGE;
  readonly body: Markup;
  readonly status?: 200 | 403 | 404 | 422 | 500;
  readonly cookie?: string | undefined;
  /** Additional files that the page loads. */
  readonly assets?: { readonly styles: readonly Asset[]; readonly scripts: readonly Asset[] };
}

/** The body of a page, or a file to download. */
export type PageBody = Markup | Response;

export interface Frame {
  /** The path prefix of the sandbox, without a trailing slash. */
  readonly base: string;
  /** The status bar, or `undefined` if the user is not signed in. */
  readonly statusBar?: Markup | undefined;
  /** The sign-out form, if signing in is required. */
  readonly signOut?: Markup | undefined;
  /** Whether the script requested this page to refresh the contents of an open page. */
  readonly isRefresh?: boolean;
}

const NAVIGATION = [
  ["vaultings", "Vaultings"],
  ["calls", "API calls"],
  ["notifications", "Notifications"],
  ["controls", "Controls"],
  ["cards", "Test cards"],
  ["credentials", "Credentials"],
  ["reference", "API reference"],
] as const;

/** Renders a page with its security headers. */
export function renderPage(page: Page, frame: Frame): Response {
  const { title, body, status = 200, cookie, assets } = page;
  const { base, statusBar, signOut = nothing, isRefresh = false } = frame;
  const path = (asset: Asset) => exactAttribute(`${base}${PAGE.assets}${asset.name}`);
  const assetElements = ({ styles, scripts }: NonNullable<Page["assets"]>) => [
    ...styles.map((style) => markup`<link rel="stylesheet" href="${path(style)}">`),
    ...scripts.map((script) => markup`<script src="${path(script)}" defer></script>`),
  ];
  const text = markup`<!doctype html>
<html lang="en" data-base="${exactAttribute(base)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · antom-vault sandbox</title>
<link rel="icon" href="${exactAttribute(`${base}${PAGE.assets}icon.svg`)}" type="image/svg+xml">
${isRefresh ? nothing : STYLE_ELEMENT}
${statusBar && status === 200 ? markup`<script src="${path(SCRIPT_ASSET)}" defer></script>` : nothing}
${assets ? assetElements(assets) : nothing}
</head>
<body>
<a class="skip-link" href="#content">Skip to content</a>
<header class="page-header">
<p class="brand"><a href="${exactAttribute(`${base}/`)}">antom-vault</a> <span class="tag">sandbox</span></p>
${statusBar ? navigation(page, base) : nothing}
${signOut}
</header>
${statusBar ?? nothing}
<main id="content" tabindex="-1">
${body}
</main>
<footer><p>Test environment with simulated cards and banks. Card data is masked.</p></footer>
</body>
</html>
`;
  const headers = new Headers({ ...SECURITY_HEADERS, "content-type": "text/html; charset=utf-8" });
  if (assets) headers.set("content-security-policy", contentSecurityPolicy("'self' ", " data:"));
  if (cookie !== undefined) headers.append("set-cookie", cookie);
  return new Response(text.markup, { status, headers });
}

function navigation({ section }: Page, base: string): Markup {
  const link = ([name, title]: (typeof NAVIGATION)[number]) =>
    markup`<li><a href="${exactAttribute(base + PAGE[name])}"${section === name ? markup` aria-current="page"` : nothing}>${title}</a></li>`;
  return markup`<nav aria-label="Dashboard"><ul>
${NAVIGATION.map(link)}
</ul></nav>`;
}

/** An inline style sheet, so that the browser can render the page without a second request. */
const STYLE_ELEMENT: Markup = { markup: `<style>${STYLE}</style>` };
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** Returns the Content-Security-Policy, with additional sources for styles and images. */
const contentSecurityPolicy = (styles = "", images = ""): string =>
  `default-src 'none'; style-src ${styles}'sha256-${STYLE_HASH}'; script-src 'self'; img-src 'self'${images}; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy(),
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  // With no-referrer, browsers would send `Origin: null` with forms.
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Creates a redirect with status 303, so that reloading the target does not resubmit the form. */
export function redirectTo(location: string, cookie?: string): Response {
  const headers = new Headers({ ...SECURITY_HEADERS, location });
  if (cookie !== undefined) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

export function assetResponse({ name, type, text }: Asset): Response {
  const caching = name === ICON_ASSET.name ? "max-age=3600" : "max-age=31536000, immutable";
  return new Response(text, { headers: { ...SECURITY_HEADERS, "content-type": type, "cache-control": caching } });
}

/** Creates a JSON response. If `fileName` is set, browsers download the response as a file. */
export const jsonResponse = (text: string, fileName?: string): Response =>
  new Response(text, {
    headers: {
      ...SECURITY_HEADERS,
      "content-type": "application/json; charset=utf-8",
      ...(fileName === undefined ? {} : { "content-disposition": `attachment; filename="${fileName}"` }),
    },
  });
