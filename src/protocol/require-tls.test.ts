import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requireTls } from "./require-tls.ts";

const NAMES = ["NODE_USE_ENV_PROXY", "NODE_OPTIONS", "http_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];
beforeEach(() => {
  for (const name of NAMES) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

const local = "http://127.0.0.1:4010";
const proxy = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: "http://proxy.example:3128" };

function requireTlsWithEnvironment(url: string, env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  requireTls(new URL(url));
}

test.each([
  [local, proxy],
  [local, { ...proxy, NODE_USE_ENV_PROXY: "", NODE_OPTIONS: "--no-warnings --use-env-proxy" }],
  [local, { NODE_USE_ENV_PROXY: "1", http_proxy: "http://proxy.example" }],
  [local, { ...proxy, NO_PROXY: "localhost,127.0.0.1:4011,a127.0.0.1" }],
  [local, { ...proxy, NO_PROXY: "127.0.0.1", no_proxy: "" }],
  [local, { ...proxy, NO_PROXY: "127.0.0.0/8" }],
  [local, { ...proxy, NO_PROXY: "merchant.example,*" }],
  ["http://[::1]:4010", { ...proxy, NO_PROXY: "::1" }],
])("requireTls rejects the URL %s if a proxy would receive the request: %j", (url, env) => {
  expect(() => requireTlsWithEnvironment(url, env)).toThrow(
    `The proxy in HTTP_PROXY would receive the card data unencrypted. Nothing was sent. Add ${new URL(url).hostname} to NO_PROXY, or unset NODE_USE_ENV_PROXY.`,
  );
});

test("requireTls rejects a loopback URL if Node.js was started with --use-env-proxy", () => {
  const previous = process.execArgv;
  process.execArgv = ["--use-env-proxy"];
  try {
    expect(() => requireTlsWithEnvironment(local, { HTTP_PROXY: "http://proxy.example" })).toThrow(/unencrypted/);
  } finally {
    process.execArgv = previous;
  }
});

test.each([
  [local, {}],
  [local, { HTTP_PROXY: "http://proxy.example" }],
  [local, { ...proxy, NODE_USE_ENV_PROXY: "true" }],
  [local, { NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: "http://proxy.example" }],
  [local, { ...proxy, http_proxy: "" }],
  [local, { ...proxy, NO_PROXY: "merchant.example, 127.0.0.1" }],
  [local, { ...proxy, NO_PROXY: "127.0.0.1:4010" }],
  [local, { ...proxy, no_proxy: "*" }],
  ["http://LOCALHOST:4010", { ...proxy, NO_PROXY: "Localhost" }],
  ["http://[::1]:4010", { ...proxy, NO_PROXY: "[::1]" }],
  ["https://vault.example", proxy],
])("requireTls accepts the URL %s with the environment %j", (url, env) => {
  expect(() => requireTlsWithEnvironment(url, env)).not.toThrow();
});
