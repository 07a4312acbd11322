/** The main job: the vendor's own sample request, verbatim, through the client to a card token; then the contract. */
import { readFileSync } from "node:fs";
import type { components } from "../../generated/types.ts";
import { createVaultClient, type VaultPaymentMethodOutcome } from "../client/index.ts";
import { allChecks, type ContractReport, runChecks } from "../contract/index.ts";
import { maskCardData } from "../mask.ts";
import { startMock } from "../mock/start-mock.ts";
import { indent, line, type Output } from "./output.ts";
import type { ExitCode } from "./program.ts";
import { signedText } from "./sign.ts";

type Sample = components["schemas"]["VaultPaymentMethodRequest"];

interface Exchange {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly status: number;
  readonly answerHeaders: Headers;
}

/** Runs the main job. Exit code 0 only if all of it held. */
export async function demo(output: Output, { json }: { readonly json?: true }): Promise<ExitCode> {
  const started = performance.now();
  const { stdout, style } = output;
  const say = (text = "") => {
    if (!json) line(stdout, text);
  };
  // First of all, so that a part that is missing is told before anything is shown.
  await using mock = await startMock();
  const sample = readSample();
  say(style.bold("1. The request: the vendor's own sample, verbatim"));
  say(indent(JSON.stringify(maskCardData(sample), null, 2)));

  let exchange: Exchange | undefined;
  const vault = createVaultClient({
    ...mock.credentials,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      exchange = {
        path: new URL(input).pathname,
        headers: new Headers(init.headers),
        body: new Uint8Array(init.body as Uint8Array),
        status: response.status,
        answerHeaders: response.headers,
      };
      return response;
    },
  });
  const outcome = await vault.vaultPaymentMethod(sample);
  if (exchange) sayExchange(say, style, exchange);

  const vaulted = outcome.outcome === "vaulted";
  say(style.bold("4. The outcome"));
  say(
    indent(
      `${vaulted ? style.green("✓") : style.red("✗")} ${outcome.outcome}${vaulted ? `, ${outcome.paymentMethodDetail.card.maskedCardNo ?? ""}` : ""}`,
    ),
  );
  if (vaulted) say(indent(`cardToken ${style.bold(outcome.cardToken)}`));
  say();

  say(style.bold("5. The contract: every constraint of the document, from both sides"));
  const contractStarted = performance.now();
  const target = { name: "mock", ...mock.credentials, abilities: ["examples", "both-paths"] } as const;
  const report = await runChecks(allChecks(), target, { onResult: progress(output, json) });
  sayReport(say, style, report);
  const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);
  const { passed, failed, notApplicable } = report.totals;
  say(indent(`${passed} passed, ${failed} failed, ${notApplicable} not applicable in ${seconds(contractStarted)} s`));
  say();
  const held = vaulted && failed === 0 && passed > 0;
  say(held ? style.green(`✓ All of it held (${seconds(started)} s).`) : style.red("✗ Not all of it held."));
  if (json) line(stdout, JSON.stringify(asJson(outcome, report, held)));
  return held ? 0 : 1;
}

function readSample(): Sample {
  const text = readFileSync(new URL("../../generated/openapi.json", import.meta.url), "utf8");
  const { components } = JSON.parse(text) as {
    readonly components: { readonly examples: { readonly Sample: { readonly value: Sample } } };
  };
  return components.examples.Sample.value;
}

function sayExchange(
  say: (text?: string) => void,
  style: Output["style"],
  { path, headers, body, status, answerHeaders }: Exchange,
): void {
  const clientId = headers.get("client-id") ?? "";
  const time = headers.get("request-time") ?? "";
  say();
  say(style.bold("2. Signed and sent: RSA-2048 with SHA-256 over this text (card data masked)"));
  say(indent(signedText({ path, clientId, time, body })));
  say();
  say(style.bold("3. Answered by Prism behind the API's protocol, verified before it was read"));
  say(
    indent(
      `${style.green("✓")} HTTP ${status}, signature of Antom's key over POST ${path}, ${answerHeaders.get("client-id") ?? ""}, ${answerHeaders.get("response-time") ?? ""} and the raw body`,
    ),
  );
  say();
}

/** A line that counts, on a terminal. */
function progress({ stderr }: Output, json: true | undefined) {
  if (json || stderr.isTTY !== true || process.env["CI"]) return () => {};
  return (_result: unknown, done: number, total: number) => {
    stderr.write(done === total ? "\r\u001B[K" : `\r    ${done} of ${total}`);
  };
}

function sayReport(say: (text?: string) => void, style: Output["style"], { checks }: ContractReport): void {
  for (const operation of new Set(checks.map((check) => check.operation))) {
    const own = checks.filter((check) => check.operation === operation);
    const failed = own.filter(({ status }) => status === "failed");
    say(
      indent(
        `${failed.length === 0 ? style.green("✓") : style.red("✗")} ${operation.padEnd(22)} ${String(own.length - failed.length).padStart(4)} of ${own.length}`,
      ),
    );
    for (const { id, detail } of failed) say(indent(`${style.red(id)}\n${indent(detail)}`, "      "));
  }
}

const asJson = (outcome: VaultPaymentMethodOutcome, report: ContractReport, held: boolean) => ({
  held,
  outcome: outcome.outcome,
  ...(outcome.outcome === "vaulted" ? { cardToken: outcome.cardToken } : {}),
  contract: report,
});
