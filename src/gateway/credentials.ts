/**
 * The keys of a local gateway and of its merchant: made once, kept in a folder, read back at the next start, so that a program that was
 * given the credentials keeps working. The gateway's own key can be replaced; the ones before it stay in its file.
 */
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createPrivateDirectory } from "../machine/create-private-directory.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { getField } from "../protocol/json-fields.ts";
import {
  derivePublicKey,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  isSameKey,
  toPem,
} from "../signature/index.ts";
import { formatKeyVersions, type KeyVersions, parseKeyVersions } from "./key-versions.ts";

/** What a merchant's program needs, in the form of `credentials.json`. */
export interface Credentials {
  readonly baseUrl: string;
  readonly clientId: string;
  /** PEM. */
  readonly merchantPrivateKey: string;
  /** PEM: the public key with which the gateway's answers are verified. */
  readonly antomPublicKey: string;
}

/** The keys of both sides: `antomPublicKey` is the public half of `gatewayPrivateKey`. */
export interface GatewayKeys extends Omit<Credentials, "baseUrl"> {
  /** PEM: the key that the gateway signs with, which is the last of `versions`. */
  readonly gatewayPrivateKey: string;
  readonly versions: KeyVersions;
}

export const CREDENTIALS_FILE = "credentials.json";
export const GATEWAY_KEY_FILE = "gateway-private-key.pem";

/** Fresh keys that are written nowhere. */
export async function generateCredentials(): Promise<GatewayKeys> {
  const [merchant, gateway] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  return {
    clientId: "SANDBOX_ANTOMVAULT000001",
    merchantPrivateKey: merchant.privateKey,
    antomPublicKey: gateway.publicKey,
    gatewayPrivateKey: gateway.privateKey,
    versions: [{ privateKey: gateway.privateKey, since: Date.now() }],
  };
}

/** The same keys with one more, fresh, that signs from now on; written nowhere. */
export async function withNextKey(keys: GatewayKeys): Promise<GatewayKeys> {
  const { privateKey, publicKey } = await generateKeyPair();
  const versions = [...keys.versions, { privateKey, since: Date.now() }] as const;
  return { ...keys, antomPublicKey: publicKey, gatewayPrivateKey: privateKey, versions };
}

/**
 * The keys in a folder; made there, readable by their owner only, where the folder has none. A replacement of the gateway's key that was
 * broken off between the two files is brought to its end.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where one of the two files is missing, can be read by others, cannot be read or does not
 * fit the other: new keys over old data would be a gateway that nobody knows.
 */
export const openCredentials = (folder: string): Promise<GatewayKeys> =>
  explainFailure(folder, "Mend this, or take another folder.", async () => {
    await createPrivateDirectory(folder);
    return (await readKeys(folder))?.keys ?? (await createKeys(folder));
  });

/**
 * Gives the gateway in a folder its next key, and `credentials.json` the public half of it. The key comes first: of one that is told and
 * lost, no answer would ever verify.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where the files cannot be read or written; the gateway then keeps the key that it has
 */
export const rotateCredentials = (folder: string): Promise<GatewayKeys> =>
  explainFailure(folder, "The gateway keeps the key that it has. Mend this, and try again.", async () => {
    const read = await readKeys(folder);
    if (!read) throw invalidConfiguration(`${CREDENTIALS_FILE} and ${GATEWAY_KEY_FILE} are gone.`);
    const { keys, baseUrl } = read;
    const next = await withNextKey(keys);
    await writeGatewayKeys(folder, next);
    try {
      await writeCredentials(folder, { ...next, baseUrl });
    } catch (error) {
      // Nobody was told of the new key. Where it cannot be taken back either, the next start makes it the one that signs.
      await writeGatewayKeys(folder, keys).catch(() => {});
      throw error;
    }
    return next;
  });

async function explainFailure<Done>(folder: string, advice: string, work: () => Promise<Done>): Promise<Done> {
  try {
    return await work();
  } catch (error) {
    // Of a foreign error the code is enough, and quotes nothing.
    const { code = "an error" } = error as NodeJS.ErrnoException;
    const problem = error instanceof AntomVaultError ? error.message : `the file system answers ${code}.`;
    throw invalidConfiguration(`The keys in ${folder} cannot be used: ${problem} ${advice}`);
  }
}

async function createKeys(folder: string): Promise<GatewayKeys> {
  const keys = await generateCredentials();
  const file = join(folder, GATEWAY_KEY_FILE);
  await writePrivateFile(file, keys.gatewayPrivateKey);
  await writeCredentials(folder, { ...keys, baseUrl: "" });
  // A first key has no line that says since when it is there, so it is the file that does, at this start too.
  const { mtimeMs } = await stat(file);
  return { ...keys, versions: [{ privateKey: keys.gatewayPrivateKey, since: Math.trunc(mtimeMs) }] };
}

async function readKeys(folder: string) {
  const credentials = await readPrivateFile(join(folder, CREDENTIALS_FILE));
  const gateway = await readPrivateFile(join(folder, GATEWAY_KEY_FILE));
  if (!credentials && !gateway) return undefined;
  if (!credentials) throw invalidConfiguration(`${CREDENTIALS_FILE} is missing beside ${GATEWAY_KEY_FILE}.`);
  if (!gateway) throw invalidConfiguration(`${GATEWAY_KEY_FILE} is missing beside ${CREDENTIALS_FILE}.`);
  const { baseUrl, ...told } = parseCredentials(credentials.text);
  await importPrivateKey(told.merchantPrivateKey, `merchantPrivateKey in ${CREDENTIALS_FILE}`);
  const versions = await parseKeyVersions(gateway.text, GATEWAY_KEY_FILE, gateway.changedAt);
  const toldKey = await importPublicKey(told.antomPublicKey, `antomPublicKey in ${CREDENTIALS_FILE}`);
  const publicKeys = await Promise.all(versions.map(({ privateKey }) => derivePublicKey(privateKey)));
  const fits = await Promise.all(publicKeys.map((key) => isSameKey(toldKey, key)));
  const newest = publicKeys.at(-1);
  if (!newest || !fits.includes(true)) {
    throw invalidConfiguration(`antomPublicKey in ${CREDENTIALS_FILE} does not belong to ${GATEWAY_KEY_FILE}.`);
  }
  const { privateKey: gatewayPrivateKey } = versions.at(-1) ?? versions[0];
  const keys = { ...told, gatewayPrivateKey, versions };
  if (fits.at(-1)) return { keys, baseUrl };
  const mended = { ...keys, antomPublicKey: await toPem(newest) };
  await writeCredentials(folder, { ...mended, baseUrl });
  return { keys: mended, baseUrl };
}

const writeGatewayKeys = (folder: string, { versions }: GatewayKeys): Promise<void> =>
  writePrivateFile(join(folder, GATEWAY_KEY_FILE), formatKeyVersions(versions));

/** Writes `credentials.json` as a merchant's program reads it; called once the address is known. */
export async function writeCredentials(
  folder: string,
  { baseUrl, clientId, merchantPrivateKey, antomPublicKey }: Credentials,
): Promise<string> {
  const file = join(folder, CREDENTIALS_FILE);
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
    // A parser's message would quote the file, keys and all.
    throw invalidConfiguration(`${CREDENTIALS_FILE} is not JSON.`);
  }
  const text = (name: string): string => {
    const found = getField(value, name);
    if (typeof found !== "string" || found === "") throw invalidConfiguration(`${CREDENTIALS_FILE} has no ${name}.`);
    return found;
  };
  const baseUrl = getField(value, "baseUrl");
  return {
    // Empty until the gateway has listened for the first time; no start depends on it.
    baseUrl: typeof baseUrl === "string" ? baseUrl : "",
    clientId: text("clientId"),
    merchantPrivateKey: text("merchantPrivateKey"),
    antomPublicKey: text("antomPublicKey"),
  };
}

/** Returns the text of a file and when it was changed, in milliseconds since 1970; `undefined` if there is no file. */
async function readPrivateFile(file: string) {
  try {
    const { mode, mtimeMs } = await stat(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw invalidConfiguration(
        `${basename(file)} holds a private key and can be read by others: run \`chmod 600 ${file}\`.`,
      );
    }
    return { text: await readFile(file, "utf8"), changedAt: Math.trunc(mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A new name is on the disk only once its folder is. Windows has no such thing. */
async function flushDirectory(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  await handle.sync();
}

/** Whole or not at all, a power cut included: written beside, and moved into place once it is on the disk. */
async function writePrivateFile(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  try {
    await rm(beside, { force: true });
    await writeFile(beside, text, { mode: 0o600, flag: "wx", flush: true });
    await rename(beside, file);
    await flushDirectory(dirname(file));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
