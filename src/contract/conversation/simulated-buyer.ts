/** A buyer on a gateway's page, as a browser without scripts would be. */
import { ContractFailure, NotApplicable } from "../model/failure.ts";

const LIMIT_MS = 10_000;

/** What a buyer enters on the page of a challenge: the one-time code of a test card, or a press on Cancel. */
export const PASSES = { code: "123456", answer: "code" };
export const CANCELS = { code: "", answer: "cancel" };

/**
 * Opens a page, fills in its form and sends it, as far as the page leads, and gives the address outside of the page that the buyer is
 * led to; `undefined` where the page does not let go.
 *
 * @param values what is typed and pressed, by field; hidden fields are sent as they stand
 * @throws ContractFailure where the page is not there; NotApplicable where there is no such form on the page
 */
export async function fillIn(url: string, values: Readonly<Record<string, string>>): Promise<string | undefined> {
  const page = await get(url);
  const text = await page.text();
  if (page.status >= 400)
    throw new ContractFailure(`The page that the buyer is sent to is not there: HTTP status ${page.status}.`);
  if (!text.includes("<form")) throw new NotApplicable("The page that the buyer is sent to shows no form.");
  const missing = Object.keys(values).find((name) => !text.includes(`name="${name}"`));
  if (missing !== undefined) throw new NotApplicable(`The form on the buyer's page has no field ${missing}.`);
  const cookie = page.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ ...hiddenFields(text), ...values }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  await answer.body?.cancel();
  return leadsOut(url, answer);
}

/** Looks at a page; gives the address outside of it that the buyer is led to at once, or `undefined` where it shows something. */
export async function visit(url: string): Promise<string | undefined> {
  const page = await get(url);
  await page.body?.cancel();
  return leadsOut(url, page);
}

const get = (url: string) => fetch(url, { redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });

function leadsOut(url: string, { headers }: Response): string | undefined {
  const location = headers.get("location");
  if (location === null || new URL(location, url).origin === new URL(url).origin) return undefined;
  return location;
}

const hiddenFields = (html: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
