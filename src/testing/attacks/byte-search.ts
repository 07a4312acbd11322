/** Looks for secrets in bytes, in every form in which a careless program leaves them. @module */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Needle {
  /** Which secret in which form: never the secret. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** A text as ASCII, UTF-16 in both orders, hexadecimal, base64 wherever it begins, and backwards. */
export function createNeedles(name: string, secret: string): readonly Needle[] {
  const utf16 = Buffer.from(secret, "utf16le");
  const forms: readonly (readonly [string, Buffer])[] = [
    ["as it is", Buffer.from(secret)],
    ["backwards", Buffer.from([...secret].reverse().join(""))],
    ["UTF-16 little-endian", utf16],
    ["UTF-16 big-endian", Buffer.from(utf16).swap16()],
    ["hexadecimal", Buffer.from(Buffer.from(secret).toString("hex"))],
    ["hexadecimal, capitals", Buffer.from(Buffer.from(secret).toString("hex").toUpperCase())],
    ["hexadecimal of UTF-16", Buffer.from(utf16.toString("hex"))],
    ...[0, 1, 2].map((offset) => [`base64 at offset ${offset}`, Buffer.from(toBase64At(secret, offset))] as const),
    ["percent-encoded", Buffer.from(encodeURIComponent(secret))],
    ["in a JSON text in a JSON text", Buffer.from(JSON.stringify(secret).slice(1, -1))],
  ];
  const known = new Set<string>();
  return forms.flatMap(([form, bytes]) => {
    const key = bytes.toString("latin1");
    if (known.has(key)) return [];
    known.add(key);
    return [{ name: `${name}, ${form}`, bytes }];
  });
}

/** The characters of base64 that hold a text and nothing else, where it begins so many bytes after a group of three. */
export function toBase64At(secret: string, offset: number): string {
  const before = Buffer.alloc(offset);
  const bytes = Buffer.concat([before, Buffer.from(secret)]);
  const encoded = bytes.toString("base64").replace(/=+$/, "");
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return encoded.slice(first, last);
}

/** The needles that are in the bytes. */
export const findNeedles = (bytes: Buffer, needles: readonly Needle[]): string[] =>
  needles.filter((needle) => bytes.includes(needle.bytes)).map(({ name }) => name);

/** The needles that are in a folder's files, each with the file's name. */
export async function findNeedlesInDirectory(folder: string, needles: readonly Needle[]): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const found = await Promise.all(
    files.map(async ({ name, parentPath }) => {
      const bytes = await readFile(join(parentPath, name));
      return findNeedles(bytes, needles).map((each) => `${name}: ${each}`);
    }),
  );
  return found.flat();
}
