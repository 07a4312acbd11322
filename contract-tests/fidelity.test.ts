import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maskCardData } from "../src/cards/mask-card-data.ts";
import { startMock } from "../src/mock/mock.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { createNotification, createTestReceiver } from "../src/testing/servers/notification-receiver.ts";
import { catchError, startScriptedGateway } from "../src/testing/servers/scripted-gateway.ts";
import { createInquiryRequest, createSessionRequest, createVaultRequest } from "./fidelity/cases/base-requests.ts";
import { headerCases } from "./fidelity/cases/headers.ts";
import { bodyRuleCases } from "./fidelity/cases/invalid-bodies.ts";
import { encodingCases } from "./fidelity/cases/json-encodings.ts";
import { limitCases } from "./fidelity/cases/limits.ts";
import {
  type Expected,
  IMPLEMENTATIONS,
  type Implementation,
  isJson,
  type SampleCase,
} from "./fidelity/cases/sample-case.ts";
import { sampleCases } from "./fidelity/cases/samples.ts";
import { sdkCases } from "./fidelity/cases/sdk-requests.ts";
import { type GeneratedBody, generatedBodies, isReadable, PLACEHOLDER_ID } from "./fidelity/generated-bodies.ts";
import {
  createClientValidator,
  createDocumentValidator,
  createGatewayValidator,
  createPrismValidator,
  type Result,
  toExpectedResult,
  type Validate,
  validateBody,
} from "./fidelity/implementations.ts";
import { connectRawClient } from "./fidelity/raw-socket.ts";
import { notificationCases, type ResponseCase, responseCases } from "./fidelity/responses.ts";

/** The seed of the generated bodies. The default is the date of Antom's vaultPaymentMethod page. */
const SEED = Number(process.env["FIDELITY_SEED"] ?? 20240314);
const BODY_COUNT = 2_000;

const cases: readonly SampleCase[] = [
  ...sampleCases,
  ...limitCases,
  ...bodyRuleCases,
  ...sdkCases,
  ...headerCases,
  ...encodingCases,
];

const resources = new AsyncDisposableStack();
let implementations: Readonly<Record<Implementation, Validate>>;

beforeAll(async () => {
  const mock = resources.use(await startMock());
  const sandbox = resources.use(await startSandbox({ sendNotifications: false }));
  const [mockClient, sandboxClient] = await Promise.all([
    connectRawClient(mock.credentials),
    connectRawClient(sandbox.credentials),
  ]);
  for (const client of [mockClient, sandboxClient]) resources.defer(client.close);
  implementations = {
    document: createDocumentValidator(),
    prism: await createPrismValidator(),
    client: createClientValidator(sandbox.credentials),
    mock: createGatewayValidator(mockClient),
    sandbox: createGatewayValidator(sandboxClient),
  };
});
afterAll(() => resources.disposeAsync());

const getImplementations = ({ skipped = {} }: SampleCase): readonly Implementation[] =>
  IMPLEMENTATIONS.filter((implementation) => skipped[implementation] === undefined);

describe("requests from Antom's pages and SDKs", () => {
  const results = new Map<string, Result>();
  const getKey = ({ id }: SampleCase, implementation: Implementation) => `${id}, ${implementation}`;

  // The cases run in order, because some inquire about the vaultings of earlier cases. They run before the tests, so that each test can run alone.
  beforeAll(async () => {
    for (const sample of cases) {
      for (const implementation of getImplementations(sample)) {
        results.set(getKey(sample, implementation), await implementations[implementation](sample));
      }
    }
  });

  test.each(cases)("$id: $description ($source)", (sample) => {
    for (const implementation of getImplementations(sample)) {
      const expected = sample.differences?.[implementation]?.expected ?? sample.expected;
      expect({ [implementation]: results.get(getKey(sample, implementation)) }).toEqual({
        [implementation]: toExpectedResult(implementation, expected),
      });
    }
  });

  test("have unique IDs, and declare a difference only for an implementation that makes the opposite decision", () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const { id, expected, differences = {}, skipped = {} } of cases) {
      for (const implementation of IMPLEMENTATIONS.filter((name) => differences[name])) {
        expect([id, implementation, skipped[implementation], differences[implementation]?.expected.accepted]).toEqual([
          id,
          implementation,
          undefined,
          !expected.accepted,
        ]);
      }
    }
  });

  test("are validated by every implementation if the body is JSON and the headers are unchanged", () => {
    const bodies = cases.filter(({ head, text }) => !head && isJson(text));
    expect(bodies.length).toBeGreaterThan(90);
    expect(bodies.filter((sample) => getImplementations(sample).length < IMPLEMENTATIONS.length)).toEqual([]);
  });

  test("have unique request IDs, except inquiries and invalid requests", () => {
    const ids = cases
      .filter(({ expected, operation }) => expected.accepted && operation !== "inquireVaulting")
      .map(({ text }) => (JSON.parse(text) as { readonly vaultingRequestId: string }).vaultingRequestId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe("responses and notifications from Antom's pages", () => {
  const createRequest = ({ operation, requestId: id }: ResponseCase) =>
    ({
      vaultPaymentMethod: createVaultRequest(id),
      createVaultingSession: createSessionRequest(id),
      inquireVaulting: createInquiryRequest(id),
    })[operation];

  test.each(responseCases)("$id: $description ($source)", async (sample) => {
    await using gateway = await startScriptedGateway(() => ({
      body: sample.body,
      ...(sample.unsigned ? { signed: false } : {}),
    }));
    const call = gateway.client({ retry: false })[sample.operation](createRequest(sample) as never);
    expect(sample.fails ? await catchError(call) : await call).toMatchObject(sample.expected);
    expect(gateway.received).toHaveLength(1);
  });

  test.each(notificationCases)("$id: $description ($source)", async ({ body, time, event }) => {
    const { receive, events } = createTestReceiver({ now: () => Number(time) || Date.parse(time) });
    const response = await receive(await createNotification({ body: JSON.stringify(body), time }));
    expect(response.status).toBe(event ? 200 : 400);
    expect(events).toEqual(event ? [expect.objectContaining(event)] : []);
  });
});

describe(`${BODY_COUNT} generated bodies`, () => {
  const COMPARED = ["prism", "client", "sandbox"] as const;

  /** Returns the expected result, which is the document's result, except that the client and the sandbox also reject unreadable bodies. */
  function getExpected(implementation: Implementation, document: Result, body: unknown): Expected {
    const rejected = { accepted: false, code: "PARAM_ILLEGAL" } as const;
    if (implementation !== "prism" && !isReadable(body)) return rejected;
    return document.accepted
      ? { accepted: true, resultCode: "" }
      : { ...rejected, violations: document.violations ?? [] };
  }

  /** Removes the sandbox's result code, which the document does not determine. */
  const removeResultCode = (result: Result): Result => (result.accepted ? { accepted: true } : result);

  test("get the same result from the document, Prism, the client, and the sandbox", async () => {
    const valid: string[] = [];
    const invalid: string[] = [];
    let unreadable = 0;
    let sent = 0;

    const compare = async ({ operation, body: generated }: GeneratedBody) => {
      sent += 1;
      const body = withRequestId(generated, `generated-${sent}`);
      const text = JSON.stringify(body);
      const document = await implementations.document({ operation, text });
      for (const implementation of COMPARED) {
        const result = removeResultCode(await implementations[implementation]({ operation, text }));
        // Only the client rejects null.
        const basis = implementation === "client" ? validateBody(operation, body) : document;
        const expected = removeResultCode(toExpectedResult(implementation, getExpected(implementation, basis, body)));
        expect({ document, [implementation]: result }).toEqual({ document, [implementation]: expected });
      }
      const readable = isReadable(body);
      if (!readable) unreadable += 1;
      (document.accepted && readable ? valid : invalid).push(`${operation} ${JSON.stringify(generated)}`);
    };

    const outcome = await fc.check(fc.asyncProperty(generatedBodies, compare), { numRuns: BODY_COUNT, seed: SEED });
    if (outcome.failed) {
      const [smallest] = outcome.counterexample ?? [];
      throw new Error(
        `The results differ. To reproduce the failure, set FIDELITY_SEED=${SEED}. The smallest failing body, with card data masked: ` +
          `${smallest?.operation} ${JSON.stringify(maskCardData(smallest?.body))}`,
        { cause: outcome.errorInstance },
      );
    }
    // Make sure that the bodies are not mostly valid, mostly invalid, or mostly identical.
    for (const bodies of [valid, invalid]) {
      expect(bodies.length).toBeGreaterThanOrEqual(BODY_COUNT / 3);
      expect(new Set(bodies).size).toBeGreaterThan(BODY_COUNT / 5);
      expect(new Set(bodies.map((body) => body.split(" ", 1)[0])).size).toBe(3);
    }
    expect(unreadable).toBeGreaterThan(BODY_COUNT / 100);
  });

  function withRequestId(body: unknown, vaultingRequestId: string): unknown {
    if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
    const entries = Object.entries(body);
    return Object.fromEntries(
      entries.map(([name, value]) => [
        name,
        name === "vaultingRequestId" && value === PLACEHOLDER_ID ? vaultingRequestId : value,
      ]),
    );
  }
});
