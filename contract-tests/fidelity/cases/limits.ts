/** The longest text that the vendor's pages and SDK comments allow in a field, and one that is longer. */

import { CARD, type VaultParts, vault } from "./base-requests.ts";
import { type Break, type Row, refuses, takes } from "./sample-case.ts";

/** At the limit and one past it. */
const LIMITS: readonly (readonly [id: string, source: string, parts: (text: string) => VaultParts, number, Break])[] = [
  [
    "id",
    "Vault API page, vaultingRequestId",
    (vaultingRequestId) => ({ top: { vaultingRequestId } }),
    64,
    ["/vaultingRequestId", "maxLength"],
  ],
  [
    "metadata",
    "Vault API page of 2026, metadata",
    (metadata) => ({ top: { metadata } }),
    2048,
    ["/metadata", "maxLength"],
  ],
  [
    "state",
    "SDK comments on Address; the sample's state has exactly as many",
    (state) => ({ card: { billingAddress: { state } } }),
    8,
    [`${CARD}/billingAddress/state`, "maxLength"],
  ],
  [
    "zip-code",
    "SDK comments on Address",
    (zipCode) => ({ card: { billingAddress: { zipCode } } }),
    32,
    [`${CARD}/billingAddress/zipCode`, "maxLength"],
  ],
  [
    "first-name",
    "SDK comments on UserName",
    (firstName) => ({ card: { cardholderName: { firstName } } }),
    32,
    [`${CARD}/cardholderName/firstName`, "maxLength"],
  ],
  [
    "full-name",
    "SDK comments on UserName",
    (fullName) => ({ card: { cardholderName: { fullName } } }),
    128,
    [`${CARD}/cardholderName/fullName`, "maxLength"],
  ],
  [
    "device-token",
    "SDK comments on Env",
    (deviceTokenId) => ({ env: { deviceTokenId } }),
    64,
    ["/env/deviceTokenId", "maxLength"],
  ],
  [
    "extend-info",
    "SDK comments on Env",
    (extendInfo) => ({ env: { extendInfo } }),
    2048,
    ["/env/extendInfo", "maxLength"],
  ],
];

export const limitRows: readonly Row[] = LIMITS.flatMap(([id, source, parts, limit, breaks]) => [
  takes({
    id: `limit-${id}`,
    standsFor: `The longest legal text: ${limit} characters.`,
    source,
    body: vault(`limit-${id}`, parts("x".repeat(limit))),
  }),
  refuses({
    id: `past-limit-${id}`,
    standsFor: `One character more than ${limit}.`,
    source,
    body: vault(`past-limit-${id}`, parts("x".repeat(limit + 1))),
    breaks,
  }),
]);
