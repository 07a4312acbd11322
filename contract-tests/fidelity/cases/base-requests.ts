/** The requests from which the test cases are built. Every card number is a published test number. */

type Fields = Readonly<Record<string, unknown>>;

export const NOTIFICATION_URL = "https://merchant.example/antom/vaulting-notifications";
export const REDIRECT_URL = "https://merchant.example/cards/done";

/** Antom's published test numbers, by the issuer's country or by the result. */
export const TEST_NUMBERS = {
  global: "4054695723100768",
  globalMastercard: "5162774114974622",
  korea: "9490220011669217",
  brazil: "4294097400915107",
  mexico: "4006055482525268",
  chile: "4600729331819383",
  peru: "4310377720003234",
  failing: "4054692760174822",
  exempt: "4035501000000008",
} as const;

export interface VaultOverrides {
  readonly card?: Fields;
  readonly detail?: Fields;
  readonly env?: Fields;
  readonly top?: Fields;
}

/** Creates the smallest valid vaultPaymentMethod request, with overrides. `undefined` removes a field. */
export const createVaultRequest = (vaultingRequestId: string, { card, detail, env, top }: VaultOverrides = {}) => ({
  vaultingRequestId,
  vaultingNotificationUrl: NOTIFICATION_URL,
  redirectUrl: REDIRECT_URL,
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: { cardNo: TEST_NUMBERS.global, expiryYear: "30", expiryMonth: "12", ...card },
    ...detail,
  },
  env: { terminalType: "WEB", ...env },
  ...top,
});

/** Creates the smallest valid createVaultingSession request. */
export const createSessionRequest = (vaultingRequestId: string, top: Fields = {}) => ({
  paymentMethodType: "CARD",
  vaultingRequestId,
  vaultingNotificationUrl: NOTIFICATION_URL,
  ...top,
});

/** Creates the smallest valid inquireVaulting request. */
export const createInquiryRequest = (vaultingRequestId: string, top: Fields = {}) => ({ vaultingRequestId, ...top });

export const CARD_POINTER = "/paymentMethodDetail/card";

/** Creates the smallest valid vaultPaymentMethod request with one changed value. `undefined` removes the field. */
export const createVaultRequestWith = (
  vaultingRequestId: string,
  pointer: string,
  value: unknown,
  overrides?: VaultOverrides,
): Fields => setValue(createVaultRequest(vaultingRequestId, overrides), pointer.slice(1).split("/"), value);

const setValue = (fields: Fields, [name = "", ...path]: readonly string[], value: unknown): Fields => ({
  ...fields,
  [name]: path.length === 0 ? value : setValue(fields[name] as Fields, path, value),
});

/** Formats a Signature header without URL-encoding the signature. */
export const formatRawSignatureHeader = (signature: string): string =>
  `algorithm=RSA256,keyVersion=1,signature=${signature}`;
