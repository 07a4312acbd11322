import { AntomVaultError } from "../../protocol/errors.ts";

/** A signal that aborts at Ctrl-C, for as long as it is in use. A second Ctrl-C ends the process at once, as ever. */
export function createInterruptSignal(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = () => controller.abort(createInterruptError());
  process.once("SIGINT", stop);
  return { signal: controller.signal, [Symbol.dispose]: () => void process.off("SIGINT", stop) };
}

/** What is thrown where a person has ended the command: `ABORTED`, on which the command ends with 130 and without a word. */
export const createInterruptError = (): AntomVaultError => new AntomVaultError("ABORTED", "Interrupted.");

/** Whether an error is nothing but the person's Ctrl-C. */
export const isInterruption = (error: unknown): boolean => error instanceof AntomVaultError && error.code === "ABORTED";
