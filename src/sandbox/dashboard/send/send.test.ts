import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatVaultingPath } from "../../../control-api/sandbox-paths.ts";
import { formatSignatureHeader, generateKeyPair, importPrivateKey, sign } from "../../../signature/index.ts";
import { CARD as CANARY } from "../../../testing/attacks/card-forms.ts";
import { createVisitor, expectSafe, type Visitor } from "../../../testing/browser/visitor.ts";
import { CARD, callDirectly, createId, createVaultRequest } from "../../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../../start-sandbox.ts";

let sandbox: RunningSandbox;
let browser: Visitor;
let clientId: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  ({ clientId } = sandbox.credentials);
  browser = createVisitor(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

/** Returns the body that the form contains. */
const readBody = (text: string): string =>
  (/<textarea[^>]*>\n(.*?)<\/textarea>/s.exec(text)?.[1] ?? expect.fail("The page has no body."))
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const getLastCall = async () => (await sandbox.calls({ limit: 1 }))[0] ?? expect.fail("The call log is empty.");

const createForm = (body: object, more: Readonly<Record<string, string>> = {}) => ({
  operation: "vaultPaymentMethod",
  clientId,
  card: "",
  body: JSON.stringify(body),
  ...more,
});

describe("the form that sends a call", () => {
  test.each([
    "vaultPaymentMethod",
    "createVaultingSession",
    "inquireVaulting",
  ])("offers and sends an example of %s", async (operation) => {
    const page = await browser.get(`/send?operation=${operation}`);
    expect(page).toMatchObject({ status: 200, heading: "Send a call" });
    expectSafe(page);
    const { status, location } = await browser.post("/send", {
      operation,
      clientId,
      card: "",
      body: readBody(page.text),
    });
    expect(status).toBe(303);
    const call = await getLastCall();
    expect(location).toBe(`/calls/${call.sequence}?done=sent`);
    expect(call).toMatchObject({ operation, source: "dashboard", clientId, signed: true });
    expect(call.resultCode).toBe(operation === "inquireVaulting" ? "VAULTING_NOT_EXIST" : "SUCCESS");
  });

  test("is filled in with a logged call, its test card, and a new ID, and is linked from the pages of the call and its vaulting", async () => {
    const id = createId();
    const request = { ...createVaultRequest({ id, cardNo: CARD.fails, metadata: "it's <b>" }) };
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
    const { sequence } = await getLastCall();
    const link = `/send?call=${sequence}`;
    for (const target of [`/calls/${sequence}`, formatVaultingPath({ clientId, vaultingRequestId: id })])
      expect((await browser.get(target)).text).toContain(`href="${link}"`);
    const body = JSON.parse(readBody((await browser.get(link)).text));
    expect(body.vaultingRequestId).not.toBe(id);
    const { card } = request.paymentMethodDetail;
    expect(body).toEqual({
      ...request,
      vaultingRequestId: body.vaultingRequestId,
      paymentMethodDetail: { paymentMethodType: "CARD", card: { ...card, expiryYear: "39" } },
    });
    const same = JSON.parse(readBody((await browser.get(`${link}&id=same`)).text));
    expect(same.vaultingRequestId).toBe(id);
    const { location = "" } = await browser.post("/send", createForm(body));
    const result = await browser.get(location);
    expect(result.text).toContain("Call sent.");
    expect(result.text).toContain(formatVaultingPath({ clientId, ...body }));
    expect(result.text).toContain("The sandbox signed the call");
    expect(await sandbox.vaultings.get(body.vaultingRequestId)).toMatchObject({ resultCode: "CARD_EXPIRED" });
  });

  test("replaces the card with the test card that the user selects", async () => {
    const request = createVaultRequest();
    await browser.get("/send");
    await browser.post("/send", createForm(request, { card: "lost-card" }));
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toMatchObject({ resultCode: "LOST_CARD" });
  });

  test("accepts a body with CRLF line breaks, which browsers send", async () => {
    const text = JSON.stringify({ vaultingRequestId: createId() }, null, 1);
    await browser.get("/send");
    await browser.post("/send", createForm({}, { operation: "inquireVaulting", body: text.replaceAll("\n", "\r\n") }));
    expect(await getLastCall()).toMatchObject({
      request: JSON.stringify(JSON.parse(text)),
      resultCode: "VAULTING_NOT_EXIST",
    });
  });

  test("sends a call for a client whose private key the sandbox does not have", async () => {
    const client = await sandbox.addClient(`OTHER${createId().slice(0, 8)}`);
    const request = createVaultRequest();
    await browser.get("/send");
    await browser.post("/send", createForm(request, { clientId: client.clientId }));
    expect(await getLastCall()).toMatchObject({ clientId: client.clientId, resultCode: "SUCCESS" });
    expect(await sandbox.vaultings.get(request.vaultingRequestId, client.clientId)).toMatchObject({
      status: "SUCCESS",
    });
  });

  test("vaults a test card with one click, and shows the timeline of the vaulting", async () => {
    await using empty = await startSandbox();
    const visitor = createVisitor(empty.credentials.baseUrl);
    const page = await visitor.get("/");
    expect(page.text).toContain("Vault a test card");
    expectSafe(page);
    const { status, location = "" } = await visitor.post("/send", { card: "visa" });
    expect(status).toBe(303);
    expect(location).toMatch(/^\/vaultings\/.*\?done=sent$/);
    const [vaulting] = await empty.vaultings.list();
    expect(vaulting).toMatchObject({ status: "SUCCESS", maskedCardNo: expect.stringMatching(/0768$/) });
    expect((await visitor.get(location)).text).toContain("This page shows the result.");
  });

  test("sends a call when the user clicks a button on the page of test cards", async () => {
    const { text } = await browser.get("/test-cards");
    const names = [...text.matchAll(/<button name="card" value="([\w-]+)"/g)].map(([, name = ""]) => name);
    expect(new Set(names).size).toBeGreaterThan(40);
    for (const name of ["card-expired", "challenge"]) {
      expect(names).toContain(name);
      expect(await browser.post("/send", { card: name })).toMatchObject({ status: 303 });
    }
    expect(await sandbox.vaultings.list({ limit: 2 })).toMatchObject([
      { status: "PROCESSING" },
      { resultCode: "CARD_EXPIRED" },
    ]);
  });

  test.each([
    ["an unknown client", { clientId: "UNKNOWN" }, "This client does not exist."],
    ["a body that is not JSON", { body: "{" }, "The body is not JSON"],
    ["an empty body", { body: "" }, "The body is empty"],
    ["a body that is too large", { body: JSON.stringify("x".repeat(65_536)) }, "larger than"],
  ])("shows an error for %s, and keeps a valid body", async (_, fields, message) => {
    const before = await getLastCall();
    await browser.get("/send");
    const page = await browser.post("/send", createForm({ kept: 1 }, fields));
    expect(page.status).toBe(422);
    expectSafe(page);
    expect(page.text).toContain(message);
    if (!("body" in fields)) expect(readBody(page.text)).toBe('{"kept":1}');
    expect((await getLastCall()).sequence).toBe(before.sequence);
  });

  test("neither sends, shows, nor logs the number of a card that is not a test card", async () => {
    const before = await getLastCall();
    await browser.get("/send");
    for (const body of [
      JSON.stringify(createVaultRequest({ cardNo: CANARY.cardNo })),
      `{"cardNo":"${CANARY.cardNo}","cvv":"${CANARY.cvv}",`,
      JSON.stringify({ [CANARY.cardNo]: 1 }),
    ]) {
      for (const card of ["", "visa"]) {
        const page = await browser.post("/send", createForm({}, { body, card }));
        expect(page.status).toBe(422);
        expect(page.text).not.toContain(CANARY.cardNo);
        expect(page.text).not.toContain(CANARY.cvv);
      }
    }
    expect((await getLastCall()).sequence).toBe(before.sequence);
  });

  test("applies scenarios and faults to the calls", async () => {
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT", minutes: 1 });
    await browser.get("/send");
    await browser.post("/send", createForm(createVaultRequest()));
    sandbox.scenarios.end();
    expect(await getLastCall()).toMatchObject({ resultCode: "RISK_REJECT", scenario: "RISK_REJECT" });
    sandbox.faults.inject({ fault: "request-dropped" });
    const { location = "" } = await browser.post("/send", createForm(createVaultRequest()));
    expect((await browser.get(location)).text).toContain("request-dropped");
  });
});

test("the sandbox accepts only a client's registered key over the network, even after a call from the dashboard", async () => {
  await browser.get("/send");
  await browser.post("/send", { card: "visa" });
  const { privateKey } = await generateKeyPair();
  const path = "/ams/sandbox/api/v1/vaults/inquireVaulting";
  const time = String(Date.now());
  const body = '{"vaultingRequestId":"1"}';
  const signature = formatSignatureHeader(
    await sign({ path, clientId, time, body }, await importPrivateKey(privateKey)),
    1,
  );
  const headers = {
    "content-type": "application/json",
    "client-id": clientId,
    "request-time": time,
    signature,
    source: "dashboard",
  };
  const response = await fetch(sandbox.credentials.baseUrl + path, { method: "POST", headers, body });
  expect(await response.text()).toContain("INVALID_SIGNATURE");
  expect(await getLastCall()).toMatchObject({ note: expect.any(String) });
  expect((await getLastCall()).source).toBeUndefined();
});
