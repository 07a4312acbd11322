import type { Keys } from "../../contract/traffic/index.ts";
import { importKeyring, publicKeyOf } from "../../signature/index.ts";
import { readCredentials } from "../inputs/read-credentials.ts";

/**
 * What overheard messages are verified with: from a credentials file, else from the environment, as far as either tells it.
 *
 * @throws AntomVaultError `KEY_INVALID`; `CONFIGURATION_INVALID` where the file cannot be read
 */
export async function readKeys(file: string | undefined): Promise<Keys & { readonly baseUrl?: string }> {
  const { baseUrl, clientId, merchantPrivateKey, antomPublicKey } = await readCredentials(file);
  return {
    ...(baseUrl ? { baseUrl } : {}),
    ...(clientId ? { clientId } : {}),
    ...(merchantPrivateKey
      ? {
          merchant: await importKeyring(
            await publicKeyOf(merchantPrivateKey, "merchantPrivateKey"),
            "merchantPrivateKey",
          ),
        }
      : {}),
    ...(antomPublicKey ? { antom: await importKeyring(antomPublicKey, "antomPublicKey") } : {}),
  };
}
