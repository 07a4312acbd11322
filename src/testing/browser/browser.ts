/** A real browser, where the machine has one. @module */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The program named by CHROME_PATH, or the first of Chromium's usual names in PATH. */
export function findBrowser(): string | undefined {
  const wanted = process.env["CHROME_PATH"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = wanted ? [wanted] : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
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
  // A page that names another host finds nobody.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE ::1",
];

export interface BrowserWindow extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: a policy that was broken, a page that failed. */
  readonly consoleErrors: readonly string[];
}

/** Starts the browser, in a folder that is new and goes with it. */
export const startBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...FLAGS] });

/** Opens a window of a browser that has been nowhere before. */
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
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, context, consoleErrors: complaints, [Symbol.asyncDispose]: () => context.close() };
}
