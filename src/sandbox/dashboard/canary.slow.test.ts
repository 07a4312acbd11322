import { expect, test } from "vitest";
import { findNeedles, type Needle } from "../../testing/attacks/byte-search.ts";
import { CANARY, CANARY_REPLY, NEEDLES, sendCanaries } from "../../testing/attacks/card-canary.ts";
import { createVisitor } from "../../testing/browser/visitor.ts";
import { startListener } from "../../testing/sandbox/sandbox.ts";
import { startSandbox } from "../start-sandbox.ts";

/** The number of calls. It is large enough to include every kind of call. */
const COUNT = 90;

test("no page or event of the sandbox contains unmasked card data or a signature", { timeout: 300_000 }, async () => {
  await using sandbox = await startSandbox();
  await using listener = await startListener(sandbox.credentials, (_, count) =>
    count % 5 === 0 ? CANARY_REPLY : "acknowledge",
  );
  const { baseUrl } = sandbox.credentials;
  const abortController = new AbortController();
  const stream = await fetch(`${baseUrl}/_sandbox/events`, { signal: abortController.signal });
  let events = "";
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) events += Buffer.from(chunk).toString();
  })().catch(() => {});
  const sent = await sendCanaries(sandbox.credentials, { count: COUNT, notificationUrl: listener.url });

  const browser = createVisitor(baseUrl);
  // The signature of a call that is tried out in the API reference must not appear on other pages either.
  await browser.get("/reference");
  const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
  const signed = await browser.post("/reference/sign", { path, body: JSON.stringify(CANARY) });
  const referenceSignature =
    /signature=([^"]+)"/.exec(signed.text)?.[1] ?? expect.fail("The signing route returned no signature.");
  // The form that sends calls rejects the card in the card fields, in text that is not JSON, and inside a different field.
  await browser.get("/send");
  const valid = { vaultingRequestId: "canary-sent", paymentMethodDetail: { card: CANARY } };
  for (const body of [
    JSON.stringify(valid),
    JSON.stringify(valid).slice(1),
    JSON.stringify({ metadata: JSON.stringify(valid) }),
  ])
    for (const card of ["", "visa"]) {
      const fields = { operation: "vaultPaymentMethod", clientId: sandbox.credentials.clientId, card, body };
      const rejected = await browser.post("/send", fields);
      expect(rejected.status).toBe(422);
      expect(findNeedles(Buffer.from(rejected.text.replaceAll("&quot;", '"')), NEEDLES)).toEqual([]);
    }
  const pages = new Map<string, string>();
  const pending = [
    "/",
    "/calls",
    "/notifications",
    "/controls",
    "/test-cards",
    "/credentials",
    "/send",
    "/?q=canary",
    `/?q=${CANARY.cardNo}`,
    "/calls?kind=signature",
  ];
  for (let target = pending.pop(); target !== undefined; target = pending.pop()) {
    const { text } = await browser.get(target);
    pages.set(target, text);
    const links = [...text.matchAll(/href="(\/(?!assets)[^"]*)"/g)].map(([, link]) => link ?? "");
    pending.push(
      ...new Set(
        links
          .map((link) => link.replaceAll("&amp;", "&").replaceAll("&#39;", "'"))
          // For each call, there is a link that fills in the form. Following every tenth of these links is enough.
          .filter((link) => !/^\/send\?call=\d*[1-9](?:&|$)/.test(link))
          .filter((link) => !pages.has(link) && !pending.includes(link)),
      ),
    );
  }
  abortController.abort();
  await reading;

  expect(pages.size).toBeGreaterThan(COUNT);
  expect([...pages].some(([path, text]) => path.startsWith("/notifications/") && text.includes("HTTP 500"))).toBe(true);
  expect(events).toContain("canary-");
  const all = Buffer.from([...pages.values()].join("\n"));
  // If the search works, it finds the masked number.
  expect(
    findNeedles(all, [{ name: "masked", bytes: Buffer.from(`************${CANARY.cardNo.slice(-4)}`) }]),
  ).not.toEqual([]);
  const signatures = [...sent.signatures, referenceSignature].map(
    (signature): Needle => ({ name: "signature", bytes: Buffer.from(signature.slice(0, 40)) }),
  );
  for (const needles of [NEEDLES, signatures]) {
    expect(findNeedles(all, needles)).toEqual([]);
    expect(findNeedles(Buffer.from(events), needles)).toEqual([]);
  }
  // Pages contain HTML-escaped JSON, so search the unescaped text too.
  const html = all.toString().replaceAll("&quot;", '"');
  expect(findNeedles(Buffer.from(html), NEEDLES)).toEqual([]);
});
