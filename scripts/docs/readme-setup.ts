/** The declarations that the README's code blocks use. Guides contain such declarations in an HTML comment. */
export const README_DECLARATIONS = String.raw`
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createVaultClient, type VaultPaymentMethodRequest } from "antom-vault";
import { startSandbox } from "antom-vault/sandbox";

// Only the receiver block's sandbox sends notifications. The other blocks use a merchant's host name, which tests must not look up.
export const sandbox = await startSandbox({ sendNotifications: process.argv.includes("receiver") });
export const { baseUrl, clientId, merchantPrivateKey, antomPublicKey } = sandbox.credentials;
Object.assign(process.env, { ANTOM_CLIENT_ID: clientId, ANTOM_PRIVATE_KEY: merchantPrivateKey, ANTOM_PUBLIC_KEY: antomPublicKey });
// Redirect calls for Antom's host to the sandbox.
const { fetch } = globalThis;
globalThis.fetch = (input, init) => fetch(String(input).replace(/^https:\/\/open-sea-global\.alipay\.com/, baseUrl), init);
/** Acknowledges every notification. */
const listener = createServer((request, response) => {
  request.resume().on("end", () => response.end('{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}'));
}).listen(0, "127.0.0.1");
await once(listener, "listening");

export const cardNo = "4054695723100768";
export const cvv = "123";
export const vaultingNotificationUrl = "http://127.0.0.1:" + (listener.address() as AddressInfo).port + "/antom/notifications";
export const request: VaultPaymentMethodRequest = {
  vaultingRequestId: "order-17-card-2",
  vaultingNotificationUrl,
  redirectUrl: "https://merchant.example/cards/done",
  paymentMethodDetail: { paymentMethodType: "CARD", card: { cardNo, expiryYear: "30", expiryMonth: "12", cvv } },
  env: { terminalType: "WEB" },
};
export const storedTokens = new Map<string, string>();
export const storeToken = async (id: string, cardToken: string): Promise<void> => void storedTokens.set(id, cardToken);
export const markFailed = async (_id: string, _code: string): Promise<void> => {};
export const vault = createVaultClient(sandbox.credentials);
`;
