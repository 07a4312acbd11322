/** The result-code tables, the enumerations that repeat them, and the examples that show them. */
import { type Document, type ResultCode, valueAt } from "../openapi/openapi-document.ts";
import { type Check, every, type Fault } from "./check.ts";
import {
  answerOf,
  below,
  calls,
  examplesOf,
  type Named,
  outcomes,
  type Place,
  requestOf,
  webhooks,
} from "./json-pointers.ts";

const gatewayRows = (document: Document): readonly ResultCode[] => document["x-gateway-result-codes"].codes;

/** The rows that a call can answer: its own first, then the gateway's that it does not have. */
function answerRows(document: Document, own: readonly ResultCode[]): readonly ResultCode[] {
  const known = new Set(own.map(({ code }) => code));
  return [...own, ...gatewayRows(document).filter(({ code }) => !known.has(code))];
}

const vaultingRows = (document: Document) =>
  calls(document).flatMap(({ value }) => value["x-vaulting-result-codes"] ?? []);

const codesOf = (rows: readonly ResultCode[], status: string) =>
  rows.filter((row) => row.status === status).map(({ code }) => code);
const failures = (document: Document) =>
  vaultingRows(document).flatMap(({ code, vaultingStatus }) => (vaultingStatus === "FAIL" ? [code] : []));
const notificationRows = (document: Document) =>
  webhooks(document).flatMap(({ value }) => value["x-result-codes"] ?? []);

// What each column of a row must look like.
const SOME_TEXT = /\S/;
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
const ACTION = /^(?:none|open_url|fix_request|new_request_id|inquire_or_repeat|inform_buyer|contact_support)$/;
const COLUMNS = {
  code: CODE,
  status: /^[SFU]$/,
  meaning: SOME_TEXT,
  furtherAction: SOME_TEXT,
  action: ACTION,
  source: SOME_TEXT,
};
const VAULTING_COLUMNS = {
  code: CODE,
  vaultingStatus: /^(?:SUCCESS|FAIL|PROCESSING)$/,
  meaning: SOME_TEXT,
  action: ACTION,
  source: SOME_TEXT,
};

interface Table {
  readonly at: string;
  readonly rows: readonly object[];
  readonly columns: Readonly<Record<string, RegExp>>;
}

function tables(document: Document): readonly Table[] {
  const own = [...calls(document), ...webhooks(document)].flatMap(({ at, value }): readonly Table[] => {
    const vaulting = value["x-vaulting-result-codes"];
    return [
      { at: below(at, "x-result-codes"), rows: value["x-result-codes"] ?? [], columns: COLUMNS },
      ...(vaulting ? [{ at: below(at, "x-vaulting-result-codes"), rows: vaulting, columns: VAULTING_COLUMNS }] : []),
    ];
  });
  return [...own, { at: "#/x-gateway-result-codes/codes", rows: gatewayRows(document), columns: COLUMNS }];
}

const complete: Check = {
  title: "rows of the result-code tables complete",
  bar: "100 %, no code twice",
  find: (document) => {
    const all = tables(document);
    const rows = all.flatMap(({ at, rows, columns }) => {
      const seen = new Set<unknown>();
      return rows.map((row, index) => {
        const cells = new Map<string, unknown>(Object.entries(row));
        const wrong = Object.entries(columns).filter(([name, form]) => !form.test(String(cells.get(name) ?? "")));
        const reasons = wrong.map(([name]) => `${name} is ${cells.has(name) ? `"${cells.get(name)}"` : "missing"}`);
        if (seen.has(cells.get("code"))) reasons.push(`${cells.get("code")} is in the table twice`);
        seen.add(cells.get("code"));
        return { at: below(at, index), value: reasons };
      });
    });
    const finding = every(rows, ({ value }) => (value.length === 0 ? undefined : value.join(", ")));
    const empty = all
      .filter((table) => table.rows.length === 0)
      .map(({ at }) => ({ at, message: "no table of result codes" }));
    return { ...finding, faults: [...finding.faults, ...empty] };
  },
};

/** Which schema lists which codes. */
function enumerations(document: Document): readonly { readonly name: string; readonly codes: readonly string[] }[] {
  const perCall = calls(document).flatMap(({ value }) => {
    const rows = answerRows(document, value["x-result-codes"] ?? []);
    const prefix = value.operationId.charAt(0).toUpperCase() + value.operationId.slice(1);
    return [
      { name: `${prefix}FailedCode`, codes: codesOf(rows, "F") },
      { name: "UnknownCode", codes: codesOf(rows, "U").filter((code) => code !== "VERIFICATION_IN_PROCESS") },
    ];
  });
  return [
    ...perCall,
    { name: "VaultingFailureCode", codes: failures(document) },
    {
      name: "VaultingNotificationFailedCode",
      codes: [...codesOf(notificationRows(document), "F"), ...failures(document)],
    },
  ];
}

const enumerated: Check = {
  title: "enumerations equal the tables",
  bar: "100 %",
  find: (document) =>
    every(
      enumerations(document).map((value) => ({ at: below("#/components/schemas", value.name, "enum"), value })),
      ({ value: { name, codes } }) => {
        const listed = document.components.schemas[name]?.enum ?? [];
        const lacks = codes
          .filter((code) => !listed.includes(code))
          .map((code) => `${name} lacks ${code} of the tables`);
        const extra = listed
          .filter((code) => !codes.some((known) => known === code))
          .map((code) => `${name} has ${code}, which the tables have not`);
        return lacks.length + extra.length === 0 ? undefined : [...lacks, ...extra].join(", ");
      },
    ),
};

/** What an example by this name, or by this name and `_`, must show, by JSON Pointer. */
interface Expectation {
  readonly name: string;
  readonly shows: Readonly<Record<string, string>>;
}

const result = (code: string, status: string): Expectation => ({
  name: code,
  shows: { "/result/resultCode": code, "/result/resultStatus": status },
});

/** A row of a vaulting's codes, as the answer to an inquiry shows it. */
const inquired = (code: string, vaultingStatus: string): Expectation => ({
  name: vaultingStatus === "FAIL" ? `FAIL_${code}` : code,
  shows: { "/vaultingStatus": vaultingStatus, "/vaultingResultCode": code },
});

/** A vaulting under way need not have a code. */
const UNDER_WAY: Expectation = { name: "PROCESSING", shows: { "/vaultingStatus": "PROCESSING" } };

/** The examples of a body, and what they must be. */
interface Gallery {
  readonly at: string;
  readonly examples: readonly Place<Named>[];
  readonly expected: readonly Expectation[];
}

function galleries(document: Document): readonly Gallery[] {
  const answers = calls(document).flatMap((call) => {
    const vaulting = call.value["x-vaulting-result-codes"]?.map((row) => inquired(row.code, row.vaultingStatus));
    const own = answerRows(document, call.value["x-result-codes"] ?? []).map((row) => result(row.code, row.status));
    const expected = vaulting ? [...own, ...vaulting, UNDER_WAY] : own;
    return answerOf(document, call).map((media) => ({
      at: media.at,
      examples: examplesOf(document, media),
      expected,
    }));
  });
  const notified = [
    ...notificationRows(document).map((row) => result(row.code, row.status)),
    ...failures(document).map((code) => result(code, "F")),
  ];
  const notifications = webhooks(document).flatMap((call) =>
    requestOf(document, call).map((media) => ({
      at: media.at,
      examples: examplesOf(document, media),
      expected: notified,
    })),
  );
  return [...answers, ...notifications];
}

/** What the example's name promises: the longest name counts, so that one code may begin with another. */
function promised(name: string, expected: readonly Expectation[]): readonly Expectation[] {
  const fitting = expected.filter((each) => name === each.name || name.startsWith(`${each.name}_`));
  const longest = Math.max(...fitting.map((each) => each.name.length));
  return fitting.filter((each) => each.name.length === longest);
}

const shown: Check = {
  title: "codes with an example that shows them",
  bar: "100 %, none for an unknown code",
  find: (document) => {
    const all = galleries(document);
    const faults = all.flatMap(({ at, examples, expected }): readonly Fault[] => {
      const names = new Set(examples.flatMap(({ value }) => promised(value.name, expected)));
      const wrong = examples.flatMap(({ at, value }) => {
        const promises = promised(value.name, expected);
        if (promises.length === 0) return [{ at, message: `${value.name} is named for no code of the tables` }];
        return promises.flatMap(({ shows }) =>
          Object.entries(shows)
            .filter(([pointer, want]) => valueAt(value.value, pointer) !== want)
            .map(([pointer, want]) => ({
              at,
              message: `${pointer} is ${String(valueAt(value.value, pointer))}, not ${want}`,
            })),
        );
      });
      return [
        ...expected.filter((each) => !names.has(each)).map(({ name }) => ({ at, message: `no example for ${name}` })),
        ...wrong,
      ];
    });
    return {
      measured: `${all.reduce((sum, { expected }) => sum + expected.length, 0)} codes in ${outcomes(document).length} bodies`,
      faults,
    };
  },
};

export const resultCodeChecks: readonly Check[] = [complete, enumerated, shown];
