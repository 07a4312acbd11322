import { cpSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createVaultClient } from "../../client/index.ts";
import { createNotificationReceiver } from "../../notification/index.ts";
import { toNodeHandler } from "../../notification/node.ts";
import {
  createTemporaryDirectory,
  readFirstLine,
  runCommand,
  startCommand,
  stopProcess,
  waitForExit,
  waitForOutput,
} from "../../testing/processes/command.ts";
import { findFreePort } from "../../testing/servers/free-port.ts";
import { startPostgres } from "../../testing/servers/postgres-server.ts";

type Child = ReturnType<typeof startCommand>;

const children: Child[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface StartupLine {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly antomPublicKey: string;
}

/** Starts a sandbox and reads its startup line. */
async function serve(data: string, ...options: readonly string[]): Promise<{ child: Child; startupLine: StartupLine }> {
  const child = startCommand("sandbox", "--data", data, "--port", "0", "--json", ...options);
  children.push(child);
  return { child, startupLine: JSON.parse(await readFirstLine(child)) as StartupLine };
}

const readCredentials = (data: string) => JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"));

const NOWHERE = "http://127.0.0.1:9/antom/notifications";
const createRequest = (vaultingRequestId: string, vaultingNotificationUrl = NOWHERE) => ({
  vaultingRequestId,
  vaultingNotificationUrl,
  redirectUrl: "https://merchant.example/cards/done",
  paymentMethodDetail: {
    paymentMethodType: "CARD" as const,
    card: { cardNo: "4054695723100768", expiryYear: "30", expiryMonth: "12", cvv: "123" },
  },
  env: { terminalType: "WEB" as const },
});

const getFromControlApi = async (baseUrl: string, path: string) => (await fetch(`${baseUrl}/_sandbox${path}`)).json();

describe("antom-vault sandbox", () => {
  test("keeps its results after a crash, rejects a second process, and stops on SIGTERM", async () => {
    using directory = createTemporaryDirectory();
    const data = join(directory.path, "sandbox");
    const first = await serve(data);
    const { merchantPrivateKey, ...shown } = readCredentials(data);
    expect(first.startupLine).toEqual(shown);
    expect(merchantPrivateKey).toContain("PRIVATE KEY");
    for (const file of ["credentials.json", "gateway-private-key.pem", "server.json", "vault.db", "vault.db-wal"])
      expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    const vaulted = await createVaultClient(readCredentials(data)).vaultPaymentMethod(createRequest("kept"));
    expect(vaulted).toMatchObject({ outcome: "vaulted" });

    const second = await waitForExit(startCommand("sandbox", "--data", data, "--port", "0"));
    expect(second).toMatchObject({ exitCode: 2, stdout: "" });
    expect(second.stderr).toContain(
      `already in use by a sandbox (process ${first.child.pid}, port ${new URL(first.startupLine.baseUrl).port}, `,
    );

    first.child.kill("SIGKILL");
    const restarted = await serve(data);
    expect(await createVaultClient(readCredentials(data)).vaultPaymentMethod(createRequest("kept"))).toEqual(vaulted);
    expect(await stopProcess(restarted.child)).toBe(0);
  });

  test("prints everything you need for a first request and, when it stops, the number of vaultings in progress", async () => {
    using directory = createTemporaryDirectory();
    const data = join(directory.path, "sandbox");
    const child = startCommand("sandbox", "--data", data, "--port", "0");
    children.push(child);
    const output = await waitForOutput(child, /Stop with Ctrl-C\./);
    for (const line of [
      /Vault API sandbox at http:\/\/127\.0\.0\.1:\d+/,
      /Client ID +SANDBOX_/,
      /Credentials +\S+credentials\.json/,
    ])
      expect(output).toMatch(line);
    for (const word of [" cards", "/_sandbox/health", "spec --example Sample", "sign --credentials", "vault.sh"])
      expect(output).toContain(word);
    const { paymentMethodDetail, ...request } = createRequest("open");
    const card = { ...paymentMethodDetail.card, is3DSAuthentication: true };
    const pending = { ...request, paymentMethodDetail: { ...paymentMethodDetail, card } };
    await createVaultClient(readCredentials(data)).vaultPaymentMethod(pending);
    const stopped = waitForOutput(child, /Stopped\. [\s\S]*\n/);
    expect(await stopProcess(child)).toBe(0);
    const rest = (await stopped).replace(/\s+/g, " ");
    expect(rest).toContain(
      "Still in progress: 1 vaulting. To continue, start the sandbox again with this command and any other options that you used: ",
    );
    expect(rest).toContain(`sandbox --data ${data}`);
  });

  test.each([
    [["--port", "66000"], "--port must be a number"],
    [["--notification-scope", "everywhere"], "--notification-scope must be one of loopback, network, public"],
    [["--id-reuse", "x"], "--id-reuse must be one of"],
    [["--database", "postgres://127.0.0.1:1/none"], "Cannot use the database: ECONNREFUSED"],
  ])("exits with 2 for the options %j", async (options, expected) => {
    using directory = createTemporaryDirectory();
    const ended = await runCommand("sandbox", "--data", directory.path, "--json", ...options);
    expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ended.stderr).toContain(expected);
  });

  test("requires the stored token for the control API on a non-loopback host", async () => {
    using directory = createTemporaryDirectory();
    const { child, startupLine } = await serve(directory.path, "--host", "0.0.0.0");
    const { port } = new URL(startupLine.baseUrl);
    const health = `http://127.0.0.1:${port}/_sandbox/health`;
    expect((await fetch(health)).status).toBe(401);
    const token = readFileSync(join(directory.path, "control-token"), "utf8");
    expect(statSync(join(directory.path, "control-token")).mode & 0o777).toBe(0o600);
    const authorized = await fetch(health, { headers: { authorization: `Bearer ${token}` } });
    expect(authorized.status).toBe(200);
    expect(await stopProcess(child)).toBe(0);
  });
});

test("antom-vault sandbox requires the stored token with --public-url, and sends notifications to public addresses only", async () => {
  using directory = createTemporaryDirectory();
  const port = String(await findFreePort());
  const child = startCommand(
    "sandbox",
    "--data",
    directory.path,
    "--port",
    port,
    "--public-url",
    "https://dev.example/",
  );
  children.push(child);
  const output = await waitForOutput(child, /Control API.*control-token/s);
  expect(output).toContain("Vault API sandbox at https://dev.example\n");
  expect(output).toMatch(/Notifications +sent to public addresses only/);
  const health = `http://127.0.0.1:${port}/_sandbox/health`;
  expect((await fetch(health)).status).toBe(401);
  const authorization = `Bearer ${readFileSync(join(directory.path, "control-token"), "utf8")}`;
  expect((await fetch(health, { headers: { authorization } })).status).toBe(200);
  expect(await stopProcess(child)).toBe(0);
});

describe("two sandboxes that share a PostgreSQL database", () => {
  test("create one vaulting per ID, send each notification once while both run, and lose nothing in a crash", async ({
    skip,
  }) => {
    await using database = await startPostgres();
    if (!database) return skip("PostgreSQL is not installed.");
    using directory = createTemporaryDirectory();
    const data = join(directory.path, "shared");
    const url = await database.createDatabase();
    // The second sandbox uses a copy of the keys that the first one created.
    const one = await serve(data, "--database", url);
    const copy = join(directory.path, "copy");
    cpSync(data, copy, { recursive: true });
    const two = await serve(copy, "--database", url);
    const keys = readCredentials(data);
    const clients = [one, two].map(({ startupLine }) => createVaultClient({ ...keys, baseUrl: startupLine.baseUrl }));
    const [first, second] = clients;
    if (!first || !second) throw new Error("A client is missing.");

    const received = new Map<string, number>();
    const receive = createNotificationReceiver({
      clientId: keys.clientId,
      antomPublicKey: keys.antomPublicKey,
      onVaulting: () => {},
    });
    const handle = toNodeHandler(receive);
    const listener = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on("data", (chunk: Buffer) => chunks.push(chunk));
      message.on("end", () => {
        const id = /"vaultingRequestId":"([^"]+)"/.exec(Buffer.concat(chunks).toString())?.[1] ?? "";
        received.set(id, (received.get(id) ?? 0) + 1);
      });
      void handle(message, response);
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const notifyUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/n`;

    const ids = Array.from({ length: 30 }, (_, index) => `shared-${index}`);
    const both = await Promise.all(
      ids.map((id) => Promise.all(clients.map((client) => client.vaultPaymentMethod(createRequest(id, notifyUrl))))),
    );
    for (const [here, there] of both) expect(here).toEqual(there);
    expect(await getFromControlApi(two.startupLine.baseUrl, "/health")).toMatchObject({ vaultings: ids.length });
    await expect.poll(() => received.size, { timeout: 10_000 }).toBe(ids.length);

    // The second sandbox sends the notifications that the first one did not send before the crash.
    const more = Array.from({ length: 40 }, (_, index) => `more-${index}`);
    const responses = await Promise.all(more.map((id) => first.vaultPaymentMethod(createRequest(id, notifyUrl))));
    one.child.kill("SIGKILL");
    const known = await Promise.all(more.map((vaultingRequestId) => second.inquireVaulting({ vaultingRequestId })));
    for (const [index, response] of responses.entries())
      expect(known[index]).toMatchObject({
        outcome: "vaulted",
        cardToken: (response as { cardToken: string }).cardToken,
      });
    await expect.poll(() => more.filter((id) => !received.has(id)), { timeout: 25_000 }).toEqual([]);
    // After the crash, only notifications that the first sandbox sent but did not record may be sent twice.
    expect(ids.filter((id) => received.get(id) !== 1)).toEqual([]);
    listener.closeAllConnections();
    listener.close();
    expect(await stopProcess(two.child)).toBe(0);
  }, 60_000);
});
