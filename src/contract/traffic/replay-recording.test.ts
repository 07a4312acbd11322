import { beforeAll, describe, expect, test } from "vitest";
import {
  CARD,
  type Change,
  CLIENT_ID,
  createParties,
  type Parties,
  toHar,
  toHarEntry,
  toJsonLines,
} from "../../testing/messages/recordings.ts";
import { getResponseMessage } from "../document/openapi-document.ts";
import type { ContractReport } from "../model/report.ts";
import type { ProxiedExchange } from "./inspect-exchange.ts";
import { readRecording } from "./read-recording.ts";
import { type ReplayOptions, replayRecording } from "./replay-recording.ts";

let parties: Parties;
beforeAll(async () => {
  parties = await createParties();
});

type Body = Readonly<Record<string, unknown>>;
type Form = "lines" | "har";

async function createRecording(form: Form, changes: readonly Change[]): Promise<string> {
  if (form === "lines")
    return toJsonLines(...(await Promise.all(changes.map((change) => parties.createRecord(change)))));
  return toHar(...(await Promise.all(changes.map(async (change) => toHarEntry(await parties.createExchange(change))))));
}

const createOptions = (): ReplayOptions => ({
  clientId: CLIENT_ID,
  merchant: parties.merchant,
  antom: parties.antom,
  lenient: false,
});
const check = (text: string, options = createOptions()) => replayRecording("traffic", readRecording(text), options);
const getFailedIds = ({ checks }: ContractReport) =>
  checks.filter(({ status }) => status === "failed").map(({ id }) => id);
const findCheck = ({ checks }: ContractReport, id: string) => checks.find((check) => check.id === id);
const getMessage = (report: ContractReport, id: string) => findCheck(report, id)?.message ?? "";

/** Valid exchanges of each kind: a vaulting and its retry, a second vaulting, inquiries, and a session. */
const VALID: readonly Change[] = [
  { id: "id-1", offsetSeconds: 0 },
  { id: "id-1", offsetSeconds: 1 },
  { id: "id-2", offsetSeconds: 2 },
  { operation: "inquireVaulting", id: "id-1", offsetSeconds: 3 },
  { operation: "inquireVaulting", id: "id-1", offsetSeconds: 4 },
  { operation: "createVaultingSession", id: "id-3", offsetSeconds: 5 },
  { operation: "createVaultingSession", id: "id-3", offsetSeconds: 6 },
];

const replaceResult =
  (resultCode: string, resultStatus: string, more: object = {}) =>
  ({ vaultingRequestId }: Body): unknown => ({
    result: { resultCode, resultStatus, resultMessage: "m" },
    vaultingRequestId,
    ...more,
  });
const changeCard =
  (change: Body) =>
  (body: Body): unknown => {
    const detail = body["paymentMethodDetail"] as { readonly card: object };
    return { ...body, paymentMethodDetail: { ...detail, card: { ...detail.card, ...change } } };
  };
const replaceToken = (id: string) =>
  changeCard({ cardToken: `ALIPAY${Buffer.from(id.padEnd(64, ".")).toString("base64")}` });
const replaceHeader =
  (name: string, value: string) =>
  (proxied: ProxiedExchange): ProxiedExchange =>
    proxied.response
      ? {
          ...proxied,
          response: {
            ...proxied.response,
            headers: proxied.response.headers.map((header) => (header[0] === name ? [name, value] : header)),
          },
        }
      : proxied;

const removeSignatureAndTime = (proxied: ProxiedExchange): ProxiedExchange =>
  replaceHeader("Signature", "")(replaceHeader("response-time", "")(proxied));

const addRequestHeader =
  (name: string, value: string) =>
  (proxied: ProxiedExchange): ProxiedExchange => ({
    ...proxied,
    request: { ...proxied.request, headers: [[name, value], ...proxied.request.headers] },
  });

test("a recording does not contain the Authorization header of a request", async () => {
  const recording = await createRecording("lines", [
    { tamper: addRequestHeader("Authorization", "Bearer canary-key") },
  ]);
  expect(recording).not.toMatch(/authorization|canary/i);
});

describe.each<[string, Form]>([
  ["JSON lines", "lines"],
  ["HAR", "har"],
])("replayRecording for %s", (_, form) => {
  test("reports no failures for valid exchanges", async () => {
    const report = await check(await createRecording(form, VALID));
    expect(getFailedIds(report)).toEqual([]);
    expect(report.checks.filter(({ status }) => status === "skipped").map(({ id }) => id)).toEqual([
      "replay.vaultPaymentMethod.response.rejected",
      "replay.createVaultingSession.response.rejected",
      "replay.inquireVaulting.response.rejected",
    ]);
    expect(report.totals).toEqual({ passed: report.checks.length - 3, failed: 0, skipped: 3 });
  });

  test.each<[string, Change]>([
    ["null in optional fields", { request: (body) => ({ ...body, merchantRegion: null, more: null }) }],
    ["null in card data", { card: { cvv: null, dateOfBirth: null } }],
    ["a Request-Time in nanoseconds", { requestTime: "1777629600000123456" }],
    ["2 Content-Type lines", { tamper: addRequestHeader("content-type", "application/json") }],
  ])("reports no failures for a request with %s", async (_, change) => {
    expect(getFailedIds(await check(await createRecording(form, [change])))).toEqual([]);
  });

  test.each<[string, Change, readonly string[]]>([
    [
      "a request with null in a required field",
      { request: (body) => ({ ...body, env: null }) },
      ["request.documented", "response.rejected"],
    ],
    [
      "a request with 2 Content-Type lines, one of which is not JSON",
      { tamper: addRequestHeader("content-type", "text/plain") },
      ["request.documented"],
    ],
    [
      "a request without a required field",
      { request: ({ env: _, ...rest }) => rest },
      ["request.documented", "response.rejected"],
    ],
    ["a request with an invalid CVV", { card: { cvv: "x" } }, ["request.documented", "response.rejected"]],
    [
      "an invalid request that is rejected",
      { card: { cvv: "x" }, response: replaceResult("PARAM_ILLEGAL", "F") },
      ["request.documented"],
    ],
    ["a response with an unknown field", { response: (body) => ({ ...body, more: 1 }) }, ["response.documented"]],
    ["a response with an unknown code", { response: replaceResult("DUNNO", "F") }, ["response.documented"]],
    [
      "a different ID in the response",
      { response: (body) => ({ ...body, vaultingRequestId: "id-x" }) },
      ["response.echo"],
    ],
    [
      "the card number in the response",
      {
        response: (body) => ({
          ...body,
          result: { ...(body["result"] as object), resultMessage: `card ${CARD.cardNo}` },
        }),
      },
      ["response.no-card-data"],
    ],
    [
      "more than 4 digits of a card number",
      { response: changeCard({ maskedCardNo: "*********00768" }) },
      ["response.documented", "response.masked"],
    ],
    ["digits of a different card", { response: changeCard({ maskedCardNo: "************0769" }) }, ["response.masked"]],
    [
      "an old response-time",
      { tamper: replaceHeader("response-time", "2026-04-01T10:00:00Z") },
      ["response.signed", "response.response-time"],
    ],
    ["a response for a different client", { tamper: replaceHeader("Client-Id", "SANDBOX_OTHER") }, ["response.signed"]],
    ["a missing signature", { tamper: replaceHeader("Signature", "") }, ["response.signed"]],
    ["an unsigned success", { tamper: removeSignatureAndTime }, ["response.signed", "response.response-time"]],
    [
      "an error without a signature",
      { response: replaceResult("PROCESS_FAIL", "F"), tamper: replaceHeader("Signature", "") },
      ["response.signed"],
    ],
    [
      "an error without a response-time",
      { response: replaceResult("PROCESS_FAIL", "F"), tamper: replaceHeader("response-time", "") },
      ["response.signed", "response.response-time"],
    ],
    [
      "HTTP status 500",
      {
        tamper: (proxied) =>
          proxied.response ? { ...proxied, response: { ...proxied.response, status: 500 } } : proxied,
      },
      ["response.documented"],
    ],
    [
      "a request with an invalid signature",
      {
        tamper: (proxied) => ({
          ...proxied,
          request: {
            ...proxied.request,
            headers: proxied.request.headers.map((header) =>
              header[0] === "Request-Time" ? ["Request-Time", "1685599933871"] : header,
            ),
          },
        }),
      },
      ["request.signed", "response.rejected"],
    ],
  ])("reports only %s", async (_, change, ids) => {
    const report = await check(
      await createRecording(form, [{ id: "id-0" }, { ...change, id: "id-9", offsetSeconds: 1 }]),
    );
    expect(getFailedIds(report)).toEqual(ids.map((id) => `replay.vaultPaymentMethod.${id}`));
    for (const id of getFailedIds(report))
      expect(getMessage(report, id)).toMatch(
        form === "har"
          ? /\nFails in entry 2\.(?: Passes for 1 other call\.)?\n/
          : /\nFails in line 2\.(?: Passes for 1 other call\.)?\n/,
      );
    expect(JSON.stringify(report)).not.toMatch(/4054695723100768|"739|\\"(?:37|11)\\"/);
  });

  const failure = replaceResult("PROCESS_FAIL", "F");
  const processing = replaceResult("SUCCESS", "S", { vaultingStatus: "PROCESSING" });
  const inquiry = { operation: "inquireVaulting" } as const;
  test.each<[string, readonly Change[], string]>([
    [
      "a different result for the same ID",
      [{}, { offsetSeconds: 1, response: changeCard({ funding: "DEBIT" }) }],
      "vaultPaymentMethod.repeat.same",
    ],
    [
      "a failed vaulting that later fails for a different reason",
      [{ response: failure }, { offsetSeconds: 1, response: replaceResult("RISK_REJECT", "F") }],
      "vaultPaymentMethod.repeat.same",
    ],
    [
      "a final vaulting that is in progress again",
      [{}, { ...inquiry, offsetSeconds: 1, response: processing }],
      "vaultPaymentMethod.state.final",
    ],
    [
      "a deleted vaulting",
      [{}, { ...inquiry, offsetSeconds: 1, response: replaceResult("VAULTING_NOT_EXIST", "F") }],
      "vaultPaymentMethod.state.final",
    ],
    [
      "the same card token for 2 IDs",
      [{}, { offsetSeconds: 1, id: "id-2", response: replaceToken("id-1") }],
      "vaultPaymentMethod.token.unique",
    ],
    [
      "2 card tokens for the same ID",
      [{}, { ...inquiry, offsetSeconds: 1, response: replaceToken("id-2") }],
      "vaultPaymentMethod.token.unique",
    ],
    [
      "a different session for the same ID",
      [
        { operation: "createVaultingSession" },
        {
          operation: "createVaultingSession",
          offsetSeconds: 1,
          response: (body) => ({ ...body, vaultingSessionId: "x" }),
        },
      ],
      "createVaultingSession.repeat.same",
    ],
  ])("compares exchanges and reports %s", async (_, changes, id) => {
    const report = await check(await createRecording(form, changes));
    expect(getFailedIds(report)).toEqual([`replay.${id}`]);
    expect(getMessage(report, `replay.${id}`)).toMatch(
      /^.+\nFails in (?:line|entry) 2\.\nCompared with (?:line|entry) 1\./,
    );
  });

  test.each<[string, readonly Change[]]>([
    [
      "an unknown result that becomes a success",
      [{ response: replaceResult("UNKNOWN_EXCEPTION", "U") }, { offsetSeconds: 1 }],
    ],
    ["a rejected request that is fixed", [{ response: replaceResult("PARAM_ILLEGAL", "F") }, { offsetSeconds: 1 }]],
    ["an inquiry before the result", [{ offsetSeconds: 0 }, { ...inquiry, offsetSeconds: 0.05, response: processing }]],
    [
      "the first result for a different card with the same ID",
      [{}, { offsetSeconds: 1, card: { cardNo: "4054692760174822" } }],
    ],
    [
      "a rejection of different content with the same ID",
      [{}, { offsetSeconds: 1, response: replaceResult("REPEAT_REQ_INCONSISTENT", "F") }],
    ],
    [
      "an unsigned rejection of an invalid signature",
      [{ response: replaceResult("INVALID_SIGNATURE", "F"), tamper: removeSignatureAndTime }],
    ],
    ["an unsigned error", [{ response: replaceResult("PROCESS_FAIL", "F"), tamper: removeSignatureAndTime }]],
  ])("accepts %s", async (_, changes) => {
    expect(getFailedIds(await check(await createRecording(form, changes)))).toEqual([]);
  });

  test("counts unsigned errors, except in responses to requests with an invalid signature", async () => {
    const changes = ["PROCESS_FAIL", "INVALID_SIGNATURE"].map((code, index) => ({
      id: `id-${index}`,
      response: replaceResult(code, "F"),
      tamper: removeSignatureAndTime,
    }));
    expect(await check(await createRecording(form, changes))).toMatchObject({ unsignedErrors: 1 });
  });

  test("skips the signature checks if there are no keys", async () => {
    const report = await check(await createRecording(form, [{}]), { lenient: false });
    expect(getFailedIds(report)).toEqual([]);
    expect(findCheck(report, "replay.vaultPaymentMethod.response.signed")).toMatchObject({
      status: "skipped",
      message: "No Antom public key is set (use --credentials FILE).",
    });
  });

  test("accepts unknown fields if lenient is true", async () => {
    const text = await createRecording(form, [{ response: (body) => ({ ...body, more: 1 }) }]);
    expect(getFailedIds(await check(text, { ...createOptions(), lenient: true }))).toEqual([]);
  });
});

test("replayRecording reports the findings made during the recording, even if the masked text no longer shows them", async () => {
  const record = await parties.createRecord({ card: { cvv: "x" }, response: changeCard({ note: CARD.cardNo }) });
  expect(record.response?.body.form).toBe("masked");
  const report = await check(toJsonLines(record), { lenient: true });
  expect(getFailedIds(report)).toEqual([
    "replay.vaultPaymentMethod.request.documented",
    "replay.vaultPaymentMethod.response.documented",
    "replay.vaultPaymentMethod.response.no-card-data",
    "replay.vaultPaymentMethod.response.rejected",
  ]);
  expect(getMessage(report, "replay.vaultPaymentMethod.request.documented")).toContain(
    "/paymentMethodDetail/card/cvv ",
  );
});

test("replayRecording reports a failure if the target did not respond, but not if the client disconnected", async () => {
  const { response: _, ...record } = await parties.createRecord();
  const createLine = (by: string) => toJsonLines({ ...record, noResponse: { by, why: "It is over." } });
  expect(getFailedIds(await check(createLine("target")))).toEqual(["replay.vaultPaymentMethod.response.received"]);
  const report = await check(createLine("client"));
  expect(getFailedIds(report)).toEqual([]);
  expect(findCheck(report, "replay.vaultPaymentMethod.response.received")).toMatchObject({ status: "skipped" });
});

test("replayRecording reports a failure for unreadable lines", async () => {
  const report = await check(toJsonLines("}", await parties.createRecord(), "nonsense"));
  expect(getFailedIds(report)).toEqual(["replay.recording.readable"]);
  expect(getMessage(report, "replay.recording.readable")).toMatch(
    /^Recording entry is not JSON\.\nFails in line 1; also fails in line 3\./,
  );
});

test.each([
  ["", "The recording contains nothing to check: it is empty."],
  [toHar(), "The recording contains nothing to check: it is empty."],
  [
    toHar({ request: { method: "GET", url: "https://x.example/" }, response: { status: 200 } }),
    "The recording contains nothing to check: it contains no calls to the Vault API (other entries: 1).",
  ],
])("replayRecording skips all checks of a recording without calls: %j", async (text, message) => {
  const report = await check(text);
  expect(report.totals).toMatchObject({ passed: 0, failed: 0 });
  expect(getMessage(report, "replay.recording.readable")).toBe(message);
});

test("replayRecording skips the state checks for a mock", async () => {
  const [success] = getResponseMessage("vaultPaymentMethod").examples.values() as Iterable<Body>;
  const respond = ({ vaultingRequestId }: Body) => ({ ...success, vaultingRequestId });
  const report = await check(
    await createRecording("lines", [{ response: respond }, { id: "id-2", response: respond, offsetSeconds: 1 }]),
  );
  expect(getFailedIds(report)).toEqual([]);
  expect(findCheck(report, "replay.vaultPaymentMethod.token.unique")).toMatchObject({
    status: "skipped",
    message: "The target returns examples from the OpenAPI document and stores nothing.",
  });
});

test.each<Form>([
  "lines",
  "har",
])("replayRecording accepts matching card details in the format %s, and shows no card data", async (form) => {
  const response = changeCard({
    lastFour: "0768",
    bin: "40546957",
    networkTransactionId: "5162774114974622",
    expiryYear: "37",
    expiryMonth: "11",
    cardholderName: { firstName: "Ana" },
    billingAddress: { region: "BR", zipCode: "739" },
  });
  const recording = await createRecording(form, [{ id: "id-1", response }]);
  const report = await check(recording);
  expect(getFailedIds(report)).toEqual([]);
  if (form === "lines") {
    expect(recording).not.toMatch(/Ana|5162774114974622|"739"|signature=/);
    expect(recording).toContain("40546957");
  }
  expect(JSON.stringify(report)).not.toMatch(/Ana|5162774114974622/);
});
