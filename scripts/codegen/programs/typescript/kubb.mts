import { run } from "./flow.mts";
import { signingFetch } from "./signing-fetch.mts";
import { createVaultingSession, inquireVaulting, type VaultingNotification, vaultPaymentMethod } from "./vault-api";
import type { Client } from "./vault-api/.kubb/fetch";

const client: Client = async ({ url, data }) => {
  const response = await signingFetch(`${process.env["ANTOM_BASE_URL"]}${url}`, {
    method: "POST",
    body: JSON.stringify(data),
  });
  const { status, statusText, headers } = response;
  return { data: await response.json(), status, statusText, headers };
};

await run({
  vault: (request) => vaultPaymentMethod(request, undefined, { client }),
  createSession: (request) => createVaultingSession(request, undefined, { client }),
  inquire: (request) => inquireVaulting(request, undefined, { client }),
  parseNotification: (body) => JSON.parse(body) as VaultingNotification,
});
