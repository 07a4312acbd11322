/** Simulates a buyer who submits forms on a gateway's pages, as a browser without JavaScript does. */
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";

const TIMEOUT_MS = 10_000;

/** Form values that pass a challenge with the one-time code of a test card. */
export const PASS_CHALLENGE = { code: "123456", action: "code" };
/** Form values that cancel a challenge. */
export const CANCEL_CHALLENGE = { code: "", action: "cancel" };
/** Form values with a code that is incorrect for every test card. */
export const WRONG_CODE = { code: "000000", action: "code" };

type FormValues = Readonly<Record<string, string>>;

/** Requests a page and immediately submits its form. Has the same parameters and errors as {@link openForm}. */
export const submitForm = async (...form: Parameters<typeof openForm>): Promise<string | undefined> =>
  (await openForm(...form))();

/**
 * Requests a page, and returns a function that submits its form. The function returns the cross-origin URL that the form redirects to, or
 * `undefined` if there is none.
 *
 * @param values the values of form fields and buttons by name; hidden fields that are not listed keep their values
 * @param onPage called with the headers and the HTML of the page, and then with those of the response to the submission
 * @param browser the cookies of a browser that opens several pages
 * @throws {ContractFailure} if the page returns an HTTP error, or the form redirects to a URL of the target that is not a page
 * @throws {CheckSkipped} if the page has no form with these fields
 */
export async function openForm(
  url: string,
  values: FormValues,
  onPage?: (message: string) => void,
  browser: Cookies = new Map(),
): Promise<() => Promise<string | undefined>> {
  const page = await getPage(url, browser);
  const text = await page.text();
  onPage?.(formatMessage(page, text));
  if (page.status >= 400) throw new ContractFailure(`The buyer page returned HTTP status ${page.status}.`);
  if (!text.includes("<form")) throw new CheckSkipped("The buyer page has no form.");
  const missing = Object.keys(values).find((name) => !text.includes(`name="${name}"`));
  if (missing !== undefined) throw new CheckSkipped(`The form on the buyer page has no field named ${missing}.`);
  storeCookies(browser, url, page);
  return async () => {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: formatCookies(browser, url) },
      body: new URLSearchParams({ ...readHiddenFields(text), ...values }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const result = await response.text();
    onPage?.(formatMessage(response, result));
    const location = response.headers.get("location");
    const external = getExternalRedirect(url, response);
    if (location !== null && external === undefined) await expectPage(url, new URL(location, url).href);
    return external;
  };
}

/** Requests a URL of the target that a form redirects to, and expects a page in the response. */
async function expectPage(from: string, url: string): Promise<void> {
  if (url === from) return;
  const page = await getPage(url);
  await page.body?.cancel();
  const isHtml = /html/i.test(page.headers.get("content-type") ?? "");
  if (page.status >= 400 || (page.status === 200 && !isHtml))
    throw new ContractFailure(
      `The buyer is redirected to a URL on the target that is not a page: HTTP status ${page.status}.`,
    );
}

/** The path and the `name=value` text of each cookie, by path and name. */
export type Cookies = Map<string, readonly [path: string, text: string]>;

function storeCookies(cookies: Cookies, url: string, { headers }: Response): void {
  const directory = new URL(url).pathname.replace(/\/[^/]*$/, "");
  for (const header of headers.getSetCookie()) {
    const [text = ""] = header.split(";");
    const path = /;\s*path=(\/[^;]*)/i.exec(header)?.[1] ?? directory;
    cookies.set(`${path} ${text.split("=", 1)[0]}`, [path, text]);
  }
}

const formatCookies = (cookies: Cookies, url: string): string =>
  [...cookies.values()].flatMap(([path, text]) => (new URL(url).pathname.startsWith(path) ? [text] : [])).join("; ");

const formatMessage = ({ headers }: Response, text: string): string =>
  [...[...headers].map((header) => header.join(": ")), text].join("\n");

/** Requests a page without submitting its form. Returns the cross-origin URL that the page redirects to, or `undefined` if there is none. */
export async function visitPage(url: string): Promise<string | undefined> {
  const page = await getPage(url);
  await page.body?.cancel();
  return getExternalRedirect(url, page);
}

const getPage = (url: string, browser: Cookies = new Map()) =>
  fetch(url, {
    redirect: "manual",
    headers: browser.size > 0 ? { cookie: formatCookies(browser, url) } : {},
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });

function getExternalRedirect(url: string, { headers }: Response): string | undefined {
  const location = headers.get("location");
  if (location === null) return undefined;
  // A redirectUrl without a scheme resolves to a path on the gateway, but is external. The host of every redirectUrl ends in .example.
  const isInternal = new URL(location, url).origin === new URL(url).origin && !/\.example\b/.test(location);
  return isInternal ? undefined : location;
}

/** Values that merchants might send as redirectUrl. */
export const REDIRECT_URLS = [
  "https://merchant.example/cards/done?order=7&next=%2Fdone%3fa%3D1&tag=a+b%20c&list[]=1&a=2&a=1&empty=&flag",
  "merchant.example/cards/done",
  // A URL of the maximum length, because some gateways include it in normalUrl.
  `http://merchant.example:8080?order=7&state=${"x".repeat(2005)}`,
  "https://merchant.example/%7Eshop;v=1/?a=1#/cards/done?b=2",
] as const;

/** Returns whether a Location header contains exactly the redirectUrl. Ignores the scheme, because a redirectUrl can omit it. */
export function isRedirectTo(redirectUrl: string, location: string): boolean {
  const normalize = (url: string) => new URL(url, "https://gateway.invalid").href.replace(/^https?:/, "");
  const target = addDefaultScheme(redirectUrl);
  return /^(?:https?:)?\/\//i.test(location) && normalize(location) === normalize(target);
}

const readHiddenFields = (html: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
