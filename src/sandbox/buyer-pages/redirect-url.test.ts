import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";
import { createBuyer, createCardPage, expectSafe, startChallenge } from "../../testing/browser/buyer.ts";
import { callDirectly, createVaultRequest } from "../../testing/sandbox/sandbox.ts";
import { findFreePort } from "../../testing/servers/free-port.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";
import { toRedirectLocation } from "./buyer-pages.ts";

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const CORRECT = { code: "123456", action: "code" };

describe("an invalid redirectUrl", () => {
  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "vbscript:x",
    "ftp://merchant.example/",
    "//merchant.example/",
    "/relative",
    "\\\\merchant.example\\x",
    "https://merchant.example/\r\nSet-Cookie: a=b",
    "https://merchant.example/\nx",
    "https://merchant.example/\tx",
    "\u0001javascript:alert(1)",
    " https://merchant.example/",
    "https://user:pw@merchant.example/",
    "https://merchant.example\\@evil.example/",
    'https://merchant.example/"><script>',
    "https://merchant.example/\u0000",
    `https://merchant.example/${"x".repeat(2025)}`,
    "",
  ])("%j is rejected by the API", async (redirectUrl) => {
    for (const [operation, request] of [
      ["vaultPaymentMethod", createVaultRequest()],
      [
        "createVaultingSession",
        { paymentMethodType: "CARD", vaultingRequestId: "x", vaultingNotificationUrl: "http://127.0.0.1:22/" },
      ],
    ] as const) {
      const { body } = await callDirectly(sandbox.credentials, operation, { ...request, redirectUrl });
      expect(body.result).toMatchObject({ resultCode: "PARAM_ILLEGAL" });
      if (redirectUrl !== "") expect(body.result.resultMessage).not.toContain(redirectUrl);
    }
  });
});

describe("an accepted redirectUrl", () => {
  test.each([
    ["https://merchant.example/done?order=1&x=%0d%0a#top", undefined],
    ["http://127.0.0.1:8080", undefined],
    ["HTTPS://Merchant.Example/Done", undefined],
    ["https://merchant.example/a/../b//c?d=../e", undefined],
    ["https://merchant.example/'%22%3E;,()*$", undefined],
    ["www.test.com", "https://www.test.com"],
    ["merchant.example:8443/x", "https://merchant.example:8443/x"],
    ["https://merchant.example/größe?ж=1", "https://merchant.example/gr%C3%B6%C3%9Fe?%D0%B6=1"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
    [`https://merchant.example/${"x".repeat(2023)}`, undefined],
    [`https://merchant.example/${"ж".repeat(2000)}`, `https://merchant.example/${"%D0%B6".repeat(2000)}`],
    ["http://[::1]:8080/x", undefined],
    // These URLs are valid, but contain characters with a special meaning in a Content-Security-Policy.
    ["http://a;sandbox,b/", undefined],
    ["http://*/", undefined],
  ])("%j becomes the Location header and the link on the result page", async (redirectUrl, location = redirectUrl) => {
    const url = await startChallenge(sandbox.credentials, { redirectUrl });
    const buyer = createBuyer();
    const page = await buyer.get(url);
    expectSafe(page);
    const response = await buyer.post(url, CORRECT);
    expect([response.status, response.location]).toEqual([303, location]);
    expectSafe(response);
    // Browsers resolve the header and the redirectUrl to the same URL.
    expect(new URL(response.location ?? "").href).toBe(new URL(addDefaultScheme(redirectUrl)).href);
    expect((await buyer.get(url)).text.replaceAll("&amp;", "&").replaceAll("&#39;", "'")).toContain(
      `href="${location}"`,
    );
  });

  test("is ignored if browsers cannot parse it", async () => {
    const url = await startChallenge(sandbox.credentials, { redirectUrl: "https://a..b:99999/" });
    const buyer = createBuyer();
    await buyer.get(url);
    const resultPage = await buyer.post(url, CORRECT);
    expect([resultPage.status, resultPage.title]).toEqual([200, "Your card is saved"]);
    expect(toRedirectLocation("https://a..b:99999/")).toBeUndefined();
  });
});

describe("merchant input", () => {
  const MARKUP = `'"><img src=x onerror=alert(1)>&amp;`;

  test("in the vaultingRequestId or the metadata does not appear on the challenge page", async () => {
    const url = await startChallenge(sandbox.credentials, { id: `<b>${Date.now()}`, metadata: MARKUP });
    const buyer = createBuyer();
    const page = await buyer.get(url);
    expectSafe(page);
    for (const text of ["<b>1", "onerror", "alert(1)"]) expect(page.text).not.toContain(text);
  });

  test("is escaped in links", async () => {
    const redirectUrl = "https://merchant.example/?a='x'&b=1&amp;lt;";
    const url = await startChallenge(sandbox.credentials, { redirectUrl });
    const buyer = createBuyer();
    await buyer.get(url);
    await buyer.post(url, CORRECT);
    const resultPage = await buyer.get(url);
    expect(resultPage.text).toContain(
      `<a href="https://merchant.example/?a=&#39;x&#39;&amp;b=1&amp;amp;lt;" rel="noreferrer" class="button">`,
    );
    expectSafe(resultPage);
  });

  test("cannot set the brand to arbitrary text", async () => {
    const request = createVaultRequest({ cardNo: "4000009900510002" });
    const { card } = request.paymentMethodDetail;
    const paymentMethodDetail = { ...request.paymentMethodDetail, card: { ...card, brand: MARKUP } };
    const { body, text } = await callDirectly(sandbox.credentials, "vaultPaymentMethod", {
      ...request,
      paymentMethodDetail,
    });
    expect(text).not.toContain("onerror");
    if (body.normalUrl !== undefined) expect((await createBuyer().get(body.normalUrl)).text).not.toContain("onerror");
  });
});

describe("the buyer pages behind a reverse proxy with a path prefix", () => {
  test("use the public URL in links, cookies, and redirects", async () => {
    const port = await findFreePort();
    await using proxied = await startSandbox({ port, publicUrl: "https://pay.example/sandbox", controlToken: "t" });
    const localUrl = `http://127.0.0.1:${port}`;
    const toLocalUrl = (url: string) => url.replace("https://pay.example/sandbox", localUrl);
    const credentials = { ...proxied.credentials, baseUrl: localUrl };
    const url = await createCardPage(credentials, { threeDS: true });
    expect(url).toMatch(/^https:\/\/pay\.example\/sandbox\/card\/[\w-]{22}$/);
    const page = await fetch(toLocalUrl(url));
    expect(page.headers.get("set-cookie")).toMatch(
      /; Path=\/sandbox\/card\/[\w-]{22}; HttpOnly; SameSite=Lax; Secure$/,
    );
    const token = /name="token" value="([^"]*)"/.exec(await page.text())?.[1] ?? "";
    const cookie = (page.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const body = new URLSearchParams({ token, cardNo: "4054695723100768", expiry: "12/30", cvv: "123" });
    const response = await fetch(toLocalUrl(url), { method: "POST", body, headers: { cookie }, redirect: "manual" });
    expect(response.headers.get("location")).toMatch(/^\/sandbox\/3ds\/[\w-]{22}$/);
  });
});
