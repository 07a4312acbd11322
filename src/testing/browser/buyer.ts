/** A buyer who has a browser without a screen: it keeps cookies as one does, and follows nothing. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Credentials } from "../../gateway/index.ts";
import { callDirectly, createSessionRequest, createVaultRequest, type RequestOptions } from "../sandbox/sandbox.ts";

export interface PageResponse {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly title: string;
  /** The token of its form. */
  readonly token: string;
  readonly location: string | null;
}

type StringMap = Readonly<Record<string, string>>;

export interface Buyer {
  readonly get: (url: string, headers?: StringMap) => Promise<PageResponse>;
  /** Sends what a form of the page would send, the token of the page last seen at this address included. */
  readonly post: (url: string, fields: Readonly<Record<string, string>>, headers?: StringMap) => Promise<PageResponse>;
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
  const pathOf = (url: string) => new URL(url).pathname;

  async function send(url: string, init: RequestInit, headers: StringMap): Promise<PageResponse> {
    const cookie = cookies.get(pathOf(url));
    const response = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { ...(cookie === undefined ? {} : { cookie }), ...headers },
    });
    const set = /^([^;]*); Path=([^;]*);/.exec(response.headers.get("set-cookie") ?? "");
    if (set?.[1] && set[2]) cookies.set(set[2], set[1]);
    const page = await readPage(response);
    if (page.token) tokens.set(pathOf(url), page.token);
    return page;
  }

  return {
    get: (url, headers = {}) => send(url, {}, headers),
    post: (url, fields, headers = {}) => {
      const body = new URLSearchParams({ token: tokens.get(pathOf(url)) ?? "", ...fields }).toString();
      return send(url, { method: "POST", body }, { "content-type": FORM, "sec-fetch-site": "same-origin", ...headers });
    },
    getCookie: (url) => cookies.get(pathOf(url)),
  };
}

export interface PageOptions extends RequestOptions {
  /** `null`: none, which only a session allows. */
  readonly redirectUrl?: string | null;
}

/** Begins a vaulting that asks for a challenge; gives its page's address. */
export async function startChallenge(credentials: Credentials, wanted: PageOptions = {}): Promise<string> {
  const { redirectUrl = "https://merchant.example/done?order=1#top" } = wanted;
  const request = { ...createVaultRequest({ cardNo: "4000009900510002", ...wanted }), redirectUrl };
  const answer = await callDirectly(credentials, "vaultPaymentMethod", request);
  return answer.body.normalUrl ?? expect.fail(answer.text);
}

/** Begins a session; gives the address of the page on which the card is typed. */
export async function openCardPage(credentials: Credentials, wanted: PageOptions = {}): Promise<string> {
  const { redirectUrl = "https://merchant.example/done?order=1#top" } = wanted;
  const answer = await callDirectly(credentials, "createVaultingSession", {
    ...createSessionRequest(wanted),
    ...(redirectUrl === null ? {} : { redirectUrl }),
  });
  return answer.body.normalUrl ?? expect.fail(answer.text);
}

export const VALID_CARD = { cardNo: "4054 6957 2310 0768", expiry: "12/30", cvv: "123" } as const;

/** Demands what holds for every page, and for every error in the place of one. */
export function expectSafe({ headers, text }: PageResponse): void {
  const policy = headers.get("content-security-policy") ?? "";
  const directives = new Map(
    policy.split(";").map((each) => {
      const [name = "", ...values] = each.trim().split(" ");
      return [name, values.join(" ")];
    }),
  );
  const script = /<script>(.*?)<\/script>/s.exec(text)?.[1];
  const style = /<style>(.*?)<\/style>/s.exec(text)?.[1];
  const hashOf = (part: string) => `'sha256-${createHash("sha256").update(part).digest("base64")}'`;
  expect([...directives.keys()]).toEqual([
    "default-src",
    "style-src",
    ...(script === undefined ? [] : ["script-src"]),
    "form-action",
    "frame-ancestors",
    "base-uri",
  ]);
  expect(directives.get("default-src")).toBe("'none'");
  expect(directives.get("style-src")).toBe(style === undefined ? directives.get("style-src") : hashOf(style));
  expect(directives.get("style-src")).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/);
  // The one script is ours to the byte; nothing else in a page runs.
  if (script !== undefined) expect(directives.get("script-src")).toBe(hashOf(script));
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
