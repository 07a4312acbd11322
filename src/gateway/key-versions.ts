/** The versions of a gateway's signing key and their file format: a sequence of PEM blocks, of which the n-th is key version n. */
import { importSigningKey } from "./node-crypto.ts";

/** A version of the gateway's signing key. */
export interface GatewayKey {
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** When the key was created, in milliseconds since 1970 on the system clock. */
  readonly since: number;
}

/** All keys of a gateway from oldest to newest. The n-th is key version n, and the gateway signs with the last. */
export type KeyVersions = readonly [GatewayKey, ...GatewayKey[]];

const BEGIN = "-----BEGIN ";
/** The line before a block. PEM parsers ignore it. */
const SINCE_LINE = /^since (\S+)$/m;

export const formatKeyVersions = (versions: KeyVersions): string =>
  versions.map(({ privateKey, since }) => `since ${new Date(since).toISOString()}\n${privateKey}`).join("");

/**
 * Parses the keys and normalizes each to PKCS#8 PEM, so that values derived from a key do not depend on its format in the file.
 *
 * @param changedAt the creation time of keys that have none in the file, in milliseconds since 1970
 * @throws {AntomVaultError} `KEY_INVALID` if `importPrivateKey` rejects a key
 */
export async function parseKeyVersions(text: string, name: string, changedAt: number): Promise<KeyVersions> {
  const [before = "", ...blocks] = text.split(BEGIN);
  const parseBlock = async (block: string, index: number): Promise<GatewayKey> => {
    const keyName = blocks.length > 1 ? `key ${index + 1} in ${name}` : name;
    // The line is at the end of the text before the block.
    const since = Date.parse(SINCE_LINE.exec(blocks[index - 1] ?? before)?.[1] ?? "");
    const key = await importSigningKey(block, keyName);
    const privateKey = key.export({ type: "pkcs8", format: "pem" }).toString();
    return { privateKey, since: Number.isNaN(since) ? changedAt : since };
  };
  // Bare base64 has no PEM block.
  const [first = text, ...later] = blocks.map((block) => BEGIN + block);
  return [
    await parseBlock(first, 0),
    ...(await Promise.all(later.map((block, index) => parseBlock(block, index + 1)))),
  ];
}
