import createClient from "openapi-fetch";
import { run } from "./flow.mts";
import { signingFetch } from "./signing-fetch.mts";
import type { components, paths } from "./vault-api.ts";

const { POST } = createClient<paths>({ baseUrl: process.env["ANTOM_BASE_URL"] ?? "", fetch: signingFetch });
const requireData = <T,>({ data }: { data?: T }): T => {
  if (!data) throw new Error("The response has no body.");
  return data;
};

await run({
  vault: async (body) => requireData(await POST("/v1/vaults/vaultPaymentMethod", { body })),
  createSession: async (body) => requireData(await POST("/v1/vaults/createVaultingSession", { body })),
  inquire: async (body) => requireData(await POST("/v1/vaults/inquireVaulting", { body })),
  parseNotification: (body) => JSON.parse(body) as components["schemas"]["VaultingNotification"],
});
