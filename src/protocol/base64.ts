/** Returns a key or a signature as standard base64 with padding. Not for more than some 64 KiB, which a call takes as arguments. */
export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/**
 * The bytes of a base64 text, or `undefined` where there are none.
 * As lenient as `atob` (blanks, missing padding, stray last bits): who needs one exact form encodes
 * the answer again and compares.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}
