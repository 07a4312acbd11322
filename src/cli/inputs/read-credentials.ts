/** Whom a command speaks for, and where: from a credentials file, else from the environment. */

import { wrongUsage } from "../console/usage-error.ts";
import { needed, readCredentialsFile } from "./read-input.ts";

/** As far as somebody has told it. */
export interface ToldCredentials {
  readonly baseUrl: string | undefined;
  readonly clientId: string | undefined;
  readonly merchantPrivateKey: string | undefined;
  readonly antomPublicKey: string | undefined;
}

/** From a file, and what that does not say from the environment. An empty variable says nothing. */
export async function readCredentials(file: string | undefined): Promise<ToldCredentials> {
  const { env } = process;
  const told = await readCredentialsFile(file);
  return {
    baseUrl: told.baseUrl || env["ANTOM_BASE_URL"] || undefined,
    clientId: told.clientId || env["ANTOM_CLIENT_ID"] || undefined,
    merchantPrivateKey: told.merchantPrivateKey || env["ANTOM_PRIVATE_KEY"] || undefined,
    antomPublicKey: told.antomPublicKey || env["ANTOM_PUBLIC_KEY"] || undefined,
  };
}

/** @throws AntomVaultError `CONFIGURATION_INVALID` where one of the three is told nowhere */
export const completeCredentials = ({ clientId, merchantPrivateKey, antomPublicKey }: ToldCredentials) => ({
  clientId: needed(clientId, how("clientId", "ANTOM_CLIENT_ID")),
  merchantPrivateKey: needed(merchantPrivateKey, how("merchantPrivateKey", "ANTOM_PRIVATE_KEY")),
  antomPublicKey: needed(antomPublicKey, how("antomPublicKey", "ANTOM_PUBLIC_KEY")),
});

/** How a part of the credentials is told. */
export const how = (field: string, variable: string): string =>
  `${field}, by --credentials FILE (as the sandbox writes it) or ${variable} in the environment,`;

/** A base URL out of what was given; `names` are the other words that would do. */
export function addressOf(given: string | undefined, names: string): URL {
  const baseUrl = needed(given, `A target: ${names} or a base URL,`);
  const address = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!address || !/^https?:$/.test(address.protocol))
    throw wrongUsage(`The target must be ${names}, or a base URL such as https://gateway.example.`);
  return address;
}
