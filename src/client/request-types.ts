import type { components } from "../../generated/types.ts";

type Schemas = components["schemas"];

/**
 * The request of {@link VaultClient.vaultPaymentMethod}, as in the OpenAPI document. Your editor shows the description, format, and
 * limits of each field.
 *
 * - `vaultingRequestId`: your ID for the vaulting, which is also the idempotency key: 1 to 64 characters.
 * - `vaultingNotificationUrl`: the URL on your server that receives the result.
 * - `redirectUrl`: the page on your site to which the buyer returns.
 * - `paymentMethodDetail`: the card. `cardNo`, `expiryYear`, and `expiryMonth` are required strings of digits.
 * - `env`: the buyer's device. Only `terminalType` is required.
 * - `metadata`, `merchantAccountId`, `merchantRegion`: optional.
 */
export type VaultPaymentMethodRequest = Schemas["VaultPaymentMethodRequest"];

/**
 * The request of {@link VaultClient.createVaultingSession}, as in the OpenAPI document. Your editor shows the description, format, and
 * limits of each field.
 *
 * - `vaultingRequestId`: your ID for the vaulting, which is also the idempotency key: 1 to 64 characters.
 * - `vaultingNotificationUrl`: the URL on your server that receives the result.
 * - `paymentMethodType`: always `CARD`.
 * - `redirectUrl`, `merchantRegion`, `is3DSAuthentication`: optional.
 */
export type CreateVaultingSessionRequest = Schemas["CreateVaultingSessionRequest"];

/**
 * The request of {@link VaultClient.inquireVaulting}, as in the OpenAPI document.
 *
 * - `vaultingRequestId`: the ID that you passed to vaultPaymentMethod or createVaultingSession.
 * - `merchantAccountId`: optional.
 */
export type InquireVaultingRequest = Schemas["InquireVaultingRequest"];
