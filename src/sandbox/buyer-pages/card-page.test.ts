import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBuyer, createCardPage, expectSafe, VALID_CARD } from "../../testing/browser/buyer.ts";
import { callDirectly, createId, type Listener, startListener } from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";

let sandbox: RunningSandbox;
let listener: Listener;
beforeAll(async () => {
  sandbox = await startSandbox();
  listener = await startListener(sandbox.credentials);
});
afterAll(async () => {
  await listener[Symbol.asyncDispose]();
  await sandbox.close();
});

const REDIRECT_URL = "https://merchant.example/done?order=1#top";
const inquire = async (id: string) =>
  (await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id })).body;

/** Creates a session and opens its card page. */
async function openPage(options: Parameters<typeof createCardPage>[1] = {}) {
  const id = createId();
  const url = await createCardPage(sandbox.credentials, { id, url: listener.url, ...options });
  const buyer = createBuyer();
  await buyer.get(url);
  return { id, url, buyer };
}

describe("the card page", () => {
  test("vaults a card, causes one notification, and redirects to the unchanged redirectUrl", async () => {
    const id = createId();
    const url = await createCardPage(sandbox.credentials, { id, url: listener.url });
    const buyer = createBuyer();
    const page = await buyer.get(url);
    expect([page.status, page.title]).toEqual([200, "Save your card"]);
    expectSafe(page);
    const response = await buyer.post(url, VALID_CARD);
    expect([response.status, response.location, response.text]).toEqual([303, REDIRECT_URL, ""]);
    expectSafe(response);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "SUCCESS" });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
    const resultPage = await buyer.get(url);
    expect([resultPage.status, resultPage.title]).toEqual([200, "Your card is saved"]);
    expect((await createBuyer().get(url)).status).toBe(404);
  });

  test.each([false, true])("shows the result if there is no redirectUrl (3-D Secure: %s)", async (threeDS) => {
    let url = await createCardPage(sandbox.credentials, { redirectUrl: null, threeDS });
    const buyer = createBuyer();
    expect((await buyer.get(url)).headers.get("content-security-policy")).toContain("form-action 'self';");
    let resultPage = await buyer.post(url, VALID_CARD);
    if (threeDS) {
      url = new URL(resultPage.location ?? "", url).href;
      await buyer.get(url);
      resultPage = await buyer.post(url, { action: "code", code: "123456" });
    }
    expect([resultPage.status, resultPage.title]).toEqual([200, "Your card is saved"]);
    expect(resultPage.text).toContain("You can close this page.");
    expectSafe(resultPage);
  });

  test.each<[string, Readonly<Record<string, string>>, string, readonly string[]]>([
    [
      "a number that fails the Luhn check",
      { cardNo: "5391738264019471" },
      "The card number is invalid. Check it and try again.",
      ["539173826401"],
    ],
    ["a short number", { cardNo: "53917382" }, "The card number must have 12 to 19 digits.", ["53917382"]],
    [
      "full-width digits",
      { cardNo: "５３９１７３８２６４０１９４７５" },
      "The card number must have 12 to 19 digits.",
      ["５３９１"],
    ],
    [
      "markup instead of a number",
      { cardNo: '"><script>alert(1)</script>' },
      "The card number must have 12 to 19 digits.",
      ["alert(1)"],
    ],
    ["month 13", { expiry: "13/47" }, "Enter the month and year as MM/YY, for example 08/30.", ["13/47", "47"]],
    [
      "a year with 4 digits",
      { expiry: "07/2947" },
      "Enter the month and year as MM/YY, for example 08/30.",
      ["07/2947", "2947"],
    ],
    ["a missing expiry date", { expiry: "" }, "Enter the expiry date.", []],
    ["a CVV with 2 digits", { cvv: "97" }, "The security code must have 3 or 4 digits.", ['value="97"']],
    ["a CVV with letters", { cvv: "qxz" }, "The security code must have 3 or 4 digits.", ["qxz"]],
  ])("rejects %s with a message that does not contain the value", async (_, fields, message, secrets) => {
    const { id, url, buyer } = await openPage();
    const response = await buyer.post(url, { ...VALID_CARD, ...fields });
    expect(response.status).toBe(422);
    // The message is shown next to the field and in the summary. Other messages appear only in attributes, for the script.
    const [field = ""] = Object.keys(fields);
    expect(response.text).toContain(`<p class="error" id="${field}-error">${message}</p>`);
    expect(response.text).toContain(`<li><a href="#${field}">${message}</a></li>`);
    expect(response.text).toContain("<title>Error: Save your card");
    expect(response.text).toMatch(new RegExp(`<input id="${field}" [^>]*aria-invalid="true" autofocus>`));
    expect(response.text.match(/class="error"/g)).toHaveLength(1);
    expect(response.text).toContain(`aria-describedby="${field}-error`);
    // Random IDs and tokens could contain a short value by chance.
    const page = response.text
      .replace(/<(aside|style|script)\b.*?<\/\1>/gs, "")
      .replaceAll(new URL(url).pathname, "")
      .replaceAll(response.token, "");
    for (const secret of [...secrets, "4054 6957", "4054695723100768", 'value="12', 'value="123"'])
      expect(page).not.toContain(secret);
    expectSafe(response);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await buyer.post(url, VALID_CARD)).location).toBe(REDIRECT_URL);
  });

  test("shows an error next to each missing field", async () => {
    const { url, buyer } = await openPage();
    const response = await buyer.post(url, {});
    expect(response.text.match(/class="error"/g)).toHaveLength(3);
  });

  test("redirects to the challenge page if the session requires 3-D Secure", async () => {
    const { id, url, buyer } = await openPage({ threeDS: true });
    const response = await buyer.post(url, VALID_CARD);
    expect(response.location).toMatch(/^\/3ds\/[\w-]{22}$/);
    expectSafe(response);
    const challenge = new URL(response.location ?? "", url).href;
    expect((await inquire(id)).normalUrl).toBe(challenge);
    // Going back or submitting a different card redirects to the challenge. A different browser gets a 404 response.
    expect((await buyer.get(url)).location).toBe(response.location);
    expect((await buyer.post(url, { ...VALID_CARD, cardNo: "5162774114974622" })).location).toBe(response.location);
    expect((await buyer.post(url, { ...VALID_CARD, cvv: "x" })).location).toBe(response.location);
    expect((await createBuyer().get(url)).status).toBe(404);
    const page = await buyer.get(challenge);
    expect(page.text).toContain("Visa ending in 0768");
    expect((await buyer.post(challenge, { code: "123456", action: "code" })).location).toBe(REDIRECT_URL);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "SUCCESS" });
    expect((await buyer.get(url)).title).toBe("Your card is saved");
  });

  test("shows that the card was declined, while an inquiry returns the reason", async () => {
    const { id, url, buyer } = await openPage({ redirectUrl: null });
    expect((await buyer.post(url, { ...VALID_CARD, cardNo: "4000009900050009" })).title).toBe("Your card was declined");
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL", vaultingResultCode: "CARD_EXPIRED" });
  });

  test("expires after 1 hour, which causes one notification", async () => {
    const { id, url, buyer } = await openPage();
    await sandbox.clock.advance(60 * 60_000);
    for (const fields of [{ ...VALID_CARD, cvv: "x" }, VALID_CARD]) {
      const late = await buyer.post(url, fields);
      expect([late.status, late.title]).toEqual([200, "Your session expired"]);
      expectSafe(late);
    }
    expect((await createBuyer().get(url)).status).toBe(404);
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
  });

  test("causes one notification and always redirects if several cards are submitted concurrently", async () => {
    const { id, url, buyer } = await openPage();
    const responses = await Promise.all(
      ["4054695723100768", "5162774114974622", "4000009900050009"].map((cardNo) =>
        buyer.post(url, { ...VALID_CARD, cardNo }),
      ),
    );
    expect(responses.map(({ location }) => location)).toEqual([REDIRECT_URL, REDIRECT_URL, REDIRECT_URL]);
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
  });

  test("rejects unknown host names and embedding by other sites, but allows links", async () => {
    const { url } = await openPage();
    const { hostname, port, pathname } = new URL(url);
    const getStatus = async (headers: Readonly<Record<string, string>>) => {
      const sent = request({ hostname, port, path: pathname, headers, agent: false }).end();
      const [response] = await once(sent, "response");
      response.resume();
      return response.statusCode;
    };
    const site = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect(await getStatus({ ...site, "sec-fetch-dest": "document" })).toBe(200);
    expect(await getStatus({ ...site, "sec-fetch-dest": "iframe" })).toBe(403);
    expect(await getStatus({ host: "rebound.example" })).toBe(403);
  });

  test.each([
    ["a different origin", { origin: "https://evil.example" }, {}],
    ["a different site", { "sec-fetch-site": "cross-site" }, {}],
    ["a browser without the cookie", { cookie: "" }, {}],
    ["a form without the token", {}, { token: "" }],
  ])("rejects a card from %s", async (_, headers, fields) => {
    const { id, url, buyer } = await openPage();
    expect((await buyer.post(url, { ...VALID_CARD, ...fields }, headers)).status).toBe(403);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
  });
});
