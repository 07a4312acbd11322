import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OperationId, operations } from "../../generated/operations.ts";
import {
  createRequest,
  createTestGateway,
  expectValidResponse,
  getOperationPath,
  getSampleBody,
  SAMPLE_BODY,
  UNKNOWN_KEY,
} from "../testing/servers/gateway.ts";

type Path = readonly string[];

/** The way to every value in a body, the body itself included. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...path, name]))];
}

/** A copy in which the value at a path is another; `undefined` removes it. A path that leads nowhere changes nothing. */
function withValue(value: unknown, [name, ...rest]: Path, other: unknown): unknown {
  if (name === undefined) return other;
  if (typeof value !== "object" || value === null) return value;
  return { ...value, [name]: withValue(Object.getOwnPropertyDescriptor(value, name)?.value, rest, other) };
}

describe("2,000 mutated bodies, rightly signed: never a rejection, always a documented answer", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", " ", "\0", "\ud800", "../x", "%2e", "'; drop"),
  );
  const value = fc.oneof(
    fc.jsonValue(),
    text,
    text.map((each) => each.repeat(50)),
    fc.constantFrom(undefined, 1e308, -0, "true", false, "1".repeat(2049)),
  );

  test.each(operations)("%s: values", async (operation) => {
    const sample: unknown = JSON.parse(getSampleBody(operation));
    const mutation = fc.tuple(fc.constantFrom(...pathsIn(sample)), value);
    const mutated = fc
      .array(mutation, { minLength: 1, maxLength: 3 })
      .map(
        (changes) => JSON.stringify(changes.reduce((body, [at, other]) => withValue(body, at, other), sample)) ?? "",
      );
    await expectDocumented(operation, mutated, 500);
  });

  test("vaultPaymentMethod: characters", async () => {
    const cut = fc.record({ at: fc.nat(SAMPLE_BODY.length), take: fc.nat(5), put: text });
    const mutated = cut.map(({ at, take, put }) => SAMPLE_BODY.slice(0, at) + put + SAMPLE_BODY.slice(at + take));
    await expectDocumented("vaultPaymentMethod", mutated, 500);
  });

  async function expectDocumented(operation: OperationId, bodies: fc.Arbitrary<string>, numRuns: number) {
    const { gateway, calls, errors } = createTestGateway();
    const path = getOperationPath(operation);
    const seen = new Map<string, number>();
    const send = async (body: string) => {
      const { resultCode } = await expectValidResponse(await gateway(await createRequest({ path, body })), {
        path,
        operation,
      });
      expect(["PARAM_ILLEGAL", "PROCESS_FAIL"]).toContain(resultCode);
      seen.set(resultCode, (seen.get(resultCode) ?? 0) + 1);
    };
    const twenty = fc.array(bodies, { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(twenty, async (together) => void (await Promise.all(together.map(send)))),
      { numRuns: numRuns / 20 },
    );
    expect(errors).toEqual([]);
    expect(calls).toHaveLength(seen.get("PROCESS_FAIL") ?? 0);
    // Mutations of which none is refused, or each, would try nothing.
    expect(seen.size).toBe(2);
  }
});

test("hostile bytes before a signature is verified: always the unsigned refusal, never a rejection", async () => {
  const { gateway, calls, errors } = createTestGateway();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
      const body = new Uint8Array(bytes);
      const { signed } = await expectValidResponse(await gateway(await createRequest({ body, key: UNKNOWN_KEY })));
      expect(signed).toBe(false);
    }),
    { numRuns: 200 },
  );
  expect([calls, errors]).toEqual([[], []]);
});

describe("card data in a request appear in no refusal and are told to nobody", () => {
  const CANARY = "9876543219876543";

  test.each(operations)("in the place of each value of %s, as text, as a number and as a name", async (operation) => {
    const sample: unknown = JSON.parse(getSampleBody(operation));
    for (const at of pathsIn(sample)) {
      for (const other of [CANARY, Number(CANARY), [CANARY], { [CANARY]: CANARY }]) {
        // A legal ID is echoed: that is what it is for.
        if (at[0] === "vaultingRequestId" && other === CANARY) continue;
        await expectUntold(operation, JSON.stringify(withValue(sample, at, other)));
      }
    }
  });

  test.each([
    ["cut off behind it", `{"cardNo":"${CANARY}"`],
    ["with it as a name that comes twice", `{"${CANARY}":1,"${CANARY}":2}`],
    ["that is nothing else", CANARY],
    ["with it before a byte order mark", `\uFEFF{"cardNo":"${CANARY}"}`],
    ["with it deep inside", `${'{"a":'.repeat(20)}"${CANARY}"${"}".repeat(20)}`],
  ])("in a body %s", async (_, body) => {
    await expectUntold("vaultPaymentMethod", body);
  });

  async function expectUntold(operation: OperationId, body: string): Promise<void> {
    const path = getOperationPath(operation);
    for (const key of [{}, { key: UNKNOWN_KEY }]) {
      const { gateway, refused, errors } = createTestGateway();
      const response = await gateway(await createRequest({ path, body, ...key }));
      const headers = [...response.headers].join();
      const told = `${headers} ${await response.text()} ${refused.map(({ reason }) => reason)} ${inspect(errors)}`;
      expect(told).not.toContain(CANARY);
    }
  }
});
