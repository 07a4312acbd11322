/** Signs the calls that users send from the dashboard. */
import { basePaths, type OperationId, operationPaths } from "../../generated/operations.ts";
import { type GatewayRequest, importSigningKey, type Merchant, signSync } from "../gateway/index.ts";
import { JSON_MEDIA_TYPE } from "../protocol/http.ts";
import { getEnvironment } from "../protocol/operations.ts";
import { formatSignatureHeader, generateKeyPair, importKeyring } from "../signature/index.ts";

/** A call that a user sends from the dashboard. */
export interface LocalCall {
  readonly clientId: string;
  readonly operation: OperationId;
  /** The body, exactly as it is sent. */
  readonly body: string;
}

export type LocalCaller = Awaited<ReturnType<typeof createLocalCaller>>;

/**
 * Creates a caller with a key pair that exists only in this process and can sign for any client. The sandbox needs this key pair because it does not
 * have the clients' private keys. Only a gateway that is not connected to a server accepts this key pair, so no request from the network can use it.
 */
export async function createLocalCaller(findMerchant: (clientId: string) => Merchant | undefined) {
  const { privateKey, publicKey } = await generateKeyPair();
  const key = await importSigningKey(privateKey, "The key of the dashboard");
  const publicKeys = await importKeyring(publicKey, "The key of the dashboard");
  return {
    /** Returns a client with this key instead of its registered key. */
    findMerchant: (clientId: string): Merchant | undefined => findMerchant(clientId) && { clientId, publicKeys },
    createRequest: ({ clientId, operation, body }: LocalCall): GatewayRequest => {
      const target = basePaths[getEnvironment(clientId)] + operationPaths[operation];
      const time = String(Date.now());
      const headers = new Headers({
        "content-type": JSON_MEDIA_TYPE,
        "client-id": clientId,
        "request-time": time,
        signature: formatSignatureHeader(signSync({ path: target, clientId, time, body }, key), 1),
      });
      const bytes = new TextEncoder().encode(body);
      return {
        method: "POST",
        target,
        headers,
        body: async (limit) => (bytes.byteLength > limit ? undefined : bytes),
      };
    },
  };
}
