/** Simulates a buyer who submits forms on a gateway's pages, as a browser without JavaScript does. */
import { CheckSkipped, ContractFailure } from "../model/failure.ts";

const TIMEOUT_MS = 10_000;

/** Form values that pass a challenge with the one-time code of a test card. */
export const PASS_CHALLENGE = { code: "123456", action: "code" };
/** Form values that cancel a challenge. */
export const CANCEL_CHALLENGE = { code: "", action: "cancel" };

/**
 * Requests a page, submits its form, and returns the URL on a different origin to which the buyer is redirected, or `undefined` if there is none.
 *
 * @param values the values of form fields and buttons by name; hidden fields keep their values
 * @throws {ContractFailure} if the page returns an HTTP error
 * @throws {CheckSkipped} if the page has no form with these fields
 */
export async function submitForm(url: string, values: Readonly<Record<string, string>>): Promise<string | undefined> {
  const page = await getPage(url);
  const text = await page.text();
  if (page.status >= 400) throw new ContractFailure(`The buyer page returned HTTP status ${page.status}.`);
  if (!text.includes("<form")) throw new CheckSkipped("The buyer page has no form.");
  const missing = Object.keys(values).find((name) => !text.includes(`name="${name}"`));
  if (missing !== undefined)
    throw new CheckSkipped(`The form on the buyer page has no field with the name ${missing}.`);
  const cookie = page.headers
    .getSetCookie()
    .map((header) => header.split(";")[0])
    .join("; ");
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ ...readHiddenFields(text), ...values }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  return getExternalRedirect(url, response);
}

/** Requests a page without submitting its form. Returns the URL on a different origin to which the page redirects, or `undefined` if there is none. */
export async function visitPage(url: string): Promise<string | undefined> {
  const page = await getPage(url);
  await page.body?.cancel();
  return getExternalRedirect(url, page);
}

const getPage = (url: string) => fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });

function getExternalRedirect(url: string, { headers }: Response): string | undefined {
  const location = headers.get("location");
  if (location === null || new URL(location, url).origin === new URL(url).origin) return undefined;
  return location;
}

const readHiddenFields = (html: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
