/** Checks of the result-code tables and of the enumerations and examples that must match them. */
import { type Document, getValueAt, type MediaType, type ResultCode } from "../openapi/openapi-document.ts";
import { type Check, measureAll, type Violation } from "./check.ts";
import {
  findCalls,
  findExamples,
  findOutcomeBodies,
  findRequestBodies,
  findResponseBodies,
  findWebhooks,
  joinPointer,
  type Located,
  type NamedExample,
} from "./document-parts.ts";

const getGatewayRows = (document: Document): readonly ResultCode[] => document["x-gateway-result-codes"].codes;

/** Returns the rows of an operation, followed by the gateway's rows for all other codes. */
function getResponseRows(document: Document, operationRows: readonly ResultCode[]): readonly ResultCode[] {
  const known = new Set(operationRows.map(({ code }) => code));
  return [...operationRows, ...getGatewayRows(document).filter(({ code }) => !known.has(code))];
}

const filterCodes = (rows: readonly ResultCode[], status: string) =>
  rows.filter((row) => row.status === status).map(({ code }) => code);
const getFailureCodes = (document: Document) =>
  findCalls(document)
    .flatMap(({ value }) => value["x-vaulting-result-codes"] ?? [])
    .flatMap(({ code, vaultingStatus }) => (vaultingStatus === "FAIL" ? [code] : []));
const getNotificationRows = (document: Document) =>
  findWebhooks(document).flatMap(({ value }) => value["x-result-codes"] ?? []);

const SOME_TEXT = /\S/;
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
const ACTION = /^(?:none|open_url|fix_request|new_request_id|inquire_or_retry|inform_buyer|contact_support)$/;
/** The format of each column. */
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

function findTables(document: Document): readonly Table[] {
  const operationTables = [...findCalls(document), ...findWebhooks(document)].flatMap(
    ({ at, value }): readonly Table[] => {
      const vaulting = value["x-vaulting-result-codes"];
      return [
        { at: joinPointer(at, "x-result-codes"), rows: value["x-result-codes"] ?? [], columns: COLUMNS },
        ...(vaulting
          ? [{ at: joinPointer(at, "x-vaulting-result-codes"), rows: vaulting, columns: VAULTING_COLUMNS }]
          : []),
      ];
    },
  );
  return [
    ...operationTables,
    { at: "#/x-gateway-result-codes/codes", rows: getGatewayRows(document), columns: COLUMNS },
  ];
}

const completeRows: Check = {
  title: "complete rows in the result-code tables",
  requirement: "100%, unique codes",
  measure: (document) => {
    const all = findTables(document);
    const rows = all.flatMap(({ at, rows, columns }) => {
      const seen = new Set<unknown>();
      return rows.map((row, index) => {
        const cells = new Map<string, unknown>(Object.entries(row));
        const invalid = Object.entries(columns).filter(([name, format]) => !format.test(String(cells.get(name) ?? "")));
        const reasons = invalid.map(([name]) => `${name} is ${cells.has(name) ? `"${cells.get(name)}"` : "missing"}`);
        if (seen.has(cells.get("code"))) reasons.push(`duplicate code ${cells.get("code")}`);
        seen.add(cells.get("code"));
        return { at: joinPointer(at, index), value: reasons };
      });
    });
    const measurement = measureAll(rows, ({ value }) => (value.length === 0 ? undefined : value.join(", ")));
    const empty = all
      .filter((table) => table.rows.length === 0)
      .map(({ at }) => ({ at, message: "no table of result codes" }));
    return { ...measurement, violations: [...measurement.violations, ...empty] };
  },
};

/** Returns the enumerations that list result codes, with the codes from the tables that each of them must list. */
function findEnumerations(document: Document): readonly { readonly name: string; readonly codes: readonly string[] }[] {
  const perCall = findCalls(document).flatMap(({ value }) => {
    const rows = getResponseRows(document, value["x-result-codes"] ?? []);
    const prefix = value.operationId.charAt(0).toUpperCase() + value.operationId.slice(1);
    return [
      { name: `${prefix}FailedCode`, codes: filterCodes(rows, "F") },
      { name: "UnknownCode", codes: filterCodes(rows, "U").filter((code) => code !== "VERIFICATION_IN_PROCESS") },
    ];
  });
  return [
    ...perCall,
    { name: "VaultingFailureCode", codes: getFailureCodes(document) },
    {
      name: "VaultingNotificationFailedCode",
      codes: [...filterCodes(getNotificationRows(document), "F"), ...getFailureCodes(document)],
    },
  ];
}

const matchingEnumerations: Check = {
  title: "enumerations that match the result-code tables",
  requirement: "100%",
  measure: (document) =>
    measureAll(
      findEnumerations(document).map((value) => ({
        at: joinPointer("#/components/schemas", value.name, "enum"),
        value,
      })),
      ({ value: { name, codes } }) => {
        const listed = document.components.schemas[name]?.enum ?? [];
        const missing = codes
          .filter((code) => !listed.includes(code))
          .map((code) => `${name} lacks ${code}, which is in a table`);
        const extra = listed
          .filter((code) => !codes.some((known) => known === code))
          .map((code) => `${name} has ${code}, which is missing from the tables`);
        return missing.length + extra.length === 0 ? undefined : [...missing, ...extra].join(", ");
      },
    ),
};

/** The values that an example must have, by JSON Pointer. The example's name is `name`, or starts with `name` followed by `_`. */
interface Expectation {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

const expectResult = (code: string, status: string): Expectation => ({
  name: code,
  values: { "/result/resultCode": code, "/result/resultStatus": status },
});

/** Returns the expectation for the inquiry example of a vaulting result code. */
const expectInquiry = (code: string, vaultingStatus: string): Expectation => ({
  name: vaultingStatus === "FAIL" ? `FAIL_${code}` : code,
  values: { "/vaultingStatus": vaultingStatus, "/vaultingResultCode": code },
});

/** The expectation for an inquiry about a vaulting in progress, whose response can omit the result code. */
const PROCESSING: Expectation = { name: "PROCESSING", values: { "/vaultingStatus": "PROCESSING" } };

/** The examples of a body, and the expectations for them. */
interface ExampleSet {
  readonly at: string;
  readonly examples: readonly Located<NamedExample>[];
  readonly expected: readonly Expectation[];
}

function findExampleSets(document: Document): readonly ExampleSet[] {
  const createSets = (bodies: readonly Located<MediaType>[], expected: readonly Expectation[]) =>
    bodies.map((media): ExampleSet => ({ at: media.at, examples: findExamples(document, media), expected }));
  const responses = findCalls(document).flatMap((call) => {
    const vaulting = call.value["x-vaulting-result-codes"]?.map((row) => expectInquiry(row.code, row.vaultingStatus));
    const results = getResponseRows(document, call.value["x-result-codes"] ?? []).map((row) =>
      expectResult(row.code, row.status),
    );
    const expected = vaulting ? [...results, ...vaulting, PROCESSING] : results;
    return createSets(findResponseBodies(document, call), expected);
  });
  const notified = [
    ...getNotificationRows(document).map((row) => expectResult(row.code, row.status)),
    ...getFailureCodes(document).map((code) => expectResult(code, "F")),
  ];
  const notifications = findWebhooks(document).flatMap((call) =>
    createSets(findRequestBodies(document, call), notified),
  );
  return [...responses, ...notifications];
}

/** Returns the expectations for the name of an example. The longest matching name counts, because a code can start with a shorter code. */
function matchExpectations(name: string, expected: readonly Expectation[]): readonly Expectation[] {
  const matching = expected.filter((expectation) => `${name}_`.startsWith(`${expectation.name}_`));
  const longest = Math.max(...matching.map((expectation) => expectation.name.length));
  return matching.filter((expectation) => expectation.name.length === longest);
}

const codesWithExample: Check = {
  title: "result codes with an example",
  requirement: "100%, no unknown codes",
  measure: (document) => {
    const all = findExampleSets(document);
    const violations = all.flatMap(({ at, examples, expected }): readonly Violation[] => {
      const matched = new Set(examples.flatMap(({ value }) => matchExpectations(value.name, expected)));
      const mismatches = examples.flatMap(({ at, value }) => {
        const expectations = matchExpectations(value.name, expected);
        if (expectations.length === 0) return [{ at, message: `${value.name} matches no code in the tables` }];
        return expectations.flatMap(({ values }) =>
          Object.entries(values)
            .filter(([pointer, expectedValue]) => getValueAt(value.value, pointer) !== expectedValue)
            .map(([pointer, expectedValue]) => ({
              at,
              message: `${pointer} is ${String(getValueAt(value.value, pointer))}, not ${expectedValue}`,
            })),
        );
      });
      return [
        ...expected
          .filter((expectation) => !matched.has(expectation))
          .map(({ name }) => ({ at, message: `no example for ${name}` })),
        ...mismatches,
      ];
    });
    return {
      measured: `${all.reduce((sum, { expected }) => sum + expected.length, 0)} codes in ${findOutcomeBodies(document).length} bodies`,
      violations,
    };
  },
};

export const resultCodeChecks: readonly Check[] = [completeRows, matchingEnumerations, codesWithExample];
