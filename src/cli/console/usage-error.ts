import { AntomVaultError } from "../../protocol/errors.ts";

/** Returns the error for incorrect usage. The command shows its message and exits with 2. */
export const usageError = (message: string): AntomVaultError => new AntomVaultError("CONFIGURATION_INVALID", message);

/** Returns what to do with an error of the file system: it throws which file cannot be used, and the error's code. */
export const rethrowFileError =
  (file: string, use: "read" | "written" | "made") =>
  (error: NodeJS.ErrnoException): never => {
    throw usageError(`${file} cannot be ${use}: ${error.code ?? "unknown error"}.`);
  };
