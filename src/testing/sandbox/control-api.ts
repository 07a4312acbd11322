/** A client for the control API that validates all responses against the API's OpenAPI document. */
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect } from "vitest";
import { parseGenerated } from "../../machine/generated-documents.ts";

interface Operation {
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, { readonly content?: object }>> };
}

const document = parseGenerated<Document>("control.json");

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, "control");

/** All operations of the control API, such as `GET /_sandbox/health`. */
export const OPERATIONS: readonly string[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.keys(item)
    .filter((method) => /^(?:get|post|put|patch|delete)$/.test(method))
    .map((method) => `${method.toUpperCase()} ${path}`),
);

export interface ControlRequest {
  readonly method?: string;
  readonly path: string;
  /** A string is sent unchanged, and any other value as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ControlResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
  /** The value of `error.code`. */
  readonly code: string | undefined;
  /** The pointers of `error.issues`. */
  readonly pointers: readonly string[];
}

export const createControlClient =
  (baseUrl: string, common: Readonly<Record<string, string>> = {}) =>
  async ({ method = "GET", path, body, headers = {} }: ControlRequest): Promise<ControlResponse> => {
    const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(`${baseUrl}/_sandbox${path}`, {
      method,
      headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...common, ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    const responseText = await response.text();
    const parsed: unknown = responseText === "" ? undefined : JSON.parse(responseText);
    expectDeclared(method, `/_sandbox${path}`, response.status, parsed);
    const { error } = (parsed ?? {}) as {
      readonly error?: { readonly code: string; readonly issues?: readonly { readonly pointer: string }[] };
    };
    return {
      status: response.status,
      body: parsed,
      headers: response.headers,
      code: error?.code,
      pointers: error?.issues?.map(({ pointer }) => pointer) ?? [],
    };
  };

/** Checks that a response matches the OpenAPI document of the control API. */
function expectDeclared(method: string, target: string, status: number, body: unknown): void {
  const path = target.replace(/\?.*$/, "");
  const template = Object.keys(document.paths).find((candidate) => matchesTemplate(candidate, path));
  const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()];
  // The document specifies one response for all unknown paths and methods.
  const { responses } = operation ?? { responses: { default: { $ref: "#/components/responses/OtherError" } } };
  const key = String(status) in responses ? String(status) : "default";
  if (operation && key === "default") expect(status).toBeGreaterThanOrEqual(400);
  const response = responses[key] ?? expect.fail(`${method} ${path} does not declare status ${status}`);
  const name = response.$ref?.replace("#/components/responses/", "");
  const { content } = name === undefined ? response : (document.components.responses[name] ?? {});
  if (content === undefined) {
    expect(body).toBeUndefined();
    return;
  }
  const location =
    name === undefined
      ? `paths/${escapePointer(template ?? "")}/${method.toLowerCase()}/responses/${key}`
      : `components/responses/${name}`;
  const validate = ajv.compile({ $ref: `control#/${location}/content/application~1json/schema` });
  if (!validate(body)) expect.fail(`${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}`);
}

const escapePointer = (text: string): string => encodeURIComponent(text.replaceAll("~", "~0").replaceAll("/", "~1"));

const matchesTemplate = (template: string, path: string): boolean =>
  new RegExp(`^${template.replace(/\{[^}]*\}/g, "[^/]+")}$`).test(path);
