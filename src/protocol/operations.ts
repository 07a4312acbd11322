import type { Environment } from "../../generated/operations.ts";

/** To which environment a client ID belongs: the vendor's sandbox gives out IDs that begin with `SANDBOX_`. */
export const environmentOf = (clientId: string): Environment =>
  clientId.startsWith("SANDBOX_") ? "sandbox" : "production";
