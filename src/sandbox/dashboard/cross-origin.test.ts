import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVisitor, expectSafe } from "../../testing/browser/visitor.ts";
import { findFreePort } from "../../testing/servers/free-port.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
let baseUrl: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  ({ baseUrl } = sandbox.credentials);
});
afterAll(() => sandbox.close(0));

const getOffset = async (target = sandbox) => (await target.health()).clock.offsetMs;
const CLOCK_FORM = { action: "advance-60000" };

describe("the cross-origin protection of the dashboard", () => {
  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["a form on a different site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a form on a different site in an old browser", { origin: "https://evil.example", "sec-fetch-site": "" }],
    ["a form on a different port", { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }],
    ["a form with an opaque origin", { origin: "null" }],
    ["a rebound host name", { host: "rebound.example", origin: "http://rebound.example" }],
    ["a host name that starts with 127.0.0.1", { host: "127.0.0.1.evil.example" }],
  ])("rejects %s even with a valid form token", async (_, headers) => {
    const browser = createVisitor(baseUrl);
    await browser.get("/controls");
    const page = await browser.post("/controls", CLOCK_FORM, headers);
    expect(page.status).toBe(403);
    expectSafe(page);
    expect(await getOffset()).toBe(0);
  });

  test("rejects a form that sends a call if the form is on a different site, has an invalid token, or is too large", async () => {
    const browser = createVisitor(baseUrl);
    await browser.get("/send");
    const evil = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    for (const page of [
      await browser.post("/send", { card: "visa" }, evil),
      await browser.post("/send", { card: "visa" }, { origin: "null" }),
      await browser.post("/send", { card: "visa", token: "x" }),
      await browser.post("/send", { card: "visa", body: "x".repeat(300_000) }),
    ]) {
      expect(page.status).toBe(403);
      expectSafe(page);
    }
    expect(await sandbox.calls()).toEqual([]);
  });

  test.each([
    { token: "" },
    { token: "x" },
    { token: "A".repeat(43) },
  ])("rejects a form with the token %j", async (invalid) => {
    const browser = createVisitor(baseUrl);
    expect(await browser.post("/controls", { ...CLOCK_FORM, ...invalid })).toMatchObject({ status: 403 });
    expect(await getOffset()).toBe(0);
  });

  test.each([
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=x",
    "",
  ])("rejects a form with the content type %j", async (type) => {
    const browser = createVisitor(baseUrl);
    await browser.get("/controls");
    expect(await browser.post("/controls", CLOCK_FORM, { "content-type": type })).toMatchObject({ status: 403 });
    expect(await getOffset()).toBe(0);
  });

  test("rejects a form that is too large", async () => {
    const browser = createVisitor(baseUrl);
    await browser.get("/controls");
    expect(await browser.post("/controls", { ...CLOCK_FORM, more: "x".repeat(5000) })).toMatchObject({ status: 403 });
    expect(await getOffset()).toBe(0);
  });

  test("accepts a form from the dashboard", async () => {
    const browser = createVisitor(baseUrl);
    await browser.get("/controls");
    expect(await browser.post("/controls", CLOCK_FORM, { origin: baseUrl })).toMatchObject({ status: 303 });
    expect(await getOffset()).toBe(60_000);
    await browser.post("/controls", { action: "reset-clock" });
  });

  const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

  test("allows links from other sites, but rejects embedding and fetching by other sites", async () => {
    const browser = createVisitor(baseUrl);
    expect(await browser.get("/", { "sec-fetch-site": "cross-site", ...NAVIGATION })).toMatchObject({ status: 200 });
    for (const headers of [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      {
        "sec-fetch-site": "same-site",
        "sec-fetch-mode": "cors",
        "sec-fetch-dest": "empty",
        origin: "http://localhost:1",
      },
    ]) {
      for (const target of ["/", "/calls", "/sign-in", "/reference", "/assets/icon.svg", "/vaultings/a/b"]) {
        expect(await browser.get(target, headers)).toMatchObject({ status: 403 });
      }
    }
    expect(await browser.get("/", { host: "rebound.example", ...NAVIGATION })).toMatchObject({ status: 403 });
    expect(await browser.get("/", { host: "localhost:4010" })).toMatchObject({ status: 200 });
  });
});

describe("the dashboard of a sandbox with a control token", () => {
  const TOKEN = "open-sesame";
  let exposed: RunningSandbox;
  beforeAll(async () => {
    exposed = await startSandbox({ controlToken: TOKEN });
  });
  afterAll(() => exposed.close(0));
  const createExposedVisitor = () => createVisitor(exposed.credentials.baseUrl);

  test.each([
    "/",
    "/calls",
    "/controls",
    "/test-cards",
    "/credentials",
    "/reference",
    "/reference/openapi.json",
    "/send",
    "/send?call=1",
    "/vaultings/a/b",
    "/calls/1",
  ])("redirects %s to the sign-in page", async (target) => {
    expect(await createExposedVisitor().get(target)).toMatchObject({ status: 303, location: "/sign-in", text: "" });
  });

  test("redirects submitted forms to the sign-in page, and ignores their contents, until the user signs in", async () => {
    const browser = createExposedVisitor();
    await browser.get("/sign-in");
    expect(await browser.post("/controls", CLOCK_FORM)).toMatchObject({ status: 303, location: "/sign-in" });
    expect(await getOffset(exposed)).toBe(0);
    expect(await browser.post("/send", { card: "visa" })).toMatchObject({ status: 303, location: "/sign-in" });
    expect(await exposed.calls()).toEqual([]);
  });

  test("signs users in with the control token, sets a protected cookie, and signs them out", async () => {
    const browser = createExposedVisitor();
    const page = await browser.get("/sign-in");
    expect(page).toMatchObject({ status: 200, heading: "Sign in" });
    expectSafe(page);
    expect(page.text).not.toMatch(/<nav|data-live="|<script/);
    for (const controlToken of ["", "incorrect", `${TOKEN} `]) {
      const rejected = await browser.post("/sign-in", { controlToken });
      expect(rejected).toMatchObject({ status: 403 });
      expect(rejected.headers["set-cookie"]).toBeUndefined();
    }
    const signedIn = await browser.post("/sign-in", { controlToken: TOKEN });
    expect(signedIn).toMatchObject({ status: 303, location: "/" });
    const [cookie = ""] = signedIn.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(
      /^antom_vault_dashboard_\d+=\d+\.[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    expect(cookie).not.toContain(TOKEN);
    expect(await browser.get("/controls")).toMatchObject({ status: 200, heading: "Controls" });
    expect(await browser.post("/controls", CLOCK_FORM)).toMatchObject({
      status: 303,
      location: "/controls?done=clock",
    });
    expect(await getOffset(exposed)).toBe(60_000);
    expect(await browser.post("/controls", CLOCK_FORM, { origin: "https://evil.example" })).toMatchObject({
      status: 403,
    });
    expect(await browser.post("/sign-in", { action: "sign-out" })).toMatchObject({ status: 303, location: "/sign-in" });
    expect(await browser.get("/")).toMatchObject({ status: 303, location: "/sign-in" });
  });

  test("rejects forged cookies, and ignores a forged cookie next to a valid one", async () => {
    const browser = createExposedVisitor();
    await browser.post("/sign-in", { controlToken: TOKEN });
    const value = browser.getCookie() ?? "";
    const [name = "", sealed = ""] = value.split("=");
    const [until = "", seal = ""] = sealed.split(".");
    for (const forged of [
      `${Number(until) + 1}.${seal}`,
      `1.${seal}`,
      `${until}.`,
      `${until}.${"A".repeat(43)}`,
      "",
      "x",
    ]) {
      expect(await createExposedVisitor().get("/", { cookie: `${name}=${forged}` })).toMatchObject({ status: 303 });
    }
    expect(await createExposedVisitor().get("/", { cookie: `${name}=planted; ${value}` })).toMatchObject({
      status: 200,
    });
  });

  test("accepts the cookie for the event stream, but not for the rest of the control API", async () => {
    const browser = createExposedVisitor();
    await browser.post("/sign-in", { controlToken: TOKEN });
    const { baseUrl: exposedUrl } = exposed.credentials;
    const cookie = browser.getCookie() ?? "";
    const end = new AbortController();
    const getStatus = async (path: string, headers: Readonly<Record<string, string>>) =>
      (await fetch(`${exposedUrl}/_sandbox${path}`, { headers, signal: end.signal })).status;
    expect(await getStatus("/events", { cookie })).toBe(200);
    expect(await getStatus("/events", { authorization: `Bearer ${TOKEN}` })).toBe(200);
    expect(await getStatus("/events", {})).toBe(401);
    expect(await getStatus("/events", { cookie, origin: "https://evil.example" })).toBe(403);
    for (const path of ["/health", "/calls", "/clock", "/vaultings/events"])
      expect(await getStatus(path, { cookie })).toBe(401);
    end.abort();
  });
});

test("the dashboard adds the path prefix of a reverse proxy to all links, forms, and cookies", async () => {
  const port = await findFreePort();
  await using _proxied = await startSandbox({ port, controlToken: "t", publicUrl: "https://dev.example/vault" });
  const browser = createVisitor(`http://127.0.0.1:${port}`);
  expect(await browser.get("/")).toMatchObject({ location: "/vault/sign-in" });
  const signedIn = await browser.post(
    "/sign-in",
    { controlToken: "t" },
    { origin: "https://dev.example", host: "dev.example" },
  );
  expect(signedIn).toMatchObject({ status: 303, location: "/vault/" });
  expect(signedIn.headers["set-cookie"]?.[0]).toMatch(/; Path=\/vault; .*; SameSite=Strict; Secure$/);
  for (const target of ["/", "/calls", "/controls", "/credentials", "/reference", "/send", "/test-cards"]) {
    const { text } = await browser.get(target);
    const links = [...text.matchAll(/(?:href|src|action|data-(?:document|server|sign))="([^"]*)"/g)];
    expect(links.length).toBeGreaterThan(8);
    expect(links.map(([, link]) => link).filter((link) => !link?.match(/^(?:\/vault\/|#\w)/))).toEqual([]);
  }
});
