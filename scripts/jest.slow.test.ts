/** Runs a merchant's project with the client and the receiver in Jest, whose default configuration loads only CommonJS. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTemporaryDirectory } from "../src/testing/processes/command.ts";
import { readPage } from "./docs/markdown.ts";

const root = join(import.meta.dirname, "..");
const temporary = createTemporaryDirectory();
let tarball: string;

beforeAll(() => {
  const args = ["pack", "--silent", "--pack-destination", temporary.path];
  const printed = execFileSync("npm", args, { cwd: root, encoding: "utf8" });
  tarball = join(temporary.path, printed.trim().split("\n").at(-1) ?? "");
}, 240_000);
afterAll(() => temporary[Symbol.dispose]());

const BODY = `
  const merchant = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const antom = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const merchantPrivateKey = merchant.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const antomPublicKey = antom.publicKey.export({ type: "spki", format: "pem" }).toString();
  test("the client and the receiver work", async () => {
    const fetch = async () => { throw new Error("offline"); };
    const vault = createVaultClient({ clientId: "X", region: "asia", merchantPrivateKey, antomPublicKey, fetch, retry: false });
    const error = await vault.inquireVaulting({ vaultingRequestId: "1" }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AntomVaultError);
    expect(error).toMatchObject({ code: "CONNECTION_FAILED" });
    const body = JSON.stringify({
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
      vaultingRequestId: "1", vaultingStatus: "SUCCESS", notifyType: "VAULTING_RESULT",
      paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "t", brand: "VISA" } },
    });
    const time = String(Date.now());
    const signature = sign("sha256", Buffer.from("POST /n\\nX." + time + "." + body), antom.privateKey).toString("base64");
    const headers = {
      "content-type": "application/json", "client-id": "X", "request-time": time,
      signature: "algorithm=RSA256,keyVersion=1,signature=" + encodeURIComponent(signature),
    };
    let token: string | undefined;
    const receive = createNotificationReceiver({
      clientId: "X", antomPublicKey,
      onVaulting: (event) => { if (event.outcome === "vaulted") token = event.cardToken; },
    });
    const response = await receive(new Request("http://merchant.example/n", { method: "POST", headers, body }));
    expect(await response.text()).toContain("SUCCESS");
    expect(token).toBe("t");
  });
`;
const IMPORTS = `
import { generateKeyPairSync, sign } from "node:crypto";
import { AntomVaultError, createVaultClient } from "antom-vault";
import { createNotificationReceiver } from "antom-vault/notification";
`;

const BABEL = ["@babel/core@7", "@babel/preset-env@7", "@babel/preset-typescript@7"];
const PRESETS = [["@babel/preset-env", { targets: { node: "current" } }], "@babel/preset-typescript"];

/** The files of a merchant's project for each transformer, in addition to its test. */
const TRANSFORMERS: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  "ts-jest": {
    "package.json": { name: "merchant", jest: { preset: "ts-jest" } },
    "tsconfig.json": { compilerOptions: { strict: true, esModuleInterop: true } },
  },
  "babel-jest": { "package.json": { name: "merchant" }, "babel.config.json": { presets: PRESETS } },
};

// Both projects share the packages, because an installation takes longer than a test.
describe.each(["29", "30"])("in Jest %s", (version) => {
  const projects = join(temporary.path, `jest-${version}`);
  beforeAll(() => {
    mkdirSync(projects);
    writeFileSync(join(projects, "package.json"), "{}");
    const packages = [`jest@${version}`, `babel-jest@${version}`, "ts-jest@29", "typescript@5.9.3"];
    const types = [`@types/jest@${version}`, "@types/node@22"];
    const args = ["install", "--no-audit", "--no-fund", tarball, ...packages, ...BABEL, ...types];
    execFileSync("npm", args, { cwd: projects, stdio: ["ignore", "pipe", "pipe"] });
  }, 240_000);

  test.each(Object.entries(TRANSFORMERS))(
    "the client and the receiver work with %s",
    (transformer, files) => {
      const project = join(projects, transformer);
      mkdirSync(project);
      for (const [name, content] of Object.entries(files)) writeFileSync(join(project, name), JSON.stringify(content));
      writeFileSync(join(project, "merchant.test.ts"), IMPORTS + BODY);
      const jest = join(projects, "node_modules/jest/bin/jest.js");
      const printed = execFileSync(process.execPath, [jest, "--json"], {
        cwd: project,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const { success, numPassedTests } = JSON.parse(printed.toString());
      expect({ success, numPassedTests }).toEqual({ success: true, numPassedTests: 1 });
    },
    240_000,
  );
});

test("the steps in docs/jest.md produce a passing test", { timeout: 240_000 }, () => {
  const guide = join(temporary.path, "guide");
  const { blocks } = readPage("docs/jest.md", readFileSync(join(root, "docs", "jest.md"), "utf8"));
  mkdirSync(join(guide, "src"), { recursive: true });
  for (const { words, text, language } of blocks) {
    const file = words.find((word) => word.startsWith("file="))?.slice(5);
    if (file) writeFileSync(join(guide, file), text);
    if (language !== "sh") continue;
    const script = text.replace("npm install antom-vault", `npm install ${tarball}`);
    execFileSync("sh", ["-euc", script], { cwd: guide, stdio: ["ignore", "pipe", "pipe"] });
  }
  execFileSync("npx", ["tsc", "--noEmit"], { cwd: guide });
});
