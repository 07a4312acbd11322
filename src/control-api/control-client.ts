import { AntomVaultError } from "../protocol/errors.ts";
import type { ControlSchemas } from "./control-schemas.ts";

/**
 * A client for the control API of a sandbox. Paths are relative to `/_sandbox`. A call rejects with `CONNECTION_FAILED` if there is no complete
 * response, and with `CONFIGURATION_INVALID` if the sandbox rejects the call or returns a response that is not JSON.
 */
export interface ControlClient {
  readonly get: <Body>(path: string) => Promise<Body>;
  /** Like `get`, but resolves with `undefined` if the sandbox responds with HTTP 404. */
  readonly find: <Body>(path: string) => Promise<Body | undefined>;
  readonly post: <Body>(path: string, body: object) => Promise<Body>;
  readonly remove: (path: string) => Promise<void>;
}

/** On a busy computer, a call that creates keys can take several seconds. */
const TIMEOUT_MS = 10_000;

/** Creates a client. `token` is the control token of the sandbox, and is required if the sandbox has one. */
export function createControlClient(baseUrl: string, token?: string): ControlClient {
  async function send(method: string, path: string, body?: object, allowsMissing = false): Promise<unknown> {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const call = async () => {
      const response = await fetch(`${baseUrl}/_sandbox${path}`, {
        method,
        headers,
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, isAccepted: response.ok, text: await response.text() };
    };
    const { status, isAccepted, text } = await call().catch((cause: unknown) => {
      throw new AntomVaultError(
        "CONNECTION_FAILED",
        `No complete response from the sandbox at ${baseUrl}: check that it is running.`,
        { cause },
      );
    });
    if (allowsMissing && status === 404) return undefined;
    if (!isAccepted)
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `The control API rejected ${method} ${path.replace(/\?.*/, "")}. ${readErrorMessage(text) ?? `The HTTP status is ${status}.`}`,
      );
    try {
      return text === "" ? undefined : JSON.parse(text);
    } catch {
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `The response from ${baseUrl} is not JSON: check that a sandbox is running there.`,
      );
    }
  }
  return {
    // The caller chooses the type that the OpenAPI document of the control API defines for the path.
    get: async <Body>(path: string) => (await send("GET", path)) as Body,
    find: async <Body>(path: string) => (await send("GET", path, undefined, true)) as Body | undefined,
    post: async <Body>(path: string, body: object) => (await send("POST", path, body)) as Body,
    remove: async (path) => void (await send("DELETE", path)),
  };
}

function readErrorMessage(text: string): string | undefined {
  try {
    return (JSON.parse(text) as ControlSchemas["ErrorResponse"]).error.message;
  } catch {
    return undefined;
  }
}
