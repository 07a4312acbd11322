/** Valid requests and responses for tests of the client. @module */
import type { components } from "../../../generated/types.ts";

type Schemas = components["schemas"];

export const ID = "vault-0001";
export const TOKEN = "ALIPAY9CGwsAeMBug+G2dSKDV6AIsNKTxAFNkOMoj8Gxvt8h0eDUbd6nO5CwMFIjEFERWxCAo/b1OjVTvtl1zspyMGcg==";
export const PAGE = "https://open-na-global.alipay.com/vaulting/3ds/9f0c1d";

export const vaultRequest: Schemas["VaultPaymentMethodRequest"] = {
  vaultingRequestId: ID,
  vaultingNotificationUrl: "https://merchant.example/antom/vaulting-notifications",
  redirectUrl: "https://merchant.example/cards/done",
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: { cardNo: "4054695723100768", expiryYear: "30", expiryMonth: "12", cvv: "123" },
  },
  env: { terminalType: "WEB" },
};

export const sessionRequest: Schemas["CreateVaultingSessionRequest"] = {
  paymentMethodType: "CARD",
  vaultingRequestId: ID,
  vaultingNotificationUrl: "https://merchant.example/antom/vaulting-notifications",
};

export const inquiryRequest: Schemas["InquireVaultingRequest"] = { vaultingRequestId: ID };

export const successResult = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." };
export const createFailureResult = (resultCode: string, resultMessage = "No.") => ({
  resultCode,
  resultStatus: "F",
  resultMessage,
});
export const createUnknownResult = (resultCode: string, resultMessage = "Unknown.") => ({
  resultCode,
  resultStatus: "U",
  resultMessage,
});

const paymentMethodDetail = {
  paymentMethodType: "CARD",
  card: { cardToken: TOKEN, brand: "VISA", maskedCardNo: "************0768" },
};

export const vaultedResponse = { result: successResult, vaultingRequestId: ID, paymentMethodDetail };
export const verifyingResponse = { result: createUnknownResult("VERIFICATION_IN_PROCESS"), vaultingRequestId: ID };
export const createFailedResponse = (code: string) => ({ result: createFailureResult(code), vaultingRequestId: ID });
export const createUnknownResponse = (code = "UNKNOWN_EXCEPTION") => ({
  result: createUnknownResult(code),
  vaultingRequestId: ID,
});

export const sessionResponse = {
  result: successResult,
  vaultingSessionData: "UAE8n2Zk0vD3xq1T9uJ5aQ7wK4rY6bH0cE8mPzX3lVtN2sFg",
  vaultingSessionId: "UAE8n2Zk0vD3xq1T9uJ5",
  vaultingSessionExpiryTime: "2027-01-01T12:01:01+08:00",
};

export const createInquiryResponse = (
  vaultingStatus: "SUCCESS" | "PROCESSING" | "FAIL",
  fields: Readonly<Record<string, unknown>> = {},
) => ({
  result: successResult,
  vaultingRequestId: ID,
  vaultingStatus,
  ...(vaultingStatus === "SUCCESS" ? { paymentMethodDetail } : {}),
  ...fields,
});
