/** The implementations that validate requests, with results in one format. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { requestValidators } from "../../generated/operation-validators.ts";
import { basePaths, type OperationId, operationPaths } from "../../generated/operations.ts";
import type { ValidationIssue } from "../../generated/validators.js";
import { createVaultClient } from "../../src/client/index.ts";
import type { Credentials } from "../../src/gateway/index.ts";
import { parseGenerated } from "../../src/machine/generated-documents.ts";
import { createPrism } from "../../src/mock/prism.ts";
import { AntomVaultError } from "../../src/protocol/errors.ts";
import { removeNulls } from "../../src/protocol/json-fields.ts";
import { formatSignatureHeader } from "../../src/signature/index.ts";
import type { CaseRequest, Expected, Implementation, RequestHead, Violation } from "./cases/sample-case.ts";
import { buildHeaders, getSandboxPath, type RawClient } from "./raw-socket.ts";

/** The result of an implementation. Fields that the implementation does not report are missing. */
export type Result =
  | { readonly accepted: true; readonly resultCode?: string }
  | {
      readonly accepted: false;
      readonly code?: string;
      readonly violations?: readonly Violation[];
      readonly pointer?: string;
    };

export type Validate = (request: CaseRequest) => Result | Promise<Result>;

interface Parameter {
  readonly name: string;
  readonly required?: boolean;
  readonly schema: object;
}

interface Document {
  readonly paths: Readonly<Record<string, object>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>> };
}

const document = parseGenerated<Document>("openapi.json");

const toViolations = (issues: readonly ValidationIssue[]): readonly Violation[] =>
  issues.map(({ pointer, rule }) => [pointer, rule]);

const parseLine = (line: string): readonly [string, string] => {
  const [name = "", ...value] = line.split(":");
  return [name, value.join(":").trim()];
};

/** Validates a body with the generated validators, which reject null. */
export function validateBody(operation: OperationId, body: unknown): Result {
  const checked = requestValidators[operation](body);
  return checked.valid ? { accepted: true } : { accepted: false, violations: toViolations(checked.issues) };
}

/** Creates a validator that uses the generated validators. It also checks a request head against the document's paths, methods, and headers. */
export function createDocumentValidator(): Validate {
  const ajv = new Ajv2020({ strict: false });
  // The headers of a request are security schemes without a schema. A notification has the same headers with a schema.
  const parameters = ["AgentToken", "NotificationSignature", "NotificationClientId", "NotificationRequestTime"].map(
    (name) => {
      const parameter = document.components.parameters[name];
      if (!parameter) throw new Error(`The document has no parameter ${name}.`);
      return { ...parameter, isValid: ajv.compile(parameter.schema) };
    },
  );
  const isValidHead = (operation: OperationId, head: RequestHead): boolean => {
    const [path = ""] = (head.path ?? String)(getSandboxPath(operation)).split("?");
    const base = Object.values(basePaths).find((basePath) => path.startsWith(`${basePath}/`)) ?? "";
    if (!Object.hasOwn(document.paths[path.slice(base.length)] ?? {}, (head.method ?? "POST").toLowerCase()))
      return false;
    const base64 = `${"A".repeat(342)}==`;
    const signature = head.signature ? head.signature(base64) : formatSignatureHeader(base64, "1");
    const { clientId = "SANDBOX_1", time } = head;
    const values = { clientId, time: time ?? "1685599933871" };
    const lines = head.lines?.({ ...values, path, host: "gateway.example", signature: signature ?? "", length: 0 });
    const sent = lines?.slice(1).map(parseLine) ?? buildHeaders(values, signature, head);
    const headers = new Map(sent.map(([name, value]) => [name.toLowerCase(), value]));
    const [mediaType = ""] = (headers.get("content-type") ?? "application/json").split(";");
    if (mediaType.trim() !== "application/json") return false;
    return parameters.every(({ name, required = false, isValid }) => {
      const value = headers.get(name.toLowerCase());
      return value === undefined ? !required : isValid(value);
    });
  };
  return ({ operation, text, head }) => {
    if (head && !isValidHead(operation, head)) return { accepted: false };
    // The document's introduction says that a gateway treats null as absent.
    return validateBody(operation, removeNulls(JSON.parse(text)));
  };
}

/** Creates a validator that calls Prism in the same way as the mock. */
export async function createPrismValidator(): Promise<Validate> {
  const prism = await createPrism(document);
  return async ({ operation, text }) => {
    // The mock removes nulls before it calls Prism.
    const { status } = await prism(operationPaths[operation], removeNulls(JSON.parse(text)), {});
    if (status !== 200 && status !== 422) throw new Error(`Prism responded with HTTP ${status}.`);
    return { accepted: status === 200 };
  };
}

/** Creates a validator that uses the client's validation. A fake `fetch` receives each valid request, so that nothing is sent. */
export function createClientValidator(credentials: Credentials): Validate {
  let sent: string | undefined;
  const client = createVaultClient({
    ...credentials,
    retry: false,
    fetch: async (_, { body }) => {
      sent = new TextDecoder().decode(body as Uint8Array);
      throw new Error("The test sends no requests.");
    },
  });
  return async ({ operation, text }) => {
    sent = undefined;
    const value: unknown = JSON.parse(text);
    // Most bodies do not have the request's type, because the cases test the validation at run time.
    const error: unknown = await client[operation](value as never).catch((reason: unknown) => reason);
    if (!(error instanceof AntomVaultError)) throw new Error("The client neither rejected nor sent the request.");
    if (error.code === "REQUEST_INVALID" && sent === undefined) {
      return { accepted: false, violations: toViolations(error.issues ?? []) };
    }
    if (error.code !== "CONNECTION_FAILED") throw new Error(`The client failed with ${error.code}.`);
    if (sent !== JSON.stringify(value)) throw new Error("The client changed the body before sending it.");
    return { accepted: true };
  };
}

/** The result codes of valid requests, including declined cards. Any other code is a rejection. */
const ACCEPTED_CODES: ReadonlySet<string> = new Set([
  "SUCCESS",
  "VERIFICATION_IN_PROCESS",
  "PROCESS_FAIL",
  "VAULTING_NOT_EXIST",
  "REPEAT_REQ_INCONSISTENT",
]);

/** Creates a validator that sends requests to a gateway. The gateway's message starts with the JSON Pointer of the first invalid value. */
export const createGatewayValidator =
  (client: RawClient): Validate =>
  async (request) => {
    const { resultCode, resultStatus, resultMessage } = await client.send(request);
    if (ACCEPTED_CODES.has(resultCode)) return { accepted: true, resultCode };
    if (resultStatus !== "F") throw new Error(`The gateway responded with ${resultStatus} ${resultCode}.`);
    const [path] = /^(?:\/\S*|the body)/.exec(resultMessage) ?? [];
    const pointer = path === "the body" ? "" : path;
    return { accepted: false, code: resultCode, ...(pointer === undefined ? {} : { pointer }) };
  };

/** Returns the result that an implementation must report. */
export function toExpectedResult(implementation: Implementation, expected: Expected): Result {
  if (expected.accepted) {
    if (implementation === "mock") return { accepted: true, resultCode: "SUCCESS" };
    return implementation === "sandbox" ? { accepted: true, resultCode: expected.resultCode } : { accepted: true };
  }
  const { code, violations } = expected;
  switch (implementation) {
    case "prism":
      return { accepted: false };
    case "document":
      return { accepted: false, ...(violations ? { violations } : {}) };
    case "client":
      return { accepted: false, violations: violations ?? [["", "json"]] };
    case "mock":
    case "sandbox": {
      const [first] = violations ?? [];
      return { accepted: false, code, ...(first ? { pointer: first[0] } : {}) };
    }
  }
}
