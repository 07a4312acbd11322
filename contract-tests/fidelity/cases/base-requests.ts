/** The requests that rows are made from. Every card number here is one of the vendor's published test numbers. */

type Fields = Readonly<Record<string, unknown>>;

export const NOTIFICATION_URL = "https://merchant.example/antom/vaulting-notifications";
export const REDIRECT_URL = "https://merchant.example/cards/done";

/** The published test numbers, by where the issuer is. */
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

/** The smallest request of vaultPaymentMethod, with fields put over it; `undefined` takes one away. */
export const vault = (vaultingRequestId: string, { card, detail, env, top }: VaultOverrides = {}) => ({
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

/** The smallest request of createVaultingSession. */
export const session = (vaultingRequestId: string, top: Fields = {}) => ({
  paymentMethodType: "CARD",
  vaultingRequestId,
  vaultingNotificationUrl: NOTIFICATION_URL,
  ...top,
});

/** The smallest request of inquireVaulting. */
export const inquiry = (vaultingRequestId: string, top: Fields = {}) => ({ vaultingRequestId, ...top });

export const CARD = "/paymentMethodDetail/card";

/** The smallest request of vaultPaymentMethod with one value in it; `undefined` takes the field away. */
export const vaultWith = (vaultingRequestId: string, pointer: string, value: unknown): Fields =>
  setValue(vault(vaultingRequestId), pointer.slice(1).split("/"), value);

const setValue = (fields: Fields, [name = "", ...path]: readonly string[], value: unknown): Fields => ({
  ...fields,
  [name]: path.length === 0 ? value : setValue(fields[name] as Fields, path, value),
});

/** The Signature header, with the signature as it is. */
export const toSignatureHeader = (signature: string): string => `algorithm=RSA256,keyVersion=1,signature=${signature}`;
