import { run } from "./flow.mts";
import { signingFetch } from "./signing-fetch.mts";
import { createApiClient, type Schemas } from "./vault-api";

const { ANTOM_BASE_URL } = process.env;
const api = createApiClient(
  { fetch: ({ url, parameters }) => signingFetch(url, { method: "POST", body: JSON.stringify(parameters?.body) }) },
  ANTOM_BASE_URL,
);

await run({
  vault: (body) => api.post("/v1/vaults/vaultPaymentMethod", { body, header: {} }),
  createSession: (body) => api.post("/v1/vaults/createVaultingSession", { body, header: {} }),
  inquire: (body) => api.post("/v1/vaults/inquireVaulting", { body, header: {} }),
  parseNotification: (body) => JSON.parse(body) as Schemas.VaultingNotification,
});
