// Made by `npm run generate` from spec/. Do not edit.

/** The operations, in the order of the OpenAPI document. */
export const operations = [
  "vaultPaymentMethod",
  "createVaultingSession",
  "inquireVaulting"
] as const;

/** The path of each operation, below the base path. */
export const operationPaths = {
  "vaultPaymentMethod": "/v1/vaults/vaultPaymentMethod",
  "createVaultingSession": "/v1/vaults/createVaultingSession",
  "inquireVaulting": "/v1/vaults/inquireVaulting"
} as const;

/** The origin of Antom's gateway in each region: scheme and host, without a path. */
export const servers = {
  "north-america": "https://open-na-global.alipay.com",
  "united-states": "https://open.antglobal-us.com",
  "asia": "https://open-sea-global.alipay.com",
  "europe": "https://open-de-global.alipay.com"
} as const;

/** The base path of each environment, before an operation's path. */
export const basePaths = {
  "sandbox": "/ams/sandbox/api",
  "production": "/ams/api"
} as const;

/** The environments, in the order of the OpenAPI document. */
export const environments = [
  "sandbox",
  "production"
] as const;

/** The names of the fields with card data or identification numbers of the cardholder, which must never be shown, logged, or stored. */
export const cardDataFields = [
  "cardNo",
  "expiryYear",
  "expiryMonth",
  "cvv",
  "cardholderName",
  "billingAddress",
  "dateOfBirth",
  "businessNo",
  "businessRegistrationNo",
  "cardPasswordDigest",
  "cpf"
] as const;

/** An operation of the Vault API. */
export type OperationId = "vaultPaymentMethod" | "createVaultingSession" | "inquireVaulting";
/** A region of Antom's gateway. The dashboard shows yours. */
export type Region = "north-america" | "united-states" | "asia" | "europe";
/** An environment of Antom's gateway, which determines the base path: `/ams/api` or `/ams/sandbox/api`. */
export type Environment = "sandbox" | "production";
