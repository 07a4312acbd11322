import { StringDecoder } from "node:string_decoder";
import { interrupted } from "../console/interrupt.ts";
import type { Sink } from "../console/output.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { createLineEditor, type Typed } from "./line-editor.ts";

/** A terminal that is typed into. */
export type Keyboard = Pick<NodeJS.ReadStream, "setRawMode" | "isRaw" | "on" | "off" | "resume" | "pause">;

export interface HiddenInput extends Disposable {
  /**
   * Asks for a line that is not echoed.
   *
   * @throws AntomVaultError `ABORTED` at Ctrl-C; `CONFIGURATION_INVALID` where the terminal ends
   */
  readonly ask: (prompt: string) => Promise<string>;
}

/**
 * Takes the terminal over, so that it echoes nothing, until it is disposed of. Node itself gives the terminal back where the process ends in
 * between, by a signal too. What was typed ahead is an answer to the next question.
 */
export function openHiddenInput(keyboard: Keyboard, screen: Sink): HiddenInput {
  const before = keyboard.isRaw;
  const editor = createLineEditor();
  const decoder = new StringDecoder("utf8");
  const ready: Typed[] = [];
  let waiting: ((typed: Typed) => void) | undefined;
  const take = (typed: Typed) => {
    if (!waiting) return ready.push(typed);
    const give = waiting;
    waiting = undefined;
    return give(typed);
  };
  const onData = (chunk: Buffer) => editor.feed(decoder.write(chunk)).forEach(take);
  const onEnd = () => take({ kind: "end" });
  keyboard.setRawMode(true);
  keyboard.on("data", onData);
  keyboard.on("end", onEnd);
  keyboard.resume();
  return {
    ask: async (prompt) => {
      screen.write(prompt);
      const typed = ready.shift() ?? (await new Promise<Typed>((resolve) => (waiting = resolve)));
      screen.write("\n");
      if (typed.kind === "line") return typed.text;
      throw typed.kind === "interrupt" ? interrupted() : wrongUsage("No card was typed.");
    },
    [Symbol.dispose]: () => {
      keyboard.off("data", onData);
      keyboard.off("end", onEnd);
      keyboard.setRawMode(before);
      keyboard.pause();
    },
  };
}
