import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { basePaths, operationPaths } from "../../generated/operations.ts";
import { allChecks, runChecks } from "../contract/index.ts";
import { formatAnnotations, formatHtml, formatJunit } from "../contract/report/index.ts";
import { inspectExchange } from "../contract/traffic/index.ts";
import { generateCredentials } from "../gateway/index.ts";
import { CARD, findCardNumberForms, listCardNumberForms } from "../testing/attacks/card-forms.ts";
import { createTemporaryDirectory, runCommand } from "../testing/processes/command.ts";

const CONTROLS = "\r\n::error::x\u001b[2J\u009b2J\u0085\u2028\u202e ::error::x ##[error]x";
/** Text with which a target could leak a card into a report, or control the program that prints the report. */
const MALICIOUS = `${CONTROLS}${listCardNumberForms(CARD.cardNo).join(" | ")}`;
const RESPONSE = JSON.stringify({
  result: { resultCode: MALICIOUS, resultStatus: MALICIOUS, resultMessage: MALICIOUS },
  [MALICIOUS]: MALICIOUS,
  maskedCardNo: MALICIOUS,
});
const REQUEST = JSON.stringify({
  vaultingRequestId: "order-1",
  paymentMethodDetail: { paymentMethodType: "CARD", card: CARD },
});
const PATH = basePaths.sandbox + operationPaths.vaultPaymentMethod;

/** Expects that text contains neither the card number nor a character or line that controls a terminal or a CI system. */
function expectSafe(text: string, name: string): void {
  expect(findCardNumberForms(text, CARD.cardNo), name).toEqual([]);
  expect(/[^\P{Cc}\n]|[\u2028\u202e]/u.exec(text), name).toBeNull();
  const commands = text.split("\n").filter((line) => /^\s*::(?!error title=)|##\[/.test(line));
  expect(commands, name).toEqual([]);
}

test("reports of a run contain neither the card number nor control characters from a response", async () => {
  const server = createServer((request, response) => request.resume().on("end", () => response.end(RESPONSE)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const { clientId, merchantPrivateKey, antomPublicKey } = await generateCredentials();
    const target = {
      name: "target",
      baseUrl: `http://127.0.0.1:${port}`,
      clientId,
      merchantPrivateKey,
      antomPublicKey,
      card: CARD,
    };
    const report = await runChecks(
      allChecks().filter(({ id }) => /^vaultPaymentMethod\.(?:response|request\.env)/.test(id)),
      target,
    );
    expect(report.totals.failed).toBeGreaterThan(5);
    expect(JSON.stringify(report)).toContain("no-card-data");
    expectSafe(report.checks.map(({ message }) => message).join("\n"), "messages");
    expectSafe(formatJunit(report, 1), "JUnit");
    expectSafe(formatAnnotations(report), "annotations");
    const options = { version: "1", date: new Date(), seconds: 1, commandForCheck: (id: string) => id };
    expectSafe(formatHtml(report, options), "HTML");
  } finally {
    server.close();
  }
});

test("a recording contains neither the card number, in any form in which the response repeats it, nor the CVV", async () => {
  const encode = (text: string) => ({ bytes: new TextEncoder().encode(text), length: text.length });
  for (const body of [RESPONSE, `<p>${MALICIOUS}</p>`, JSON.stringify([MALICIOUS])]) {
    const record = await inspectExchange(
      {
        operation: "vaultPaymentMethod",
        target: "http://127.0.0.1",
        startedAt: 0,
        endedAt: 1,
        request: { method: "POST", path: PATH, headers: [["client-id", `X${CARD.cardNo}`]], body: encode(REQUEST) },
        response: { status: 200, headers: [["client-id", `X${CARD.cardNo}`]], body: encode(body) },
      },
      { lenient: false, reusesId: false },
    );
    expect(findCardNumberForms(JSON.stringify(record), CARD.cardNo)).toEqual([]);
    expect(JSON.stringify(record)).not.toContain(CARD.cvv);
  }
});

test("a replay of a HAR file prints neither the card number nor control characters", async () => {
  using directory = createTemporaryDirectory();
  const file = join(directory.path, "traffic.har");
  const entry = {
    startedDateTime: "2026-11-30T00:00:00Z",
    time: 1,
    request: { method: "POST", url: `https://gateway.example${PATH}`, headers: [], postData: { text: REQUEST } },
    response: { status: 200, headers: [], content: { text: RESPONSE } },
  };
  await writeFile(file, JSON.stringify({ log: { entries: [entry, entry] } }));
  const [junit, html] = [join(directory.path, "report.xml"), join(directory.path, "report.html")];
  const replay = ["contract", "--replay", file];
  const printed = await runCommand(...replay, "--verbose", "--junit", junit, "--html", html);
  const json = await runCommand(...replay, "--json");
  expect([printed.exitCode, json.exitCode]).toEqual([1, 1]);
  expectSafe(printed.stdout + printed.stderr, "terminal");
  expectSafe(json.stdout + json.stderr, "JSON");
  expectSafe(await readFile(junit, "utf8"), "JUnit");
  expectSafe(await readFile(html, "utf8"), "HTML");
});
