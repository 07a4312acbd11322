import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  validateVaultPaymentMethodRequest,
  validateVaultPaymentMethodResponse,
  validateVaultPaymentMethodResponseStrict,
} from "../generated/validators.js";
import { findFreePort } from "../src/testing/servers/free-port.ts";
import { SAMPLE_REQUEST, SAMPLE_RESPONSE } from "./fidelity/cases/seed-sample.ts";

const documentFile = join(import.meta.dirname, "..", "generated", "openapi.json");

describe("Antom's sample", () => {
  test("is accepted by the generated validators", () => {
    expect(validateVaultPaymentMethodRequest(JSON.parse(SAMPLE_REQUEST))).toMatchObject({ valid: true });
    const expected = { valid: true, branch: "VaultPaymentMethodVaulted" };
    expect(validateVaultPaymentMethodResponse(JSON.parse(SAMPLE_RESPONSE))).toMatchObject(expected);
    expect(validateVaultPaymentMethodResponseStrict(JSON.parse(SAMPLE_RESPONSE))).toMatchObject(expected);
  });

  test("is included unchanged in the examples of the document", () => {
    const { examples } = (JSON.parse(readFileSync(documentFile, "utf8")) as Document).components;
    expect(examples.Sample.value).toEqual(JSON.parse(SAMPLE_REQUEST));
    expect(examples.SUCCESS.value).toEqual(JSON.parse(SAMPLE_RESPONSE));
  });
});

interface Document {
  readonly components: { readonly examples: Readonly<Record<"Sample" | "SUCCESS", { readonly value: unknown }>> };
}

/** Tests the document with unmodified Prism, because other projects serve it in this way. */
describe("unmodified Prism with generated/openapi.json", () => {
  let baseUrl: string;
  let stop: () => Promise<unknown>;

  beforeAll(async () => {
    const port = await findFreePort();
    const prism = join(
      dirname(createRequire(import.meta.url).resolve("@stoplight/prism-cli/package.json")),
      "dist",
      "index.js",
    );
    const child = spawn(process.execPath, [prism, "mock", documentFile, "--port", String(port), "--host", "127.0.0.1"]);
    stop = () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      return ended;
    };
    baseUrl = `http://127.0.0.1:${port}`;
    // Keep reading, because Prism fails when it writes to a closed pipe.
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk) => {
        if (String(chunk).includes("Prism is listening")) resolve();
      });
    });
  });
  afterAll(() => stop());

  const call = async (body: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${baseUrl}/v1/vaults/vaultPaymentMethod`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        signature: "x",
        "client-id": "x",
        "request-time": "x",
        ...headers,
      },
      body,
    });

  test("returns the sample response for the sample request", async () => {
    const response = await call(SAMPLE_REQUEST);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(JSON.parse(SAMPLE_RESPONSE));
  });

  test("returns the example that the Prefer header names", async () => {
    const response = await call(SAMPLE_REQUEST, { prefer: "example=VERIFICATION_FAIL" });
    expect(await response.json()).toMatchObject({ result: { resultCode: "VERIFICATION_FAIL", resultStatus: "F" } });
  });

  test("rejects a body that violates the schema", async () => {
    const response = await call(SAMPLE_REQUEST.replace('"08"', '"13"'));
    expect(response.status).toBe(422);
  });
});
