import axios from "axios";
import { run } from "./flow.mts";
import { signingFetch } from "./signing-fetch.mts";
import { createApiClient, schemas } from "./vault-api";

const axiosInstance = axios.create({ adapter: "fetch", env: { fetch: signingFetch } });
const api = createApiClient(process.env["ANTOM_BASE_URL"] ?? "", { axiosInstance });

await run({
  vault: (request) => api.vaultPaymentMethod(request),
  createSession: (request) => api.createVaultingSession(request),
  inquire: (request) => api.inquireVaulting(request),
  parseNotification: (body) => schemas.VaultingNotification.parse(JSON.parse(body)),
});
