import { run } from "./flow.mts";
import { signingFetch } from "./signing-fetch.mts";
import {
  createVaultingSession,
  defaults,
  type InquireVaultingResponse,
  inquireVaulting,
  vaultPaymentMethod,
} from "./vault-api";

Object.assign(defaults, { baseUrl: process.env["ANTOM_BASE_URL"], fetch: signingFetch });

await run({
  vault: async (request) => (await vaultPaymentMethod(request)).data,
  createSession: async (request) => (await createVaultingSession(request)).data,
  inquire: async (request) => (await inquireVaulting(request)).data,
  // oazapfts generates no type for notifications. The fields of an inquiry have the same types.
  parseNotification: (body) => JSON.parse(body) as InquireVaultingResponse,
});
