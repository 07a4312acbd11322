/** The versions of a gateway's signing key and their file format: a sequence of PEM blocks, in which block n is key version n. */
import { importSigningKey } from "./node-crypto.ts";

/** A version of the gateway's signing key. */
export interface GatewayKey {
  /** The private key: PKCS#8 in PEM. */
  readonly privateKey: string;
  /** The creation time of the key, in milliseconds since the Unix epoch, on the system clock. */
  readonly createdAt: number;
}

/** All keys of a gateway, from oldest to newest. The nth key is key version n, and the gateway signs with the last one. */
export type KeyVersions = readonly [GatewayKey, ...GatewayKey[]];

const BEGIN = "-----BEGIN ";
/** Matches the line with the creation time of a key, which precedes its PEM block. PEM parsers ignore this line. */
const CREATION_TIME_LINE = /^since (\S+)$/m;

export const formatKeyVersions = (versions: KeyVersions): string =>
  versions.map(({ privateKey, createdAt }) => `since ${new Date(createdAt).toISOString()}\n${privateKey}`).join("");

/**
 * Parses the keys and normalizes each to PKCS#8 PEM, so that values derived from a key do not depend on its format in the file.
 *
 * @param defaultCreatedAt the creation time, in milliseconds since the Unix epoch, of keys for which the file contains no valid creation time
 * @throws {AntomVaultError} `KEY_INVALID` if `importPrivateKey` rejects a key.
 */
export async function parseKeyVersions(text: string, name: string, defaultCreatedAt: number): Promise<KeyVersions> {
  const [before = "", ...blocks] = text.split(BEGIN);
  const parseBlock = async (block: string, index: number): Promise<GatewayKey> => {
    const keyName = blocks.length > 1 ? `key ${index + 1} in ${name}` : name;
    // The creation time is at the end of the text before the block.
    const createdAt = Date.parse(CREATION_TIME_LINE.exec(blocks[index - 1] ?? before)?.[1] ?? "");
    const key = await importSigningKey(block, keyName);
    const privateKey = key.export({ type: "pkcs8", format: "pem" }).toString();
    return { privateKey, createdAt: Number.isNaN(createdAt) ? defaultCreatedAt : createdAt };
  };
  // Bare base64 contains no PEM block, so the whole text is the key.
  const [first = text, ...later] = blocks.map((block) => BEGIN + block);
  return [
    await parseBlock(first, 0),
    ...(await Promise.all(later.map((block, index) => parseBlock(block, index + 1)))),
  ];
}
