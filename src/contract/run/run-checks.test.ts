import { afterEach, describe, expect, test } from "vitest";
import { operations } from "../../../generated/operations.ts";
import {
  createFailure,
  createGateway,
  generateCredentials,
  type HttpServer,
  importSigningKey,
  startHttpServer,
} from "../../gateway/index.ts";
import { parseGenerated } from "../../machine/generated-documents.ts";
import { getField } from "../../protocol/json-fields.ts";
import {
  derivePublicKey,
  formatSignatureHeader,
  importKeyring,
  importPrivateKey,
  sign,
} from "../../signature/index.ts";
import { allChecks } from "../checks/all-checks.ts";
import { deriveProbes } from "../document/derive-probes.ts";
import {
  getRequestMessage,
  getResponseMessage,
  type LocatedSchema,
  resolveReference,
} from "../document/openapi-document.ts";
import { runChecks } from "./run-checks.ts";

describe("probes derived from the document", () => {
  test.each(operations)("%s: every constraint is put from both sides", (operation) => {
    for (const { pointer, keyword, accepted, rejected } of deriveProbes(operation)) {
      const sides = { pointer, keyword, accepted: accepted.length > 0, refused: rejected.length > 0 };
      const onlyAccepted = keyword === "unknown-field" || keyword === "optional";
      expect(sides).toEqual({ pointer, keyword, accepted: true, refused: !onlyAccepted });
    }
  });

  test.each(operations)("%s: every keyword of the schema that constrains has a probe", (operation) => {
    const probed = new Set(deriveProbes(operation).map(({ source }) => source));
    const constraints = constraintsOf(getRequestMessage(operation));
    expect(constraints.length).toBeGreaterThan(5);
    expect(constraints.filter((constraint) => !probed.has(constraint))).toEqual([]);
  });

  test("a check names a place in the document", () => {
    const document = parseGenerated("openapi.json");
    const stands = (pointer: string) =>
      pointer
        .slice(1)
        .split("/")
        .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
        .reduce<unknown>((at, key) => getField(at, key), document) !== undefined;
    expect([...new Set(allChecks().map(({ source }) => source))].filter((source) => !stands(source))).toEqual([]);
  });

  test("a check has an ID of its own", () => {
    const ids = allChecks().map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

const NO_CONSTRAINTS = new Set(["description", "examples", "deprecated", "properties"]);

/** Where each constraining keyword below a schema stands. What stands inside a `oneOf` is put to the target by the choice. */
function constraintsOf(place: LocatedSchema): readonly string[] {
  const { schema, pointer } = resolveReference(place);
  const own = Object.keys(schema).filter((keyword) => !NO_CONSTRAINTS.has(keyword) && !keyword.startsWith("x-"));
  // A choice is one constraint, and so is the type of the body itself, which is tried with whole bodies.
  const told = schema.oneOf ? ["oneOf"] : own.filter((keyword) => keyword !== "type" || !pointer.endsWith("Request"));
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    constraintsOf({ schema: property, pointer: `${pointer}/properties/${name}` }),
  );
  return [...told.map((keyword) => `${pointer}/${keyword}`), ...inner];
}

type Body = Readonly<Record<string, unknown>>;
type Handler = (request: Request) => Promise<Response>;
const keys = await generateCredentials();
const gatewayKey = await importPrivateKey(keys.gatewayPrivateKey);
const signingKey = await importSigningKey(keys.gatewayPrivateKey, "gateway");
const merchantKeys = await importKeyring(await derivePublicKey(keys.merchantPrivateKey), "merchant");

/** A right server: it answers success to whatever is right. */
function rightServer(): Handler {
  const merchant = { clientId: keys.clientId, publicKeys: merchantKeys };
  return createGateway({
    findMerchant: (clientId) => (clientId === merchant.clientId ? merchant : undefined),
    privateKey: signingKey,
    keyVersion: "1",
    handle: async ({ operation, vaultingRequestId }) => {
      const success = getResponseMessage(operation).examples.get("SUCCESS") as Body;
      return operation === "createVaultingSession" ? success : { ...success, vaultingRequestId };
    },
  });
}

/** Changes an answer's body and signs it anew. */
const rewriting =
  (change: (body: Body, request: unknown) => unknown): ((handler: Handler) => Handler) =>
  (handler) =>
  async (request) => {
    const sent = await request
      .clone()
      .json()
      .catch(() => ({}));
    const response = await handler(request);
    const changed = change((await response.clone().json()) as Body, sent);
    return changed === undefined ? response : signed(request, response, JSON.stringify(changed));
  };

async function signed(
  request: Request,
  { status, headers }: Response,
  body: string,
  key = gatewayKey,
): Promise<Response> {
  const time = headers.get("response-time") ?? "";
  const path = new URL(request.url).pathname;
  const signature = await sign({ path, clientId: headers.get("client-id") ?? "", time, body }, key);
  const again = new Headers(headers);
  if (headers.has("signature")) again.set("signature", formatSignatureHeader(signature, 1));
  return new Response(body, { status, headers: again });
}

const withHeaders =
  (change: (headers: Headers) => void): ((handler: Handler) => Handler) =>
  (handler) =>
  async (request) => {
    const response = await handler(request);
    const headers = new Headers(response.headers);
    change(headers);
    return new Response(await response.text(), { status: response.status, headers });
  };

/** A server that takes a request for another: its body, path or headers are put right before the right server sees them. */
const resigning =
  (change: (text: string) => string | undefined): ((handler: Handler) => Handler) =>
  (handler) =>
  async (request) => {
    const text = await request.text();
    const body = change(text) ?? text;
    const headers = new Headers(request.headers);
    const time = headers.get("request-time") ?? "";
    const path = new URL(request.url).pathname;
    const message = { path, clientId: headers.get("client-id") ?? "", time, body };
    const merchantKey = await importPrivateKey(keys.merchantPrivateKey);
    headers.set("signature", formatSignatureHeader(await sign(message, merchantKey), 1));
    return handler(new Request(request.url, { method: "POST", headers, body }));
  };

const faults: readonly (readonly [string, (handler: Handler) => Handler])[] = [
  ["no signature is checked", resigning(() => undefined)],
  ["answers are not signed", withHeaders((headers) => headers.delete("signature"))],
  ["no response-time header", withHeaders((headers) => headers.delete("response-time"))],
  [
    "a response-time a year old",
    (handler) => async (request) => {
      const response = await handler(request);
      const headers = new Headers(response.headers);
      headers.set("response-time", "2020-01-01T00:00:00Z");
      return signed(request, new Response(null, { headers }), await response.text());
    },
  ],
  ["wrong Content-Type", withHeaders((headers) => headers.set("content-type", "text/plain"))],
  [
    "HTTP 400 for bad parameters",
    (handler) => async (request) => {
      const response = await handler(request);
      const text = await response.text();
      return new Response(text, { status: text.includes("PARAM_ILLEGAL") ? 400 : 200, headers: response.headers });
    },
  ],
  [
    "the ID is not echoed",
    rewriting((body) => ("vaultingRequestId" in body ? { ...body, vaultingRequestId: "other" } : undefined)),
  ],
  ["an undocumented field", rewriting((body) => ({ ...body, extra: 1 }))],
  [
    "an undocumented code",
    rewriting((body) => ({ ...body, result: { ...(body["result"] as object), resultCode: "FINE" } })),
  ],
  [
    "a code that does not fit its status",
    rewriting((body) => ({ ...body, result: { ...(body["result"] as object), resultStatus: "U" } })),
  ],
  ["S without paymentMethodDetail", rewriting(({ paymentMethodDetail: _, ...body }) => body)],
  ["a null field", rewriting((body) => ({ ...body, paymentMethodDetail: null }))],
  [
    "the card number in an answer",
    rewriting((body, request) => ({
      ...body,
      result: { ...(body["result"] as object), resultMessage: `of ${JSON.stringify(request)}`.slice(0, 250) },
    })),
  ],
  [
    "the signature is over the body written anew",
    (handler) => async (request) => {
      const response = await handler(request);
      return new Response(JSON.stringify(await response.json(), null, 1), { headers: response.headers });
    },
  ],
  [
    "signed with another key",
    (handler) => async (request) => {
      const response = await handler(request);
      return signed(request, response, await response.text(), await importPrivateKey(keys.merchantPrivateKey));
    },
  ],
  [
    "accepts a missing env",
    resigning((text) => (text.includes('"env"') ? undefined : text.replace(/}$/, ',"env":{"terminalType":"WEB"}}'))),
  ],
  [
    "refuses unknown fields",
    (handler) => async (request) =>
      (await request.clone().text()).includes("undocumentedField")
        ? signed(request, await handler(request), JSON.stringify(createFailure("PARAM_ILLEGAL", "unknown field")))
        : handler(request),
  ],
  [
    "redirects",
    () => async () => new Response(null, { status: 307, headers: { location: "https://elsewhere.invalid/" } }),
  ],
];

describe("the checks", () => {
  let server: HttpServer | undefined;
  afterEach(() => server?.close());

  const run = async (fault: (handler: Handler) => Handler, only: (id: string) => boolean) => {
    server = await startHttpServer(fault(rightServer()));
    const target = { name: "test", baseUrl: server.baseUrl, ...keys, capabilities: ["both-base-paths"] as const };
    return runChecks(
      allChecks().filter(({ id }) => only(id)),
      target,
    );
  };
  // What the faults are about, without the hundreds of probes of other fields.
  const some = (id: string) =>
    /^(?:protocol|vaultPaymentMethod\.(?:answer|request\.(?:env\.required|additional|cvv)))/.test(id);

  test("pass on a right server, and tell what they could not ask", async () => {
    const report = await run(
      (handler) => handler,
      () => true,
    );
    expect(report.checks.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.totals.passed).toBeGreaterThan(250);
    expect(report.totals.skipped).toBeGreaterThan(50);
    const codes = report.checks.find(({ id }) => id === "vaultPaymentMethod.result.SUCCESS");
    expect(codes).toMatchObject({ status: "skipped", detail: "The target cannot be told what to answer." });
  });

  test.each(faults)("find a faulty server: %s", async (_, fault) => {
    const report = await run(fault, some);
    expect(report.totals.failed).toBeGreaterThan(0);
  });

  test("show no card data in what they tell, but the document's own in a command that asks again", async () => {
    const report = await run(
      rewriting((body) => ({ ...body, extra: 1 })),
      (id) => id.startsWith("vaultPaymentMethod.answer"),
    );
    const told = JSON.stringify(report);
    const cards = [...getRequestMessage("vaultPaymentMethod").examples.values()].map(
      (example) => /"cardNo":"(\d+)"/.exec(JSON.stringify(example))?.[1] ?? "none",
    );
    const without = told.replaceAll(/Again: curl (?:[^\\]|\\[^n])*/g, "");
    for (const cardNo of cards) expect(without).not.toContain(cardNo);
    expect(without).toContain("************8764");
    expect(told).toContain("4112273146798764");
  });

  test("name what was sent, what came and the place in the document", async () => {
    const report = await run(
      rewriting((body) => ({ ...body, extra: 1 })),
      (id) => id === "vaultPaymentMethod.response.documented",
    );
    expect(report.checks[0]?.message).toMatch(
      /\/extra is not in the document\.\nSo it was in (\d+) of \1 answers of the run\.\nSent: .+\nCame: 200 .+\nAgain: curl .+\nDocument: \/components/,
    );
  });
});
