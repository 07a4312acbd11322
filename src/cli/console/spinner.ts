import { line, type Sink } from "./output.ts";
import { canAnimate } from "./terminal-capabilities.ts";

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const FRAME_MS = 80;

export interface Spinner extends Disposable {
  /** Takes it away. */
  readonly stop: () => void;
}

/**
 * Shows that something is waited for, and for how many seconds already; where nothing can be written over, it is said once. The cursor is
 * never hidden, so that there is nothing to give back where the process is killed.
 */
export function spin(sink: Sink, text: string, env: NodeJS.ProcessEnv = process.env): Spinner {
  if (!canAnimate(sink, env)) {
    line(sink, `${text}…`);
    return { stop: () => {}, [Symbol.dispose]: () => {} };
  }
  const since = performance.now();
  let frame = 0;
  const draw = () => {
    const seconds = Math.floor((performance.now() - since) / 1000);
    sink.write(`\r\u001B[K${FRAMES[frame++ % FRAMES.length]} ${text} (${seconds} s)`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  let stopped = false;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    clearInterval(timer);
    sink.write("\r\u001B[K");
  };
  return { stop, [Symbol.dispose]: stop };
}
