import type { VaultPaymentMethodRequest } from "../../src/index.ts";

/** Returns the vaultPaymentMethod request that the benchmarks use. */
export const createVaultRequest = (
  vaultingRequestId: string,
  vaultingNotificationUrl: string,
): VaultPaymentMethodRequest => ({
  vaultingRequestId,
  vaultingNotificationUrl,
  redirectUrl: "https://merchant.example/cards/done",
  merchantRegion: "US",
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: {
      cardNo: "4054695723100768",
      expiryYear: "30",
      expiryMonth: "12",
      cvv: "123",
      cardholderName: { firstName: "Ana", lastName: "Silva", fullName: "Ana Silva" },
      billingAddress: {
        region: "US",
        state: "CA",
        city: "San Francisco",
        address1: "1 Main Street",
        zipCode: "94105",
      },
    },
  },
  env: { terminalType: "WEB", clientIp: "192.0.2.1" },
});
