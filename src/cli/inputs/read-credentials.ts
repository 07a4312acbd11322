/** Reads credentials from a file and from the environment. @module */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import tls from "node:tls";
import type { VerificationKeys } from "../../contract/traffic/index.ts";
import { TLS_AUTHORITY_FILE } from "../../gateway/private-files.ts";
import { derivePublicKey, importKeyring } from "../../signature/index.ts";
import { usageError } from "../console/usage-error.ts";
import { readText, requireValue } from "./read-input.ts";

const VARIABLES = {
  baseUrl: "ANTOM_BASE_URL",
  clientId: "ANTOM_CLIENT_ID",
  merchantPrivateKey: "ANTOM_PRIVATE_KEY",
  antomPublicKey: "ANTOM_PUBLIC_KEY",
} as const;
type Field = keyof typeof VARIABLES;

/** The fields that a file or the environment contains. Each command checks that the fields that it needs are present. */
export type PartialCredentials = { readonly [Name in Field]?: string | undefined };

/**
 * Reads a credentials file. If its base URL uses https, trusts the certificate authority that is stored next to the file. Returns no fields if no
 * file is given. Errors never quote the contents of the file.
 */
export async function readCredentialsFile(file: string | undefined): Promise<PartialCredentials> {
  if (file === undefined) return {};
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw usageError(`Cannot read ${file}: the file is not valid JSON.`);
  }
  if (typeof value !== "object" || value === null)
    throw usageError(`Cannot read ${file}: the file contains no credentials.`);
  const fields = Object.entries(value).filter(([, field]) => typeof field === "string");
  const credentials: PartialCredentials = Object.fromEntries(fields);
  if (credentials.baseUrl?.startsWith("https:")) await trustAuthority(join(dirname(file), TLS_AUTHORITY_FILE));
  return credentials;
}

/** Makes this process trust the certificate authority of a local server, which the server stores next to its credentials. */
async function trustAuthority(file: string): Promise<void> {
  const authority = await readFile(file, "utf8").catch(() => undefined);
  // Before version 22.19, Node.js does not have these functions, so users must set NODE_EXTRA_CA_CERTS.
  if (authority === undefined || !("setDefaultCACertificates" in tls)) return;
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), authority]);
}

/** Reads credentials from a file, and missing fields from the environment. An empty value counts as missing. */
export async function readCredentials(file: string | undefined): Promise<PartialCredentials> {
  const given = await readCredentialsFile(file);
  const findField = (field: Field) => given[field] || process.env[VARIABLES[field]] || undefined;
  return {
    baseUrl: findField("baseUrl"),
    clientId: findField("clientId"),
    merchantPrivateKey: findField("merchantPrivateKey"),
    antomPublicKey: findField("antomPublicKey"),
  };
}

/** @throws AntomVaultError `CONFIGURATION_INVALID` if the field is missing */
export const requireField = (credentials: PartialCredentials, field: Field): string =>
  requireValue(
    credentials[field],
    `Missing ${field}: use a --credentials file that contains it, or set the environment variable ${VARIABLES[field]}.`,
  );

/** @throws AntomVaultError `CONFIGURATION_INVALID` if `clientId` or a key is missing */
export const requireCredentials = (credentials: PartialCredentials) => ({
  clientId: requireField(credentials, "clientId"),
  merchantPrivateKey: requireField(credentials, "merchantPrivateKey"),
  antomPublicKey: requireField(credentials, "antomPublicKey"),
});

/**
 * Reads the base URL, the client ID, and the keys that verify recorded messages. Each of them is optional.
 *
 * @throws AntomVaultError `KEY_INVALID` if a key is invalid; `CONFIGURATION_INVALID` if the file cannot be read
 */
export async function readVerificationKeys(
  file: string | undefined,
): Promise<VerificationKeys & { readonly baseUrl?: string }> {
  const { baseUrl, clientId, merchantPrivateKey: own, antomPublicKey } = await readCredentials(file);
  const merchant = own && (await importKeyring(await derivePublicKey(own, "merchantPrivateKey"), "merchantPrivateKey"));
  const antom = antomPublicKey && (await importKeyring(antomPublicKey, "antomPublicKey"));
  return {
    ...(baseUrl ? { baseUrl } : {}),
    ...(clientId ? { clientId } : {}),
    ...(merchant ? { merchant } : {}),
    ...(antom ? { antom } : {}),
  };
}

/** Parses a base URL. `names` lists the named targets that the command accepts instead of a base URL, for error messages. */
export function parseBaseUrl(given: string | undefined, names: string): URL {
  const baseUrl = requireValue(given, `Missing target: specify ${names}, or a base URL.`);
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw usageError(`The target must be ${names}, or a base URL such as https://gateway.example.`);
  return url;
}
