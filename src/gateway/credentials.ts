/**
 * The keys of a local gateway and its merchant. They are stored in a directory, so that credentials stay valid across restarts. The gateway's
 * key can be rotated, and its file keeps the older versions.
 */
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createPrivateDirectory } from "../machine/create-private-directory.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { getField } from "../protocol/json-fields.ts";
import {
  derivePublicKey,
  exportPublicPem,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  isSameKey,
} from "../signature/index.ts";
import { formatKeyVersions, type KeyVersions, parseKeyVersions } from "./key-versions.ts";
import { readPrivateFile, writePrivateFile } from "./private-files.ts";

/** The content of `credentials.json`, which a merchant's program needs to call the gateway. */
export interface Credentials {
  /** The origin of the gateway, for example `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  /** The merchant's client ID. */
  readonly clientId: string;
  /** The merchant's RSA private key, which signs requests: PKCS#8 in PEM. */
  readonly merchantPrivateKey: string;
  /** The gateway's public key, which verifies responses and notifications: SPKI in PEM. */
  readonly antomPublicKey: string;
}

/** The keys of both sides. `antomPublicKey` matches `gatewayPrivateKey`. */
export interface GatewayKeys extends Omit<Credentials, "baseUrl"> {
  /** The signing key in PEM: the newest of `versions`. */
  readonly gatewayPrivateKey: string;
  readonly versions: KeyVersions;
}

export const CREDENTIALS_FILE = "credentials.json";
export const GATEWAY_KEY_FILE = "gateway-private-key.pem";

/** Generates keys without storing them. */
export async function generateCredentials(): Promise<GatewayKeys> {
  const [merchant, gateway] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  return {
    clientId: "SANDBOX_ANTOMVAULT000001",
    merchantPrivateKey: merchant.privateKey,
    antomPublicKey: gateway.publicKey,
    gatewayPrivateKey: gateway.privateKey,
    versions: [{ privateKey: gateway.privateKey, createdAt: Date.now() }],
  };
}

/** Returns the keys with an additional signing key, without storing them. */
export async function withNextKey(keys: GatewayKeys): Promise<GatewayKeys> {
  const { privateKey, publicKey } = await generateKeyPair();
  const versions = [...keys.versions, { privateKey, createdAt: Date.now() }] as const;
  return { ...keys, antomPublicKey: publicKey, gatewayPrivateKey: privateKey, versions };
}

/**
 * Returns the keys in a directory. Creates them, readable only by their owner, if there are none. Completes a key rotation that was
 * interrupted between writing the two files. Never overwrites an existing key, because no client would know the new key.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if only one file exists, if a file is unreadable or readable by other users, or if the keys do
 * not match.
 */
export const openCredentials = (directory: string): Promise<GatewayKeys> =>
  explainFailure(directory, "Fix this problem, or use a different directory.", async () => {
    await createPrivateDirectory(directory);
    return (await readKeys(directory))?.keys ?? (await createKeys(directory));
  });

/**
 * Adds a signing key to a directory and writes its public key to `credentials.json`. Stores the signing key first, because clients could
 * never verify a response if only its public key were stored.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the key files are missing, or if a file cannot be read or written. The gateway then keeps its
 * current key.
 */
export const rotateCredentials = (directory: string): Promise<GatewayKeys> =>
  explainFailure(directory, "The gateway keeps its current key. Fix this problem and try again.", async () => {
    const stored = await readKeys(directory);
    if (!stored) throw invalidConfiguration(`${CREDENTIALS_FILE} and ${GATEWAY_KEY_FILE} are missing.`);
    const { keys, baseUrl } = stored;
    const next = await withNextKey(keys);
    await writeGatewayKeys(directory, next);
    try {
      await writeCredentials(directory, { ...next, baseUrl });
    } catch (error) {
      // No client knows the new key yet. If it cannot be removed either, the next start completes the rotation.
      await writeGatewayKeys(directory, keys).catch(() => {});
      throw error;
    }
    return next;
  });

export async function explainFailure<Result>(
  directory: string,
  advice: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    // The message of a file system error can quote the content of a file, but the code of the error cannot.
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    const problem = error instanceof AntomVaultError ? error.message : `${code}.`;
    throw invalidConfiguration(`Cannot use the keys in ${directory}: ${problem} ${advice}`);
  }
}

async function createKeys(directory: string): Promise<GatewayKeys> {
  const keys = await generateCredentials();
  const file = join(directory, GATEWAY_KEY_FILE);
  await writePrivateFile(file, keys.gatewayPrivateKey);
  await writeCredentials(directory, { ...keys, baseUrl: "" }).catch(async (error: unknown) => {
    // The disk might be full, for example. Without credentials.json, the next start would reject the key file.
    await rm(file);
    throw error;
  });
  // A new key file contains no creation time, so later starts use the modification time of the file.
  const { mtimeMs } = await stat(file);
  return { ...keys, versions: [{ privateKey: keys.gatewayPrivateKey, createdAt: Math.trunc(mtimeMs) }] };
}

async function readKeys(directory: string) {
  const credentials = await readPrivateFile(join(directory, CREDENTIALS_FILE));
  const gateway = await readPrivateFile(join(directory, GATEWAY_KEY_FILE));
  if (!credentials && !gateway) return undefined;
  if (!credentials) throw invalidConfiguration(`${CREDENTIALS_FILE} is missing, but ${GATEWAY_KEY_FILE} exists.`);
  if (!gateway) throw invalidConfiguration(`${GATEWAY_KEY_FILE} is missing, but ${CREDENTIALS_FILE} exists.`);
  const { baseUrl, ...merchant } = parseCredentials(credentials.text);
  await importPrivateKey(merchant.merchantPrivateKey, `merchantPrivateKey in ${CREDENTIALS_FILE}`);
  const versions = await parseKeyVersions(gateway.text, GATEWAY_KEY_FILE, gateway.changedAt);
  const knownKey = await importPublicKey(merchant.antomPublicKey, `antomPublicKey in ${CREDENTIALS_FILE}`);
  const publicKeys = await Promise.all(versions.map(({ privateKey }) => derivePublicKey(privateKey)));
  const matches = await Promise.all(publicKeys.map((key) => isSameKey(knownKey, key)));
  const newest = publicKeys.at(-1);
  if (!newest || !matches.includes(true)) {
    throw invalidConfiguration(`antomPublicKey in ${CREDENTIALS_FILE} does not match ${GATEWAY_KEY_FILE}.`);
  }
  const { privateKey: gatewayPrivateKey } = versions.at(-1) ?? versions[0];
  const keys = { ...merchant, gatewayPrivateKey, versions };
  if (matches.at(-1)) return { keys, baseUrl };
  const rotated = { ...keys, antomPublicKey: await exportPublicPem(newest) };
  await writeCredentials(directory, { ...rotated, baseUrl });
  return { keys: rotated, baseUrl };
}

const writeGatewayKeys = (directory: string, { versions }: GatewayKeys): Promise<void> =>
  writePrivateFile(join(directory, GATEWAY_KEY_FILE), formatKeyVersions(versions));

/** Writes `credentials.json` and returns its path. Call this function when the base URL is known. */
export async function writeCredentials(
  directory: string,
  { baseUrl, clientId, merchantPrivateKey, antomPublicKey }: Credentials,
): Promise<string> {
  const file = join(directory, CREDENTIALS_FILE);
  await writePrivateFile(
    file,
    `${JSON.stringify({ baseUrl, clientId, merchantPrivateKey, antomPublicKey }, null, 2)}\n`,
  );
  return file;
}

const invalidConfiguration = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

function parseCredentials(json: string): Credentials {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's message could quote the keys in the file.
    throw invalidConfiguration(`${CREDENTIALS_FILE} is not JSON.`);
  }
  const getText = (name: string): string => {
    const found = getField(value, name);
    if (typeof found !== "string" || found === "") throw invalidConfiguration(`${CREDENTIALS_FILE} has no ${name}.`);
    return found;
  };
  const baseUrl = getField(value, "baseUrl");
  return {
    // The base URL is empty until the gateway has started once. The gateway can start without it.
    baseUrl: typeof baseUrl === "string" ? baseUrl : "",
    clientId: getText("clientId"),
    merchantPrivateKey: getText("merchantPrivateKey"),
    antomPublicKey: getText("antomPublicKey"),
  };
}
