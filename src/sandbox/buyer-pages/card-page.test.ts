import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBuyer, expectSafe, openCardPage, VALID_CARD } from "../../testing/browser/buyer.ts";
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

const BACK = "https://merchant.example/done?order=1#top";
const inquire = async (id: string) =>
  (await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id })).body;

describe("the page on which the card is typed", () => {
  test("a card vaults, the merchant is told once, the buyer goes back with nothing added", async () => {
    const id = createId();
    const url = await openCardPage(sandbox.credentials, { id, url: listener.url });
    const someone = createBuyer();
    const page = await someone.get(url);
    expect([page.status, page.title]).toEqual([200, "Save your card"]);
    expectSafe(page);
    const answer = await someone.post(url, VALID_CARD);
    expect([answer.status, answer.location, answer.text]).toEqual([303, BACK, ""]);
    expectSafe(answer);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "SUCCESS" });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
    const end = await someone.get(url);
    expect([end.status, end.title]).toEqual([200, "Your card is saved"]);
    expect((await createBuyer().get(url)).status).toBe(404);
  });

  test.each([false, true])("without redirectUrl it ends by itself (3-D Secure: %s)", async (threeDS) => {
    let url = await openCardPage(sandbox.credentials, { redirectUrl: null, threeDS });
    const someone = createBuyer();
    expect((await someone.get(url)).headers.get("content-security-policy")).toContain("form-action 'self';");
    let end = await someone.post(url, VALID_CARD);
    if (threeDS) {
      url = new URL(end.location ?? "", url).href;
      await someone.get(url);
      end = await someone.post(url, { answer: "code", code: "123456" });
    }
    expect([end.status, end.title]).toEqual([200, "Your card is saved"]);
    expect(end.text).toContain("You can close this page.");
    expectSafe(end);
  });

  test.each<[string, Readonly<Record<string, string>>, string, readonly string[]]>([
    [
      "a number that fails the Luhn check",
      { cardNo: "5391738264019471" },
      "There is a mistake in the card number. Please check it.",
      ["539173826401"],
    ],
    ["a short number", { cardNo: "53917382" }, "The card number has 12 to 19 digits.", ["53917382"]],
    [
      "full-width digits",
      { cardNo: "５３９１７３８２６４０１９４７５" },
      "The card number has 12 to 19 digits.",
      ["５３９１"],
    ],
    [
      "markup for a number",
      { cardNo: '"><script>alert(1)</script>' },
      "The card number has 12 to 19 digits.",
      ["alert(1)"],
    ],
    ["a month 13", { expiry: "13/47" }, "Enter month and year in two digits each, for example 08/30.", ["13/47", "47"]],
    [
      "a year of four digits",
      { expiry: "07/2947" },
      "Enter month and year in two digits each, for example 08/30.",
      ["07/2947", "2947"],
    ],
    ["no expiry", { expiry: "" }, "Enter the expiry date.", []],
    ["a CVV of two digits", { cvv: "97" }, "The security code has 3 or 4 digits.", ['value="97"']],
    ["a CVV of letters", { cvv: "qxz" }, "The security code has 3 or 4 digits.", ["qxz"]],
  ])("%s: told with the field, without the value", async (_, fields, message, secrets) => {
    const id = createId();
    const url = await openCardPage(sandbox.credentials, { id });
    const someone = createBuyer();
    await someone.get(url);
    const answer = await someone.post(url, { ...VALID_CARD, ...fields });
    expect(answer.status).toBe(422);
    // Beside the field, and above the form as a link to it; what else it could have said stands in attributes, for the script.
    const [field = ""] = Object.keys(fields);
    expect(answer.text).toContain(`<p class="wrong" id="${field}-wrong">${message}</p>`);
    expect(answer.text).toContain(`<li><a href="#${field}">${message}</a></li>`);
    expect(answer.text).toContain("<title>Error: Save your card");
    expect(answer.text).toMatch(new RegExp(`<input id="${field}" [^>]*aria-invalid="true" autofocus>`));
    expect(answer.text.match(/class="wrong"/g)).toHaveLength(1);
    expect(answer.text).toContain(`aria-describedby="${field}-wrong`);
    const page = answer.text.replace(/<(aside|style|script)\b.*?<\/\1>/gs, "");
    for (const secret of [...secrets, "4054 6957", "4054695723100768", 'value="12', 'value="123"'])
      expect(page).not.toContain(secret);
    expectSafe(answer);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await someone.post(url, VALID_CARD)).location).toBe(BACK);
  });

  test("everything wrong: every field is told", async () => {
    const url = await openCardPage(sandbox.credentials);
    const someone = createBuyer();
    await someone.get(url);
    const answer = await someone.post(url, {});
    expect(answer.text.match(/class="wrong"/g)).toHaveLength(3);
  });

  test("a challenge comes after the card where the session wants one", async () => {
    const id = createId();
    const url = await openCardPage(sandbox.credentials, { id, threeDS: true });
    const someone = createBuyer();
    await someone.get(url);
    const answer = await someone.post(url, VALID_CARD);
    expect(answer.location).toMatch(/^\/3ds\/[\w-]{22}$/);
    expectSafe(answer);
    const challenge = new URL(answer.location ?? "", url).href;
    expect((await inquire(id)).normalUrl).toBe(challenge);
    // Who goes back is led on; who comes with another card too; a stranger learns nothing.
    expect((await someone.get(url)).location).toBe(answer.location);
    expect((await someone.post(url, { ...VALID_CARD, cardNo: "5162774114974622" })).location).toBe(answer.location);
    expect((await someone.post(url, { ...VALID_CARD, cvv: "x" })).location).toBe(answer.location);
    expect((await createBuyer().get(url)).status).toBe(404);
    const page = await someone.get(challenge);
    expect(page.text).toContain("Visa ending in 0768");
    expect((await someone.post(challenge, { code: "123456", answer: "code" })).location).toBe(BACK);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "SUCCESS" });
    expect((await someone.get(url)).title).toBe("Your card is saved");
  });

  test("a card that fails is told as such, and the merchant why", async () => {
    const id = createId();
    const url = await openCardPage(sandbox.credentials, { id, redirectUrl: null });
    const someone = createBuyer();
    await someone.get(url);
    expect((await someone.post(url, { ...VALID_CARD, cardNo: "4000009900050009" })).title).toBe(
      "Your card was declined",
    );
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL", vaultingResultCode: "CARD_EXPIRED" });
  });

  test("an hour later it is over, whatever is typed", async () => {
    const id = createId();
    const url = await openCardPage(sandbox.credentials, { id, url: listener.url });
    const someone = createBuyer();
    await someone.get(url);
    await sandbox.clock.advance(60 * 60_000);
    for (const fields of [{ ...VALID_CARD, cvv: "x" }, VALID_CARD]) {
      const late = await someone.post(url, fields);
      expect([late.status, late.title]).toEqual([200, "Time is up"]);
      expectSafe(late);
    }
    expect((await createBuyer().get(url)).status).toBe(404);
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
  });

  test("a double click with two cards: one vaulting", async () => {
    const id = createId();
    const url = await openCardPage(sandbox.credentials, { id, url: listener.url });
    const someone = createBuyer();
    await someone.get(url);
    const answers = await Promise.all(
      ["4054695723100768", "5162774114974622", "4000009900050009"].map((cardNo) =>
        someone.post(url, { ...VALID_CARD, cardNo }),
      ),
    );
    expect(answers.map(({ location }) => location)).toEqual([BACK, BACK, BACK]);
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
  });

  test.each([
    ["another site", { "sec-fetch-site": "cross-site" }, {}],
    ["a browser without the cookie", { cookie: "" }, {}],
    ["a form without the token", {}, { token: "" }],
  ])("a card from %s is not taken", async (_, headers, fields) => {
    const id = createId();
    const url = await openCardPage(sandbox.credentials, { id });
    const someone = createBuyer();
    await someone.get(url);
    expect((await someone.post(url, { ...VALID_CARD, ...fields }, headers)).status).toBe(403);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
  });
});
