import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OperationId, operations } from "../../generated/operations.ts";
import { PROTOTYPE_NAMES } from "../testing/attacks/mutants.ts";
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

/** Lists the paths of all values in a body, including the body itself. */
function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => listPaths(inner, [...path, name]))];
}

/** Returns a copy with a different value at a path. `undefined` removes the value. A path through a value that is not an object changes nothing. */
function withValue(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) return replacement;
  if (typeof value !== "object" || value === null) return value;
  return { ...value, [name]: withValue(Object.getOwnPropertyDescriptor(value, name)?.value, rest, replacement) };
}

describe("the gateway returns a documented response to validly signed mutations of", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", " ", "\0", "\ud800", "../x", "%2e", "'; drop"),
  );
  const value = fc.oneof(
    fc.jsonValue(),
    text,
    text.map((piece) => piece.repeat(50)),
    fc.constantFrom(undefined, 1e308, -0, "true", false, "1".repeat(2049)),
  );

  test.each(operations)("values in %s", async (operation) => {
    const sample: unknown = JSON.parse(getSampleBody(operation));
    const mutation = fc.tuple(fc.constantFrom(...listPaths(sample)), value);
    const mutated = fc
      .array(mutation, { minLength: 1, maxLength: 3 })
      .map(
        (changes) =>
          JSON.stringify(changes.reduce((body, [path, other]) => withValue(body, path, other), sample)) ?? "",
      );
    await expectDocumented(operation, mutated, 500);
  });

  test("characters in vaultPaymentMethod", async () => {
    const edit = fc.record({ start: fc.nat(SAMPLE_BODY.length), removed: fc.nat(5), added: text });
    const mutated = edit.map(
      ({ start, removed, added }) => SAMPLE_BODY.slice(0, start) + added + SAMPLE_BODY.slice(start + removed),
    );
    await expectDocumented("vaultPaymentMethod", mutated, 500);
  });

  test.each(
    operations,
  )("values in %s that become objects whose fields are named like built-in properties", async (operation) => {
    const path = getOperationPath(operation);
    const sample: unknown = JSON.parse(getSampleBody(operation));
    const objects = PROTOTYPE_NAMES.map((name) => Object.fromEntries([[name, { [name]: 1 }]]));
    const bodies = listPaths(sample).flatMap((place) =>
      [...objects, [objects]].map((value) => JSON.stringify(withValue(sample, place, value))),
    );
    const { gateway, errors } = createTestGateway();
    for (const body of bodies) {
      const response = await gateway(await createRequest({ path, body }));
      const { resultCode } = await expectValidResponse(response, { path, operation });
      expect([body, resultCode]).not.toContain("UNKNOWN_EXCEPTION");
    }
    expect(errors).toEqual([]);
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
    const batches = fc.array(bodies, { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => void (await Promise.all(batch.map(send)))),
      { numRuns: numRuns / 20 },
    );
    expect(errors).toEqual([]);
    expect(calls).toHaveLength(seen.get("PROCESS_FAIL") ?? 0);
    // The mutations are useful only if some are rejected and some are accepted.
    expect(seen.size).toBe(2);
  }
});

test("the gateway sends an unsigned rejection for arbitrary bytes with an invalid signature", async () => {
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

describe("a rejection does not contain card data", () => {
  const CANARY = "9876543219876543";

  test.each(operations)("sent as text, a number, or a name instead of a value in %s", async (operation) => {
    const sample: unknown = JSON.parse(getSampleBody(operation));
    for (const path of listPaths(sample)) {
      for (const other of [CANARY, Number(CANARY), [CANARY], { [CANARY]: CANARY }]) {
        // The response echoes a valid ID on purpose.
        if (path[0] === "vaultingRequestId" && other === CANARY) continue;
        await expectNoCanary(operation, JSON.stringify(withValue(sample, path, other)));
      }
    }
  });

  test.each([
    ["truncated after the card number", `{"cardNo":"${CANARY}"`],
    ["with the card number as a duplicate name", `{"${CANARY}":1,"${CANARY}":2}`],
    ["that is only the card number", CANARY],
    ["with a byte order mark", `\uFEFF{"cardNo":"${CANARY}"}`],
    ["with deep nesting", `${'{"a":'.repeat(20)}"${CANARY}"${"}".repeat(20)}`],
  ])("in a body %s", async (_, body) => {
    await expectNoCanary("vaultPaymentMethod", body);
  });

  async function expectNoCanary(operation: OperationId, body: string): Promise<void> {
    const path = getOperationPath(operation);
    for (const key of [{}, { key: UNKNOWN_KEY }]) {
      const { gateway, rejected, errors } = createTestGateway();
      const response = await gateway(await createRequest({ path, body, ...key }));
      const headers = [...response.headers].join();
      const output = `${headers} ${await response.text()} ${rejected.map(({ reason }) => reason)} ${inspect(errors)}`;
      expect(output).not.toContain(CANARY);
    }
  }
});
