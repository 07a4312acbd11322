import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { openPage, submitForm } from "./simulated-buyer.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A server on loopback; its address. */
async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const FORM = `<form method="post"><input type="hidden" name="csrf" value="a b"><input type="hidden" name="step" value="">
<input name="code"><button name="answer" value="code">Go on</button></form>`;

/** A page with a form, and what was sent by it. */
async function page({ html = FORM, status = 200, leadsTo = "https://merchant.example/done" } = {}) {
  const sent: { method: string; cookie: string | undefined; fields: Record<string, string> }[] = [];
  const url = await serving(async (request, response) => {
    if (request.method === "POST") {
      const fields = Object.fromEntries(new URLSearchParams(await text(request)));
      sent.push({ method: request.method, cookie: request.headers.cookie, fields });
      response.writeHead(303, leadsTo === "" ? {} : { location: leadsTo }).end();
      return;
    }
    response.writeHead(status, { "set-cookie": ["one=1; Path=/; HttpOnly", "two=2; Secure"] }).end(html);
  });
  return { url, sent };
}

describe("a buyer who fills in a form", () => {
  test("sends what is typed, the hidden fields and the cookies, and is led out of the page", async () => {
    const { url, sent } = await page();
    expect(await submitForm(url, { code: "123456", answer: "code" })).toBe("https://merchant.example/done");
    expect(sent).toEqual([
      { method: "POST", cookie: "one=1; two=2", fields: { csrf: "a b", step: "", code: "123456", answer: "code" } },
    ]);
  });

  test("types over a hidden field", async () => {
    const { url, sent } = await page();
    await submitForm(url, { csrf: "other" });
    expect(sent[0]?.fields["csrf"]).toBe("other");
  });

  test.each([
    ["nowhere", ""],
    ["to another page of the same server, by path", "/next"],
    ["to another page of the same server, by address", "SELF/next"],
  ])("stays where the page leads %s", async (_, leadsTo) => {
    let self = "";
    const url = await serving((request, response) => {
      if (request.method === "GET") response.end(FORM);
      else response.writeHead(303, leadsTo === "" ? {} : { location: leadsTo.replace("SELF", self) }).end("Stay.");
    });
    self = url;
    expect(await submitForm(url, { code: "1" })).toBeUndefined();
  });

  test.each([400, 404, 500])("a page that is not there, status %i, breaks the contract", async (status) => {
    const { url, sent } = await page({ status });
    const failure = submitForm(url, { code: "1" });
    await expect(failure).rejects.toThrow(ContractFailure);
    await expect(failure).rejects.toThrow(`The page that the buyer is sent to is not there: HTTP status ${status}.`);
    expect(sent).toEqual([]);
  });

  test("but not one with any other status", async () => {
    const { url } = await page({ status: 399 });
    expect(await submitForm(url, { code: "1" })).toBe("https://merchant.example/done");
  });

  test.each([
    ["no form", "<p>Wait.</p>", "The page that the buyer is sent to shows no form."],
    ["no such field", "<form><input name='codes'></form>", "The form on the buyer's page has no field code."],
    ["one of two fields", '<form><input name="code"></form>', "The form on the buyer's page has no field answer."],
  ])("cannot where there is %s", async (_, html, told) => {
    const { url, sent } = await page({ html });
    const failure = submitForm(url, { code: "1", answer: "code" });
    await expect(failure).rejects.toThrow(CheckSkipped);
    await expect(failure).rejects.toThrow(told);
    expect(sent).toEqual([]);
  });

  test("follows no redirect of the page itself", async () => {
    let called = 0;
    const other = await serving((_, response) => {
      called += 1;
      response.end(FORM);
    });
    const url = await serving((_, response) => void response.writeHead(302, { location: other }).end());
    await expect(submitForm(url, { code: "1" })).rejects.toThrow(CheckSkipped);
    expect(called).toBe(0);
  });
});

describe("a buyer who looks at a page", () => {
  test("is led out of it at once, or not", async () => {
    const url = await serving(({ url: path }, response) => {
      const location = path === "/out" ? "https://merchant.example/back?a=1" : path === "/in" ? "/next" : undefined;
      response.writeHead(location === undefined ? 200 : 302, location === undefined ? {} : { location }).end("A page.");
    });
    expect(await openPage(`${url}/out`)).toBe("https://merchant.example/back?a=1");
    expect(await openPage(`${url}/in`)).toBeUndefined();
    expect(await openPage(`${url}/page`)).toBeUndefined();
  });
});
