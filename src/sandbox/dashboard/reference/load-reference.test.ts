import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultCodes, vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { parseGenerated, readGenerated } from "../../../machine/generated-documents.ts";
import { derivePublicKey, findSignatureError, importKeyring } from "../../../signature/index.ts";
import { createVisitor, expectSafe, type Visitor } from "../../../testing/browser/visitor.ts";
import { createTemporaryDirectory } from "../../../testing/processes/command.ts";
import { findFreePort } from "../../../testing/servers/free-port.ts";
import { startPrefixProxy } from "../../../testing/servers/prefix-proxy.ts";
import { type RunningSandbox, startSandbox } from "../../start-sandbox.ts";
import { createCallSigner, findSwaggerUi } from "./load-reference.ts";
import { referencePage } from "./reference-page.ts";

let sandbox: RunningSandbox;
let browser: Visitor;
beforeAll(async () => {
  sandbox = await startSandbox();
  browser = createVisitor(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

const PATH = "/ams/sandbox/api/v1/vaults/inquireVaulting";

type Rows = readonly { readonly code: string }[];

const document = parseGenerated<{
  readonly paths: Readonly<
    Record<string, { readonly post: { readonly operationId: string; readonly "x-result-codes": Rows } }>
  >;
  readonly "x-gateway-result-codes": { readonly codes: Rows };
}>("openapi.json");

/** Returns the unescaped text of the code block with the given accessible name. */
function readCodeBlock(page: string, name: string): string {
  const block = new RegExp(`aria-label="${name}"><code>(.*?)</code>`, "s").exec(page)?.[1];
  return (block ?? expect.fail(`The page has no code block named ${name}.`))
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

function readHeaders(page: string): Headers {
  const headers = new Headers();
  for (const line of readCodeBlock(page, "headers").split("\n")) headers.set(...(line.split(": ") as [string, string]));
  return headers;
}

/** Sends the signature example of a page unchanged. */
async function sendExample(page: string, baseUrl: string) {
  const headers = readHeaders(page);
  headers.set("content-type", "application/json; charset=UTF-8");
  const body = /\.(\{.*)$/s.exec(readCodeBlock(page, "string to sign"))?.[1] ?? "";
  const response = await fetch(baseUrl + PATH, { method: "POST", headers, body });
  return {
    status: response.status,
    body: (await response.json()) as { readonly result?: { readonly resultCode: string } },
  };
}

async function getMerchantKeys() {
  const { clientId, merchantPrivateKey } = sandbox.credentials;
  return importKeyring(await derivePublicKey(merchantPrivateKey), clientId);
}

describe("the API reference", () => {
  test("sends the same security headers as the other pages, but also allows the styles of Swagger UI", async () => {
    const page = await browser.get("/reference");
    expect(page).toMatchObject({ status: 200, heading: "API reference" });
    expectSafe(page, { allowsSwaggerUi: true });
  });

  test("lists every result code with its meaning and advice", async () => {
    const { text } = await browser.get("/reference/result-codes");
    const tables = [...text.matchAll(/<h2>([^<]*)<\/h2><table class="list codes">(.*?)<\/table>/gs)].map(
      ([, title, table = ""]) => {
        const rows = [...table.matchAll(/<th scope="row" class="code-word"><a [^>]*>(\w+)<\/a><\/th>(.*?)<\/tr>/gs)];
        for (const [, , cells] of rows)
          expect(cells).toMatch(/<td class="wide">[^<]+<\/td><td class="wide">[^<]+<\/td>$/);
        return [title, rows.map(([, code]) => ({ code }))];
      },
    );
    const toCodes = (rows: Rows) => rows.map(({ code }) => ({ code }));
    expect(tables).toEqual([
      ...Object.values(document.paths).map(({ post }) => [post.operationId, toCodes(post["x-result-codes"])]),
      ["All operations", toCodes(document["x-gateway-result-codes"].codes)],
      ["vaultingResultCode in inquireVaulting responses", toCodes(vaultingResultCodes)],
      ["notifyVaulting", toCodes(resultCodes.notifyVaulting)],
    ]);
  });

  test("shows a signature example that the sandbox accepts unchanged", async () => {
    const { text } = await browser.get("/reference");
    const signed = readCodeBlock(text, "string to sign");
    const headers = readHeaders(text);
    const [, clientId = "", time = "", body = ""] = /^POST \S+\n([^.]+)\.(\d+)\.(.*)$/s.exec(signed) ?? [];
    expect(signed).toBe(`POST ${PATH}\n${clientId}.${time}.${body}`);
    expect(clientId).toBe(sandbox.credentials.clientId);
    const message = { path: PATH, clientId, time, body };
    expect(await findSignatureError(await getMerchantKeys(), message, headers.get("signature"))).toBeUndefined();
    expect(headers.get("signature")).toContain(encodeURIComponent(readCodeBlock(text, "signature in Base64")));
    expect(await sendExample(text, sandbox.credentials.baseUrl)).toMatchObject({
      body: { result: { resultCode: "VAULTING_NOT_EXIST" } },
    });
    expect(readCodeBlock(text, "script")).toContain(`curl ${sandbox.credentials.baseUrl}${PATH}`);
  });

  test("serves the OpenAPI document unchanged", async () => {
    const { status, text, headers } = await browser.get("/reference/openapi.json");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(text).toBe(readGenerated("openapi.json"));
  });

  test("explains how to install Swagger UI if it is missing, and shows the rest of the reference", async () => {
    const swaggerUi = findSwaggerUi(() => {
      throw new Error("Cannot find package");
    });
    expect(swaggerUi).toBeUndefined();
    const { baseUrl } = sandbox.credentials;
    const sign = await createCallSigner(sandbox.credentials);
    const options = { target: { baseUrl }, base: "", sign, formToken: "t" };
    const page = referencePage({ ...options, swaggerUi }).markup;
    expect(page).toContain("npm install --save-dev swagger-ui-dist@5");
    expect(page).toContain(`<code>POST ${PATH}</code>`);
    expect(page).toContain('href="/reference/result-codes"');
    expect(page).not.toContain('id="swagger-ui"');
  });

  test.each([
    ["ignores", "4.19.1"],
    ["ignores", "5.17.14"],
    ["ignores", "5.34.9"],
    ["uses", "5.35.0"],
    ["uses", "5.40.1"],
    ["uses", "5.100.0"],
    ["ignores", "6.0.0"],
    ["ignores", "55.35.0"],
  ])("%s version %s of Swagger UI", (verb, version) => {
    using directory = createTemporaryDirectory();
    writeFileSync(join(directory.path, "package.json"), JSON.stringify({ version }));
    for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) writeFileSync(join(directory.path, file), file);
    const found = findSwaggerUi(() => pathToFileURL(join(directory.path, "package.json")).href);
    expect(found?.script.text).toBe(verb === "uses" ? "swagger-ui-bundle.js" : undefined);
  });

  test("shows a signature example that works behind a reverse proxy with a path prefix", async () => {
    const port = await findFreePort();
    await using proxy = await startPrefixProxy("/vault", port);
    await using proxiedSandbox = await startSandbox({ port, publicUrl: proxy.url, controlToken: "t" });
    const visitor = createVisitor(`http://127.0.0.1:${port}`);
    await visitor.post("/sign-in", { controlToken: "t" });
    const { text } = await visitor.get("/reference");
    const { status, body } = await sendExample(text, proxy.url);
    expect([status, body.result?.resultCode]).toEqual([200, "VAULTING_NOT_EXIST"]);
    expect(readCodeBlock(text, "script")).toContain(`curl ${proxy.url}${PATH} `);
    expect(await proxiedSandbox.calls()).toMatchObject([{ signed: true, path: PATH }]);
  });

  test("serves Swagger UI from its package and lets browsers cache it", async () => {
    const swaggerUi = findSwaggerUi() ?? expect.fail("swagger-ui-dist is not installed: run npm ci.");
    for (const { name, type } of [swaggerUi.script, swaggerUi.style]) {
      const { status, headers, text } = await browser.get(`/assets/${name}`);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ "content-type": type, "cache-control": "max-age=31536000, immutable" });
      expect(text.length).toBeGreaterThan(100_000);
    }
  });
});

describe("the signing route of the API reference", () => {
  const sign = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    browser.post("/reference/sign", { path: PATH, body: "{}", ...fields }, headers);

  test.each([
    ["an empty object", "{}"],
    ["special characters", '{"vaultingRequestId":"Zoë 𝄞 &=+%"}'],
    ["an empty body", ""],
    ["64 KiB of ASCII", "x".repeat(64 * 1024)],
    ["64 KiB of UTF-8", "é".repeat(32 * 1024)],
  ])("returns a valid signature for %s", async (_, body) => {
    await browser.get("/reference");
    const { status, text } = await sign({ body });
    expect(status).toBe(200);
    const headers = JSON.parse(text) as Readonly<Record<"Client-Id" | "Request-Time" | "Signature", string>>;
    const message = { path: PATH, clientId: headers["Client-Id"], time: headers["Request-Time"], body };
    expect(await findSignatureError(await getMerchantKeys(), message, headers.Signature)).toBeUndefined();
  });

  test.each<readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, number]>([
    ["a missing form token", { token: "" }, {}, 403],
    ["an invalid form token", { token: "A".repeat(43) }, {}, 403],
    ["a request from a different site", {}, { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, 403],
    ["a rebound host name", {}, { host: "rebound.example" }, 403],
    ["a JSON body", {}, { "content-type": "application/json" }, 403],
    ["a body that is too large", { body: "x".repeat(256 * 1024) }, {}, 403],
    ["a different path", { path: "/ams/sandbox/api/v1/payments/pay" }, {}, 404],
    ["the production path", { path: PATH.replace("/sandbox", "") }, {}, 404],
    ["an API path in the query of a different path", { path: `/ams/api/v1/payments/pay?x=${PATH}` }, {}, 404],
    ["a path with a query", { path: `${PATH}?x` }, {}, 404],
    ["a path with a line feed", { path: `/x\n${PATH}` }, {}, 404],
    ["a missing path", { path: "" }, {}, 404],
  ])("rejects %s", async (_, fields, headers, status) => {
    await browser.get("/reference");
    const page = await sign(fields, headers);
    expect(page.status).toBe(status);
    expectSafe(page);
    expect(page.text).not.toContain("RSA256");
  });

  test("requires the user to sign in if a control token is set", async () => {
    await using exposed = await startSandbox({ controlToken: "open sesame" });
    const visitor = createVisitor(exposed.credentials.baseUrl);
    await visitor.get("/sign-in");
    expect(await visitor.post("/reference/sign", { path: PATH, body: "{}" })).toMatchObject({ status: 303, text: "" });
    await visitor.post("/sign-in", { controlToken: "open sesame" });
    await visitor.get("/reference");
    expect(await visitor.post("/reference/sign", { path: PATH, body: "{}" })).toMatchObject({ status: 200 });
  });
});
