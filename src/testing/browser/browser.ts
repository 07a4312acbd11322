/** Finds and starts a real browser, if one is installed. @module */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Returns CHROME_PATH, or the first Chromium or Chrome in PATH if CHROME_PATH is not set. Returns `undefined` if there is no such program. */
export function findBrowser(): string | undefined {
  const configured = process.env["CHROME_PATH"];
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const paths = configured
    ? [configured]
    : NAMES.flatMap((name) => directories.map((directory) => join(directory, name)));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Blocks requests to other hosts.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE ::1",
];

export interface BrowserWindow extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The page's console errors and warnings, such as policy violations, and its uncaught exceptions. */
  readonly consoleErrors: readonly string[];
}

/** Starts the browser with a temporary profile. */
export const startBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...FLAGS] });

/** Opens a window without cookies or history. */
export async function openWindow(
  browser: Browser,
  { javaScriptEnabled = true, width = 1280, height = 800, dark = false } = {},
): Promise<BrowserWindow> {
  const context = await browser.newContext({
    javaScriptEnabled,
    viewport: { width, height },
    locale: "en-US",
    colorScheme: dark ? "dark" : "light",
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const consoleErrors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") consoleErrors.push(message.text());
  });
  page.on("pageerror", (error) => consoleErrors.push(error.message));
  return { page, context, consoleErrors, [Symbol.asyncDispose]: () => context.close() };
}
