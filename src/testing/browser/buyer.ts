/** A simulated buyer that keeps cookies as a browser does but does not follow redirects. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Credentials } from "../../gateway/index.ts";
import { callDirectly, createSessionRequest, createVaultRequest, type RequestOptions } from "../sandbox/sandbox.ts";
import { parsePolicy } from "./visitor.ts";

export interface PageResponse {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly title: string;
  /** The CSRF token of the form. */
  readonly token: string;
  readonly location: string | null;
}

type StringMap = Readonly<Record<string, string>>;

export interface Buyer {
  readonly get: (url: string, headers?: StringMap) => Promise<PageResponse>;
  /** Submits a form with the CSRF token of the most recent page from the same path. */
  readonly post: (url: string, fields: StringMap, headers?: StringMap) => Promise<PageResponse>;
  readonly getCookie: (url: string) => string | undefined;
}

const FORM = "application/x-www-form-urlencoded";

export async function readPage(response: Response): Promise<PageResponse> {
  const text = await response.text();
  return {
    status: response.status,
    text,
    headers: response.headers,
    title: /<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? "",
    token: /name="token" value="([^"]*)"/.exec(text)?.[1] ?? "",
    location: response.headers.get("location"),
  };
}

export function createBuyer(): Buyer {
  const cookies = new Map<string, string>();
  const tokens = new Map<string, string>();
  const getPath = (url: string) => new URL(url).pathname;

  async function send(url: string, init: RequestInit, headers: StringMap): Promise<PageResponse> {
    const cookie = cookies.get(getPath(url));
    const response = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { ...(cookie === undefined ? {} : { cookie }), ...headers },
    });
    const set = /^([^;]*); Path=([^;]*);/.exec(response.headers.get("set-cookie") ?? "");
    if (set?.[1] && set[2]) cookies.set(set[2], set[1]);
    const page = await readPage(response);
    if (page.token) tokens.set(getPath(url), page.token);
    return page;
  }

  return {
    get: (url, headers = {}) => send(url, {}, headers),
    post: (url, fields, headers = {}) => {
      const body = new URLSearchParams({ token: tokens.get(getPath(url)) ?? "", ...fields }).toString();
      return send(url, { method: "POST", body }, { "content-type": FORM, "sec-fetch-site": "same-origin", ...headers });
    },
    getCookie: (url) => cookies.get(getPath(url)),
  };
}

export interface PageOptions extends RequestOptions {
  /** `null` omits the URL, which is optional only for a session. */
  readonly redirectUrl?: string | null;
}

/** Creates a vaulting that requires a challenge, and returns the URL of the challenge page. */
export async function startChallenge(credentials: Credentials, options: PageOptions = {}): Promise<string> {
  const { redirectUrl = "https://merchant.example/done?order=1#top" } = options;
  const request = { ...createVaultRequest({ cardNo: "4000009900510002", ...options }), redirectUrl };
  const response = await callDirectly(credentials, "vaultPaymentMethod", request);
  return response.body.normalUrl ?? expect.fail(response.text);
}

/** Creates a session, and returns the URL of its card page. */
export async function createCardPage(credentials: Credentials, options: PageOptions = {}): Promise<string> {
  const { redirectUrl = "https://merchant.example/done?order=1#top" } = options;
  const response = await callDirectly(credentials, "createVaultingSession", {
    ...createSessionRequest(options),
    ...(redirectUrl === null ? {} : { redirectUrl }),
  });
  return response.body.normalUrl ?? expect.fail(response.text);
}

export const VALID_CARD = { cardNo: "4054 6957 2310 0768", expiry: "12/30", cvv: "123" } as const;

/** Checks that a page or error page has the required security headers and safe markup. */
export function expectSafe({ headers, text }: PageResponse): void {
  const directives = parsePolicy(headers.get("content-security-policy"));
  const script = /<script>(.*?)<\/script>/s.exec(text)?.[1];
  const style = /<style>(.*?)<\/style>/s.exec(text)?.[1];
  const hash = (part: string) => `'sha256-${createHash("sha256").update(part).digest("base64")}'`;
  expect([...directives.keys()]).toEqual([
    "default-src",
    "style-src",
    ...(script === undefined ? [] : ["script-src", "connect-src"]),
    "form-action",
    "frame-ancestors",
    "base-uri",
  ]);
  expect(directives.get("default-src")).toBe("'none'");
  expect(directives.get("style-src")).toBe(style === undefined ? directives.get("style-src") : hash(style));
  expect(directives.get("style-src")).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/);
  // The policy allows only this script.
  if (script !== undefined) {
    expect(directives.get("script-src")).toBe(hash(script));
    expect(directives.get("connect-src")).toBe("'self'");
  }
  expect(directives.get("form-action")).toMatch(/^'self'(?: http: https:)?$/);
  expect(directives.get("frame-ancestors")).toBe("'none'");
  expect(directives.get("base-uri")).toBe("'none'");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cache-control")).toBe("no-store");
  const rest = text.replace(`<script>${script}</script>`, "");
  expect(rest).not.toMatch(/<script|\son\w+\s*=|\sstyle=|javascript:|<iframe|<img|<link|<object/i);
}
