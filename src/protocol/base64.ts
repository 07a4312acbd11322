/** Encodes bytes as standard base64 with padding. Supports up to about 64 KiB, because each byte becomes a function argument. */
export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/**
 * Decodes base64 as leniently as `atob` does: accepts spaces, missing padding, and nonzero trailing bits.
 * Returns `undefined` if the text is not base64.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return undefined;
  }
}
