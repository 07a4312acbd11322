import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import { TLS_AUTHORITY_FILE } from "./private-files.ts";
import { createTlsCertificates, openTlsCertificates } from "./tls-certificates.ts";

const DAY_MS = 86_400_000;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** Verifies the server certificate in a directory with openssl. */
const verifyWithOpenssl = (directory: string, ...options: readonly string[]) => {
  const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", TLS_AUTHORITY_FILE, ...options];
  const { stdout, stderr } = spawnSync("openssl", [...args, "tls-server-key.pem"], {
    cwd: directory,
    encoding: "utf8",
  });
  return stdout + stderr;
};

const readAll = (directory: string) =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]));

afterEach(() => {
  vi.useRealTimers();
});

describe("openTlsCertificates", () => {
  test("creates the files once, and makes only the authority's certificate readable by other users", async () => {
    using directory = createTemporaryDirectory();
    const first = await openTlsCertificates(directory.path);
    const files = readAll(directory.path);
    expect(await openTlsCertificates(directory.path)).toEqual(first);
    expect(readAll(directory.path)).toEqual(files);
    const modes = Object.keys(files).map((name) => [name, statSync(join(directory.path, name)).mode & 0o777]);
    expect(modes).toEqual([
      ["tls-authority-key.pem", 0o600],
      ["tls-authority.pem", 0o644],
      ["tls-server-key.pem", 0o600],
    ]);
    expect(files[TLS_AUTHORITY_FILE]).toBe(first.authority);
    expect(first.authority).not.toContain("PRIVATE KEY");
  });

  test("issues a server certificate for local hosts with a random serial number and a lifetime of at most 397 days", async () => {
    const [one, other] = await Promise.all([openTlsCertificates(), openTlsCertificates()]);
    const server = new X509Certificate(one.server);
    expect([server.checkHost("localhost"), server.checkIP("127.0.0.1"), server.checkIP("::1")]).not.toContain(
      undefined,
    );
    expect(server.checkHost("example.com")).toBeUndefined();
    expect(Date.parse(server.validTo) - Date.parse(server.validFrom)).toBeLessThanOrEqual(397 * DAY_MS);
    expect(server.ca).toBe(false);
    expect(server.verify(new X509Certificate(one.authority).publicKey)).toBe(true);
    expect(server.serialNumber).toMatch(/^4[0-9A-F]{31}$/);
    expect(server.serialNumber).not.toBe(new X509Certificate(other.server).serialNumber);
  });

  test.skipIf(!hasOpenssl)("issues certificates that openssl accepts in strict mode", async () => {
    using directory = createTemporaryDirectory();
    await openTlsCertificates(directory.path);
    for (const option of ["-verify_ip 127.0.0.1", "-verify_ip ::1", "-verify_hostname localhost"])
      expect(verifyWithOpenssl(directory.path, ...option.split(" "))).toContain("OK");
    expect(verifyWithOpenssl(directory.path, "-verify_hostname", "example.com")).toContain("hostname mismatch");
    const text = execFileSync("openssl", ["x509", "-in", join(directory.path, TLS_AUTHORITY_FILE), "-noout", "-text"]);
    expect(String(text)).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(String(text)).toMatch(/Key Usage: critical\s+Certificate Sign\n/);
    expect(String(text)).toMatch(/Name Constraints: critical\s+Permitted:\s+DNS:localhost\s+IP:127\.0\.0\.1/);
  });

  test.skipIf(!hasOpenssl)("restricts the authority to its hosts", async () => {
    using directory = createTemporaryDirectory();
    await openTlsCertificates(directory.path, "gateway.example");
    const authority = join(directory.path, "tls-authority-key.pem");
    const config = join(directory.path, "san.txt");
    for (const [names, result] of [
      ["DNS:gateway.example,IP:::1", "OK"],
      ["DNS:other.example", "permitted subtree violation"],
      ["IP:127.0.0.2", "permitted subtree violation"],
    ] as const) {
      writeFileSync(
        config,
        `subjectAltName=${names}\nbasicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n`,
      );
      execFileSync(
        "openssl",
        ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", "k", "-out", "r"],
        {
          cwd: directory.path,
          stdio: "ignore",
        },
      );
      execFileSync(
        "openssl",
        [
          "x509",
          "-req",
          "-in",
          "r",
          "-CA",
          authority,
          "-CAkey",
          authority,
          "-extfile",
          config,
          "-out",
          "tls-server-key.pem",
        ],
        { cwd: directory.path, stdio: "ignore" },
      );
      expect(verifyWithOpenssl(directory.path)).toContain(result);
    }
  });

  test("renews a server certificate for the same hosts if it expires within 30 days, and keeps the authority", async () => {
    using directory = createTemporaryDirectory();
    const first = await openTlsCertificates(directory.path, "gateway.example");
    const passDays = (days: number) => vi.setSystemTime(Date.now() + days * DAY_MS);
    passDays(365);
    expect(await openTlsCertificates(directory.path)).toEqual(first);
    passDays(2);
    const renewed = await openTlsCertificates(directory.path);
    expect(renewed.authority).toBe(first.authority);
    expect(renewed.server).not.toBe(first.server);
    const server = new X509Certificate(renewed.server);
    expect(server.verify(new X509Certificate(first.authority).publicKey)).toBe(true);
    expect([server.checkHost("gateway.example"), server.checkIP("::1")]).toEqual(["gateway.example", "::1"]);
    expect(await openTlsCertificates(directory.path, "gateway.example")).toEqual(renewed);
  });

  test("replaces the authority if it expires too soon or if a host is added", async () => {
    using directory = createTemporaryDirectory();
    const first = await openTlsCertificates(directory.path, "one.example");
    const second = await openTlsCertificates(directory.path, "10.1.2.3");
    expect(second.authority).not.toBe(first.authority);
    const server = new X509Certificate(second.server);
    expect([server.checkHost("one.example"), server.checkIP("10.1.2.3")]).toEqual(["one.example", "10.1.2.3"]);
    vi.setSystemTime(Date.now() + 3300 * DAY_MS);
    expect((await openTlsCertificates(directory.path)).authority).not.toBe(second.authority);
  });

  test.each([
    TLS_AUTHORITY_FILE,
    "tls-authority-key.pem",
    "tls-server-key.pem",
  ])("creates consistent certificates if %s is missing, for example after a crash", async (name) => {
    using directory = createTemporaryDirectory();
    const first = await openTlsCertificates(directory.path);
    rmSync(join(directory.path, name));
    const second = await openTlsCertificates(directory.path);
    expect(second.authority === first.authority).toBe(name === TLS_AUTHORITY_FILE);
    expect(readFileSync(join(directory.path, TLS_AUTHORITY_FILE), "utf8")).toBe(second.authority);
    expect(new X509Certificate(second.server).verify(new X509Certificate(second.authority).publicKey)).toBe(true);
  });

  test("replaces a server certificate that a different authority issued, for example after a crash", async () => {
    using directory = createTemporaryDirectory();
    await openTlsCertificates(directory.path);
    writeFileSync(join(directory.path, "tls-server-key.pem"), (await openTlsCertificates()).server);
    const { authority, server } = await openTlsCertificates(directory.path);
    expect(new X509Certificate(server).verify(new X509Certificate(authority).publicKey)).toBe(true);
  });

  test("rejects invalid files, files that other users can read, and invalid hosts, without showing the content of a file", async () => {
    using directory = createTemporaryDirectory();
    await openTlsCertificates(directory.path);
    const file = join(directory.path, "tls-authority-key.pem");
    chmodSync(file, 0o644);
    await expect(openTlsCertificates(directory.path)).rejects.toThrow(/other users have access to it\. Run `chmod 600/);
    chmodSync(file, 0o600);
    writeFileSync(file, "secret");
    await expect(openTlsCertificates(directory.path)).rejects.toThrow(
      /^Cannot use the keys in .*: ERR_OSSL\w+\. Fix this problem/,
    );
    for (const host of ["", "*.example", "a b", "https://a", "a,DNS:b", "-".repeat(64)])
      await expect(openTlsCertificates(undefined, host)).rejects.toThrow("--tls-host must be a host name");
  });
});

test("openTlsCertificates writes nothing if node-forge is not installed", async () => {
  using directory = createTemporaryDirectory();
  vi.doMock("node-forge", () => {
    throw Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" });
  });
  try {
    await expect(openTlsCertificates(directory.path)).rejects.toMatchObject({
      code: "DEPENDENCY_MISSING",
      message: "--tls requires packages that are not installed. Run:\n  npm install --save-dev node-forge@1",
    });
    expect(readdirSync(directory.path)).toEqual([]);
  } finally {
    vi.doUnmock("node-forge");
  }
});

test("createTlsCertificates returns a server certificate and its private key", async () => {
  const { authority, server } = await createTlsCertificates(["merchant.example"]);
  expect(() => createSecureContext({ cert: server, key: server, ca: authority })).not.toThrow();
});
