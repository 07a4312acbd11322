import { join } from "node:path";
import { type ControlClient, createControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { readPrivateFile } from "../../gateway/private-files.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { commandPrefix } from "../console/output.ts";
import { rethrowFileError, usageError } from "../console/usage-error.ts";
import { type PartialCredentials, readCredentialsFile } from "../inputs/read-credentials.ts";

/** The default data directory of `antom-vault sandbox`. */
export const SANDBOX_DATA = ".antom-vault/sandbox";

/** The file in the data directory that contains the token of the control API. */
export const TOKEN_FILE = "control-token";

/** The minimum length of a token. A generated token has 32 characters. */
const MIN_TOKEN_LENGTH = 16;

export interface FoundSandbox {
  readonly credentials: ControlSchemas["Credentials"];
  readonly control: ControlClient;
}

/** Returns the running sandbox that uses a data directory, if there is one. Checks its key, because a different server might now use the port. */
export async function findSandbox(data: string): Promise<FoundSandbox | undefined> {
  const credentials = await readSandboxCredentials(data);
  if (!credentials) return undefined;
  const token = await readControlToken(data);
  const control = createControlClient(credentials.baseUrl, token);
  const list = await control.get<ControlSchemas["GatewayKeyList"]>("/keys").catch(() => undefined);
  const expected = credentials.antomPublicKey.trim();
  return list?.keys.some((key) => key.antomPublicKey.trim() === expected) ? { credentials, control } : undefined;
}

/** The environment variable that can contain the token, for example in a container. It takes precedence over the token file. */
const TOKEN_VARIABLE = "ANTOM_CONTROL_TOKEN";

/**
 * Returns the token of the control API from the environment or the token file, or `undefined` if neither contains a token.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if other users can read the file, or the token is too short
 */
export async function readControlToken(data: string): Promise<string | undefined> {
  const given = process.env[TOKEN_VARIABLE]?.trim();
  if (given) return requireLength(given, TOKEN_VARIABLE, "Set a longer token.");
  const file = join(data, TOKEN_FILE);
  const token = (await readPrivateFile(file).catch(rethrowReadError(file)))?.text.trim();
  if (token === undefined) return undefined;
  return requireLength(token, file, "Delete the file, and restart the sandbox to create a new token.");
}

/** Returns the name of the environment variable or the path of the file that contains the token. */
export const getTokenSource = (data: string): string =>
  process.env[TOKEN_VARIABLE]?.trim() ? TOKEN_VARIABLE : join(data, TOKEN_FILE);

function requireLength(token: string, source: string, fix: string): string {
  if (token.length >= MIN_TOKEN_LENGTH) return token;
  throw usageError(`Cannot use ${source}: the token has fewer than ${MIN_TOKEN_LENGTH} characters. ${fix}`);
}

const rethrowReadError = (file: string) => (error: Error) => {
  if (error instanceof AntomVaultError) throw error;
  return rethrowFileError(file, "read")(error);
};

/**
 * Like {@link findSandbox}, but requires a running sandbox.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if no running sandbox uses the data directory
 */
export async function requireSandbox(data: string): Promise<FoundSandbox> {
  const found = await findSandbox(data);
  if (found) return found;
  const command = `${commandPrefix} sandbox${data === SANDBOX_DATA ? "" : ` --data ${shellQuote(data)}`}`;
  throw usageError(
    `No sandbox is running with the data directory ${data}. Start one in a second terminal (${command}), or set --data.`,
  );
}

/** Returns the credentials in a data directory if they are complete, whether or not the sandbox is running. */
export async function readSandboxCredentials(data: string): Promise<ControlSchemas["Credentials"] | undefined> {
  const file = join(data, "credentials.json");
  const stored = await readCredentialsFile(file).catch((): PartialCredentials => ({}));
  const { baseUrl, clientId, merchantPrivateKey, antomPublicKey } = stored;
  if (!baseUrl || !clientId || !merchantPrivateKey || !antomPublicKey) return undefined;
  return { baseUrl, clientId, merchantPrivateKey, antomPublicKey };
}
