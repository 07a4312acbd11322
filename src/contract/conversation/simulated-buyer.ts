/** A buyer on a gateway's page, as a browser without scripts would be. */
import { CheckSkipped, ContractFailure } from "../model/failure.ts";

const TIMEOUT_MS = 10_000;

/** What a buyer enters on the page of a challenge: the one-time code of a test card, or a press on Cancel. */
export const PASS_CHALLENGE = { code: "123456", answer: "code" };
export const CANCEL_CHALLENGE = { code: "", answer: "cancel" };

/**
 * Opens a page, fills in its form and sends it, as far as the page leads, and gives the address outside of the page that the buyer is
 * led to; `undefined` where the page does not let go.
 *
 * @param values what is typed and pressed, by field; hidden fields are sent as they stand
 * @throws ContractFailure where the page is not there; NotApplicable where there is no such form on the page
 */
export async function submitForm(url: string, values: Readonly<Record<string, string>>): Promise<string | undefined> {
  const page = await getPage(url);
  const text = await page.text();
  if (page.status >= 400)
    throw new ContractFailure(`The page that the buyer is sent to is not there: HTTP status ${page.status}.`);
  if (!text.includes("<form")) throw new CheckSkipped("The page that the buyer is sent to shows no form.");
  const missing = Object.keys(values).find((name) => !text.includes(`name="${name}"`));
  if (missing !== undefined) throw new CheckSkipped(`The form on the buyer's page has no field ${missing}.`);
  const cookie = page.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ ...readHiddenFields(text), ...values }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
  return getExternalRedirect(url, answer);
}

/** Looks at a page; gives the address outside of it that the buyer is led to at once, or `undefined` where it shows something. */
export async function openPage(url: string): Promise<string | undefined> {
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
