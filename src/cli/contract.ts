import { writeFile } from "node:fs/promises";
import { allChecks, type Check, meet, runChecks, type Target } from "../contract/index.ts";
import { annotations } from "../contract/report/annotations.ts";
import { html } from "../contract/report/html.ts";
import { junit } from "../contract/report/junit.ts";
import { startMock } from "../mock/start-mock.ts";
import { packageVersion } from "../package-version.ts";
import { startSandbox } from "../sandbox/index.ts";
import { aloneCommand, progress, sayReport } from "./contract-report.ts";
import { needed, readCredentialsFile, wrongUsage } from "./input.ts";
import { indent, line, type Output } from "./output.ts";
import type { ExitCode } from "./program.ts";

interface Options {
  readonly credentials?: string;
  readonly basePath?: string;
  readonly only?: string;
  readonly lenient?: true;
  readonly list?: true;
  readonly junit?: string;
  readonly html?: string;
  readonly json?: true;
}

/** Runs the contract tests against a target. Exit code 0 only if something was asked and all of it held. */
export async function contract(output: Output, name: string | undefined, options: Options): Promise<ExitCode> {
  const checks = chosen(options.only);
  if (options.list) {
    list(output, checks, options);
    return 0;
  }
  await using serving = await targetOf(name, options);
  const target = await meet({ ...serving.target, ...(options.lenient ? { lenient: true } : {}) });
  const date = new Date();
  const started = performance.now();
  const report = await runChecks(checks, target, { onResult: progress(output, options.json) });
  const seconds = (performance.now() - started) / 1000;
  if (options.junit !== undefined) await write(options.junit, junit(report, seconds));
  if (options.html !== undefined) {
    const alone = (id: string) => aloneCommand(report.target, id);
    await write(options.html, html(report, { version: packageVersion(), date, seconds, alone }));
  }
  if (options.json) line(output.stdout, JSON.stringify(report));
  else sayReport(output, report, seconds);
  if (!options.json && process.env["GITHUB_ACTIONS"] === "true") output.stdout.write(annotations(report));
  return report.totals.failed === 0 && report.totals.passed > 0 ? 0 : 1;
}

/** `*` stands for anything. */
function chosen(only: string | undefined): readonly Check[] {
  if (only === undefined) return allChecks();
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^${only.split("*").map(literal).join(".*")}$`);
  const checks = allChecks().filter(({ id }) => pattern.test(id));
  if (checks.length === 0) throw wrongUsage("--only names no check; --list shows them all, and * stands for anything.");
  return checks;
}

function list({ stdout, style }: Output, checks: readonly Check[], { json }: Options): void {
  if (json) {
    line(
      stdout,
      JSON.stringify(
        checks.map(({ id, operation, title, source, needs = [] }) => ({ id, operation, title, source, needs })),
      ),
    );
    return;
  }
  for (const { id, title, source, needs } of checks) {
    line(stdout, style.bold(id));
    line(stdout, indent(title));
    line(stdout, indent(style.dim(`${source}${needs ? `; needs ${needs.join(", ")}` : ""}`)));
  }
}

interface Serving extends AsyncDisposable {
  readonly target: Target;
}

const SERVERS = { mock: startMock, sandbox: startSandbox } as const;

async function targetOf(name: string | undefined, options: Options): Promise<Serving> {
  if (name === "mock" || name === "sandbox") {
    const running = await SERVERS[name]();
    return {
      target: { name, ...running.credentials },
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  }
  const { env } = process;
  const file = await readCredentialsFile(options.credentials);
  const how = (field: string, variable: string) =>
    `${field}, by --credentials FILE (as the sandbox writes it) or ${variable} in the environment,`;
  const baseUrl = needed(name ?? file.baseUrl ?? env["ANTOM_BASE_URL"], "A target: mock, sandbox or a base URL,");
  const address = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!address || !/^https?:$/.test(address.protocol))
    throw wrongUsage("The target must be mock, sandbox, or a base URL such as https://gateway.example.");
  const target = {
    name: address.origin,
    baseUrl: address.origin,
    clientId: needed(file.clientId ?? env["ANTOM_CLIENT_ID"], how("clientId", "ANTOM_CLIENT_ID")),
    merchantPrivateKey: needed(
      file.merchantPrivateKey ?? env["ANTOM_PRIVATE_KEY"],
      how("merchantPrivateKey", "ANTOM_PRIVATE_KEY"),
    ),
    antomPublicKey: needed(file.antomPublicKey ?? env["ANTOM_PUBLIC_KEY"], how("antomPublicKey", "ANTOM_PUBLIC_KEY")),
  };
  const basePath = options.basePath ?? (address.pathname === "/" ? undefined : address.pathname);
  return {
    target: basePath === undefined ? target : { ...target, basePath: basePath.replace(/\/+$/, "") },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw wrongUsage(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}.`);
  }
}
