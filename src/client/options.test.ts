import { describe, expect, test } from "vitest";
import { ANTOM_PUBLIC_KEY, CLIENT_ID, MERCHANT_PRIVATE_KEY } from "../testing/servers/scripted-gateway.ts";
import { createVaultClient, type VaultClientOptions } from "./index.ts";
import { readOptions } from "./settings.ts";

const required: VaultClientOptions = {
  clientId: CLIENT_ID,
  merchantPrivateKey: MERCHANT_PRIVATE_KEY,
  antomPublicKey: ANTOM_PUBLIC_KEY,
};
const local = { ...required, baseUrl: "http://127.0.0.1:4010" };

describe("createVaultClient rejects invalid options without quoting the value:", () => {
  const describeRange = (name: string, min: number, max: number) => `${name} must be a number from ${min} to ${max}.`;
  const clientId = "clientId must be 1 to 128 printable ASCII characters: copy it from the Antom dashboard.";
  const quotedId = "clientId contains quotation marks or spaces: remove them from the environment variable or file.";
  const describeUnset = (name: string, value: unknown) =>
    `${name} is ${value}: check that the environment variable is set.`;
  const agentToken = /^agentToken must be 1 to 128 printable ASCII characters without spaces/;
  const baseUrl = /^baseUrl must be an absolute URL/;
  const originOnly = /^baseUrl must not contain a path, query, or fragment/;
  const version = /^keyVersion must be a whole number/;
  const region = "region must be one of north-america, united-states, asia, europe.";
  const missing = "Set either region (north-america, united-states, asia, europe) or baseUrl.";

  test.each<[Readonly<Record<string, unknown>>, string | RegExp]>([
    [{ clientId: undefined }, describeUnset("clientId", undefined)],
    [{ clientId: null }, describeUnset("clientId", null)],
    [{ clientId: '"SANDBOX_9191"' }, quotedId],
    [{ clientId: "SANDBOX_9191\n" }, quotedId],
    [{ merchantPrivateKey: undefined }, describeUnset("merchantPrivateKey", undefined)],
    [{ antomPublicKey: null }, describeUnset("antomPublicKey", null)],
    [{ privateKey: 9191 }, "createVaultClient has no option privateKey. Did you mean merchantPrivateKey?"],
    [{ timeout: 9191 }, "createVaultClient has no option timeout. Did you mean timeoutMs or attemptTimeoutMs?"],
    [{ clientIds: "9191" }, "createVaultClient has no option clientIds. Did you mean clientId?"],
    [
      { shape: 9191 },
      /^createVaultClient has no option shape\. The options are clientId, merchantPrivateKey, .*, logger\.$/,
    ],
    [{ "9191": 1 }, /^createVaultClient has no option \*\*\*\. The options are /],
    [{ retry: { attempt: 9191 } }, "retry has no option attempt. Did you mean attempts?"],
    [{ clientId: 9191 }, clientId],
    [{ clientId: "" }, describeUnset("clientId", "empty")],
    [{ merchantPrivateKey: "" }, describeUnset("merchantPrivateKey", "empty")],
    [{ clientId: "9191 9191" }, quotedId],
    [{ clientId: "9191\r\nX: 1" }, quotedId],
    [{ clientId: "９１９１" }, clientId],
    [{ clientId: "9".repeat(129) }, clientId],
    [{ agentToken: "" }, agentToken],
    [{ agentToken: "9191\n" }, agentToken],
    [{ agentToken: "9".repeat(129) }, agentToken],
    [{ keyVersion: "" }, version],
    [{ keyVersion: -9191 }, version],
    [{ keyVersion: 1.9191 }, version],
    [{ keyVersion: 1e21 }, version],
    [{ keyVersion: "9191919191" }, version],
    [{ keyVersion: "__proto__9191" }, version],
    [{ baseUrl: undefined }, missing],
    [{ region: "asia" }, missing],
    [{ baseUrl: undefined, region: "atlantis9191" }, region],
    [{ baseUrl: undefined, region: "constructor" }, region],
    [{ baseUrl: "" }, baseUrl],
    [{ baseUrl: "127.0.0.1:9191" }, baseUrl],
    [{ baseUrl: "//9191" }, baseUrl],
    [{ baseUrl: 9191 }, baseUrl],
    [{ baseUrl: "https://me:9191@vault.example" }, "baseUrl must not contain a user name or password."],
    [{ baseUrl: "https://9191@vault.example" }, "baseUrl must not contain a user name or password."],
    [{ baseUrl: "https://vault.example/9191" }, originOnly],
    [{ baseUrl: "https://vault.example/?9191" }, originOnly],
    [{ baseUrl: "https://vault.example/#9191" }, originOnly],
    [{ environment: "9191" }, "environment must be production or sandbox."],
    [{ environment: "toString" }, "environment must be production or sandbox."],
    ...[0, -9191, Number.NaN, Number.POSITIVE_INFINITY, "9191", 86_400_001, {}].flatMap(
      (value): [Readonly<Record<string, unknown>>, string][] => [
        [{ timeoutMs: value }, describeRange("timeoutMs", 1, 86_400_000)],
        [{ attemptTimeoutMs: value }, describeRange("attemptTimeoutMs", 1, 86_400_000)],
      ],
    ),
    [{ retry: { attempts: 0 } }, describeRange("retry.attempts", 1, 10)],
    [{ retry: { attempts: 11 } }, describeRange("retry.attempts", 1, 10)],
    [{ retry: { baseDelayMs: -1 } }, describeRange("retry.baseDelayMs", 0, 60_000)],
    [{ retry: { maxDelayMs: 600_001 } }, describeRange("retry.maxDelayMs", 0, 600_000)],
    [{ responseTimeToleranceMs: -1 }, describeRange("responseTimeToleranceMs", 0, 3_153_600_000_000)],
    [{ responseTimeToleranceMs: true }, describeRange("responseTimeToleranceMs", 0, 3_153_600_000_000)],
    [{ fetch: "9191" }, "fetch must be a function."],
    [{ logger: {} }, "logger must be a function."],
    [{ clock: {} }, "clock.now must be a function."],
    [{ clock: { now: Date.now } }, "clock.sleep must be a function."],
  ])("%j", (invalid, message) => {
    let thrown: unknown;
    try {
      createVaultClient({ ...local, ...invalid } as VaultClientOptions);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
    expect(String(thrown)).not.toContain("9191");
  });
});

test.each([
  [],
  [null],
  ["9191"],
])("createVaultClient lists its options if it is called without an options object: %j", (...args) => {
  // JavaScript callers can pass any value.
  const create: (...args: never) => unknown = createVaultClient;
  expect(() => create(...(args as never))).toThrow(
    /^createVaultClient requires an options object\. The options are clientId, merchantPrivateKey, antomPublicKey, region, baseUrl, /,
  );
});

describe("readOptions", () => {
  test("returns the defaults", () => {
    expect(readOptions(local)).toMatchObject({
      baseUrl: "http://127.0.0.1:4010/ams/sandbox/api",
      keyVersion: "1",
      agentToken: undefined,
      timeoutMs: 30_000,
      attemptTimeoutMs: 15_000,
      attempts: 3,
      baseDelayMs: 250,
      maxDelayMs: 5_000,
      responseTimeToleranceMs: 48 * 60 * 60 * 1000,
    });
  });

  test("limits attemptTimeoutMs to timeoutMs", () => {
    expect(readOptions({ ...local, timeoutMs: 900 })).toMatchObject({ timeoutMs: 900, attemptTimeoutMs: 900 });
  });

  test("accepts false to disable retries and the time check", () => {
    const settings = readOptions({ ...local, retry: false, responseTimeToleranceMs: false });
    expect(settings).toMatchObject({ attempts: 1, responseTimeToleranceMs: Number.POSITIVE_INFINITY });
  });

  test("accepts values at the limits", () => {
    const retry = { attempts: 10, baseDelayMs: 0, maxDelayMs: 0 };
    const limits = { ...local, timeoutMs: 1, attemptTimeoutMs: 86_400_000, responseTimeToleranceMs: 0, retry };
    expect(readOptions(limits)).toMatchObject({
      timeoutMs: 1,
      attempts: 10,
      maxDelayMs: 0,
      responseTimeToleranceMs: 0,
    });
  });
});
