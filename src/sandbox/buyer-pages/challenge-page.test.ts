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

const BACK = "https://merchant.example/done?order=1#top";
const right = { code: "123456", answer: "code" };
const wrong = { code: "654321", answer: "code" };

const inquire = async (id: string) =>
  (await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id })).body;

/** What of an answer may differ between two strangers: nothing. */
const bytesOf = ({ status, text, headers }: PageResponse) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== "date"),
});

/** An address like one of ours that leads nowhere. */
const unknown = (url: string) => url.replace(/[^/]+$/, "A".repeat(22));

describe("a link that leads nowhere", () => {
  test("unknown, malformed, used and expired ones give a stranger the same 404, byte for byte", async () => {
    const [used, cancelled, expiring] = [
      await startChallenge(sandbox.credentials),
      await startChallenge(sandbox.credentials),
      await startChallenge(sandbox.credentials),
    ];
    const someone = createBuyer();
    await someone.get(used);
    expect((await someone.post(used, right)).location).toBe(BACK);
    await someone.get(cancelled);
    await someone.post(cancelled, { answer: "cancel" });
    await sandbox.clock.advance(15 * 60_000);
    const nowhere = await createBuyer().get(unknown(used));
    expect(nowhere.status).toBe(404);
    expectSafe(nowhere);
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
      expect(bytesOf(await createBuyer().get(url)), url).toEqual(bytesOf(nowhere));
    }
  });

  test("a cookie that was made up, or belongs to another link, makes nobody less of a stranger", async () => {
    const [mine, others] = [await startChallenge(sandbox.credentials), await startChallenge(sandbox.credentials)];
    const [me, other] = [createBuyer(), createBuyer()];
    await other.get(others);
    await other.post(others, right);
    await me.get(mine);
    const nowhere = bytesOf(await createBuyer().get(unknown(mine)));
    const own = me.getCookie(mine) ?? "";
    expect(own).toMatch(/^antom_vault_page=/);
    for (const cookie of [own, `antom_vault_page=${"A".repeat(22)}`, `${own.slice(0, 40)}.${"A".repeat(43)}`, "a=b"]) {
      expect(bytesOf(await createBuyer().get(others, { cookie }))).toEqual(nowhere);
    }
    // The one who was there before is told how it ended, though another program on the host planted a cookie of that name.
    const planted = `antom_vault_page=x; ${other.getCookie(others)}`;
    expect((await createBuyer().get(others, { cookie: planted })).title).toBe("Your card is saved");
  });

  test.each(["PUT", "DELETE", "PATCH", "OPTIONS"])("%s is no way in", async (method) => {
    const url = await startChallenge(sandbox.credentials);
    const page = await readPage(await fetch(url, { method, redirect: "manual" }));
    expect(page.status).toBe(404);
    expectSafe(page);
  });
});

describe("the one-time code", () => {
  test("three wrong ones end it: VERIFICATION_FAIL, one notification", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id, url: listener.url });
    const someone = createBuyer();
    expect((await someone.get(url)).text).not.toContain("That code is not right");
    for (const left of [2, 1]) {
      const answer = await someone.post(url, wrong);
      expect([answer.status, answer.location]).toEqual([303, new URL(url).pathname]);
      expectSafe(answer);
      expect((await someone.get(url)).text).toContain(`Tries left: ${left}`);
      expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    }
    expect((await someone.post(url, wrong)).location).toBe(BACK);
    // Too late for the right one.
    expect((await someone.post(url, right)).location).toBe(BACK);
    expect(await inquire(id)).toMatchObject({
      vaultingStatus: "FAIL",
      vaultingResultCode: "VERIFY_TIMES_EXCEED_LIMIT",
    });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    const told = listener.deliveries.filter((each) => each.id === id);
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0]?.body ?? "").result).toMatchObject({
      resultCode: "VERIFICATION_FAIL",
      resultStatus: "F",
    });
  });

  test("1,000 tries at once are three", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id, url: listener.url });
    const someone = createBuyer();
    await someone.get(url);
    const tries = Array.from({ length: 1000 }, (_, number) =>
      someone.post(url, { code: String(number).padStart(6, "0"), answer: "code" }),
    );
    const answers = await Promise.all([...tries, someone.post(url, right)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    expect(answers.filter(({ location }) => location !== BACK)).toHaveLength(2);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL" });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
  });

  test("the right one vaults: back to the merchant, with nothing added", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    const page = await someone.get(url);
    expect(page.status).toBe(200);
    expectSafe(page);
    expect(page.text).toContain("ending in 0002");
    expect(page.text).not.toContain("4000009900510002");
    const answer = await someone.post(url, right);
    expect([answer.status, answer.location, answer.text]).toEqual([303, BACK, ""]);
    expectSafe(answer);
    const { paymentMethodDetail, ...inquired } = await inquire(id);
    expect(inquired).toMatchObject({ vaultingStatus: "SUCCESS" });
    expect(answer.headers.get("location")).not.toContain(paymentMethodDetail?.card.cardToken);
    const again = await someone.get(url);
    expect([again.status, again.title]).toEqual([200, "Your card is saved"]);
    expect(again.text).not.toContain(paymentMethodDetail?.card.cardToken);
    expectSafe(again);
  });

  test("cancelling fails the verification", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    await someone.get(url);
    expect((await someone.post(url, { answer: "cancel", code: "123456" })).location).toBe(BACK);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL" });
    expect((await someone.get(url)).title).toBe("You cancelled the check");
  });

  test("15 minutes later it is over: one notification, and the late answer is told so", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id, url: listener.url });
    const someone = createBuyer();
    await someone.get(url);
    await sandbox.clock.advance(15 * 60_000 - 2000);
    expect((await someone.get(url)).title).toBe("Confirm it’s you");
    await sandbox.clock.advance(2000);
    const late = await someone.post(url, right);
    expect([late.status, late.title]).toEqual([200, "Time is up"]);
    expect(late.text).toContain(`<a href="${BACK}"`);
    expectSafe(late);
    expect((await someone.get(url)).title).toBe("Time is up");
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "FAIL" });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
  });
});

describe("one answer, however often it is sent", () => {
  test("a double click: both are led to the merchant, one vaulting, one notification", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id, url: listener.url });
    const someone = createBuyer();
    await someone.get(url);
    const answers = await Promise.all([someone.post(url, right), someone.post(url, right), someone.post(url, right)]);
    expect(answers.map(({ location }) => location)).toEqual([BACK, BACK, BACK]);
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
  });

  test("the same wrong code twice, by an impatient finger: one try, and the second is told so", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    await someone.get(url);
    const attempt = { ...wrong, attempt: "0" };
    const answers = await Promise.all([
      someone.post(url, attempt),
      someone.post(url, attempt),
      someone.post(url, attempt),
    ]);
    expect(answers.map(({ status, location }) => [status, location])).toEqual(
      Array(3).fill([303, new URL(url).pathname]),
    );
    expect((await someone.get(url)).text).toContain("Tries left: 2.");
    // A form that is out of date is not looked at, whatever is in it: it would else be a free guess.
    for (const stale of ["0", "2", "-1", "x", ""]) {
      expect((await someone.post(url, { ...right, attempt: stale })).location).toBe(new URL(url).pathname);
    }
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await someone.post(url, { ...wrong, attempt: "1" })).location).toBe(new URL(url).pathname);
    expect((await someone.post(url, { ...wrong, attempt: "2" })).location).toBe(BACK);
    expect((await someone.get(url)).title).toBe("Too many wrong codes");
  });

  test.each([{}, { code: "" }, { code: " \t" }])("no code is no try: %j", async (fields) => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    await someone.get(url);
    for (let times = 0; times < 4; times++) {
      const page = await someone.post(url, { answer: "code", ...fields });
      expect([page.status, page.title]).toEqual([422, "Confirm it’s you"]);
      expect(page.text).toContain(`role="alert">Enter the code. This did not count as a try.</p>`);
      expectSafe(page);
    }
    expect((await someone.get(url)).text).not.toContain("Tries left");
    expect((await someone.post(url, right)).location).toBe(BACK);
    expect((await someone.post(url, { answer: "code", ...fields })).location).toBe(BACK);
  });

  test("two tabs: the first answer counts", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    const [first, second] = [await someone.get(url), await someone.get(url)];
    expect((await someone.post(url, { ...right, token: second.token })).location).toBe(BACK);
    expect((await someone.post(url, { answer: "cancel", token: first.token })).location).toBe(BACK);
    expect(await inquire(id)).toMatchObject({ vaultingStatus: "SUCCESS" });
  });

  test("a page that is looked at a hundred times stays what it is", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    await someone.get(url);
    await someone.post(url, wrong);
    for (let times = 0; times < 100; times++) {
      const page = await someone.get(`${url}?answer=cancel&code=123456&token=x`);
      expect(page.text).toContain("Tries left: 2");
    }
    const head = await readPage(await fetch(url, { method: "HEAD" }));
    expect([head.status, head.text]).toEqual([200, ""]);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
  });
});

describe("a form that did not come from the page", () => {
  test.each<[string, (someone: ReturnType<typeof createBuyer>, url: string, other: string) => Promise<PageResponse>]>([
    ["without the cookie", async (someone, url) => someone.post(url, right, { cookie: "" })],
    ["with a made-up cookie", async (someone, url) => someone.post(url, right, { cookie: "antom_vault_page=AAAA" })],
    ["without a token", async (someone, url) => someone.post(url, { ...right, token: "" })],
    ["with a wrong token", async (someone, url) => someone.post(url, { ...right, token: "A".repeat(43) })],
    [
      "with the cookie for a token",
      (someone, url) => someone.post(url, { ...right, token: (someone.getCookie(url) ?? "").slice(17) }),
    ],
    [
      "with the token of another page",
      async (someone, url, other) => someone.post(url, { ...right, token: (await someone.get(other)).token }),
    ],
    [
      "with cookie and token of another page",
      async (someone, url, other) => {
        const { token } = await someone.get(other);
        return someone.post(url, { ...right, token }, { cookie: someone.getCookie(other) ?? "" });
      },
    ],
    ["from another site", (someone, url) => someone.post(url, right, { "sec-fetch-site": "cross-site" })],
    ["from another origin of the site", (someone, url) => someone.post(url, right, { "sec-fetch-site": "same-site" })],
    ["from the address bar", (someone, url) => someone.post(url, right, { "sec-fetch-site": "none" })],
  ])("%s: refused, and nothing has happened", async (_, send) => {
    const id = createId();
    const [url, other] = [await startChallenge(sandbox.credentials, { id }), await startChallenge(sandbox.credentials)];
    const someone = createBuyer();
    await someone.get(url);
    const answer = await send(someone, url, other);
    expect(answer.status).toBe(403);
    expectSafe(answer);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await someone.get(url)).text).not.toContain("Tries left");
    // The page itself still works.
    expect((await someone.post(url, right)).location).toBe(BACK);
  });

  test("the cookie is for this page alone, out of reach of scripts and of other sites' forms", async () => {
    const url = await startChallenge(sandbox.credentials);
    const { headers } = await createBuyer().get(url);
    expect(headers.get("set-cookie")).toMatch(
      new RegExp(`^antom_vault_page=[\\w.-]{66}; Path=${new URL(url).pathname}; HttpOnly; SameSite=Lax$`),
    );
  });
});

describe("a body that no form sends", () => {
  test.each<[string, RequestInit & { readonly headers?: Record<string, string> }]>([
    ["no body", {}],
    ["JSON", { body: '{"answer":"code"}', headers: { "content-type": "application/json" } }],
    ["multipart", { body: "--x--", headers: { "content-type": "multipart/form-data; boundary=x" } }],
    ["no media type", { body: Buffer.from("answer=code&code=123456") }],
    [
      "bytes that are no UTF-8",
      { body: Buffer.from([0xff, 0xc0, 0x25, 0x00]), headers: { "content-type": "application/x-www-form-urlencoded" } },
    ],
    [
      "NUL and stray escapes",
      { body: "\0=%00&token=%&code=%zz", headers: { "content-type": "application/x-www-form-urlencoded" } },
    ],
    ["4,000 fields", { body: "a&".repeat(2000), headers: { "content-type": "application/x-www-form-urlencoded" } }],
  ])("%s: refused with a page, nothing happens", async (_, init) => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    await someone.get(url);
    const headers = { cookie: someone.getCookie(url) ?? "", ...init.headers };
    const page = await readPage(await fetch(url, { method: "POST", redirect: "manual", ...init, headers }));
    expect([403, 404]).toContain(page.status);
    expectSafe(page);
    expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    expect((await someone.post(url, right)).location).toBe(BACK);
  });

  test("1 MB, or more than it says: cut off, nothing happens", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    const someone = createBuyer();
    const { token } = await someone.get(url);
    const form = `token=${token}&answer=code&code=123456&more=`;
    const head = (length: readonly [string, string]) =>
      formatHead(new URL(url).pathname, [
        ["content-type", "application/x-www-form-urlencoded"],
        ["cookie", someone.getCookie(url) ?? ""],
        length,
      ]);
    const filler = "a".repeat(65_000);
    for (const whole of [
      `${head(["content-length", "1000000"])}${form}${filler.repeat(15)}`,
      `${head(["transfer-encoding", "chunked"])}fff\r\n${form.padEnd(0xfff, "a")}\r\nffff\r\n${"a".repeat(0xffff)}\r\n0\r\n\r\n`,
    ]) {
      const answer = await sendRaw(sandbox.credentials.baseUrl, async (socket) => {
        socket.setTimeout(2000, () => socket.destroy());
        socket.write(whole);
      });
      expect(answer).toMatch(/^(?:HTTP\/1\.1 404 |$)/);
      expect((await inquire(id)).vaultingStatus).toBe("PROCESSING");
    }
    expect((await someone.post(url, right)).location).toBe(BACK);
  });
});
