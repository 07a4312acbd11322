import { AntomVaultError } from "../../protocol/errors.ts";

/** Returns a signal that the first Ctrl-C aborts. After that, or after disposal, Ctrl-C ends the process immediately. */
export function createInterruptSignal(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = () => controller.abort(createInterruptError());
  process.once("SIGINT", stop);
  return { signal: controller.signal, [Symbol.dispose]: () => void process.off("SIGINT", stop) };
}

/** Creates the error for an interrupted command, which then exits with 130 and prints no error message. */
export const createInterruptError = (): AntomVaultError => new AntomVaultError("ABORTED", "Interrupted.");

export const isInterruption = (error: unknown): boolean => error instanceof AntomVaultError && error.code === "ABORTED";
