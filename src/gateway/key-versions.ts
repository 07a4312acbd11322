/**
 * The versions of a gateway's signing key, and the file that holds them: one PEM block after the other, the n-th is key version n. A file
 * with one key alone is PEM as ever.
 */
import { importSigningKey } from "./node-crypto.ts";

/** One version of the key that the gateway signs with. */
export interface GatewayKey {
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** When it was made, in milliseconds since 1970 on the machine's clock. */
  readonly since: number;
}

/** Every key that a gateway has had, the first one first: the n-th is key version n, and the last signs. */
export type KeyVersions = readonly [GatewayKey, ...GatewayKey[]];

const BEGIN = "-----BEGIN ";
/** The line before a block, which whoever reads PEM passes over. */
const SINCE_LINE = /^since (\S+)$/m;

export const formatKeyVersions = (versions: KeyVersions): string =>
  versions.map(({ privateKey, since }) => `since ${new Date(since).toISOString()}\n${privateKey}`).join("");

/**
 * Reads the keys, each into the one form in which it is written again: what is derived from the first stays the same, whatever form a user
 * gave it, and whatever comes after it.
 *
 * @param changedAt since when a key is there of which the file does not say it; milliseconds since 1970
 * @throws AntomVaultError `KEY_INVALID` as `importPrivateKey`
 */
export async function parseKeyVersions(text: string, name: string, changedAt: number): Promise<KeyVersions> {
  // The line of a block stands at the end of what is before it.
  const [before = "", ...blocks] = text.split(BEGIN);
  const read = async (block: string, at: number): Promise<GatewayKey> => {
    const nameOfKey = blocks.length > 1 ? `key ${at + 1} in ${name}` : name;
    const since = Date.parse(SINCE_LINE.exec(blocks[at - 1] ?? before)?.[1] ?? "");
    const key = await importSigningKey(block, nameOfKey);
    const privateKey = key.export({ type: "pkcs8", format: "pem" }).toString();
    return { privateKey, since: Number.isNaN(since) ? changedAt : since };
  };
  // Bare base64 has no block.
  const [first = text, ...later] = blocks.map((block) => BEGIN + block);
  return [await read(first, 0), ...(await Promise.all(later.map((each, at) => read(each, at + 1))))];
}
