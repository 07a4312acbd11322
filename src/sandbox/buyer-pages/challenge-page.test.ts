import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBuyer, expectSafe, type PageResponse, readPage, startChallenge } from "../../testing/browser/buyer.ts";
import { callDirectly, createId, type Listener, startListener } from "../../testing/sandbox/sandbox.ts";
import { formatHead, sendRaw } from "../../testing/servers/raw-socket.ts";
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
const CORRECT = { code: "123456", action: "code" };
const INCORRECT = { code: "654321", action: "code" };

const inquire = async (id: string) =>
  (await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id })).body;

/** Starts a challenge and opens its page. */
async function openChallenge() {
  const id = createId();
  const url = await startChallenge(sandbox.credentials, { id, url: listener.url });
  const buyer = createBuyer();
  await buyer.get(url);
  return { id, url, buyer };
}

/** Returns the parts that must be identical in two responses. */
const getComparable = ({ status, text, headers }: PageResponse) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== "date"),
});

/** Returns a well-formed URL of a page that does not exist. */
const toUnknownUrl = (url: string) => url.replace(/[^/]+$/, "A".repeat(22));

describe("a challenge link", () => {
  test("that is unknown, malformed, used, or expired returns the same 404 response in a new browser", async () => {
    const [used, cancelled, expiring] = [
      await startChallenge(sandbox.credentials),
      await startChallenge(sandbox.credentials),
      await startChallenge(sandbox.credentials),
    ];
    const buyer = createBuyer();
    await buyer.get(used);
    expect((await buyer.post(used, CORRECT)).location).toBe(REDIRECT_URL);
    await buyer.get(cancelled);
    await buyer.post(cancelled, { action: "cancel" });
    await sandbox.clock.advance(15 * 60_000);
    const notFound = await createBuyer().get(toUnknownUrl(used));
    expect(notFound.status).toBe(404);
    expectSafe(notFound);
    const { origin } = new URL(used);
    const id = used.slice(-22);
    for (const url of [
      used,
      cancelled,
      expiring,
      `${origin}/3ds/`,
      `${origin}/3ds/x`,
      `${origin}/3ds/${id}/`,
      `${origin}/3ds/${id}/x`,
      `${origin}/3ds/${id}%00`,
      `${origin}/3ds/%ff`,
      `${origin}/3ds/%`,
      `${origin}/3ds/${"A".repeat(4000)}`,
      `${origin}/3ds/__proto__`,
      `${origin}/3ds/${id.toLowerCase()}`,
      `${origin}/card/${id}`,
      `${origin}/card/`,
    ]) {
      expect(getComparable(await createBuyer().get(url)), url).toEqual(getComparable(notFound));
    }
  });

  test("ignores forged cookies and the cookies of other links", async () => {
    const [myUrl, otherUrl] = [await startChallenge(sandbox.credentials), await startChallenge(sandbox.credentials)];
    const [myBrowser, otherBrowser] = [createBuyer(), createBuyer()];
    await otherBrowser.get(otherUrl);
    await otherBrowser.post(otherUrl, CORRECT);
    await myBrowser.get(myUrl);
    const notFound = getComparable(await createBuyer().get(toUnknownUrl(myUrl)));
    const ownCookie = myBrowser.getCookie(myUrl) ?? "";
    expect(ownCookie).toMatch(/^antom_vault_page=/);
    for (const cookie of [
      ownCookie,
      `antom_vault_page=${"A".repeat(22)}`,
      `${ownCookie.slice(0, 40)}.${"A".repeat(43)}`,
      "a=b",
    ]) {
      expect(getComparable(await createBuyer().get(otherUrl, { cookie }))).toEqual(notFound);
    }
    // A cookie with the same name from a different program does not hide the genuine one.
    const planted = `antom_vault_page=x; ${otherBrowser.getCookie(otherUrl)}`;
    expect((await createBuyer().get(otherUrl, { cookie: planted })).title).toBe("Your card is saved");
  });

  test.each(["PUT", "DELETE", "PATCH", "OPTIONS"])("returns 404 for the method %s", async (method) => {
    const url = await startChallenge(sandbox.credentials);
    const page = await readPage(await fetch(url, { method, redirect: "manual" }));
    expect(page.status).toBe(404);
    expectSafe(page);
  });
});

describe("the challenge page", () => {
  test("fails the vaulting after 3 incorrect codes, which causes one VERIFICATION_FAIL notification", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id, url: listener.url });
    const buyer = createBuyer();
    expect((await buyer.get(url)).text).not.toContain("Incorrect code");
    for (const left of [2, 1]) {
      const response = await buyer.post(url, INCORRECT);
      expect([response.status, response.location]).toEqual([303, new URL(url).pathname]);
      expectSafe(response);
      expect((await buyer.get(url)).text).toContain(`Attempts left: ${left}`);
      expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    }
    expect((await buyer.post(url, INCORRECT)).location).toBe(REDIRECT_URL);
    // The correct code is now too late.
    expect((await buyer.post(url, CORRECT)).location).toBe(REDIRECT_URL);
    expect(await inquire(id)).toMatchObject({
      vaultingStatus: "FAIL",
      vaultingResultCode: "VERIFY_TIMES_EXCEED_LIMIT",
    });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    const deliveries = listener.deliveries.filter((delivery) => delivery.id === id);
    expect(deliveries).toHaveLength(1);
    expect(JSON.parse(deliveries[0]?.body ?? "").result).toMatchObject({
      resultCode: "VERIFICATION_FAIL",
      resultStatus: "F",
    });
  });

  test("counts only 3 of 1,000 concurrent attempts", async () => {
    const { id, url, buyer } = await openChallenge();
    const attempts = Array.from({ length: 1000 }, (_, number) =>
      buyer.post(url, { code: String(number).padStart(6, "0"), action: "code" }),
    );
    const responses = await Promise.all([...attempts, buyer.post(url, CORRECT)]);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([303]));
    expect(responses.filter(({ location }) => location !== REDIRECT_URL)).toHaveLength(2);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL" });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
  });

  test("vaults the card with the correct code, and redirects to the unchanged redirectUrl", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const buyer = createBuyer();
    const page = await buyer.get(url);
    expect(page.status).toBe(200);
    expectSafe(page);
    expect(page.text).toContain("ending in 0002");
    expect(page.text).not.toContain("4000009900510002");
    const response = await buyer.post(url, CORRECT);
    expect([response.status, response.location, response.text]).toEqual([303, REDIRECT_URL, ""]);
    expectSafe(response);
    const { paymentMethodDetail, ...inquired } = await inquire(id);
    expect(inquired).toMatchObject({ vaultingStatus: "SUCCESS" });
    expect(response.headers.get("location")).not.toContain(paymentMethodDetail?.card.cardToken);
    const reopened = await buyer.get(url);
    expect([reopened.status, reopened.title]).toEqual([200, "Your card is saved"]);
    expect(reopened.text).not.toContain(paymentMethodDetail?.card.cardToken);
    expectSafe(reopened);
  });

  test("fails the vaulting if the buyer cancels", async () => {
    const { id, url, buyer } = await openChallenge();
    expect((await buyer.post(url, { action: "cancel", code: "123456" })).location).toBe(REDIRECT_URL);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL" });
    expect((await buyer.get(url)).title).toBe("You cancelled the verification");
  });

  test("expires after 15 minutes, which causes one notification", async () => {
    const { id, url, buyer } = await openChallenge();
    await sandbox.clock.advance(15 * 60_000 - 2000);
    expect((await buyer.get(url)).title).toBe("Confirm it’s you");
    await sandbox.clock.advance(2000);
    const late = await buyer.post(url, CORRECT);
    expect([late.status, late.title]).toEqual([200, "Your session expired"]);
    expect(late.text).toContain(`<a href="${REDIRECT_URL}"`);
    expectSafe(late);
    expect((await buyer.get(url)).title).toBe("Your session expired");
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL" });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
  });

  test("changes nothing when it is requested 100 times with form fields in its query", async () => {
    const { id, url, buyer } = await openChallenge();
    await buyer.post(url, INCORRECT);
    for (let times = 0; times < 100; times++) {
      const page = await buyer.get(`${url}?action=cancel&code=123456&token=x`);
      expect(page.text).toContain("Attempts left: 2");
    }
    const head = await readPage(await fetch(url, { method: "HEAD" }));
    expect([head.status, head.text]).toEqual([200, ""]);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
  });

  test("limits its cookie to its path, and hides the cookie from scripts", async () => {
    const url = await startChallenge(sandbox.credentials);
    const { headers } = await createBuyer().get(url);
    expect(headers.get("set-cookie")).toMatch(
      new RegExp(`^antom_vault_page=[\\w.-]{66}; Path=${new URL(url).pathname}; HttpOnly; SameSite=Lax$`),
    );
  });
});

describe("a form that is submitted repeatedly", () => {
  test("causes one notification, and always redirects to the merchant", async () => {
    const { id, url, buyer } = await openChallenge();
    const responses = await Promise.all([buyer.post(url, CORRECT), buyer.post(url, CORRECT), buyer.post(url, CORRECT)]);
    expect(responses.map(({ location }) => location)).toEqual([REDIRECT_URL, REDIRECT_URL, REDIRECT_URL]);
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
  });

  test("counts as one attempt if its code is incorrect, and has no effect when it is stale", async () => {
    const { id, url, buyer } = await openChallenge();
    const attempt = { ...INCORRECT, attempt: "0" };
    const responses = await Promise.all([buyer.post(url, attempt), buyer.post(url, attempt), buyer.post(url, attempt)]);
    expect(responses.map(({ status, location }) => [status, location])).toEqual(
      Array(3).fill([303, new URL(url).pathname]),
    );
    expect((await buyer.get(url)).text).toContain("Attempts left: 2.");
    // The code of a stale form is not checked. Otherwise, the form would allow a free attempt.
    for (const stale of ["0", "2", "-1", "x", ""]) {
      expect((await buyer.post(url, { ...CORRECT, attempt: stale })).location).toBe(new URL(url).pathname);
    }
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await buyer.post(url, { ...INCORRECT, attempt: "1" })).location).toBe(new URL(url).pathname);
    expect((await buyer.post(url, { ...INCORRECT, attempt: "2" })).location).toBe(REDIRECT_URL);
    expect((await buyer.get(url)).title).toBe("Too many incorrect codes");
  });

  test.each([
    {},
    { code: "" },
    { code: " \t" },
  ])("does not count as an attempt if it contains no code: %j", async (fields) => {
    const { url, buyer } = await openChallenge();
    for (let times = 0; times < 4; times++) {
      const page = await buyer.post(url, { action: "code", ...fields });
      expect([page.status, page.title]).toEqual([422, "Confirm it’s you"]);
      expect(page.text).toContain(`role="alert">Enter the code. This did not count as an attempt.</p>`);
      expectSafe(page);
    }
    expect((await buyer.get(url)).text).not.toContain("Attempts left");
    expect((await buyer.post(url, CORRECT)).location).toBe(REDIRECT_URL);
    expect((await buyer.post(url, { action: "code", ...fields })).location).toBe(REDIRECT_URL);
  });

  test("takes effect only once if it is submitted from 2 tabs", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const buyer = createBuyer();
    const [first, second] = [await buyer.get(url), await buyer.get(url)];
    expect((await buyer.post(url, { ...CORRECT, token: second.token })).location).toBe(REDIRECT_URL);
    expect((await buyer.post(url, { action: "cancel", token: first.token })).location).toBe(REDIRECT_URL);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "SUCCESS" });
  });
});

describe("a form that was not submitted from the page", () => {
  test.each<[string, (buyer: ReturnType<typeof createBuyer>, url: string, other: string) => Promise<PageResponse>]>([
    ["without the cookie", async (buyer, url) => buyer.post(url, CORRECT, { cookie: "" })],
    ["with a forged cookie", async (buyer, url) => buyer.post(url, CORRECT, { cookie: "antom_vault_page=AAAA" })],
    ["without a token", async (buyer, url) => buyer.post(url, { ...CORRECT, token: "" })],
    ["with an invalid token", async (buyer, url) => buyer.post(url, { ...CORRECT, token: "A".repeat(43) })],
    [
      "with the cookie as the token",
      (buyer, url) => buyer.post(url, { ...CORRECT, token: (buyer.getCookie(url) ?? "").slice(17) }),
    ],
    [
      "with the token of a different page",
      async (buyer, url, other) => buyer.post(url, { ...CORRECT, token: (await buyer.get(other)).token }),
    ],
    [
      "with the cookie and the token of a different page",
      async (buyer, url, other) => {
        const { token } = await buyer.get(other);
        return buyer.post(url, { ...CORRECT, token }, { cookie: buyer.getCookie(other) ?? "" });
      },
    ],
    ["from a different site", (buyer, url) => buyer.post(url, CORRECT, { "sec-fetch-site": "cross-site" })],
    [
      "from a different origin of the same site",
      (buyer, url) => buyer.post(url, CORRECT, { "sec-fetch-site": "same-site" }),
    ],
    ["from the address bar", (buyer, url) => buyer.post(url, CORRECT, { "sec-fetch-site": "none" })],
  ])("is rejected %s", async (_, send) => {
    const id = createId();
    const [url, other] = [await startChallenge(sandbox.credentials, { id }), await startChallenge(sandbox.credentials)];
    const buyer = createBuyer();
    await buyer.get(url);
    const response = await send(buyer, url, other);
    expect(response.status).toBe(403);
    expectSafe(response);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await buyer.get(url)).text).not.toContain("Attempts left");
    // The page itself still works.
    expect((await buyer.post(url, CORRECT)).location).toBe(REDIRECT_URL);
  });
});

describe("an invalid form body", () => {
  test.each<[string, RequestInit & { readonly headers?: Record<string, string> }]>([
    ["missing", {}],
    ["JSON", { body: '{"action":"code"}', headers: { "content-type": "application/json" } }],
    ["multipart data", { body: "--x--", headers: { "content-type": "multipart/form-data; boundary=x" } }],
    ["a form without a media type", { body: Buffer.from("action=code&code=123456") }],
    [
      "invalid UTF-8",
      { body: Buffer.from([0xff, 0xc0, 0x25, 0x00]), headers: { "content-type": "application/x-www-form-urlencoded" } },
    ],
    [
      "a form with NUL and invalid escapes",
      { body: "\0=%00&token=%&code=%zz", headers: { "content-type": "application/x-www-form-urlencoded" } },
    ],
    [
      "a form with 2,000 fields",
      { body: "a&".repeat(2000), headers: { "content-type": "application/x-www-form-urlencoded" } },
    ],
  ])("is rejected if it is %s", async (_, init) => {
    const { id, url, buyer } = await openChallenge();
    const headers = { cookie: buyer.getCookie(url) ?? "", ...init.headers };
    const page = await readPage(await fetch(url, { method: "POST", redirect: "manual", ...init, headers }));
    expect([403, 404]).toContain(page.status);
    expectSafe(page);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await buyer.post(url, CORRECT)).location).toBe(REDIRECT_URL);
  });

  test("is rejected if it exceeds the size limit, with or without a declared length", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const buyer = createBuyer();
    const { token } = await buyer.get(url);
    const form = `token=${token}&action=code&code=123456&more=`;
    const head = (length: readonly [string, string]) =>
      formatHead(new URL(url).pathname, [
        ["content-type", "application/x-www-form-urlencoded"],
        ["cookie", buyer.getCookie(url) ?? ""],
        length,
      ]);
    const filler = "a".repeat(65_000);
    for (const request of [
      `${head(["content-length", "1000000"])}${form}${filler.repeat(15)}`,
      `${head(["transfer-encoding", "chunked"])}fff\r\n${form.padEnd(0xfff, "a")}\r\nffff\r\n${"a".repeat(0xffff)}\r\n0\r\n\r\n`,
    ]) {
      const response = await sendRaw(sandbox.credentials.baseUrl, async (socket) => {
        socket.setTimeout(2000, () => socket.destroy());
        socket.write(request);
      });
      expect(response).toMatch(/^(?:HTTP\/1\.1 404 |$)/);
      expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    }
    expect((await buyer.post(url, CORRECT)).location).toBe(REDIRECT_URL);
  });
});
