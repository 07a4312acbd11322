import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ControlClient, createControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { commandPrefix } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import { type PartialCredentials, readCredentialsFile } from "../inputs/read-credentials.ts";

/** Where `antom-vault sandbox` keeps its data, if nobody says otherwise. */
export const SANDBOX_DATA = ".antom-vault/sandbox";

/** The control API's token, beside the credentials. */
export const TOKEN_FILE = "control-token";

export interface FoundSandbox {
  readonly credentials: ControlSchemas["Credentials"];
  readonly control: ControlClient;
}

/**
 * The sandbox that runs on the data of a folder: the one that its credentials name, if it answers and has their key. Another one may listen
 * there by now.
 */
export async function findSandbox(data: string): Promise<FoundSandbox | undefined> {
  const credentials = await readSandboxCredentials(data);
  if (!credentials) return undefined;
  const token = await readFile(join(data, TOKEN_FILE), "utf8").catch(() => undefined);
  const control = createControlClient(credentials.baseUrl, token);
  const keys = await control.get<ControlSchemas["GatewayKeyList"]>("/keys").then(
    (list): readonly string[] => list.keys.map(({ antomPublicKey }) => antomPublicKey.trim()),
    (): readonly string[] => [],
  );
  return keys.includes(credentials.antomPublicKey.trim()) ? { credentials, control } : undefined;
}

/** @throws AntomVaultError `CONFIGURATION_INVALID` where none runs */
export async function requireSandbox(data: string): Promise<FoundSandbox> {
  const found = await findSandbox(data);
  if (found) return found;
  const how =
    data === SANDBOX_DATA ? `${commandPrefix} sandbox` : `${commandPrefix} sandbox --data ${shellQuote(data)}`;
  throw usageError(`No sandbox runs on ${data}. Start one in another terminal (${how}), or name its folder by --data.`);
}

/** What the folder's credentials file says, whether or not the sandbox runs. */
export async function readSandboxCredentials(data: string): Promise<ControlSchemas["Credentials"] | undefined> {
  const told = await readCredentialsFile(join(data, "credentials.json")).catch((): PartialCredentials => ({}));
  const { baseUrl, clientId, merchantPrivateKey, antomPublicKey } = told;
  if (!baseUrl || !clientId || !merchantPrivateKey || !antomPublicKey) return undefined;
  return { baseUrl, clientId, merchantPrivateKey, antomPublicKey };
}
