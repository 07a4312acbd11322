import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvHttpProxyAgent, fetch as undiciFetch } from "undici";
import { describe, expect, test } from "vitest";
import { createTlsCertificates } from "../gateway/index.ts";
import { startSandbox } from "../sandbox/index.ts";
import * as messages from "../testing/messages/client-messages.ts";
import { createBareEnvironment, startCommandIn, waitForExit } from "../testing/processes/command.ts";
import { buildResponse, catchError, createTestClient } from "../testing/servers/scripted-gateway.ts";

/** Starts a proxy that handles each connection with `handle`, and records the first bytes that each client sends. */
async function startProxy(handle: (socket: Socket, head: string) => void) {
  const heads: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      heads.push(String(data));
      handle(socket, String(data));
    });
  });
  return { heads, url: await listen(server), [Symbol.asyncDispose]: async () => void server.close() };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function tunnel(socket: Socket, head: string): void {
  const [, port] = /^CONNECT 127\.0\.0\.1:(\d+) /.exec(head) ?? [];
  const upstream = connect(Number(port), "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
  upstream.on("error", () => socket.destroy());
  socket.pipe(upstream).pipe(socket);
}

/** Creates a client whose requests go through a proxy. */
function createProxiedClient(baseUrl: string, httpsProxy: string, ca?: string) {
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy, noProxy: "", ...(ca ? { requestTls: { ca } } : {}) });
  const fetch = (url: string, init: RequestInit) =>
    undiciFetch(url, { ...init, dispatcher } as Parameters<typeof undiciFetch>[1]) as unknown as Promise<Response>;
  return createTestClient({ baseUrl, fetch });
}

describe("with undici's EnvHttpProxyAgent", () => {
  test("the proxy sees only the host of an https call", async () => {
    const { server: certificate, authority } = await createTlsCertificates(["127.0.0.1"]);
    const gateway = createTlsServer({ cert: certificate, key: certificate }, async (request, response) => {
      const { status, headers, body } = await buildResponse(request.url ?? "", { body: messages.vaultedResponse });
      response.writeHead(status, headers).end(body);
    });
    const { host } = new URL(await listen(gateway));
    await using proxy = await startProxy(tunnel);
    const client = createProxiedClient(`https://${host}`, proxy.url, authority);
    expect(await client.vaultPaymentMethod(messages.vaultRequest)).toHaveProperty("outcome", "vaulted");
    expect(proxy.heads).toEqual([expect.stringMatching(`^CONNECT ${host} HTTP/1.1\r\n`)]);
    gateway.closeAllConnections();
    gateway.close();
  });

  test("a proxy that closes every connection receives one connection per attempt, within the retry budget", async () => {
    await using proxy = await startProxy((socket) => socket.destroy());
    const client = createProxiedClient("https://vault.example", proxy.url);
    expect((await catchError(client.vaultPaymentMethod(messages.vaultRequest))).code).toBe("CONNECTION_FAILED");
    expect(proxy.heads).toHaveLength(3);
    for (let call = 2; call <= 20; call++) await catchError(client.vaultPaymentMethod(messages.vaultRequest));
    expect(proxy.heads).toHaveLength(30);
  });
});

test("the documented setup sends https calls to the proxy in HTTPS_PROXY, once per attempt", async () => {
  await using proxy = await startProxy((socket) => socket.destroy());
  const program = `
    import { EnvHttpProxyAgent, install, setGlobalDispatcher } from "undici";
    import { createTestClient } from "./src/testing/servers/scripted-gateway.ts";
    setGlobalDispatcher(new EnvHttpProxyAgent());
    install();
    const call = createTestClient({ region: "asia" }).inquireVaulting({ vaultingRequestId: "1" });
    await call.catch((error) => console.log(error.code));
  `;
  const env = createBareEnvironment({ HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: "", no_proxy: "" });
  const cwd = join(import.meta.dirname, "../..");
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd, env });
  expect((await waitForExit(child)).stdout).toBe("CONNECTION_FAILED\n");
  expect(proxy.heads).toEqual(Array(3).fill(expect.stringMatching(/^CONNECT open-sea-global\.alipay\.com:443 /)));
});

test("with the fetch of Node.js, a proxy that closes connections instead of opening tunnels receives one connection per attempt, and none after the call", async () => {
  await using proxy = await startProxy((socket) => socket.end());
  const program = `
    import { createTestClient } from "./src/testing/servers/scripted-gateway.ts";
    const call = createTestClient({ region: "asia", timeoutMs: 3_000 }).inquireVaulting({ vaultingRequestId: "1" });
    await call.catch((error) => console.log(error.code + ": " + error.message));
    setTimeout(() => process.exit(), 500);
  `;
  const variables = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: "", no_proxy: "" };
  const env = createBareEnvironment({ ...variables, NODE_USE_ENV_PROXY: "1" });
  const cwd = join(import.meta.dirname, "../..");
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd, env });
  expect((await waitForExit(child)).stdout).toMatch(
    /^CONNECTION_FAILED: .* \(UND_ERR_PRX_CONN\)\. Nothing was sent\. /,
  );
  expect(proxy.heads).toHaveLength(3);
});

describe("with Node's proxy variables", () => {
  const createProxyEnvironment = (proxy: string) => ({
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: proxy,
    NO_PROXY: "",
    no_proxy: "",
  });

  test("createVaultClient throws if calls to a local sandbox would go through the proxy", async () => {
    await using proxy = await startProxy((socket) => socket.destroy());
    await using sandbox = await startSandbox();
    const program = `
      import { createVaultClient } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
      createVaultClient(JSON.parse(process.argv[1]));
    `;
    const args = ["--input-type=module", "-e", program, JSON.stringify(sandbox.credentials)];
    const child = spawn(process.execPath, args, { env: createBareEnvironment(createProxyEnvironment(proxy.url)) });
    expect(await waitForExit(child)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Add 127.0.0.1 to NO_PROXY"),
    });
    expect(proxy.heads).toEqual([]);
  });

  test("the command bypasses the proxy when it calls a local sandbox", async () => {
    await using proxy = await startProxy((socket) => socket.destroy());
    await using sandbox = await startSandbox();
    const { baseUrl, clientId, merchantPrivateKey, antomPublicKey } = sandbox.credentials;
    const child = startCommandIn(tmpdir(), ["inquire", "unknown-1"], {
      ...createProxyEnvironment(proxy.url),
      ANTOM_BASE_URL: baseUrl,
      ANTOM_CLIENT_ID: clientId,
      ANTOM_PRIVATE_KEY: merchantPrivateKey,
      ANTOM_PUBLIC_KEY: antomPublicKey,
    });
    const { exitCode, stdout, stderr } = await waitForExit(child);
    expect(`${stdout}${stderr}`).toContain("VAULTING_NOT_EXIST");
    expect(exitCode).toBe(1);
    expect(proxy.heads).toEqual([]);
  });
});
