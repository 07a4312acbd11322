import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { startNodeServer } from "../../testing/servers/node-server.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { isRedirectTo, openForm, submitForm, visitPage } from "./simulated-buyer.ts";

const servers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

/** Starts a server that stops at the end of the test, and returns its URL. */
async function startServer(listener: RequestListener): Promise<string> {
  const server = await startNodeServer(listener);
  servers.push(server);
  return server.baseUrl;
}

const FORM = `<form method="post"><input type="hidden" name="csrf" value="a b"><input type="hidden" name="step" value="">
<input name="code"><button name="action" value="code">Go on</button></form>`;

/** Starts a server with a form page and records the submitted forms. */
async function startPage({ html = FORM, status = 200, location = "https://merchant.example/done" } = {}) {
  const sent: { method: string; cookie: string | undefined; fields: Record<string, string> }[] = [];
  const url = await startServer(async (request, response) => {
    if (request.method === "POST") {
      const fields = Object.fromEntries(new URLSearchParams(await text(request)));
      sent.push({ method: request.method, cookie: request.headers.cookie, fields });
      response.writeHead(303, location === "" ? {} : { location }).end();
      return;
    }
    response.writeHead(status, { "set-cookie": ["one=1; Path=/; HttpOnly", "two=2; Secure"] }).end(html);
  });
  return { url, sent };
}

describe("isRedirectTo", () => {
  test.each([
    ["https://merchant.example/done?a=%2F", "https://merchant.example/done?a=%2F", true],
    ["https://merchant.example", "https://merchant.example/", true],
    ["merchant.example/done", "http://merchant.example/done", true],
    ["merchant.example/done", "//merchant.example/done", true],
    ["merchant.example/done", "merchant.example/done", false],
    ["merchant.example/done", "http://127.0.0.1/merchant.example/done", false],
    ["https://merchant.example/done?a=%2F", "https://merchant.example/done?a=/", false],
    ["https://merchant.example/done", "https://merchant.example/done#cardToken=x", false],
    ["https://merchant.example:8443/", "https://merchant.example/", false],
  ])("for the redirectUrl %s and the Location %s, returns %s", (redirectUrl, location, expected) => {
    expect(isRedirectTo(redirectUrl, location)).toBe(expected);
  });
});

describe("submitForm", () => {
  test("sends the values, hidden fields, and cookies, and returns the URL of the redirect", async () => {
    const { url, sent } = await startPage();
    expect(await submitForm(url, { code: "123456", action: "code" })).toBe("https://merchant.example/done");
    expect(sent).toEqual([
      { method: "POST", cookie: "one=1; two=2", fields: { csrf: "a b", step: "", code: "123456", action: "code" } },
    ]);
  });

  test("replaces the value of a hidden field", async () => {
    const { url, sent } = await startPage();
    await submitForm(url, { csrf: "other" });
    expect(sent[0]?.fields["csrf"]).toBe("other");
  });

  test.each([
    ["without a Location header", ""],
    ["to a path on the same server", "/next"],
    ["to a URL on the same server", "SELF/next"],
  ])("returns undefined for a redirect %s", async (_, location) => {
    let self = "";
    const url = await startServer((request, response) => {
      if (request.method === "GET") response.setHeader("content-type", "text/html").end(FORM);
      else response.writeHead(303, location === "" ? {} : { location: location.replace("SELF", self) }).end("Stay.");
    });
    self = url;
    expect(await submitForm(url, { code: "1" })).toBeUndefined();
  });

  test.each([
    ["HTTP status 404", 404, "text/html"],
    ["JSON", 200, "application/json"],
  ])("rejects if the form redirects to a URL of the target that returns %s", async (_, status, type) => {
    const url = await startServer((request, response) => {
      if (request.method === "POST") response.writeHead(303, { location: "/undefined" }).end();
      else if (request.url === "/") response.end(FORM);
      else response.writeHead(status, { "content-type": type }).end();
    });
    await expect(submitForm(url, { code: "1" })).rejects.toThrow("is not a page");
  });

  test("sends each cookie only to its path if a browser opens several pages", async () => {
    const sent: (string | undefined)[] = [];
    const url = await startServer((request, response) => {
      if (request.method === "POST") sent.push(request.headers.cookie);
      const own = `own=${request.url}; Path=${request.url}`;
      response.writeHead(200, { "set-cookie": [own, `last=${request.url}; Path=/`] }).end(FORM);
    });
    const browser = new Map();
    const submits = [];
    for (const path of ["/a", "/b"]) submits.push(await openForm(url + path, { code: "1" }, undefined, browser));
    for (const submit of submits) await submit();
    expect(sent).toEqual(["own=/a; last=/b", "last=/b; own=/b"]);
  });

  test.each([400, 404, 500])("rejects if the page returns HTTP status %i", async (status) => {
    const { url, sent } = await startPage({ status });
    const submission = submitForm(url, { code: "1" });
    await expect(submission).rejects.toThrow(ContractFailure);
    await expect(submission).rejects.toThrow(`The buyer page returned HTTP status ${status}.`);
    expect(sent).toEqual([]);
  });

  test("accepts a page with HTTP status 399", async () => {
    const { url } = await startPage({ status: 399 });
    expect(await submitForm(url, { code: "1" })).toBe("https://merchant.example/done");
  });

  test.each([
    ["no form", "<p>Wait.</p>", "The buyer page has no form."],
    [
      "a differently named field",
      "<form><input name='codes'></form>",
      "The form on the buyer page has no field named code.",
    ],
    ["only 1 of 2 fields", '<form><input name="code"></form>', "The form on the buyer page has no field named action."],
  ])("rejects with CheckSkipped for a page with %s", async (_, html, message) => {
    const { url, sent } = await startPage({ html });
    const submission = submitForm(url, { code: "1", action: "code" });
    await expect(submission).rejects.toThrow(CheckSkipped);
    await expect(submission).rejects.toThrow(message);
    expect(sent).toEqual([]);
  });

  test("does not follow a redirect from the page", async () => {
    let called = 0;
    const other = await startServer((_, response) => {
      called += 1;
      response.end(FORM);
    });
    const url = await startServer((_, response) => void response.writeHead(302, { location: other }).end());
    await expect(submitForm(url, { code: "1" })).rejects.toThrow(CheckSkipped);
    expect(called).toBe(0);
  });
});

describe("visitPage", () => {
  test("returns only redirects to a different origin", async () => {
    const url = await startServer(({ url: path }, response) => {
      const location = path === "/out" ? "https://merchant.example/back?a=1" : path === "/in" ? "/next" : undefined;
      response.writeHead(location === undefined ? 200 : 302, location === undefined ? {} : { location }).end("A page.");
    });
    expect(await visitPage(`${url}/out`)).toBe("https://merchant.example/back?a=1");
    expect(await visitPage(`${url}/in`)).toBeUndefined();
    expect(await visitPage(`${url}/page`)).toBeUndefined();
  });
});
