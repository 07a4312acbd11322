import { getSystemErrorMap } from "node:util";
import { AntomVaultError } from "../../protocol/errors.ts";

/** Returns an error for incorrect usage. The command prints its message and exits with 2. */
export const usageError = (message: string): AntomVaultError => new AntomVaultError("CONFIGURATION_INVALID", message);

/** Returns a handler for file system errors. It throws a usage error that names the file and the reason. */
export const rethrowFileError =
  (file: string, action: "read" | "write" | "create") =>
  ({ errno = 0, code = "unknown error" }: NodeJS.ErrnoException): never => {
    const [, reason = code] = getSystemErrorMap().get(errno) ?? [];
    throw usageError(`Cannot ${action} ${file}: ${reason}.`);
  };
