import { createInterface } from "node:readline";
import { createInterruptError } from "../console/interrupt.ts";
import type { Sink } from "../console/terminal-capabilities.ts";

export interface HiddenInput extends Disposable {
  /**
   * Prompts for a line that is not echoed. If the user pastes or types several lines, each following prompt reads one of them.
   *
   * @returns `undefined` if the input has ended, for example by Ctrl-D
   * @throws AntomVaultError `ABORTED` on Ctrl-C
   */
  readonly prompt: (prompt: string) => Promise<string | undefined>;
}

/**
 * Opens a reader of hidden lines on a terminal. Without an output, readline echoes nothing. If a signal ends the process, Node.js restores
 * the terminal.
 */
export function openHiddenInput(input: NodeJS.ReadableStream, screen: Sink): HiddenInput {
  const reader = createInterface({ input, terminal: true, historySize: 0 });
  const lines = reader[Symbol.asyncIterator]();
  let isInterrupted = false;
  reader.on("SIGINT", () => {
    isInterrupted = true;
    reader.close();
  });
  // Without a listener, Ctrl-Z would suspend this process but not the npx process that waits for it.
  reader.on("SIGTSTP", () => {});
  return {
    prompt: async (prompt) => {
      screen.write(prompt);
      const { value } = await lines.next();
      screen.write("\n");
      if (isInterrupted) throw createInterruptError();
      return value;
    },
    [Symbol.dispose]: () => reader.close(),
  };
}
