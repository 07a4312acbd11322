import type { Keys } from "../contract/inspect.ts";
import { importKeyring, publicKeyOf } from "../signature/index.ts";
import { readCredentialsFile } from "./input.ts";

/**
 * What overheard messages are verified with: from a credentials file, else from the environment, as far as either tells it.
 *
 * @throws AntomVaultError `KEY_INVALID`; `CONFIGURATION_INVALID` where the file cannot be read
 */
export async function readKeys(file: string | undefined): Promise<Keys & { readonly baseUrl?: string }> {
  const read = await readCredentialsFile(file);
  const { env } = process;
  const clientId = read.clientId ?? env["ANTOM_CLIENT_ID"];
  const privateKey = read.merchantPrivateKey ?? env["ANTOM_PRIVATE_KEY"];
  const publicKey = read.antomPublicKey ?? env["ANTOM_PUBLIC_KEY"];
  const baseUrl = read.baseUrl ?? env["ANTOM_BASE_URL"];
  return {
    ...(baseUrl ? { baseUrl } : {}),
    ...(clientId ? { clientId } : {}),
    ...(privateKey
      ? {
          merchant: await importKeyring(await publicKeyOf(privateKey, "merchantPrivateKey"), "merchantPrivateKey"),
        }
      : {}),
    ...(publicKey ? { antom: await importKeyring(publicKey, "antomPublicKey") } : {}),
  };
}
