import { beforeAll, describe, expect, test } from "vitest";
import {
  CARD,
  type Change,
  CLIENT_ID,
  har,
  harEntry,
  lines,
  meetParties,
  type Parties,
} from "../../testing/messages/recordings.ts";
import { responseOf } from "../document/openapi-document.ts";
import type { ContractReport } from "../model/report.ts";
import type { Passed } from "./inspect-exchange.ts";
import { readRecording } from "./read-recording.ts";
import { type ReplayOptions, replay } from "./replay-recording.ts";

let parties: Parties;
beforeAll(async () => {
  parties = await meetParties();
});

type Body = Readonly<Record<string, unknown>>;
const FORMS = ["lines", "har"] as const;

async function textOf(form: (typeof FORMS)[number], changes: readonly Change[]): Promise<string> {
  if (form === "lines") return lines(...(await Promise.all(changes.map((change) => parties.record(change)))));
  return har(...(await Promise.all(changes.map(async (change) => harEntry(await parties.exchange(change))))));
}

const keys = (): ReplayOptions => ({
  clientId: CLIENT_ID,
  merchant: parties.merchant,
  antom: parties.antom,
  lenient: false,
});
const held = (text: string, options = keys()) => replay("traffic", readRecording(text), options);
const failed = ({ checks }: ContractReport) => checks.filter(({ status }) => status === "failed").map(({ id }) => id);
const detail = ({ checks }: ContractReport, id: string) => checks.find((check) => check.id === id)?.detail ?? "";
const named = ({ checks }: ContractReport, id: string) => checks.find((check) => check.id === id);

/** Every kind of exchange, all right: a vaulting and its repetition, another one, an inquiry of each, a session. */
const RIGHT: readonly Change[] = [
  { id: "id-1", at: 0 },
  { id: "id-1", at: 1 },
  { id: "id-2", at: 2 },
  { operation: "inquireVaulting", id: "id-1", at: 3 },
  { operation: "inquireVaulting", id: "id-1", at: 4 },
  { operation: "createVaultingSession", id: "id-3", at: 5 },
  { operation: "createVaultingSession", id: "id-3", at: 6 },
];

const resulting =
  (resultCode: string, resultStatus: string, more: object = {}) =>
  ({ vaultingRequestId }: Body): unknown => ({
    result: { resultCode, resultStatus, resultMessage: "m" },
    vaultingRequestId,
    ...more,
  });
const inCard =
  (change: Body) =>
  (body: Body): unknown => {
    const detail = body["paymentMethodDetail"] as { readonly card: object };
    return { ...body, paymentMethodDetail: { ...detail, card: { ...detail.card, ...change } } };
  };
const answerHeaders =
  (name: string, value: string) =>
  (passed: Passed): Passed =>
    passed.answer
      ? {
          ...passed,
          answer: {
            ...passed.answer,
            headers: passed.answer.headers.map((each) => (each[0] === name ? [name, value] : each)),
          },
        }
      : passed;

describe.each(FORMS)("a recording as %s", (form) => {
  test("of right exchanges: everything holds", async () => {
    const report = await held(await textOf(form, RIGHT));
    expect(failed(report)).toEqual([]);
    expect(report.checks.filter(({ status }) => status === "not-applicable").map(({ id }) => id)).toEqual([
      "replay.vaultPaymentMethod.answer.refused",
      "replay.createVaultingSession.answer.refused",
      "replay.inquireVaulting.answer.refused",
    ]);
    expect(report.totals).toEqual({ passed: report.checks.length - 3, failed: 0, notApplicable: 3 });
  });

  test.each<[string, Change, readonly string[]]>([
    ["a request without a field", { request: ({ env: _, ...rest }) => rest }, ["request.documented", "answer.refused"]],
    ["a request with a wrong CVV", { card: { cvv: "x" } }, ["request.documented", "answer.refused"]],
    [
      "a request that is refused, rightly",
      { card: { cvv: "x" }, answer: resulting("PARAM_ILLEGAL", "F") },
      ["request.documented"],
    ],
    ["an answer with a field of its own", { answer: (body) => ({ ...body, more: 1 }) }, ["answer.documented"]],
    ["an answer with an unknown code", { answer: resulting("DUNNO", "F") }, ["answer.documented"]],
    ["another ID in the answer", { answer: (body) => ({ ...body, vaultingRequestId: "id-x" }) }, ["answer.echo"]],
    [
      "the card number in the answer",
      {
        answer: (body) => ({
          ...body,
          result: { ...(body["result"] as object), resultMessage: `card ${CARD.cardNo}` },
        }),
      },
      ["answer.no-card-data"],
    ],
    [
      "more digits than four",
      { answer: inCard({ maskedCardNo: "*********00768" }) },
      ["answer.documented", "answer.masked"],
    ],
    ["digits of another card", { answer: inCard({ maskedCardNo: "************0769" }) }, ["answer.masked"]],
    [
      "a time of long ago",
      { changed: answerHeaders("response-time", "2026-04-01T10:00:00Z") },
      ["answer.signed", "answer.response-time"],
    ],
    ["an answer for another client", { changed: answerHeaders("Client-Id", "SANDBOX_OTHER") }, ["answer.signed"]],
    ["no signature", { changed: answerHeaders("Signature", "") }, ["answer.signed"]],
    [
      "another status",
      { changed: (passed) => (passed.answer ? { ...passed, answer: { ...passed.answer, status: 500 } } : passed) },
      ["answer.documented"],
    ],
    [
      "a request that was signed over another body",
      {
        changed: (passed) => ({
          ...passed,
          request: {
            ...passed.request,
            headers: passed.request.headers.map((each) =>
              each[0] === "Request-Time" ? ["Request-Time", "1685599933871"] : each,
            ),
          },
        }),
      },
      ["request.signed", "answer.refused"],
    ],
  ])("%s is found, and nothing else", async (_, change, ids) => {
    const report = await held(await textOf(form, [{ id: "id-0" }, { ...change, id: "id-9", at: 1 }]));
    expect(failed(report)).toEqual(ids.map((id) => `replay.vaultPaymentMethod.${id}`));
    for (const id of failed(report))
      expect(detail(report, id)).toMatch(
        form === "har" ? /\nIn entry 2\. It held in [01]\./ : /\nIn line 2\. It held in [01]\./,
      );
    expect(JSON.stringify(report)).not.toMatch(/4054695723100768|"739|\\"(?:37|11)\\"/);
  });

  const failure = resulting("PROCESS_FAIL", "F");
  const processing = resulting("SUCCESS", "S", { vaultingStatus: "PROCESSING" });
  const inquiry = { operation: "inquireVaulting" } as const;
  test.each<[string, readonly Change[], string]>([
    [
      "another result under the same ID",
      [{}, { at: 1, answer: inCard({ funding: "DEBIT" }) }],
      "vaultPaymentMethod.repeat.same",
    ],
    [
      "a failure that becomes another",
      [{ answer: failure }, { at: 1, answer: resulting("RISK_REJECT", "F") }],
      "vaultPaymentMethod.repeat.same",
    ],
    [
      "a vaulting that is in process again",
      [{}, { ...inquiry, at: 1, answer: processing }],
      "vaultPaymentMethod.state.final",
    ],
    [
      "a vaulting that is forgotten",
      [{}, { ...inquiry, at: 1, answer: resulting("VAULTING_NOT_EXIST", "F") }],
      "vaultPaymentMethod.state.final",
    ],
    [
      "a token of two IDs",
      [
        {},
        {
          at: 1,
          id: "id-2",
          answer: inCard({ cardToken: `ALIPAY${Buffer.from("id-1".padEnd(64, ".")).toString("base64")}` }),
        },
      ],
      "vaultPaymentMethod.token.unique",
    ],
    [
      "two tokens of one ID",
      [
        {},
        {
          ...inquiry,
          at: 1,
          answer: inCard({ cardToken: `ALIPAY${Buffer.from("id-2".padEnd(64, ".")).toString("base64")}` }),
        },
      ],
      "vaultPaymentMethod.token.unique",
    ],
    [
      "a session that is another",
      [
        { operation: "createVaultingSession" },
        { operation: "createVaultingSession", at: 1, answer: (body) => ({ ...body, vaultingSessionId: "x" }) },
      ],
      "createVaultingSession.repeat.same",
    ],
  ])("over the whole file: %s", async (_, changes, id) => {
    const report = await held(await textOf(form, changes));
    expect(failed(report)).toEqual([`replay.${id}`]);
    expect(detail(report, `replay.${id}`)).toMatch(
      /^.+\nIn (?:line|entry) 2\. It held in 0\.\nCompared with (?:line|entry) 1\./,
    );
  });

  test.each<[string, readonly Change[]]>([
    ["in process, then vaulted", [{ answer: resulting("UNKNOWN_EXCEPTION", "U") }, { at: 1 }]],
    ["refused, then mended", [{ answer: resulting("PARAM_ILLEGAL", "F") }, { at: 1 }]],
    ["asked before the result was there", [{ at: 0 }, { ...inquiry, at: 0.05, answer: processing }]],
    [
      "another card under the same ID is answered with the first's result",
      [{}, { at: 1, card: { cardNo: "4054692760174822" } }],
    ],
    ["a refusal of other content", [{}, { at: 1, answer: resulting("REPEAT_REQ_INCONSISTENT", "F") }]],
    [
      "the signature's refusal is not signed",
      [{ answer: resulting("INVALID_SIGNATURE", "F"), changed: answerHeaders("Signature", "") }],
    ],
  ])("no fault: %s", async (_, changes) => {
    expect(failed(await held(await textOf(form, changes)))).toEqual([]);
  });

  test("without keys what is signed is not asked", async () => {
    const report = await held(await textOf(form, [{}]), { lenient: false });
    expect(failed(report)).toEqual([]);
    expect(named(report, "replay.vaultPaymentMethod.answer.signed")).toMatchObject({
      status: "not-applicable",
      detail: "No public key of Antom's is given (--credentials FILE).",
    });
  });

  test("fields that the document does not name may be allowed", async () => {
    const text = await textOf(form, [{ answer: (body) => ({ ...body, more: 1 }) }]);
    expect(failed(await held(text, { ...keys(), lenient: true }))).toEqual([]);
  });
});

test("what is known to have been wrong while it passed is told, though it can no longer be seen", async () => {
  const record = await parties.record({ card: { cvv: "x" }, answer: inCard({ note: CARD.cardNo }) });
  expect(record.answer?.body.form).toBe("masked");
  const report = await held(lines(record), { lenient: true });
  expect(failed(report)).toEqual([
    "replay.vaultPaymentMethod.request.documented",
    "replay.vaultPaymentMethod.answer.documented",
    "replay.vaultPaymentMethod.answer.no-card-data",
    "replay.vaultPaymentMethod.answer.refused",
  ]);
  expect(detail(report, "replay.vaultPaymentMethod.request.documented")).toContain("/paymentMethodDetail/card/cvv ");
});

test("an answer of which a recording does not hold the raw body is not held against its signature", async () => {
  const entry = harEntry(await parties.exchange());
  const { content, ...response } = entry["response"] as { readonly content: { readonly text: string } };
  const text = JSON.stringify(JSON.parse(content.text), null, 2);
  const rewritten = { ...entry, response: { ...response, content: { ...content, text } } };
  const report = await held(har(rewritten));
  expect(failed(report)).toEqual([]);
  expect(named(report, "replay.vaultPaymentMethod.answer.signed")).toMatchObject({
    status: "not-applicable",
    detail: "The recorded text is not the raw body of the answer.",
  });
});

test("an exchange that the target did not answer fails; one that its client ended does not", async () => {
  const { answer: _, ...record } = await parties.record();
  const ended = (by: string) => lines({ ...record, noAnswer: { by, why: "It is over." } });
  expect(failed(await held(ended("target")))).toEqual(["replay.vaultPaymentMethod.answer.came"]);
  const report = await held(ended("client"));
  expect(failed(report)).toEqual([]);
  expect(named(report, "replay.vaultPaymentMethod.answer.came")).toMatchObject({ status: "not-applicable" });
});

test("lines that cannot be read fail by themselves", async () => {
  const report = await held(lines("{", await parties.record(), "nonsense"));
  expect(failed(report)).toEqual(["replay.recording.readable"]);
  expect(detail(report, "replay.recording.readable")).toMatch(
    /^It is not JSON\.\nIn line 1; broken as well in line 3\./,
  );
});

test.each([
  ["", "The recording proves nothing: it is empty."],
  [har(), "The recording proves nothing: it is empty."],
  [
    har({ request: { method: "GET", url: "https://x.example/" }, response: { status: 200 } }),
    "The recording proves nothing: none of its 1 entries calls an operation of the API.",
  ],
])("an empty recording proves nothing", async (text, told) => {
  const report = await held(text);
  expect(report.totals).toMatchObject({ passed: 0, failed: 0 });
  expect(detail(report, "replay.recording.readable")).toBe(told);
});

test("a mock, which remembers nothing, is not asked what it remembers", async () => {
  const [success] = responseOf("vaultPaymentMethod").examples.values() as Iterable<Body>;
  const answer = ({ vaultingRequestId }: Body) => ({ ...success, vaultingRequestId });
  const report = await held(await textOf("lines", [{ answer }, { id: "id-2", answer, at: 1 }]));
  expect(failed(report)).toEqual([]);
  expect(named(report, "replay.vaultPaymentMethod.token.unique")).toMatchObject({
    status: "not-applicable",
    detail: "The target answers with the document's examples, and remembers nothing.",
  });
});
