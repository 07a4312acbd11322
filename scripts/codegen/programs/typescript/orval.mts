import { run } from "./flow.mts";
import { createVaultingSession, inquireVaulting, vaultPaymentMethod } from "./vault-api";
import { getVaultPaymentMethodResponseMock } from "./vault-api.faker";
import type { VaultingNotification } from "./vault-api.schemas";
import { InquireVaultingResponse, VaultPaymentMethodResponse } from "./vault-api.zod";

if (!getVaultPaymentMethodResponseMock().result) throw new Error("The mock has no result.");

await run({
  vault: async (body) => VaultPaymentMethodResponse.parse((await vaultPaymentMethod(body)).data),
  createSession: async (body) => (await createVaultingSession(body)).data,
  inquire: async (body) => InquireVaultingResponse.parse((await inquireVaulting(body)).data),
  parseNotification: (body) => JSON.parse(body) as VaultingNotification,
});
