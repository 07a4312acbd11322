import { AntomVaultError } from "../../protocol/errors.ts";

/** Returns the error for incorrect usage. The command shows its message and exits with 2. */
export const wrongUsage = (message: string): AntomVaultError => new AntomVaultError("CONFIGURATION_INVALID", message);
