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

/** Printable ASCII, which is valid in headers and URLs. */
const byte = fc.integer({ min: 0x21, max: 0x7e });

function replaceByte(text: string, at: number, value: number): string {
  const offset = at % text.length;
  const changed = text.slice(0, offset) + String.fromCharCode(value) + text.slice(offset + 1);
  fc.pre(changed !== text);
  return changed;
}

/** The signed message, which the tests change after signing. */
const SIGNED = { path: PATH, clientId: CLIENT_ID, time: TIME, body: VAULTED_BODY };
const { signature = "" } = await createSignedHeaders(SIGNED);

function createRequest(changed: Partial<typeof SIGNED & { signature: string }>): Request {
  const { path, clientId, time, body, ...more } = { ...SIGNED, signature, ...changed };
  const headers = { "client-id": clientId, "request-time": time, "content-type": "application/json", ...more };
  return new Request(`https://merchant.example/${path.slice(1)}`, { method: "POST", headers, body });
}

test.each([
  "body",
  "clientId",
  "time",
  "path",
] as const)("the receiver rejects a change to any byte of the %s", async (part) => {
  const { receive, events } = createTestReceiver();
  await fc.assert(
    fc.asyncProperty(fc.nat(), byte, async (at, value) => {
      const request = createRequest({ [part]: replaceByte(SIGNED[part], at, value) });
      // URL normalization changes "\" to "/" and removes everything after "#".
      const { pathname, search } = new URL(request.url);
      if (part === "path") fc.pre(pathname + search !== PATH);
      expect((await receive(request)).status).toBe(401);
    }),
    { numRuns: 300 },
  );
  expect(events).toEqual([]);
});

test("the receiver rejects a change to any character of the signature", async () => {
  const { receive, events } = createTestReceiver();
  const start = signature.indexOf("signature=") + "signature=".length;
  await fc.assert(
    fc.asyncProperty(fc.nat(), byte, async (at, value) => {
      const changed = signature.slice(0, start) + replaceByte(signature.slice(start), at, value);
      expect((await receive(createRequest({ signature: changed }))).status).toBe(401);
    }),
    { numRuns: 300 },
  );
  expect(events).toEqual([]);
});

test("the receiver accepts the unchanged notification", async () => {
  expect((await createTestReceiver().receive(createRequest({}))).status).toBe(200);
});

test("the receiver responds to arbitrary bytes in the body and headers with status 401", async () => {
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

test("the receiver responds to arbitrary signed JSON with status 200 or 400", async () => {
  const { receive } = createTestReceiver();
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 6 }), async (body) => {
      expect([200, 400]).toContain((await receive(await createNotification({ body }))).status);
    }),
    { numRuns: 300 },
  );
});
