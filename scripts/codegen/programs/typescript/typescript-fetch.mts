import { run } from "./flow.mts";
import {
  Configuration,
  CreateVaultingSessionRequestFromJSON,
  TerminalType,
  VaultApi,
  VaultingNotificationFromJSON,
  VaultPaymentMethodRequestFromJSON,
} from "./generated";
import { signingFetch } from "./signing-fetch.mts";

const api = new VaultApi(new Configuration({ basePath: process.env["ANTOM_BASE_URL"], fetchApi: signingFetch }));

await run({
  vault: (request) => {
    const vaultPaymentMethodRequest = VaultPaymentMethodRequestFromJSON(request);
    vaultPaymentMethodRequest.env.terminalType = TerminalType.WEB;
    return api.vaultPaymentMethod({ vaultPaymentMethodRequest });
  },
  createSession: (request) =>
    api.createVaultingSession({ createVaultingSessionRequest: CreateVaultingSessionRequestFromJSON(request) }),
  inquire: (inquireVaultingRequest) => api.inquireVaulting({ inquireVaultingRequest }),
  parseNotification: (body) => VaultingNotificationFromJSON(JSON.parse(body)),
});
