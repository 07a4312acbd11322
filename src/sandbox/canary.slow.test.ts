import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isLuhnValid } from "../cards/luhn.ts";
import { createNeedles, findNeedles, findNeedlesInDirectory, type Needle } from "../testing/attacks/byte-search.ts";
import { CANARY, CANARY_REPLY, NEEDLES, sendCanaries } from "../testing/attacks/card-canary.ts";
import { createVisitor } from "../testing/browser/visitor.ts";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import { type InstrumentedProcess, startInstrumentedSandbox } from "../testing/processes/instrumented-process.ts";
import { startListener } from "../testing/sandbox/sandbox.ts";

/** The number of vaultings. Set ANTOM_VAULT_CANARIES to change it. */
const COUNT = Number(process.env["ANTOM_VAULT_CANARIES"] ?? 500);

describe("the canary search", () => {
  const secret = `"cvv":"${CANARY.cvv}"`;

  test.each(createNeedles("secret", secret))("finds $name", async ({ bytes }) => {
    using directory = createTemporaryDirectory();
    await mkdir(join(directory.path, "a/b"), { recursive: true });
    await writeFile(
      join(directory.path, "a/b/hidden"),
      Buffer.concat([Buffer.alloc(9999, 0xfe), bytes, Buffer.alloc(99)]),
    );
    expect(await findNeedlesInDirectory(directory.path, createNeedles("secret", secret))).not.toEqual([]);
    expect(await findNeedlesInDirectory(directory.path, createNeedles("other", '"cvv":"9264"'))).toEqual([]);
  });

  test("finds a base64-encoded card number at any offset", () => {
    for (let before = 0; before < 9; before++) {
      const encoded = Buffer.from(`${"x".repeat(before)}${CANARY.cardNo}${"y".repeat(7)}`).toString("base64");
      expect(findNeedles(Buffer.from(encoded), NEEDLES)).toHaveLength(1);
      expect(findNeedles(Buffer.from(encoded.replaceAll("+", "-").replaceAll("/", "_")), NEEDLES)).toHaveLength(1);
    }
  });

  test("finds the number and the CVV of a card, but not the digits that may be shown", () => {
    expect(isLuhnValid(CANARY.cardNo)).toBe(true);
    expect(findNeedles(Buffer.from(`************${CANARY.cardNo.slice(-4)} 8153 11 87`), NEEDLES)).toEqual([]);
    for (const text of [CANARY.cardNo, JSON.stringify(CANARY), `cvv=${CANARY.cvv}`])
      expect(findNeedles(Buffer.from(text), NEEDLES)).not.toEqual([]);
  });

  test("finds a live string in the heap snapshot of the sandbox", async () => {
    using directory = createTemporaryDirectory();
    await using sandbox = await startInstrumentedSandbox();
    const file = join(directory.path, "heap");
    await sandbox.writeHeapSnapshot(file);
    const liveStrings: Needle[] = [
      ...createNeedles("a test card", "4000009900510002"),
      ...createNeedles("client", sandbox.credentials.clientId),
    ];
    expect(findNeedles(await readFile(file), liveStrings)).toEqual(["a test card, plain", "client, plain"]);
  });
});

/**
 * Returns the heap of an idle sandbox. Retries, because the sandbox has the body of a request in memory while it diagnoses an invalid signature.
 * No request arrives between two snapshots, so none can overwrite card data in memory.
 */
async function readIdleHeap(sandbox: InstrumentedProcess, file: string): Promise<Buffer> {
  for (let attempts = 1; ; attempts++) {
    await sandbox.writeHeapSnapshot(file);
    const heap = await readFile(file);
    if (attempts === 5 || findNeedles(heap, NEEDLES).length === 0) return heap;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

test(`the sandbox retains no card data after ${COUNT} vaultings, failures, and errors`, {
  timeout: 900_000,
}, async () => {
  const root = await mkdtemp(join(tmpdir(), "antom-vault-canary-"));
  const data = join(root, "data");
  try {
    await using sandbox = await startInstrumentedSandbox(data);
    await using listener = await startListener(sandbox.credentials, (_, count) =>
      count % 5 === 0 ? CANARY_REPLY : "acknowledge",
    );
    const sent = await sendCanaries(sandbox.credentials, { count: COUNT, notificationUrl: listener.url });
    console.info(sent.codes);
    const dashboard = createVisitor(sandbox.credentials.baseUrl);
    await dashboard.get("/reference");
    const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
    expect(await dashboard.post("/reference/sign", { path, body: JSON.stringify(CANARY) })).toMatchObject({
      status: 200,
    });
    // The last request contained a card, so no later request has overwritten the card data in memory.
    const heap = await readIdleHeap(sandbox, join(root, "heap"));
    for (const code of [
      "SUCCESS",
      "PARAM_ILLEGAL",
      "INVALID_SIGNATURE",
      "VERIFICATION_IN_PROCESS",
      "UNKNOWN_EXCEPTION",
      "NO_INTERFACE_DEF",
    ])
      expect(sent.codes[code], code).toBeGreaterThan(0);

    const control = async (path: string) => (await fetch(`${sandbox.credentials.baseUrl}/_sandbox/${path}`)).text();
    const controlResponses = await Promise.all(
      [
        "health",
        "calls?limit=1000",
        "vaultings?limit=1000",
        "notifications?limit=1000",
        "vaultings/canary-0",
        "scenarios",
        "faults",
        "clients",
        "clock",
      ].map(control),
    );
    expect(controlResponses[1]).toContain("canary-");
    expect(controlResponses[3]).toContain(`"httpStatus":500`);
    expect(listener.deliveries.length).toBeGreaterThan(COUNT / 3);
    const later = await readIdleHeap(sandbox, join(root, "heap-later"));

    // The responses contain the masked number, so the search must find it.
    const masked = createNeedles("masked", `************${CANARY.cardNo.slice(-4)}`);
    expect(findNeedles(Buffer.from(controlResponses.join("\n")), masked)).not.toEqual([]);
    const places: Readonly<Record<string, Buffer>> = {
      heap,
      "heap, later": later,
      responses: Buffer.from(sent.responses.join("\n")),
      "control API": Buffer.from(controlResponses.join("\n")),
      notifications: Buffer.from(listener.deliveries.map(({ path, body }) => path + body).join("\n")),
      output: Buffer.from(sandbox.output(), "latin1"),
    };
    const found = Object.entries(places).flatMap(([place, bytes]) =>
      findNeedles(bytes, NEEDLES).map((name) => `${place}: ${name}`),
    );
    expect(found).toEqual([]);
    expect(await findNeedlesInDirectory(data, NEEDLES)).toEqual([]);
    // The database contains the calls, including those that created no vaulting.
    for (const code of ["PARAM_ILLEGAL", "INVALID_SIGNATURE", "NO_INTERFACE_DEF"])
      expect(await findNeedlesInDirectory(data, createNeedles("a call", `"resultCode":"${code}"`))).not.toEqual([]);

    // A signature could confirm a guessed CVV, so it must not be stored either.
    const signatures = sent.signatures
      .slice(-200)
      .map((signature): Needle => ({ name: "signature", bytes: Buffer.from(signature.slice(0, 40)) }));
    for (const place of ["control API", "notifications", "output", "responses"] as const)
      expect(findNeedles(places[place] ?? Buffer.alloc(0), signatures)).toEqual([]);
    expect(await findNeedlesInDirectory(data, signatures)).toEqual([]);

    expect(await sandbox.kill("SIGTERM")).toBe(0);
    expect(await findNeedlesInDirectory(data, NEEDLES)).toEqual([]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
