import { writeLine } from "./output.ts";
import { canAnimate, type Sink } from "./terminal-capabilities.ts";

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const FRAME_MS = 80;

/**
 * Shows a spinner and the elapsed seconds while `work` runs, or a single line if lines cannot be overwritten. The cursor stays visible, so
 * that a killed process leaves nothing to restore.
 */
export async function spinWhile<Result>(sink: Sink, text: string, work: () => Promise<Result>): Promise<Result> {
  if (!canAnimate(sink, process.env)) {
    writeLine(sink, `${text}…`);
    return work();
  }
  const since = performance.now();
  let frame = 0;
  const draw = () => {
    const seconds = Math.floor((performance.now() - since) / 1000);
    sink.write(`\r\u001B[K${FRAMES[frame++ % FRAMES.length]} ${text} (${seconds} s)`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    sink.write("\r\u001B[K");
  }
}
