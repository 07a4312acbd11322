import { AntomVaultError } from "../errors.ts";
import { untilAborted } from "./deadline.ts";

/** The bytes of an answer, at most `limit` of them. Throws `RESPONSE_TOO_LARGE` and lets go of the connection. */
export async function readCapped(response: Response, limit: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) break;
      size += value.byteLength;
      if (size > limit) throw new AntomVaultError("RESPONSE_TOO_LARGE", `The answer is larger than ${limit} bytes.`);
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
