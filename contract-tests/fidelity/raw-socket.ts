/** Requests over a real socket, signed and written byte by byte, so that nothing puts its own form in the place of a row's. */
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

/** A merchant at one gateway, on one connection that is opened again where the gateway closes it. */
export interface RawClient {
  /** Rejects where no answer comes, and where one is not signed that should be. */
  readonly send: (asked: CaseRequest) => Promise<GatewayResult>;
  readonly close: () => void;
}

/** The path of an operation in the sandbox. */
export const sandboxPath = (operation: OperationId): string => basePaths.sandbox + operationPaths[operation];

const unchanged = (text: string): string => text;

/** The headers of a request by their names, as a row wants them. */
export function buildHeaders(
  { clientId, time }: Pick<SignedMessage, "clientId" | "time">,
  signature: string | null,
  { contentType = "application/json; charset=UTF-8", names = unchanged, extra = {}, time: told }: RequestHead = {},
): readonly (readonly [string, string])[] {
  const own = { "Client-Id": clientId, "Request-Time": told === null ? null : time, Signature: signature };
  return Object.entries({ "Content-Type": contentType, ...own })
    .filter((header): header is [string, string] => header[1] !== null)
    .map(([name, value]) => [names(name), value] as const)
    .concat(Object.entries(extra));
}

/** Connects a merchant to a gateway. */
export async function connectRawClient({ baseUrl, ...merchant }: Credentials): Promise<RawClient> {
  const key = await importSigningKey(merchant.merchantPrivateKey, "merchantPrivateKey");
  const foreign = await importSigningKey((await generateKeyPair()).privateKey, "privateKey");
  const keyring = await importKeyring(merchant.antomPublicKey, "antomPublicKey");
  let connection = await openRawConnection(baseUrl);

  return {
    close: () => connection.close(),
    send: async ({ operation, text, head = {} }) => {
      const path = (head.path ?? unchanged)(sandboxPath(operation));
      const { method = "POST", clientId = merchant.clientId } = head;
      // What is not sent is signed as an empty text, so that the signature is not what is wrong.
      const time = head.time === null ? "" : (head.time ?? String(Date.now()));
      const sent: SignedMessage = { method, path, clientId, time, body: text };
      const base64 = signSync({ ...sent, ...head.signs?.(sent) }, head.foreignKey ? foreign : key);
      const signature = head.signature ? head.signature(base64) : formatSignatureHeader(base64, "1");
      const body = Buffer.from(text);
      const headers = [
        ["Host", new URL(baseUrl).host] as const,
        ...buildHeaders(sent, signature, head),
        ["Content-Length", String(body.length)] as const,
      ];
      if (!connection.isOpen()) connection = await openRawConnection(baseUrl);
      const answer = await connection.send(buildRawRequest(method, path, headers, body));
      if (answer.status !== 200) throw new Error(`The gateway answered HTTP ${answer.status}.`);
      const { result } = JSON.parse(answer.body.toString()) as { readonly result: GatewayResult };
      const message = {
        path,
        clientId,
        time: answer.headers.get("response-time") ?? "",
        body: Uint8Array.from(answer.body),
      };
      const fault = await findSignatureError(keyring, message, answer.headers.get("signature") ?? null);
      if ((fault === undefined) === (result.resultCode === "INVALID_SIGNATURE")) {
        throw new Error(`The answer ${result.resultCode} is ${fault === undefined ? "signed" : `not: ${fault}`}`);
      }
      return result;
    },
  };
}
