/** Sends signed requests over a raw socket, so that no HTTP client normalizes the bytes of a test case. */
import { basePaths, type OperationId, operationPaths } from "../../generated/operations.ts";
import { type Credentials, importSigningKey, signSync } from "../../src/gateway/index.ts";
import {
  findSignatureError,
  formatSignatureHeader,
  generateKeyPair,
  importKeyring,
} from "../../src/signature/index.ts";
import { buildRawRequest, openRawConnection } from "../../src/testing/attacks/raw-merchant.ts";
import type { CaseRequest, RequestHead, SignedMessage } from "./cases/sample-case.ts";

interface GatewayResult {
  readonly resultCode: string;
  readonly resultStatus: string;
  readonly resultMessage: string;
}

/** A merchant's connection to a gateway. It reconnects if the gateway closes the connection. */
export interface RawClient {
  /** Rejects if there is no response with HTTP status 200, or if the signature of the response is invalid, missing, or unexpected. */
  readonly send: (request: CaseRequest) => Promise<GatewayResult>;
  readonly close: () => void;
}

/** Returns the path of an operation in the sandbox environment. */
export const getSandboxPath = (operation: OperationId): string => basePaths.sandbox + operationPaths[operation];

const identity = (text: string): string => text;

/** Returns the headers of a request, with the changes from a test case. */
export function buildHeaders(
  { clientId, time }: Pick<SignedMessage, "clientId" | "time">,
  signature: string | null,
  {
    contentType = "application/json; charset=UTF-8",
    names = identity,
    extra = {},
    time: changedTime,
  }: RequestHead = {},
): readonly (readonly [string, string])[] {
  const sent = { "Client-Id": clientId, "Request-Time": changedTime === null ? null : time, Signature: signature };
  return Object.entries({ "Content-Type": contentType, ...sent })
    .filter((header): header is [string, string] => header[1] !== null)
    .map(([name, value]) => [names(name), value] as const)
    .concat(Object.entries(extra));
}

/** Returns the bytes of a request, with the changes from a test case. */
function buildRequest(sent: SignedMessage, host: string, signature: string | null, head: RequestHead): Buffer {
  const body = Buffer.from(sent.body);
  const lines = head.lines?.({ ...sent, host, signature: signature ?? "", length: body.length });
  if (lines) return Buffer.concat([Buffer.from([...lines, "", ""].join("\r\n")), body]);
  const headers = [
    ["Host", host] as const,
    ...buildHeaders(sent, signature, head),
    ["Content-Length", String(body.length)] as const,
  ];
  return buildRawRequest(sent.method, sent.path, headers, body);
}

/** Connects to a gateway as a merchant. */
export async function connectRawClient({ baseUrl, ...merchant }: Credentials): Promise<RawClient> {
  const key = await importSigningKey(merchant.merchantPrivateKey, "merchantPrivateKey");
  const unknownKey = await importSigningKey((await generateKeyPair()).privateKey, "privateKey");
  const keyring = await importKeyring(merchant.antomPublicKey, "antomPublicKey");
  let connection = await openRawConnection(baseUrl);

  return {
    close: () => connection.close(),
    send: async ({ operation, text, head = {} }) => {
      const path = (head.path ?? identity)(getSandboxPath(operation));
      const { method = "POST", clientId = merchant.clientId } = head;
      // Sign a missing time as an empty string, so that the missing header is the only error.
      const time = head.time === null ? "" : (head.time ?? String(Date.now()));
      const sent: SignedMessage = { method, path, clientId, time, body: text };
      const base64 = signSync({ ...sent, ...head.signed?.(sent) }, head.unknownKey ? unknownKey : key);
      const signature = head.signature ? head.signature(base64) : formatSignatureHeader(base64, "1");
      if (!connection.isOpen()) connection = await openRawConnection(baseUrl);
      const response = await connection.send(buildRequest(sent, new URL(baseUrl).host, signature, head));
      if (response.status !== 200) throw new Error(`The gateway responded with HTTP ${response.status}.`);
      const { result } = JSON.parse(response.body.toString()) as { readonly result: GatewayResult };
      const message = {
        path,
        clientId,
        time: response.headers.get("response-time") ?? "",
        body: Uint8Array.from(response.body),
      };
      const error = await findSignatureError(keyring, message, response.headers.get("signature") ?? null);
      if ((error === undefined) === ["INVALID_SIGNATURE", "OAUTH_FAIL"].includes(result.resultCode)) {
        throw new Error(
          `The response ${result.resultCode} has ${error === undefined ? "a" : "no"} valid signature. ${error ?? ""}`,
        );
      }
      return result;
    },
  };
}
