/** Those who say whether a request is legal, each asked in its own way and heard in one form. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { requestValidators } from "../../generated/operation-validators.ts";
import { basePaths, type OperationId, operationPaths } from "../../generated/operations.ts";
import type { Issue } from "../../generated/validators.js";
import { createVaultClient } from "../../src/client/index.ts";
import type { Credentials } from "../../src/gateway/index.ts";
import { parseGenerated } from "../../src/machine/generated-documents.ts";
import { createPrism } from "../../src/mock/prism.ts";
import { AntomVaultError } from "../../src/protocol/errors.ts";
import { formatSignatureHeader } from "../../src/signature/index.ts";
import type { CaseRequest, Expected, Implementation, RequestHead, Violation } from "./cases/sample-case.ts";
import { buildHeaders, type RawClient, sandboxPath } from "./raw-socket.ts";

/** What a judge says, as far as it can: what it cannot tell is not there. */
export type Result =
  | { readonly accepted: true; readonly comes?: string }
  | { readonly accepted: false; readonly code?: string; readonly breaks?: readonly Violation[]; readonly at?: string };

export type Validate = (asked: CaseRequest) => Result | Promise<Result>;

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

const toViolations = (issues: readonly Issue[]): readonly Violation[] =>
  issues.map(({ pointer, rule }) => [pointer, rule]);

/** The generated validators; for a head also the document's paths, methods, media type and schemas of headers. */
export function createDocumentValidator(): Validate {
  const ajv = new Ajv2020({ strict: false });
  // A request's own headers are security schemes, which have no schema. The notification's are the same headers with one.
  const parameters = ["AgentToken", "NotificationSignature", "NotificationClientId", "NotificationRequestTime"].map(
    (name) => {
      const parameter = document.components.parameters[name];
      if (!parameter) throw new Error(`The document has no parameter ${name}.`);
      return { ...parameter, fits: ajv.compile(parameter.schema) };
    },
  );
  const headIsLegal = (operation: OperationId, head: RequestHead): boolean => {
    const [path = ""] = (head.path ?? String)(sandboxPath(operation)).split("?");
    const base = Object.values(basePaths).find((each) => path.startsWith(`${each}/`)) ?? "";
    if (!Object.hasOwn(document.paths[path.slice(base.length)] ?? {}, (head.method ?? "POST").toLowerCase()))
      return false;
    const base64 = `${"A".repeat(342)}==`;
    const signature = head.signature ? head.signature(base64) : formatSignatureHeader(base64, "1");
    const { clientId = "SANDBOX_1", time } = head;
    const own = buildHeaders({ clientId, time: time ?? "1685599933871" }, signature, head);
    const headers = new Map(own.map(([name, value]) => [name.toLowerCase(), value]));
    const [mediaType = ""] = (headers.get("content-type") ?? "application/json").split(";");
    if (mediaType.trim() !== "application/json") return false;
    return parameters.every(({ name, required = false, fits }) => {
      const value = headers.get(name.toLowerCase());
      return value === undefined ? !required : fits(value);
    });
  };
  return ({ operation, text, head }) => {
    if (head && !headIsLegal(operation, head)) return { accepted: false };
    const checked = requestValidators[operation](JSON.parse(text));
    return checked.valid ? { accepted: true } : { accepted: false, breaks: toViolations(checked.issues) };
  };
}

/** Prism, as others serve the document with it: it knows nothing of this package. */
export async function createPrismValidator(): Promise<Validate> {
  const prism = await createPrism(document);
  return async ({ operation, text }) => {
    const { status } = await prism(operationPaths[operation], JSON.parse(text), {});
    if (status !== 200 && status !== 422) throw new Error(`Prism answered ${status}.`);
    return { accepted: status === 200 };
  };
}

/** The client's own check. What passes it is taken from its hands at the door. */
export function createClientValidator(credentials: Credentials): Validate {
  let sent: string | undefined;
  const vault = createVaultClient({
    ...credentials,
    retry: false,
    fetch: async (_, { body }) => {
      sent = new TextDecoder().decode(body as Uint8Array);
      throw new Error("Nothing is sent here.");
    },
  });
  return async ({ operation, text }) => {
    sent = undefined;
    const value: unknown = JSON.parse(text);
    // The types would not let most of the rows through: that is what is asked.
    const error: unknown = await vault[operation](value as never).catch((reason: unknown) => reason);
    if (!(error instanceof AntomVaultError)) throw new Error("The client neither refused nor sent.");
    if (error.code === "REQUEST_INVALID" && sent === undefined) {
      return { accepted: false, breaks: toViolations(error.issues ?? []) };
    }
    if (error.code !== "CONNECTION_FAILED") throw new Error(`The client ended with ${error.code}.`);
    if (sent !== JSON.stringify(value)) throw new Error("The client sent something else than it was given.");
    return { accepted: true };
  };
}

/** What the operations answer to a legal request, whatever became of its card. With any other code, a gateway refuses it. */
const ACCEPTED_CODES: ReadonlySet<string> = new Set([
  "SUCCESS",
  "VERIFICATION_IN_PROCESS",
  "PROCESS_FAIL",
  "VAULTING_NOT_EXIST",
  "REPEAT_REQ_INCONSISTENT",
]);

/** A gateway behind its socket. Its message begins with the first place that is wrong. */
export const createGatewayValidator =
  (wire: RawClient): Validate =>
  async (asked) => {
    const { resultCode, resultStatus, resultMessage } = await wire.send(asked);
    if (ACCEPTED_CODES.has(resultCode)) return { accepted: true, comes: resultCode };
    if (resultStatus !== "F") throw new Error(`The gateway answered ${resultStatus} ${resultCode}.`);
    const [place] = /^(?:\/\S*|the body)/.exec(resultMessage) ?? [];
    const at = place === "the body" ? "" : place;
    return { accepted: false, code: resultCode, ...(at === undefined ? {} : { at }) };
  };

/** What a judge has to say where it holds with a verdict. */
export function expectedResult(judge: Implementation, verdict: Expected): Result {
  if (verdict.accepted) {
    if (judge === "mock") return { accepted: true, comes: "SUCCESS" };
    return judge === "sandbox" ? { accepted: true, comes: verdict.comes } : { accepted: true };
  }
  const { code, breaks } = verdict;
  switch (judge) {
    case "prism":
      return { accepted: false };
    case "document":
      return { accepted: false, ...(breaks ? { breaks } : {}) };
    case "client":
      return { accepted: false, breaks: breaks ?? [["", "json"]] };
    case "mock":
    case "sandbox": {
      const [first] = breaks ?? [];
      return { accepted: false, code, ...(first ? { at: first[0] } : {}) };
    }
  }
}
