import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CLIENT_ID,
  createNotification,
  createSignedHeaders,
  createTestReceiver,
  PATH,
  TIME,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";

/** Printable ASCII, so that the byte can stand in a header and in an address. */
const byte = fc.integer({ min: 0x21, max: 0x7e });

function withByte(text: string, at: number, value: number): string {
  const place = at % text.length;
  const changed = text.slice(0, place) + String.fromCharCode(value) + text.slice(place + 1);
  fc.pre(changed !== text);
  return changed;
}

/** What was signed; the test changes it afterwards. */
const SENT = { path: PATH, clientId: CLIENT_ID, time: TIME, body: VAULTED_BODY };
const { signature = "" } = await createSignedHeaders(SENT);

function requestOf(changed: Partial<typeof SENT & { signature: string }>): Request {
  const { path, clientId, time, body, ...more } = { ...SENT, signature, ...changed };
  const headers = { "client-id": clientId, "request-time": time, "content-type": "application/json", ...more };
  return new Request(`https://merchant.example/${path.slice(1)}`, { method: "POST", headers, body });
}

test.each(["body", "clientId", "time", "path"] as const)("any one byte changed in the %s is refused", async (part) => {
  const { receive, events } = createTestReceiver();
  await fc.assert(
    fc.asyncProperty(fc.nat(), byte, async (at, value) => {
      const request = requestOf({ [part]: withByte(SENT[part], at, value) });
      // An address is normalised before anybody sees it: "\" is "/" then, and what follows "#" is not sent.
      const { pathname, search } = new URL(request.url);
      if (part === "path") fc.pre(pathname + search !== PATH);
      expect((await receive(request)).status).toBe(401);
    }),
    { numRuns: 300 },
  );
  expect(events).toEqual([]);
});

test("any one character changed in the signature is refused", async () => {
  const { receive, events } = createTestReceiver();
  const start = signature.indexOf("signature=") + "signature=".length;
  await fc.assert(
    fc.asyncProperty(fc.nat(), byte, async (at, value) => {
      const changed = signature.slice(0, start) + withByte(signature.slice(start), at, value);
      expect((await receive(requestOf({ signature: changed }))).status).toBe(401);
    }),
    { numRuns: 300 },
  );
  expect(events).toEqual([]);
});

test("nothing changed is accepted: else the tests above would prove nothing", async () => {
  expect((await createTestReceiver().receive(requestOf({}))).status).toBe(200);
});

test("any bytes whatever in body and headers are refused, never a rejection", async () => {
  const { receive, events } = createTestReceiver();
  const header = fc.string({ unit: "grapheme-ascii", maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), header, header, async (body, signature, time) => {
      const request = await createNotification({
        body: new Uint8Array(body),
        headers: { signature, "request-time": time },
      });
      expect((await receive(request)).status).toBe(401);
    }),
    { numRuns: 300 },
  );
  expect(events).toEqual([]);
});

test("any signed JSON whatever is handed over or refused as the document says, never a rejection", async () => {
  const { receive } = createTestReceiver();
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 6 }), async (body) => {
      expect([200, 400]).toContain((await receive(await createNotification({ body }))).status);
    }),
    { numRuns: 300 },
  );
});
