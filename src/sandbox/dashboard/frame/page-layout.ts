/** The frame of the dashboard's pages, and the headers that keep them safe. */
import { createHash } from "node:crypto";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { type Asset, ICON_ASSET, SCRIPT_ASSET } from "./assets.ts";
import { STYLE } from "./style.ts";

export interface Page {
  readonly title: string;
  /** Which part of the dashboard it belongs to. */
  readonly section?: keyof typeof PAGE;
  readonly body: Markup;
  readonly status?: 200 | 403 | 404 | 422;
  readonly cookie?: string | undefined;
  /** What this page alone loads. */
  readonly assets?: { readonly styles: readonly Asset[]; readonly scripts: readonly Asset[] };
}

export interface Frame {
  /** The path below which the sandbox is reached, without a slash at its end. */
  readonly base: string;
  /** The state of the sandbox; left out where nobody may see it. */
  readonly statusBar?: Markup | undefined;
  /** The field that each form carries. */
  readonly signOut?: Markup | undefined;
  /** Whether a page that is open already asks for its parts. */
  readonly isRefresh?: boolean;
}

const NAVIGATION = [
  ["vaultings", "Vaultings"],
  ["calls", "Exchanges"],
  ["controls", "Controls"],
  ["cards", "Test cards"],
  ["credentials", "Credentials"],
  ["reference", "Reference"],
] as const;

/** The response that a page is. */
export function renderPage(page: Page, frame: Frame): Response {
  const { title, body, status = 200, cookie, assets } = page;
  const { base, statusBar, signOut = nothing, isRefresh = false } = frame;
  const path = (asset: Asset) => exactAttribute(`${base}${PAGE.assets}${asset.name}`);
  const own = ({ styles, scripts }: NonNullable<Page["assets"]>) => [
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
${assets ? own(assets) : nothing}
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header class="top">
<p class="brand"><a href="${exactAttribute(`${base}/`)}">antom-vault</a> <span class="mark">sandbox</span></p>
${statusBar ? navigation(page, base) : nothing}
${signOut}
</header>
${statusBar ?? nothing}
<main id="content" tabindex="-1">
${body}
</main>
<footer><p>Card data is masked everywhere here. No real card, no real bank.</p></footer>
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

/** In the page itself, because a page is not painted before its style is there. */
const STYLE_ELEMENT: Markup = { markup: `<style>${STYLE}</style>` };
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** `styles` and `images`: what is allowed beside the dashboard's own. */
const contentSecurityPolicy = (styles = "", images = ""): string =>
  `default-src 'none'; style-src ${styles}'sha256-${STYLE_HASH}'; script-src 'self'; img-src 'self'${images}; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/**
 * The policy allows what the dashboard serves itself, and nothing else. The referrer stays on this origin: with none at all, browsers would
 * not say of a form where it was sent from.
 */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy(),
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** On to a page of the dashboard, by a request that a reload may repeat. */
export function redirectTo(location: string, cookie?: string): Response {
  const headers = new Headers({ ...SECURITY_HEADERS, location });
  if (cookie !== undefined) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

export function assetResponse({ name, type, text }: Asset): Response {
  const forEver = name === ICON_ASSET.name ? "max-age=3600" : "max-age=31536000, immutable";
  return new Response(text, { headers: { ...SECURITY_HEADERS, "content-type": type, "cache-control": forEver } });
}

export const jsonResponse = (text: string): Response =>
  new Response(text, { headers: { ...SECURITY_HEADERS, "content-type": "application/json; charset=utf-8" } });
