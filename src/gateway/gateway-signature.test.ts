import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { SIGNATURE_MISMATCH } from "../signature/index.ts";
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

async function expectRejected(request: Request, path = PATH): Promise<string> {
  const { gateway, calls, rejected } = createTestGateway();
  const response = await expectValidResponse(await gateway(request), {
    path,
    clientId: request.headers.get("client-id") ?? "",
  });
  expect(response).toMatchObject({ resultCode: "INVALID_SIGNATURE", resultStatus: "F", signed: false });
  expect(response.vaultingRequestId).toBeUndefined();
  expect(calls).toEqual([]);
  expect(rejected).toHaveLength(1);
  return rejected[0]?.reason ?? "";
}

describe("the gateway rejects a signature header that", () => {
  const encodeZeros = (length: number) => encodeURIComponent(Buffer.alloc(length).toString("base64"));
  test.each([
    ["is missing", undefined],
    ["is empty", ""],
    ["has an empty signature", "algorithm=RSA256,keyVersion=1,signature="],
    ["is malformed", "hello"],
    ["names the algorithm none", `algorithm=none,keyVersion=1,signature=${encodeZeros(256)}`],
    ["names the algorithm HS256", `algorithm=HS256,keyVersion=1,signature=${encodeZeros(256)}`],
    ["names the key version __proto__", `algorithm=RSA256,keyVersion=__proto__,signature=${encodeZeros(256)}`],
    ["has 255 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(255)}`],
    ["has 256 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(256)}`],
    ["has 257 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(257)}`],
  ])("%s", async (_, signature) => {
    expect(await expectRejected(await createRequest({ headers: { signature } }))).toMatch(/[Ss]ignature/);
  });

  test("is sent twice, even if one or both values are valid", async () => {
    const valid = (await createHeaders()).get("signature") ?? "";
    const invalid = `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(256)}`;
    for (const signature of [`${valid}, ${invalid}`, `${invalid}, ${valid}`, `${valid}, ${valid}`])
      expect(await expectRejected(await createRequest({ headers: { signature } }))).toMatch(/sent twice/);
  });
});

describe("the gateway rejects a signature", () => {
  test.each<[string, Partial<TestRequest>, Partial<SignedParts>]>([
    ["made with a different key", { key: UNKNOWN_KEY }, {}],
    ["over a different path", {}, { path: "/ams/api/v1/vaults/vaultPaymentMethod" }],
    ["over a different time", {}, { time: "1685599933871" }],
    ["for a different client", {}, { clientId: "SANDBOX_OTHER" }],
    [
      "over a body that was reserialized after signing",
      { body: JSON.stringify(JSON.parse(SAMPLE_BODY), null, 2) },
      { body: SAMPLE_BODY },
    ],
    ["over a body with CRLF instead of LF", { body: `${SAMPLE_BODY}\n` }, { body: `${SAMPLE_BODY}\r\n` }],
    ["from an unknown client, made with that client's key", { clientId: "SANDBOX_OTHER", key: UNKNOWN_KEY }, {}],
  ])("%s", async (_, sent, signed) => {
    await expectRejected(await createRequest(sent, signed));
  });

  test("and passes the received values to onSignatureRejected", async () => {
    const { gateway, rejected } = createTestGateway();
    const request = await createRequest({}, { body: "{}" });
    const headerValue = request.headers.get("signature");
    await gateway(request);
    expect(rejected).toMatchObject([{ path: PATH, clientId: CLIENT_ID, time: TIME, headerValue }]);
    expect(new TextDecoder().decode(rejected[0]?.body)).toBe(SAMPLE_BODY);
  });
});

test("the gateway passes the reason for a rejection to onSignatureRejected", async () => {
  expect(await expectRejected(await createRequest({}, { time: "1" }))).toBe(SIGNATURE_MISMATCH);
  expect(await expectRejected(await createRequest({ clientId: "SANDBOX_OTHER" }))).toMatch(/client ID is unknown/);
});

describe("a query string", () => {
  const path = `${PATH}?trace=7`;
  test.each([
    ["without", PATH],
    ["with", path],
  ])("is accepted if the path was signed %s it", async (_, signed) => {
    const { gateway, calls, rejected } = createTestGateway();
    await expectValidResponse(await gateway(await createRequest({ path }, { path: signed })), { path });
    expect([calls.length, rejected.length]).toEqual([1, 0]);
  });

  test.each([
    ["a different query string", `${PATH}?trace=8`],
    ["an additional parameter", `${path}&a=1`],
    ["only the question mark", `${PATH}?`],
  ])("is rejected if the signature covers %s", async (_, signed) => {
    await expectRejected(await createRequest({ path }, { path: signed }), path);
  });
});

describe("the gateway", () => {
  const PARTS = ["body", "path", "clientId", "time", "signature"] as const;

  test("rejects every request with a flipped bit in the body, path, client ID, time, or signature", async () => {
    const { gateway, calls } = createTestGateway();
    const signature = (await createHeaders()).get("signature") ?? "";
    const flips = fc.record({ part: fc.constantFrom(...PARTS), at: fc.nat(), bit: fc.nat(6) });
    let sent = 0;
    for (const { part, at, bit } of fc.sample(flips, 1000)) {
      const request = createRequestWithFlippedBit(signature, part, at, bit);
      // Bytes that are invalid in a header cannot be sent.
      if (!request) continue;
      sent++;
      const { result } = JSON.parse(await (await gateway(request)).text());
      expect(["INVALID_SIGNATURE", "NO_INTERFACE_DEF"]).toContain(result.resultCode);
    }
    expect(calls).toEqual([]);
    expect(sent).toBeGreaterThan(900);
  });

  function createRequestWithFlippedBit(
    signature: string,
    part: (typeof PARTS)[number],
    at: number,
    bit: number,
  ): Request | undefined {
    const parts = { body: SAMPLE_BODY, path: PATH, clientId: CLIENT_ID, time: TIME, signature };
    // Changes only the signature itself, because the names before it are case-insensitive and keyVersion is not signed.
    const from = part === "signature" ? signature.lastIndexOf("=") + 1 : 0;
    const bytes = Buffer.from(parts[part]);
    const index = from + (at % (bytes.length - from));
    bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
    const { body, ...rest } = { ...parts, [part]: bytes.toString() };
    try {
      return new Request(`http://gateway.example${rest.path}`, {
        method: "POST",
        headers: { "client-id": rest.clientId, "request-time": rest.time, signature: rest.signature },
        // Sends bytes, because a string body would add a Content-Type header.
        body: Buffer.from(body),
      });
    } catch {
      return undefined;
    }
  }
});

test("the gateway verifies as many signatures for an unknown client as for an invalid signature", async () => {
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
    const invalidCalls = verify.mock.calls.length;
    verify.mockClear();
    await gateway(await createRequest({ path, clientId: "SANDBOX_9X00000000000000" }));
    expect([invalidCalls, verify.mock.calls.length]).toEqual(path === PATH ? [1, 1] : [2, 2]);
  }
});

test("the gateway takes about as long for an unknown client as for an invalid signature", async () => {
  const { gateway } = createTestGateway();
  const invalid = await createRequest({ body: SAMPLE_BODY }, { time: "1685599933871" });
  const unknown = await createRequest({ clientId: "SANDBOX_9X00000000000000" });
  const durations: Record<"invalid" | "unknown", number[]> = { invalid: [], unknown: [] };
  // Alternates the requests, so that other load on the computer affects both kinds equally.
  for (let round = 0; round < 220; round++) {
    for (const [name, request] of [
      ["invalid", invalid],
      ["unknown", unknown],
    ] as const) {
      const copy = request.clone();
      const start = performance.now();
      await gateway(copy);
      if (round >= 20) durations[name].push(performance.now() - start);
    }
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length / 2] ?? 0;
  const ratio = median(durations.unknown) / median(durations.invalid);
  console.info(
    `unknown client / invalid signature: ${ratio.toFixed(2)} (invalid signature: ${median(durations.invalid).toFixed(2)} ms)`,
  );
  expect(ratio).toBeGreaterThan(1 / 3);
  expect(ratio).toBeLessThan(3);
});
