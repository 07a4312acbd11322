import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maskCardData } from "../src/cards/mask-card-data.ts";
import { startMock } from "../src/mock/mock.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { createNotification, createTestReceiver } from "../src/testing/servers/notification-receiver.ts";
import { catchError, startScriptedGateway } from "../src/testing/servers/scripted-gateway.ts";
import { inquiry, session, vault } from "./fidelity/cases/base-requests.ts";
import { headerCases } from "./fidelity/cases/headers.ts";
import { invalidBodyCases } from "./fidelity/cases/invalid-bodies.ts";
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
  expectedResult,
  type Result,
  type Validate,
} from "./fidelity/implementations.ts";
import { connectRawClient } from "./fidelity/raw-socket.ts";
import { notificationCases, type ResponseCase, responseCases } from "./fidelity/responses.ts";

/** The day of the vendor's page. Another number brings other bodies. */
const SEED = Number(process.env["FIDELITY_SEED"] ?? 20240314);
const BODIES = 2_000;

const rows: readonly SampleCase[] = [
  ...sampleCases,
  ...limitCases,
  ...invalidBodyCases,
  ...sdkCases,
  ...headerCases,
  ...encodingCases,
];

const disposing = new AsyncDisposableStack();
let judges: Readonly<Record<Implementation, Validate>>;

beforeAll(async () => {
  const mock = disposing.use(await startMock());
  const sandbox = disposing.use(await startSandbox({ sendNotifications: false }));
  const [toMock, toSandbox] = await Promise.all([
    connectRawClient(mock.credentials),
    connectRawClient(sandbox.credentials),
  ]);
  for (const wire of [toMock, toSandbox]) disposing.defer(wire.close);
  judges = {
    document: createDocumentValidator(),
    prism: await createPrismValidator(),
    client: createClientValidator(sandbox.credentials),
    mock: createGatewayValidator(toMock),
    sandbox: createGatewayValidator(toSandbox),
  };
});
afterAll(() => disposing.disposeAsync());

const asked = ({ notAsked = {} }: SampleCase): readonly Implementation[] =>
  IMPLEMENTATIONS.filter((judge) => notAsked[judge] === undefined);

describe("what the vendor's pages and SDKs send", () => {
  const rulings = new Map<string, Result>();
  const nameOf = ({ id }: SampleCase, judge: Implementation) => `${id}, ${judge}`;

  // Asked in the table's order, as one row inquires of another, and before any test, so that each test stands for itself.
  beforeAll(async () => {
    for (const row of rows) {
      for (const judge of asked(row)) rulings.set(nameOf(row, judge), await judges[judge](row));
    }
  });

  test.each(rows)("$id: $standsFor ($source)", (row) => {
    for (const judge of asked(row)) {
      const verdict = row.differs?.[judge]?.verdict ?? row.verdict;
      expect({ [judge]: rulings.get(nameOf(row, judge)) }).toEqual({ [judge]: expectedResult(judge, verdict) });
    }
  });

  test("each row has an ID of its own, and a declared difference is one", () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const { id, verdict, differs = {}, notAsked = {} } of rows) {
      for (const judge of IMPLEMENTATIONS.filter((each) => differs[each])) {
        expect([id, judge, notAsked[judge], differs[judge]?.verdict.accepted]).toEqual([
          id,
          judge,
          undefined,
          !verdict.accepted,
        ]);
      }
    }
  });

  test("a row that is nothing but a body is asked of everybody", () => {
    const bodies = rows.filter(({ head, text }) => !head && isJson(text));
    expect(bodies.length).toBeGreaterThan(90);
    expect(bodies.filter((row) => asked(row).length < IMPLEMENTATIONS.length)).toEqual([]);
  });

  test("no two legal requests have one ID, but for inquiries", () => {
    const ids = rows
      .filter(({ verdict, operation }) => verdict.accepted && operation !== "inquireVaulting")
      .map(({ text }) => (JSON.parse(text) as { readonly vaultingRequestId: string }).vaultingRequestId);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
});

describe("what the vendor's pages answer", () => {
  const requestOf = ({ operation, asked: id }: ResponseCase) =>
    ({ vaultPaymentMethod: vault(id), createVaultingSession: session(id), inquireVaulting: inquiry(id) })[operation];

  test.each(responseCases)("$id: $standsFor ($source)", async (row) => {
    await using gateway = await startScriptedGateway(() => ({
      body: row.body,
      ...(row.unsigned ? { signed: false } : {}),
    }));
    const call = gateway.client({ retry: false })[row.operation](requestOf(row) as never);
    expect(row.fails ? await catchError(call) : await call).toMatchObject(row.reads);
    expect(gateway.received).toHaveLength(1);
  });

  test.each(notificationCases)("$id: $standsFor ($source)", async ({ body, time, event }) => {
    const { receive, events } = createTestReceiver({ now: () => Number(time) || Date.parse(time) });
    const response = await receive(await createNotification({ body: JSON.stringify(body), time }));
    expect(response.status).toBe(event ? 200 : 400);
    expect(events).toEqual(event ? [expect.objectContaining(event)] : []);
  });
});

describe(`${BODIES} bodies that nobody wrote`, () => {
  const ASKED = ["prism", "client", "sandbox"] as const;

  /** What everybody has to say, by what the document says: a readable body is judged by it alone, another one is no JSON to client and gateway. */
  function verdictFor(judge: Implementation, document: Result, body: unknown): Expected {
    const refused = { accepted: false, code: "PARAM_ILLEGAL" } as const;
    if (judge !== "prism" && !isReadable(body)) return refused;
    return document.accepted ? { accepted: true, comes: "" } : { ...refused, breaks: document.breaks ?? [] };
  }

  /** The ruling without the sandbox's own answer, which the document does not foretell. */
  const bare = (ruling: Result): Result => (ruling.accepted ? { accepted: true } : ruling);

  test("the document, Prism, the client and the sandbox give the same verdict", async () => {
    const legal: string[] = [];
    const illegal: string[] = [];
    let unreadable = 0;
    let sent = 0;

    const agree = async ({ operation, body: made }: GeneratedBody) => {
      sent += 1;
      const body = withOwnId(made, `made-${sent}`);
      const text = JSON.stringify(body);
      const document = await judges.document({ operation, text });
      for (const judge of ASKED) {
        const ruling = bare(await judges[judge]({ operation, text }));
        const expected = bare(expectedResult(judge, verdictFor(judge, document, body)));
        expect({ document, [judge]: ruling }).toEqual({ document, [judge]: expected });
      }
      const readable = isReadable(body);
      if (!readable) unreadable += 1;
      (document.accepted && readable ? legal : illegal).push(`${operation} ${JSON.stringify(made)}`);
    };

    const found = await fc.check(fc.asyncProperty(generatedBodies, agree), { numRuns: BODIES, seed: SEED });
    if (found.failed) {
      const [smallest] = found.counterexample ?? [];
      throw new Error(
        `They do not agree. Again with FIDELITY_SEED=${SEED}. The smallest body, card data masked: ` +
          `${smallest?.operation} ${JSON.stringify(maskCardData(smallest?.body))}`,
        { cause: found.errorInstance },
      );
    }
    // Bodies of one kind only, or the same ones again and again, would prove nothing.
    for (const bodies of [legal, illegal]) {
      expect(bodies.length).toBeGreaterThanOrEqual(BODIES / 3);
      expect(new Set(bodies).size).toBeGreaterThan(BODIES / 5);
      expect(new Set(bodies.map((body) => body.split(" ", 1)[0])).size).toBe(3);
    }
    expect(unreadable).toBeGreaterThan(BODIES / 100);
  });

  function withOwnId(body: unknown, vaultingRequestId: string): unknown {
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
