/** Finds secrets in bytes, as plain text and in the encodings in which a program is likely to leak them. @module */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Needle {
  /** The name of the secret and its encoding, never the secret itself. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Returns needles for these forms of a secret: plain, reversed, UTF-16, hexadecimal, base64 at each offset, percent-encoded, and JSON in JSON. */
export function createNeedles(name: string, secret: string): readonly Needle[] {
  const utf16 = Buffer.from(secret, "utf16le");
  const forms: readonly (readonly [string, Buffer])[] = [
    ["plain", Buffer.from(secret)],
    ["reversed", Buffer.from([...secret].reverse().join(""))],
    ["UTF-16 little-endian", utf16],
    ["UTF-16 big-endian", Buffer.from(utf16).swap16()],
    ["hexadecimal", Buffer.from(Buffer.from(secret).toString("hex"))],
    ["uppercase hexadecimal", Buffer.from(Buffer.from(secret).toString("hex").toUpperCase())],
    ["hexadecimal of UTF-16", Buffer.from(utf16.toString("hex"))],
    ...[0, 1, 2].map((offset) => [`base64 at offset ${offset}`, Buffer.from(toBase64At(secret, offset))] as const),
    ["percent-encoded", Buffer.from(encodeURIComponent(secret))],
    ["JSON in JSON", Buffer.from(JSON.stringify(secret).slice(1, -1))],
  ];
  const known = new Set<string>();
  return forms.flatMap(([form, bytes]) => {
    const key = bytes.toString("latin1");
    if (known.has(key)) return [];
    known.add(key);
    return [{ name: `${name}, ${form}`, bytes }];
  });
}

/** Returns the base64 characters that encode only the secret if the secret starts `offset` bytes into a group of 3 bytes. */
function toBase64At(secret: string, offset: number): string {
  const before = Buffer.alloc(offset);
  const bytes = Buffer.concat([before, Buffer.from(secret)]);
  const encoded = bytes.toString("base64").replace(/=+$/, "");
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return encoded.slice(first, last);
}

/** Returns the names of the needles that the bytes contain. */
export const findNeedles = (bytes: Buffer, needles: readonly Needle[]): string[] =>
  needles.filter((needle) => bytes.includes(needle.bytes)).map(({ name }) => name);

/** Returns the names of the needles that the files of a directory contain, each prefixed with the name of the file. */
export async function findNeedlesInDirectory(directory: string, needles: readonly Needle[]): Promise<string[]> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const found = await Promise.all(
    files.map(async ({ name, parentPath }) => {
      const bytes = await readFile(join(parentPath, name));
      return findNeedles(bytes, needles).map((needle) => `${name}: ${needle}`);
    }),
  );
  return found.flat();
}
