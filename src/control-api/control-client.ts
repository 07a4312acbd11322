import type { components } from "../../generated/control-types.ts";
import { AntomVaultError } from "../protocol/errors.ts";

type Schemas = components["schemas"];

/** A sandbox's control API. Each call rejects with `CONNECTION_FAILED` where nobody answers, `CONFIGURATION_INVALID` where it is refused. */
export interface ControlClient {
  readonly get: <Answer>(path: string) => Promise<Answer>;
  readonly post: <Answer>(path: string, body: object) => Promise<Answer>;
  readonly remove: (path: string) => Promise<void>;
}

const TIMEOUT_MS = 5_000;

/** `token` is needed where the sandbox is not on loopback. */
export function createControlClient(baseUrl: string, token?: string): ControlClient {
  async function ask(method: string, path: string, body?: object): Promise<unknown> {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const response = await fetch(`${baseUrl}/_sandbox${path}`, {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new AntomVaultError("CONNECTION_FAILED", `The sandbox at ${baseUrl} does not answer.`, { cause });
    });
    const text = await response.text();
    if (!response.ok)
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `The control API refuses ${method} ${path.replace(/\?.*/, "")}: ${readErrorMessage(text) ?? `HTTP status ${response.status}.`}`,
      );
    return text === "" ? undefined : JSON.parse(text);
  }
  return {
    // The document says what each path answers, and the caller which path it is.
    get: async <Answer>(path: string) => (await ask("GET", path)) as Answer,
    post: async <Answer>(path: string, body: object) => (await ask("POST", path, body)) as Answer,
    remove: async (path) => void (await ask("DELETE", path)),
  };
}

function readErrorMessage(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Schemas["ErrorResponse"]).error.message;
  } catch {
    return undefined;
  }
}
