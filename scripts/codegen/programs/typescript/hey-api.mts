import { run } from "./flow.mts";
import { signingFetch } from "./signing-fetch.mts";
import { createVaultingSession, inquireVaulting, type VaultingNotification, vaultPaymentMethod } from "./vault-api";
import { client } from "./vault-api/client.gen";

client.setConfig({ baseUrl: process.env["ANTOM_BASE_URL"] ?? "", fetch: signingFetch, throwOnError: true });

await run({
  vault: async (body) => (await vaultPaymentMethod({ body, throwOnError: true })).data,
  createSession: async (body) => (await createVaultingSession({ body, throwOnError: true })).data,
  inquire: async (body) => (await inquireVaulting({ body, throwOnError: true })).data,
  parseNotification: (body) => JSON.parse(body) as VaultingNotification,
});
