import { spawn } from "node:child_process";
import { once } from "node:events";
import { type Env, isCi } from "./terminal-capabilities.ts";

/** The program that opens an address in the browser, or `undefined` where there is none to see it. */
export function findBrowserOpener(
  platform: NodeJS.Platform,
  env: Env,
): readonly [program: string, ...args: string[]] | undefined {
  if (isCi(env)) return undefined;
  if (platform === "darwin") return ["open"];
  // `start` belongs to cmd.exe, which would take an & in the address for the end of a command.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] || env["BROWSER"] ? ["xdg-open"] : undefined;
}

/** Opens a web address. Whether a browser was asked to: the caller shows the address in any case. */
export async function openInBrowser(
  address: string,
  { platform = process.platform, env = process.env }: { platform?: NodeJS.Platform; env?: Env } = {},
): Promise<boolean> {
  const opener = findBrowserOpener(platform, env);
  // Any other scheme may be that of a program that does something else.
  if (!opener || !URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return false;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, new URL(address).href], { stdio: "ignore", detached: true });
  try {
    await once(child, "spawn");
    child.unref();
    return true;
  } catch {
    return false;
  }
}
