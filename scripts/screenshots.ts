/**
 * Creates the screenshots in docs/images/: the dashboard, a vaulting's history, a challenge, a contract report, and a terminal. `npm run screenshots`
 * requires Chromium, and util-linux or Python for the terminal.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { createVaultClient } from "../src/client/index.ts";
import { allChecks, detectCapabilities, runChecks, submitForm } from "../src/contract/index.ts";
import { formatHtml } from "../src/contract/report/html.ts";
import { readPackageVersion } from "../src/machine/package-version.ts";
import { createNotificationReceiver } from "../src/notification/index.ts";
import { toNodeHandler } from "../src/notification/node.ts";
import { ONE_TIME_CODE, startSandbox } from "../src/sandbox/index.ts";
import { findBrowser, openWindow, startBrowser } from "../src/testing/browser/browser.ts";
import { createTemporaryDirectory, shellCommand } from "../src/testing/processes/command.ts";
import { NO_TERMINAL, openTerminal } from "../src/testing/processes/terminal.ts";
import { createVaultRequest } from "../src/testing/sandbox/sandbox.ts";
import { createTerminalPage } from "./screenshots/terminal-page.ts";

const directory = join(import.meta.dirname, "..", "docs", "images");
const program = findBrowser();
if (program === undefined) {
  console.error("Chromium not found: install it, or set CHROME_PATH.");
  process.exit(2);
}

/** Creates vaultings and notifications for the screenshots. Resolves to the URL of an open challenge. */
async function createShopActivity(sandbox: Awaited<ReturnType<typeof startSandbox>>): Promise<string> {
  const { clientId, antomPublicKey } = sandbox.credentials;
  const receive = createNotificationReceiver({ clientId, antomPublicKey, onVaulting: () => {} });
  const merchant = createServer(toNodeHandler(receive));
  await new Promise<void>((resolve) => merchant.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/antom/notifications`;
  const vault = createVaultClient(sandbox.credentials);
  const cards = ["4054695723100768", "5162774114974622", "4000009900050009", "4006055482525268", "4000009900200000"];
  for (const [at, cardNo] of cards.entries())
    await vault.vaultPaymentMethod(createVaultRequest({ id: `order-${1001 + at}-card-1`, cardNo, url }));
  const passed = await vault.vaultPaymentMethod(createVaultRequest({ id: "order-1006-card-1", threeDS: true, url }));
  if (passed.outcome !== "verification_required" || !passed.normalUrl) throw new Error("the challenge has no URL");
  await submitForm(passed.normalUrl, { code: ONE_TIME_CODE, action: "code" });
  await sandbox.notifications.waitFor("order-1006-card-1");
  await vault.inquireVaulting({ vaultingRequestId: "order-1006-card-1" });
  const open = await vault.vaultPaymentMethod(createVaultRequest({ id: "order-1007-card-1", threeDS: true, url }));
  if (open.outcome !== "verification_required" || !open.normalUrl) throw new Error("the challenge has no URL");
  merchant.close();
  return open.normalUrl;
}

async function createReport(): Promise<string> {
  await using sandbox = await startSandbox();
  const date = new Date();
  const started = performance.now();
  const report = await runChecks(allChecks(), await detectCapabilities({ name: "sandbox", ...sandbox.credentials }));
  return formatHtml(report, { version: readPackageVersion(), date, seconds: (performance.now() - started) / 1000 });
}

/** Vaults a card in a terminal and completes its challenge. Resolves to the page with the output. */
async function recordTerminal(): Promise<string> {
  using temporary = createTemporaryDirectory();
  const command = "antom-vault vault --test-card challenge";
  using shell = openTerminal(command.replace("antom-vault", shellCommand), { cwd: temporary.path });
  if (!shell) throw new Error(NO_TERMINAL);
  await shell.waitFor(/Waiting for the buyer/);
  const page = /http:\/\/[\w.:/]+\/3ds\/[\w-]+/.exec(shell.output())?.[0];
  if (page === undefined) throw new Error("the challenge has no URL");
  await submitForm(page, { code: ONE_TIME_CODE, action: "code" });
  if ((await shell.ended) !== 0) throw new Error(`command failed: ${shell.output()}`);
  return createTerminalPage(command, shell.output());
}

const browser = await startBrowser(program);
try {
  await using sandbox = await startSandbox();
  const challenge = await createShopActivity(sandbox);
  const { baseUrl, clientId } = sandbox.credentials;
  const vaultingPage = `${baseUrl}/vaultings/${clientId}/order-1006-card-1`;
  const contract = await createReport();
  const vaulted = await recordTerminal();
  const goTo = (url: string) => (page: Page) => page.goto(url);
  for (const [name, width, height, show] of [
    ["dashboard", 1280, 720, goTo(`${baseUrl}/`)],
    ["vaulting-history", 1280, 900, goTo(vaultingPage)],
    ["challenge", 480, 720, goTo(challenge)],
    ["contract", 1280, 900, (page: Page) => page.setContent(contract)],
    ["terminal", 960, 430, (page: Page) => page.setContent(vaulted)],
  ] as const) {
    await using window = await openWindow(browser, { width, height });
    await show(window.page);
    const path = join(directory, `${name}.png`);
    await window.page.screenshot({ path });
    console.log(path);
  }
} finally {
  await browser.close();
}
