import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { createVaultClient } from "../client/index.ts";
import { finish, firstLine, start, stop, temporaryFolder } from "../testing/processes/command.ts";

describe("antom-vault mock", () => {
  test("serves, keeps its keys over a restart, and stops when told", async () => {
    using folder = temporaryFolder();
    const data = join(folder.path, "mock");
    const credentials = () => JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"));
    const first = start("mock", "--data", data, "--port", "0", "--json");
    const announced = JSON.parse(await firstLine(first));
    const { merchantPrivateKey, ...shown } = credentials();
    expect(announced).toEqual(shown);
    expect(merchantPrivateKey).toContain("PRIVATE KEY");
    for (const file of ["credentials.json", "gateway-private-key.pem"])
      expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    const request = { vaultingRequestId: "mock:VAULTING_NOT_EXIST" };
    const outcome = await createVaultClient(credentials()).inquireVaulting(request);
    expect(outcome).toMatchObject({ outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" });
    expect(await stop(first)).toBe(0);

    const second = start("mock", "--data", data, "--port", "0", "--json");
    const again = JSON.parse(await firstLine(second));
    expect(again.antomPublicKey).toBe(announced.antomPublicKey);
    expect(credentials().baseUrl).toBe(again.baseUrl);
    expect(await createVaultClient(credentials()).inquireVaulting({ vaultingRequestId: "1" })).toMatchObject({
      outcome: "vaulted",
    });

    const third = await finish(start("mock", "--data", data, "--port", new URL(again.baseUrl).port));
    expect(third).toMatchObject({ exitCode: 2, stdout: "" });
    expect(third.stderr).toContain("another program listens there");
    expect(await stop(second)).toBe(0);
  });

  test("says on its own terminal which mistake was behind a refused signature", async () => {
    using folder = temporaryFolder();
    const child = start("mock", "--data", folder.path, "--port", "0", "--json");
    const { baseUrl } = JSON.parse(await firstLine(child));
    const { clientId, merchantPrivateKey, antomPublicKey } = JSON.parse(
      readFileSync(join(folder.path, "credentials.json"), "utf8"),
    );
    if (!child.stderr) throw new Error("the process has no pipes");
    const told = once(createInterface(child.stderr), "line");
    // A proxy that writes the body anew on the way.
    const vault = createVaultClient({
      baseUrl,
      clientId,
      merchantPrivateKey,
      antomPublicKey,
      fetch: (input, init) =>
        fetch(input, {
          ...init,
          body: JSON.stringify(JSON.parse(new TextDecoder().decode(init.body as Uint8Array)), null, 2),
        }),
    });
    await expect(vault.inquireVaulting({ vaultingRequestId: "1" })).rejects.toMatchObject({
      code: "SIGNATURE_MISSING",
      unverified: { resultCode: "INVALID_SIGNATURE" },
    });
    expect(String(await told)).toMatch(/signature was refused\. .*(JSON|serialis|written)/i);
    expect(await stop(child)).toBe(0);
  });
});

describe("antom-vault demo", () => {
  test("vaults three cards on the sandbox, and proves the contract of mock and sandbox", async () => {
    const { exitCode, stdout, stderr } = await finish(start("demo"));
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout.match(/cardToken ALIPAY[A-Za-z0-9+/]{86}==/g)).toHaveLength(2);
    for (const told of [
      "verification_required",
      "the buyer is back at https://merchant.example/cards/done",
      "notifyVaulting received, signature verified, acknowledged: vaulted",
      "failed, PROCESS_FAIL",
      "the inquiry names the issuer's reason: CARD_EXPIRED",
      "✓ All of it held",
    ])
      expect(stdout).toContain(told);
    expect(stdout.match(/\d+ passed, 0 failed/g)).toHaveLength(2);
    for (const secret of ["4112273146798764", "4054695723100768", "4000009900050009", '"123"', '"26"', '"08"'])
      expect(stdout).not.toContain(secret);
  });
});
