import { run } from "./flow.mts";
import { signingFetch } from "./signing-fetch.mts";
import { Api, type VaultingNotification } from "./vault-api";

const { v1 } = new Api({ baseUrl: process.env["ANTOM_BASE_URL"] ?? "", customFetch: signingFetch });

await run({
  vault: async (request) => (await v1.vaultPaymentMethod(request)).data,
  createSession: async (request) => (await v1.createVaultingSession(request)).data,
  inquire: async (request) => (await v1.inquireVaulting(request)).data,
  parseNotification: (body) => JSON.parse(body) as VaultingNotification,
});
