/** Generates the TypeScript modules of result codes and operations. */
import { groupBy } from "../../src/protocol/group-by.ts";
import { type Body, type Document, type Operation, type Reference, resolve } from "../openapi/openapi-document.ts";
import { getRefName, type Schemas } from "../openapi/schemas.ts";

const formatJson = (value: unknown) => JSON.stringify(value, null, 2);
const formatUnion = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(" | ");

export function getOperations(document: Document): readonly { readonly path: string; readonly operation: Operation }[] {
  return Object.entries(document.paths).map(([path, item]) => ({ path, operation: item.post }));
}

/** Creates `result-codes.ts`: for each operation, the codes of its table, followed by the gateway's. */
export function createResultCodesModule(document: Document): string {
  const gateway = document["x-gateway-result-codes"].codes;
  const operations = [
    ...getOperations(document).map(({ operation }) => operation),
    document.webhooks["notifyVaulting"]?.post,
  ].filter((operation) => operation !== undefined);
  const tables = Object.fromEntries(
    operations.map((operation) => {
      const rows = operation["x-result-codes"];
      const known = new Set(rows.map((row) => row.code));
      const shared = operation.operationId === "notifyVaulting" ? [] : gateway.filter((row) => !known.has(row.code));
      return [operation.operationId, [...rows, ...shared]];
    }),
  );
  const vaulting = operations.flatMap((operation) => operation["x-vaulting-result-codes"] ?? []);
  return `
/**
 * What a program should do after a result code.
 *
 * - \`none\`: nothing.
 * - \`open_url\`: redirect the buyer to one of the URLs.
 * - \`fix_request\`: fix your program or configuration. Do not retry the same request.
 * - \`new_request_id\`: call again with a new \`vaultingRequestId\`.
 * - \`inquire_or_retry\`: call inquireVaulting, or retry with the same \`vaultingRequestId\`.
 * - \`inform_buyer\`: let the buyer correct the card or use a different one, then call with a new \`vaultingRequestId\`.
 * - \`contact_support\`: do not retry. Contact Antom.
 */
export type ResultAction =
  | "none"
  | "open_url"
  | "fix_request"
  | "new_request_id"
  | "inquire_or_retry"
  | "inform_buyer"
  | "contact_support";

/** One row of an operation's result-code table. */
export interface ResultCodeRow {
  /** The result code, for example \`PARAM_ILLEGAL\`. */
  readonly code: string;
  /** \`S\` for success, \`F\` for failure, or \`U\` for unknown. */
  readonly status: "S" | "F" | "U";
  /** What the code means, in one or two sentences. */
  readonly meaning: string;
  /** What to do next, as human-readable text. */
  readonly furtherAction: string;
  /** What to do next, in machine-readable form. */
  readonly action: ResultAction;
  /** The page or SDK of Antom that documents the code, with its date. */
  readonly source: string;
}

/** One row of the table of vaultingResultCode values, which inquireVaulting returns. */
export interface VaultingResultCodeRow {
  /** The code, for example \`CARD_EXPIRED\`. */
  readonly code: string;
  /** The state of the vaulting that the code belongs to. */
  readonly vaultingStatus: "SUCCESS" | "FAIL" | "PROCESSING";
  /** What the code means, in one or two sentences. */
  readonly meaning: string;
  /** What to do next, in machine-readable form. */
  readonly action: ResultAction;
  /** The page or SDK of Antom that documents the code, with its date. */
  readonly source: string;
}

const resultCodeTables = ${formatJson(tables)} as const satisfies Readonly<Record<string, readonly ResultCodeRow[]>>;

/**
 * The result-code table of each operation and of notifyVaulting, as arrays of {@link ResultCodeRow}. The tables of the operations include the
 * codes that the gateway can return for any call.
 *
 * @example
 * \`\`\`ts
 * resultCodes.vaultPaymentMethod.find(({ code }) => code === "PARAM_ILLEGAL")?.action; // "fix_request"
 * \`\`\`
 */
export const resultCodes: typeof resultCodeTables = resultCodeTables;

/** The codes that the gateway can return for any call, before it runs the operation. */
export const gatewayResultCodes = ${formatJson(gateway)} as const satisfies readonly ResultCodeRow[];

const vaultingResultCodeTable = ${formatJson(vaulting)} as const satisfies readonly VaultingResultCodeRow[];

/**
 * The table of the vaultingResultCode values that inquireVaulting returns, as an array of {@link VaultingResultCodeRow}.
 *
 * @example
 * \`\`\`ts
 * vaultingResultCodes.find(({ code }) => code === "CARD_EXPIRED")?.action; // "inform_buyer"
 * \`\`\`
 */
export const vaultingResultCodes: typeof vaultingResultCodeTable = vaultingResultCodeTable;
${createAdviceTables(document, tables, vaulting)}`;
}

type ResultCodeTables = Readonly<Record<string, NonNullable<Operation["x-result-codes"]>>>;

/** Creates the client's tables, which list each failure once, with its operations. */
function createAdviceTables(
  document: Document,
  tables: ResultCodeTables,
  vaulting: NonNullable<Operation["x-vaulting-result-codes"]>,
): string {
  const ids = getOperations(document).map(({ operation }) => operation.operationId);
  const failures = ids.flatMap((id) =>
    (tables[id] ?? []).filter(({ status }) => status !== "S").map((row) => ({ id, row })),
  );
  const groups = groupBy(failures, ({ row: { code, status, action, furtherAction } }) =>
    JSON.stringify([code, status, action, furtherAction]),
  );
  const rows = [...groups].map(([row, uses]) =>
    JSON.stringify([...JSON.parse(row), ...(uses.length === ids.length ? [] : uses.map(({ id }) => id))]),
  );
  const vaultingRows = vaulting.map(({ code, action, meaning }) => JSON.stringify([code, action, meaning]));
  return `
/**
 * The action and advice of failures: the columns of {@link resultCodes} that the client needs, in a form that keeps its bundle small. A row applies
 * to the operations at its end, or to all operations if it lists none.
 */
export const resultAdvice: readonly (readonly [
  code: string,
  status: "F" | "U",
  action: ResultAction,
  advice: string,
  ...operations: string[],
])[] = [
  ${rows.join(",\n  ")},
];

/** The columns of {@link vaultingResultCodes} that the client needs. */
export const vaultingResultAdvice: readonly (readonly [code: string, action: ResultAction, advice: string])[] = [
  ${vaultingRows.join(",\n  ")},
];
`;
}

/** Creates `operations.ts`: paths, servers, and the fields with card data. */
export function createOperationsModule(document: Document, schemas: Schemas): string {
  const paths = Object.fromEntries(getOperations(document).map(({ path, operation }) => [operation.operationId, path]));
  const servers: Record<string, string> = {};
  const basePaths: Record<string, string> = {};
  for (const server of document.servers) {
    const url = new URL(server.url);
    servers[server["x-region"]] = url.origin;
    basePaths[server["x-environment"]] = url.pathname;
  }
  const cardData = Object.values(schemas)
    .flatMap((schema) => Object.entries(schema.properties ?? {}))
    .filter(([, schema]) => schema["x-card-data"] === true)
    .map(([name]) => name);
  return `
/** The operations, in the order of the OpenAPI document. */
export const operations = ${formatJson(Object.keys(paths))} as const;

/** The path of each operation, below the base path. */
export const operationPaths = ${formatJson(paths)} as const;

/** The origin of Antom's gateway in each region: scheme and host, without a path. */
export const servers = ${formatJson(servers)} as const;

/** The base path of each environment, which precedes an operation's path. */
export const basePaths = ${formatJson(basePaths)} as const;

/** The environments, in the order of the OpenAPI document. */
export const environments = ${formatJson(Object.keys(basePaths))} as const;

/** The names of the fields that contain card data or the cardholder's identification numbers. Never show, log, or store their values. */
export const cardDataFields = ${formatJson([...new Set(cardData)])} as const;

/** An operation of the Vault API. */
export type OperationId = ${formatUnion(Object.keys(paths))};
/** A region of Antom's gateway. The dashboard shows yours. */
export type Region = ${formatUnion(Object.keys(servers))};
/** An environment of Antom's gateway, which determines the base path: \`/ams/api\` or \`/ams/sandbox/api\`. */
export type Environment = ${formatUnion(Object.keys(basePaths))};
`;
}

/** Creates `operation-validators.ts`. It is separate from `validators.js`, so that a bundle contains only the validators that it imports. */
export function createOperationValidatorsModule(document: Document): string {
  const getSchemaName = (message: Body | Reference | undefined) =>
    getRefName(String(resolve(document, message)?.content["application/json"]?.schema.$ref));
  const createEntries = (getMessageName: (operation: Operation) => string) =>
    getOperations(document)
      .map(({ operation }) => `  ${operation.operationId}: validators.validate${getMessageName(operation)},\n`)
      .join("");
  return `import type { OperationId } from "./operations.ts";
import * as validators from "./validators.js";

type Validators = Readonly<
  Record<OperationId, (value: unknown) => validators.Valid<string, unknown> | validators.Invalid>
>;

/** The validators of requests, by operation. */
export const requestValidators = {
${createEntries(({ requestBody }) => getSchemaName(requestBody))}} as const satisfies Validators;

/** The validators of responses, by operation. They accept unknown fields and codes. */
export const responseValidators = {
${createEntries(({ responses }) => getSchemaName(responses["200"]))}} as const satisfies Validators;

/** The strict validators of responses, by operation: undocumented codes and fields are errors. */
export const strictResponseValidators = {
${createEntries(({ responses }) => `${getSchemaName(responses["200"])}Strict`)}} as const satisfies Validators;
`;
}
