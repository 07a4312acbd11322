/** A simulated dashboard user that sends request targets unchanged, keeps the cookie and the last form token, and does not follow redirects. */
import { type IncomingHttpHeaders, request } from "node:http";
import { expect } from "vitest";

export interface PageResponse {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  readonly location: string | undefined;
  /** The first heading, as text. */
  readonly heading: string;
}

type StringMap = Readonly<Record<string, string>>;

export interface Visitor {
  readonly get: (target: string, headers?: StringMap) => Promise<PageResponse>;
  /** Submits a form with the most recent CSRF token. */
  readonly post: (target: string, fields: StringMap, headers?: StringMap) => Promise<PageResponse>;
  readonly getCookie: () => string | undefined;
}

/** The headers that a browser sends with a same-origin form. */
const FORM_HEADERS = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };

export function createVisitor(baseUrl: string): Visitor {
  const { host, hostname, port } = new URL(baseUrl);
  let cookie: string | undefined;
  let token = "";

  async function send(method: string, target: string, headers: StringMap, body = ""): Promise<PageResponse> {
    const page = await new Promise<PageResponse>((resolve, reject) => {
      const allHeaders = { host, ...(cookie === undefined ? {} : { cookie }), ...headers };
      const sent = request(
        { method, hostname: hostname.replace(/[[\]]/g, ""), port, path: target, headers: allHeaders },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", reject);
          response.once("end", () => {
            const text = Buffer.concat(chunks).toString();
            const heading = (/<h1>(.*?)<\/h1>/s.exec(text)?.[1] ?? "")
              .replace(/<button.*?<\/button>|<[^>]*>/gs, "")
              .trim();
            const { statusCode: status = 0, headers } = response;
            resolve({ status, text, headers, location: headers.location, heading });
          });
        },
      );
      sent.once("error", reject);
      sent.end(body);
    });
    const [set] = page.headers["set-cookie"] ?? [];
    if (set !== undefined) cookie = set.split(";")[0];
    token = /(?:name="token" value|data-token)="([^"]*)"/.exec(page.text)?.[1] ?? token;
    return page;
  }

  return {
    get: (target, headers = {}) => send("GET", target, headers),
    post: (target, fields, headers = {}) =>
      send("POST", target, { ...FORM_HEADERS, ...headers }, new URLSearchParams({ token, ...fields }).toString()),
    getCookie: () => cookie,
  };
}

/** Returns the directives of a content security policy by name. */
export const parsePolicy = (policy: unknown): ReadonlyMap<string, string> =>
  new Map(
    String(policy)
      .split(";")
      .map((directive) => {
        const [name = "", ...values] = directive.trim().split(" ");
        return [name, values.join(" ")];
      }),
  );

/** Checks that a dashboard response has the required security headers and safe markup. `allowsSwaggerUi` allows Swagger UI's styles and images. */
export function expectSafe({ headers, text }: PageResponse, { allowsSwaggerUi = false } = {}): void {
  expect(Object.fromEntries(parsePolicy(headers["content-security-policy"]))).toEqual({
    "default-src": "'none'",
    "style-src": expect.stringMatching(
      allowsSwaggerUi ? /^'self' 'sha256-[A-Za-z0-9+/]{43}='$/ : /^'sha256-[A-Za-z0-9+/]{43}='$/,
    ),
    "script-src": "'self'",
    "img-src": allowsSwaggerUi ? "'self' data:" : "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
  });
  expect(headers["x-frame-options"]).toBe("DENY");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("same-origin");
  expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
  // No inline scripts, event handlers, or styles, and no resources from other hosts.
  expect(text).not.toMatch(
    /<script(?! src="\/assets\/)|<[^>]*\son\w+\s*=|<[^>]*\sstyle\s*=|<iframe|<object|<(?:link|img|script)[^>]*"(?:https?:)?\/\//i,
  );
}
