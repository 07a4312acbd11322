import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  CLIENT_ID,
  createHeaders,
  createRequest,
  createTestGateway,
  expectValidResponse,
  PATH,
  SAMPLE_BODY,
  type SignedParts,
  type TestRequest,
  TIME,
  UNKNOWN_KEY,
} from "../testing/servers/gateway.ts";

async function expectRefused(request: Request, path = PATH): Promise<string> {
  const { gateway, calls, refused } = createTestGateway();
  const answer = await expectValidResponse(await gateway(request), {
    path,
    clientId: request.headers.get("client-id") ?? "",
  });
  expect(answer).toMatchObject({ resultCode: "INVALID_SIGNATURE", resultStatus: "F", signed: false });
  expect(answer.vaultingRequestId).toBeUndefined();
  expect(calls).toEqual([]);
  expect(refused).toHaveLength(1);
  return refused[0]?.reason ?? "";
}

describe("a request without a signature that counts", () => {
  const zeros = (length: number) => encodeURIComponent(Buffer.alloc(length).toString("base64"));
  test.each([
    ["missing", undefined],
    ["empty", ""],
    ["none in it", "algorithm=RSA256,keyVersion=1,signature="],
    ["nonsense", "hello"],
    ["algorithm none", `algorithm=none,keyVersion=1,signature=${zeros(256)}`],
    ["algorithm HS256", `algorithm=HS256,keyVersion=1,signature=${zeros(256)}`],
    ["key version __proto__", `algorithm=RSA256,keyVersion=__proto__,signature=${zeros(256)}`],
    ["255 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${zeros(255)}`],
    ["256 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${zeros(256)}`],
    ["257 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${zeros(257)}`],
  ])("%s", async (_, signature) => {
    expect(await expectRefused(await createRequest({ headers: { signature } }))).toMatch(/[Ss]ignature/);
  });

  test("sent twice, the right one first or last", async () => {
    const right = (await createHeaders()).get("signature") ?? "";
    const wrong = `algorithm=RSA256,keyVersion=1,signature=${zeros(256)}`;
    for (const signature of [`${right}, ${wrong}`, `${wrong}, ${right}`, `${right}, ${right}`])
      expect(await expectRefused(await createRequest({ headers: { signature } }))).toMatch(/sent twice/);
  });
});

describe("a signature that does not fit", () => {
  test.each<[string, Partial<TestRequest>, Partial<SignedParts>]>([
    ["another client's key", { key: UNKNOWN_KEY }, {}],
    ["another path", {}, { path: "/ams/api/v1/vaults/vaultPaymentMethod" }],
    ["another time", {}, { time: "1685599933871" }],
    ["another client", {}, { clientId: "SANDBOX_OTHER" }],
    ["the body written again", { body: JSON.stringify(JSON.parse(SAMPLE_BODY), null, 2) }, { body: SAMPLE_BODY }],
    ["CRLF for LF", { body: `${SAMPLE_BODY}\n` }, { body: `${SAMPLE_BODY}\r\n` }],
    ["an unknown client, rightly signed with its own key", { clientId: "SANDBOX_OTHER", key: UNKNOWN_KEY }, {}],
  ])("%s", async (_, sent, signed) => {
    await expectRefused(await createRequest(sent, signed));
  });

  test("tells whoever explains it what came, and not what it should be", async () => {
    const { gateway, refused } = createTestGateway();
    const request = await createRequest({}, { body: "{}" });
    const headerValue = request.headers.get("signature");
    await gateway(request);
    expect(refused).toMatchObject([{ path: PATH, clientId: CLIENT_ID, time: TIME, headerValue }]);
    expect(new TextDecoder().decode(refused[0]?.body)).toBe(SAMPLE_BODY);
  });
});

test("onSignatureRejected learns which of the two it was; the client does not", async () => {
  expect(await expectRefused(await createRequest({}, { time: "1" }))).toMatch(/does not fit/);
  expect(await expectRefused(await createRequest({ clientId: "SANDBOX_OTHER" }))).toMatch(/client ID is not known/);
});

describe("a query string, of which the contract says nothing", () => {
  const path = `${PATH}?trace=7`;
  test.each([
    ["the path alone", PATH],
    ["the path with it", path],
  ])("may be there: signed is %s", async (_, signed) => {
    const { gateway, calls, refused } = createTestGateway();
    await expectValidResponse(await gateway(await createRequest({ path }, { path: signed })), { path });
    expect([calls.length, refused.length]).toEqual([1, 0]);
  });

  test.each([
    ["another", `${PATH}?trace=8`],
    ["one more", `${path}&a=1`],
    ["only the question mark", `${PATH}?`],
  ])("may not be exchanged for %s once it is signed", async (_, signed) => {
    await expectRefused(await createRequest({ path }, { path: signed }), path);
  });
});

describe("one flipped bit", () => {
  const PARTS = ["body", "path", "clientId", "time", "signature"] as const;

  test("is refused, in 1,000 places over body, path, client ID, time and signature", async () => {
    const { gateway, calls } = createTestGateway();
    const signature = (await createHeaders()).get("signature") ?? "";
    const flips = fc.record({ part: fc.constantFrom(...PARTS), at: fc.nat(), bit: fc.nat(6) });
    let sent = 0;
    for (const { part, at, bit } of fc.sample(flips, 1000)) {
      const request = flipped(signature, part, at, bit);
      // Bytes that cannot stand in a header never arrive.
      if (!request) continue;
      sent++;
      const { result } = JSON.parse(await (await gateway(request)).text());
      expect(["INVALID_SIGNATURE", "NO_INTERFACE_DEF"]).toContain(result.resultCode);
    }
    expect(calls).toEqual([]);
    expect(sent).toBeGreaterThan(900);
  });

  function flipped(signature: string, part: (typeof PARTS)[number], at: number, bit: number): Request | undefined {
    const parts = { body: SAMPLE_BODY, path: PATH, clientId: CLIENT_ID, time: TIME, signature };
    // Only the signature itself: the names before it may be written in either case, and keyVersion is not covered.
    const from = part === "signature" ? signature.lastIndexOf("=") + 1 : 0;
    const bytes = Buffer.from(parts[part]);
    const place = from + (at % (bytes.length - from));
    bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
    const { body, ...now } = { ...parts, [part]: bytes.toString() };
    try {
      return new Request(`http://gateway.example${now.path}`, {
        method: "POST",
        headers: { "client-id": now.clientId, "request-time": now.time, signature: now.signature },
        // As bytes: a text would bring a Content-Type of its own.
        body: Buffer.from(body),
      });
    } catch {
      return undefined;
    }
  }
});

test("an unknown client costs the verification that a wrong signature costs", async () => {
  const verify = vi.spyOn(crypto, "verify");
  syncBuiltinESMExports();
  onTestFinished(() => {
    verify.mockRestore();
    syncBuiltinESMExports();
  });
  const { gateway } = createTestGateway();
  for (const path of [PATH, `${PATH}?trace=7`]) {
    verify.mockClear();
    await gateway(await createRequest({ path }, { time: "1685599933871" }));
    const wrong = verify.mock.calls.length;
    verify.mockClear();
    await gateway(await createRequest({ path, clientId: "SANDBOX_9X00000000000000" }));
    expect([wrong, verify.mock.calls.length]).toEqual(path === PATH ? [1, 1] : [2, 2]);
  }
});

test("an unknown client takes the time of a wrong signature", async () => {
  const { gateway } = createTestGateway();
  const wrong = await createRequest({ body: SAMPLE_BODY }, { time: "1685599933871" });
  const unknown = await createRequest({ clientId: "SANDBOX_9X00000000000000" });
  const took: Record<"wrong" | "unknown", number[]> = { wrong: [], unknown: [] };
  // In turns, so that whatever else the machine does falls on both alike.
  for (let at = 0; at < 220; at++) {
    for (const [name, request] of [
      ["wrong", wrong],
      ["unknown", unknown],
    ] as const) {
      const copy = request.clone();
      const start = performance.now();
      await gateway(copy);
      if (at >= 20) took[name].push(performance.now() - start);
    }
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length / 2] ?? 0;
  const ratio = median(took.unknown) / median(took.wrong);
  console.info(`unknown client / wrong signature: ${ratio.toFixed(2)} of ${median(took.wrong).toFixed(2)} ms`);
  expect(ratio).toBeGreaterThan(1 / 3);
  expect(ratio).toBeLessThan(3);
});
