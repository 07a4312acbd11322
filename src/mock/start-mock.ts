import { type Credentials, type GatewayKeys, listen, throwAwayCredentials } from "../gateway/index.ts";
import { createMock, type MockOptions } from "./mock.ts";

export interface RunningMock extends AsyncDisposable {
  /** What a client needs to call it. */
  readonly credentials: Credentials;
  readonly close: () => Promise<void>;
}

/**
 * Starts a mock of the Vault API on this machine.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING`, `CONFIGURATION_INVALID` where the port cannot be had
 * @example
 * ```ts
 * await using mock = await startMock();
 * const vault = createVaultClient(mock.credentials);
 * ```
 */
export async function startMock({
  host,
  port,
  keys,
  ...options
}: Omit<MockOptions, "keys"> & {
  readonly host?: string;
  readonly port?: number;
  readonly keys?: GatewayKeys;
} = {}): Promise<RunningMock> {
  const used = keys ?? (await throwAwayCredentials());
  const gateway = await createMock({ ...options, keys: used });
  const { baseUrl, close } = await listen(gateway, {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  });
  const { clientId, merchantPrivateKey, antomPublicKey } = used;
  return {
    credentials: { baseUrl, clientId, merchantPrivateKey, antomPublicKey },
    close: () => close(),
    [Symbol.asyncDispose]: () => close(),
  };
}
