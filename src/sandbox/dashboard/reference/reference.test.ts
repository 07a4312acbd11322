import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultCodes, vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { importKeyring, publicKeyOf, verifyHeader } from "../../../signature/index.ts";
import { type RunningSandbox, startSandbox } from "../../start-sandbox.ts";
import { expectSafe, type Visitor, visitor } from "../visitor.fixture.ts";
import { referencePage } from "./reference-page.ts";
import { findRenderer } from "./renderer.ts";
import { createSignCall } from "./signed-call.ts";

let sandbox: RunningSandbox;
let browser: Visitor;
beforeAll(async () => {
  sandbox = await startSandbox();
  browser = visitor(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

const PATH = "/ams/sandbox/api/v1/vaults/inquireVaulting";

/** The text of the code block of a name. */
function codeIn(page: string, name: string): string {
  const block = new RegExp(`aria-label="${name}"><code>(.*?)</code>`, "s").exec(page)?.[1];
  return (block ?? expect.fail(`there is no ${name}`))
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

async function merchantKeys() {
  const { clientId, merchantPrivateKey } = sandbox.credentials;
  return importKeyring(await publicKeyOf(merchantPrivateKey), clientId);
}

describe("the page", () => {
  test("is as safe as the others, but for the style of what it loads", async () => {
    const page = await browser.get("/reference");
    expect(page).toMatchObject({ status: 200, heading: "API reference" });
    expectSafe(page, { renderer: true });
  });

  test("has every result code, and what to do after it", async () => {
    const { text } = await browser.get("/reference");
    const rows = [...text.matchAll(/<th scope="row" class="code-word">(\w+)<\/th>.*?<\/tr>/gs)];
    const known = new Set([...Object.values(resultCodes).flat(), ...vaultingResultCodes].map(({ code }) => code));
    expect(new Set(rows.map(([, code]) => code))).toEqual(known);
    for (const [row] of rows) expect(row).toMatch(/<td class="wide">[^<]+<\/td><td class="wide">[^<]+<\/td>/);
  });

  test("a code that every operation can give stands there once for all of them", async () => {
    const { text } = await browser.get("/reference");
    expect(text.match(/>KEY_NOT_FOUND</g)).toHaveLength(1);
    // One for each operation, since each has its own words for it.
    expect(text.match(/>PARAM_ILLEGAL</g)).toHaveLength(3);
  });

  test("works the signature out: what it shows verifies, and is taken", async () => {
    const { text } = await browser.get("/reference");
    const signed = codeIn(text, "the text to sign");
    const headers = new Headers(
      codeIn(text, "the headers")
        .split("\n")
        .map((each) => each.split(": ") as [string, string]),
    );
    const [, clientId = "", time = "", body = ""] = /^POST \S+\n([^.]+)\.(\d+)\.(.*)$/s.exec(signed) ?? [];
    expect(signed).toBe(`POST ${PATH}\n${clientId}.${time}.${body}`);
    expect(clientId).toBe(sandbox.credentials.clientId);
    const message = { path: PATH, clientId, time, body };
    expect(await verifyHeader(await merchantKeys(), message, headers.get("signature"))).toBeUndefined();
    expect(headers.get("signature")).toContain(encodeURIComponent(codeIn(text, "the signature in base64")));
    headers.set("content-type", "application/json; charset=UTF-8");
    const answer = await fetch(sandbox.credentials.baseUrl + PATH, { method: "POST", headers, body });
    expect(await answer.json()).toMatchObject({ result: { resultCode: "VAULTING_NOT_EXIST" } });
    expect(codeIn(text, "the script")).toContain(`curl ${sandbox.credentials.baseUrl}${PATH}`);
  });

  test("leads to the document as it is", async () => {
    const { status, text, headers } = await browser.get("/reference/openapi.json");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(text).toBe(readFileSync(new URL("../../../../generated/openapi.json", import.meta.url), "utf8"));
  });

  test("where the renderer is not installed, says how to add it and shows the rest", async () => {
    const missing = findRenderer(() => {
      throw new Error("Cannot find package");
    });
    expect(missing).toBeUndefined();
    const { baseUrl } = sandbox.credentials;
    const sign = await createSignCall(sandbox.credentials);
    const options = { place: { baseUrl }, base: "", sign, formToken: "t" };
    const page = referencePage({ ...options, renderer: missing }).markup;
    expect(page).toContain("npm install --save-dev swagger-ui-dist@5");
    expect(page).toContain(`<code>POST ${PATH}</code>`);
    expect(page).toContain("VAULTING_NOT_EXIST");
    expect(page).not.toContain('id="renderer"');
  });

  test("the renderer comes from its package, to be kept for ever", async () => {
    const renderer = findRenderer() ?? expect.fail("swagger-ui-dist is not installed");
    for (const { name, type } of [renderer.script, renderer.style]) {
      const { status, headers, text } = await browser.get(`/assets/${name}`);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ "content-type": type, "cache-control": "max-age=31536000, immutable" });
      expect(text.length).toBeGreaterThan(100_000);
    }
  });
});

describe("signing for whoever tries the API", () => {
  const sign = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    browser.post("/reference/sign", { path: PATH, body: "{}", ...fields }, headers);

  test.each([
    "{}",
    '{"vaultingRequestId":"Zoë 𝄞 &=+%"}',
    "",
    "x".repeat(64 * 1024),
    "é".repeat(32 * 1024),
  ])("%#: the headers fit the body", async (body) => {
    await browser.get("/reference");
    const { status, text } = await sign({ body });
    expect(status).toBe(200);
    const headers = JSON.parse(text) as Readonly<Record<"Client-Id" | "Request-Time" | "Signature", string>>;
    const message = { path: PATH, clientId: headers["Client-Id"], time: headers["Request-Time"], body };
    expect(await verifyHeader(await merchantKeys(), message, headers.Signature)).toBeUndefined();
  });

  test.each<readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, number]>([
    ["no token", { token: "" }, {}, 403],
    ["another token", { token: "A".repeat(43) }, {}, 403],
    ["another website", {}, { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, 403],
    ["a name that leads here", {}, { host: "rebound.example" }, 403],
    ["another kind of body", {}, { "content-type": "application/json" }, 403],
    ["30: a body that the API would not take", { body: "x".repeat(256 * 1024) }, {}, 403],
    ["another path", { path: "/ams/sandbox/api/v1/payments/pay" }, {}, 404],
    ["two lines of text", { path: `/x\n${PATH}` }, {}, 404],
    ["no path", { path: "" }, {}, 404],
  ])("%s: nothing is signed", async (_, fields, headers, status) => {
    await browser.get("/reference");
    const page = await sign(fields, headers);
    expect(page.status).toBe(status);
    expectSafe(page);
    expect(page.text).not.toContain("RSA256");
  });

  test("where others can reach it, nothing is signed for who has not signed in", async () => {
    await using exposed = await startSandbox({ controlToken: "open sesame" });
    const other = visitor(exposed.credentials.baseUrl);
    await other.get("/sign-in");
    expect(await other.post("/reference/sign", { path: PATH, body: "{}" })).toMatchObject({ status: 303, text: "" });
    await other.post("/sign-in", { controlToken: "open sesame" });
    await other.get("/reference");
    expect(await other.post("/reference/sign", { path: PATH, body: "{}" })).toMatchObject({ status: 200 });
  });
});
