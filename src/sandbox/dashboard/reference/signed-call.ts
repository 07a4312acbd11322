/** A call of the sandbox's first merchant, signed for whoever tries the API in the reference. */
import { importSigningKey, signNow } from "../../../gateway/index.ts";
import { routeOf } from "../../../protocol/operations.ts";
import { formatSignatureHeader, headOfText } from "../../../signature/index.ts";

export interface SignedCall {
  /** What was signed, as text. */
  readonly text: string;
  /** In base64. */
  readonly signature: string;
  readonly headers: Readonly<Record<"Client-Id" | "Request-Time" | "Signature", string>>;
}

export interface SigningMerchant {
  readonly clientId: string;
  readonly merchantPrivateKey: string;
}

/** Whether a path is that of an operation of the sandbox, as its gateway sees it. */
export const isCallOfApi = (path: string): boolean => routeOf(path)?.environment === "sandbox";

export type SignCall = (path: string, body: string) => SignedCall;

/** Signs with the key of the credentials file, at the machine's time, as every client does. */
export async function createSignCall({ clientId, merchantPrivateKey }: SigningMerchant): Promise<SignCall> {
  const key = await importSigningKey(merchantPrivateKey, "merchantPrivateKey");
  return (path, body) => {
    const message = { path, clientId, time: String(Date.now()), body };
    const signature = signNow(message, key);
    return {
      text: headOfText(message) + body,
      signature,
      headers: {
        "Client-Id": clientId,
        "Request-Time": message.time,
        Signature: formatSignatureHeader(signature, 1),
      },
    };
  };
}
