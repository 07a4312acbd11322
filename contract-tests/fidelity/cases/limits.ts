/** The longest text that the vendor's pages and SDK comments allow in a field, and one that is longer. */

import { CARD, vaultWith } from "./base-requests.ts";
import { accepts, createCases, rejects, type SampleCase, type Table } from "./sample-case.ts";

const LIMITS: Table<[id: string, pointer: string, limit: number]> = {
  "Vault API page, vaultingRequestId": [["id", "/vaultingRequestId", 64]],
  "Vault API page of 2026, metadata": [["metadata", "/metadata", 2048]],
  "SDK comments on Address; the sample's state has exactly as many": [["state", `${CARD}/billingAddress/state`, 8]],
  "SDK comments on Address": [["zip-code", `${CARD}/billingAddress/zipCode`, 32]],
  "SDK comments on UserName": [
    ["first-name", `${CARD}/cardholderName/firstName`, 32],
    ["full-name", `${CARD}/cardholderName/fullName`, 128],
  ],
  "SDK comments on Env": [
    ["device-token", "/env/deviceTokenId", 64],
    ["extend-info", "/env/extendInfo", 2048],
  ],
};

/** At the limit and one past it. */
export const limitCases: readonly SampleCase[] = [
  ...createCases(LIMITS, (source, id, pointer, limit) =>
    accepts({
      id: `limit-${id}`,
      standsFor: `The longest legal text: ${limit} characters.`,
      source,
      body: vaultWith(`limit-${id}`, pointer, "x".repeat(limit)),
    }),
  ),
  ...createCases(LIMITS, (source, id, pointer, limit) =>
    rejects({
      id: `past-limit-${id}`,
      standsFor: `One character more than ${limit}.`,
      source,
      body: vaultWith(`past-limit-${id}`, pointer, "x".repeat(limit + 1)),
      breaks: [pointer, "maxLength"],
    }),
  ),
];
