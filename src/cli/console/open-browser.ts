import { spawn } from "node:child_process";
import { once } from "node:events";
import { type Env, isCi } from "./terminal-capabilities.ts";

/** Returns the program that opens a URL in the browser, or `undefined` in CI or without a display. */
export function findBrowserOpener(
  platform: NodeJS.Platform,
  env: Env,
): readonly [program: string, ...args: string[]] | undefined {
  if (isCi(env)) return undefined;
  if (platform === "darwin") return ["open"];
  // Unlike `start`, rundll32 does not use cmd.exe, where an & in the URL would end the command.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] || env["BROWSER"] ? ["xdg-open"] : undefined;
}

/** Opens a web URL in the browser. Returns whether the browser was started. */
export async function openInBrowser(
  url: string,
  { platform = process.platform, env = process.env }: { platform?: NodeJS.Platform; env?: Env } = {},
): Promise<boolean> {
  const opener = findBrowserOpener(platform, env);
  // A different scheme could start a program other than a browser.
  if (!opener || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return false;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, new URL(url).href], { stdio: "ignore", detached: true });
  try {
    await once(child, "spawn");
    child.unref();
    return true;
  } catch {
    return false;
  }
}
