/** The longest values that Antom's pages and SDK comments allow in fields, and values that are 1 character longer. */

import { CARD_POINTER, createVaultRequestWith } from "./base-requests.ts";
import { createAcceptedCase, createCases, createInvalidCase, type SampleCase, type Table } from "./sample-case.ts";

const LIMITS: Table<[id: string, pointer: string, limit: number]> = {
  "Vault API page, vaultingRequestId": [["id", "/vaultingRequestId", 64]],
  "Vault API page of 2026, metadata": [["metadata", "/metadata", 2048]],
  "SDK comments on Address; the sample's state has the same length": [
    ["state", `${CARD_POINTER}/billingAddress/state`, 8],
  ],
  "SDK comments on Address": [["zip-code", `${CARD_POINTER}/billingAddress/zipCode`, 32]],
  "SDK comments on UserName": [
    ["first-name", `${CARD_POINTER}/cardholderName/firstName`, 32],
    ["full-name", `${CARD_POINTER}/cardholderName/fullName`, 128],
  ],
  "OpenAPI file of Antom's SDK team": [["transaction-id", `${CARD_POINTER}/networkTransactionId`, 256]],
  "SDK comments on Env": [
    ["device-token", "/env/deviceTokenId", 64],
    ["extend-info", "/env/extendInfo", 2048],
  ],
};

/** The fields that an address and a name require. */
const REQUIRED = {
  card: { billingAddress: { region: "CN" }, cardholderName: { firstName: "Ana", lastName: "Souza" } },
};

/** Cases at each limit and 1 character past it. */
export const limitCases: readonly SampleCase[] = [
  ...createCases(LIMITS, (source, id, pointer, limit) =>
    createAcceptedCase({
      id: `limit-${id}`,
      description: `The longest valid value has ${limit} characters.`,
      source,
      body: createVaultRequestWith(`limit-${id}`, pointer, "x".repeat(limit), REQUIRED),
    }),
  ),
  ...createCases(LIMITS, (source, id, pointer, limit) =>
    createInvalidCase({
      id: `past-limit-${id}`,
      description: `A value with ${limit + 1} characters is too long.`,
      source,
      body: createVaultRequestWith(`past-limit-${id}`, pointer, "x".repeat(limit + 1), REQUIRED),
      violations: [pointer, "maxLength"],
    }),
  ),
];
