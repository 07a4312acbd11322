/**
 * The keys of a local gateway and of its merchant: made once, kept in a folder, read back at the next start, so that a program that was
 * given the credentials keeps working.
 */
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AntomVaultError } from "../errors.ts";
import { generateKeyPair, importPrivateKey, importPublicKey, publicKeyOf, sameKey } from "../signature/index.ts";

/** What a merchant's program needs, in the form of `credentials.json`. */
export interface Credentials {
  readonly baseUrl: string;
  readonly clientId: string;
  /** PEM. */
  readonly merchantPrivateKey: string;
  /** PEM: the public key with which the gateway's answers are verified. */
  readonly antomPublicKey: string;
}

export interface GatewayKeys {
  readonly clientId: string;
  readonly merchantPrivateKey: string;
  readonly antomPublicKey: string;
  /** PEM: the key that the gateway signs with. */
  readonly gatewayPrivateKey: string;
}

export const CREDENTIALS_FILE = "credentials.json";
export const GATEWAY_KEY_FILE = "gateway-private-key.pem";

/** Fresh keys that are written nowhere. */
export async function throwAwayCredentials(): Promise<GatewayKeys> {
  const [merchant, gateway] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  return {
    clientId: "SANDBOX_ANTOMVAULT000001",
    merchantPrivateKey: merchant.privateKey,
    antomPublicKey: gateway.publicKey,
    gatewayPrivateKey: gateway.privateKey,
  };
}

/**
 * The keys in a folder; made there, readable by their owner only, where the folder has none.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where one of the two files is missing, can be read by others, cannot be read or does not
 * fit the other: new keys over old data would be a gateway that nobody knows.
 */
export async function openCredentials(folder: string): Promise<GatewayKeys> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return (await readKeys(folder)) ?? (await makeKeys(folder));
  } catch (error) {
    // Of a foreign error the code is enough, and quotes nothing.
    const { code = "an error" } = error as NodeJS.ErrnoException;
    const problem = error instanceof AntomVaultError ? error.message : `the file system answers ${code}.`;
    throw wrong(`The keys in ${folder} cannot be used: ${problem} Mend this, or take another folder.`);
  }
}

async function makeKeys(folder: string): Promise<GatewayKeys> {
  const keys = await throwAwayCredentials();
  await writePrivate(join(folder, GATEWAY_KEY_FILE), keys.gatewayPrivateKey);
  await writeCredentials(folder, { ...keys, baseUrl: "" });
  return keys;
}

async function readKeys(folder: string): Promise<GatewayKeys | undefined> {
  const credentials = await readPrivate(join(folder, CREDENTIALS_FILE));
  const gatewayPrivateKey = await readPrivate(join(folder, GATEWAY_KEY_FILE));
  if (credentials === undefined && gatewayPrivateKey === undefined) return undefined;
  if (credentials === undefined) throw wrong(`${CREDENTIALS_FILE} is missing beside ${GATEWAY_KEY_FILE}.`);
  if (gatewayPrivateKey === undefined) throw wrong(`${GATEWAY_KEY_FILE} is missing beside ${CREDENTIALS_FILE}.`);
  const keys = { ...parseCredentials(credentials), gatewayPrivateKey };
  await importPrivateKey(keys.merchantPrivateKey, `merchantPrivateKey in ${CREDENTIALS_FILE}`);
  await importPrivateKey(gatewayPrivateKey, GATEWAY_KEY_FILE);
  const told = await importPublicKey(keys.antomPublicKey, `antomPublicKey in ${CREDENTIALS_FILE}`);
  if (!(await sameKey(told, await publicKeyOf(gatewayPrivateKey)))) {
    throw wrong(`antomPublicKey in ${CREDENTIALS_FILE} does not belong to ${GATEWAY_KEY_FILE}.`);
  }
  return keys;
}

/** Writes `credentials.json` as a merchant's program reads it; called once the address is known. */
export async function writeCredentials(
  folder: string,
  { baseUrl, clientId, merchantPrivateKey, antomPublicKey }: Credentials,
): Promise<string> {
  const file = join(folder, CREDENTIALS_FILE);
  await writePrivate(file, `${JSON.stringify({ baseUrl, clientId, merchantPrivateKey, antomPublicKey }, null, 2)}\n`);
  return file;
}

const wrong = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

function parseCredentials(text: string): Omit<GatewayKeys, "gatewayPrivateKey"> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A parser's message would quote the file, keys and all.
    throw wrong(`${CREDENTIALS_FILE} is not JSON.`);
  }
  const field = (name: string): string => {
    const found =
      typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
    if (typeof found !== "string" || found === "") throw wrong(`${CREDENTIALS_FILE} has no ${name}.`);
    return found;
  };
  return {
    clientId: field("clientId"),
    merchantPrivateKey: field("merchantPrivateKey"),
    antomPublicKey: field("antomPublicKey"),
  };
}

async function readPrivate(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw wrong(`${basename(file)} holds a private key and can be read by others: run \`chmod 600 ${file}\`.`);
    }
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A new name is on the disk only once its folder is. Windows has no such thing. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whole or not at all, a power cut included: written beside, and moved into place once it is on the disk. */
async function writePrivate(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  try {
    await rm(beside, { force: true });
    await writeFile(beside, text, { mode: 0o600, flag: "wx", flush: true });
    await rename(beside, file);
    await flushFolder(dirname(file));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
