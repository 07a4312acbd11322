import { readFile, writeFile } from "node:fs/promises";
import {
  allChecks,
  type Capability,
  type Check,
  type ContractReport,
  type ContractTarget,
  countByStatus,
  detectCapabilities,
  diagnoseTarget,
  runChecks,
} from "../../contract/index.ts";
import { formatAnnotations, formatHtml, formatJunit } from "../../contract/report/index.ts";
import { readRecording, replayRecording } from "../../contract/traffic/index.ts";
import { readPackageVersion } from "../../machine/package-version.ts";
import { type ExitCode, indent, type Output, writeLine } from "../console/output.ts";
import { rethrowFileError, usageError } from "../console/usage-error.ts";
import { type ContractTargetOptions, resolveContractTarget } from "../contract-run/contract-target.ts";
import { commandForCheck, createProgressReporter, printReport } from "../contract-run/print-contract-report.ts";
import { readVerificationKeys } from "../inputs/read-credentials.ts";

interface Options extends ContractTargetOptions {
  readonly only?: string;
  readonly without?: readonly Capability[];
  readonly list?: true;
  readonly junit?: string;
  readonly html?: string;
  readonly json?: true;
  readonly replay?: string;
}

/** Runs the contract tests against a target. Exit code 0 only if something was asked and all of it held. */
export async function contract(output: Output, name: string | undefined, options: Options): Promise<ExitCode> {
  const { replay, only } = options;
  if (replay !== undefined) {
    if (name !== undefined) throw usageError("A recording has no target: give either --replay FILE or a target.");
    return runAndReport(output, options, async () => selectResults(await replayFile(replay, options), only));
  }
  const checks = selectChecks(allChecks(), only);
  if (options.list) {
    printChecks(output, checks, options);
    return 0;
  }
  const found = await resolveContractTarget(name, options);
  if (typeof found === "string") return printSkipped(output, name, found, options);
  await using serving = found;
  const target = removeCapabilities(await detectCapabilities(serving.target), options.without);
  const doubt = await diagnoseTarget(target);
  if (doubt !== undefined) writeLine(output.stderr, `${output.style.yellow("!")} ${doubt}`);
  // Awaited here: the server stops at the end of this function.
  const code = await runAndReport(output, options, () =>
    runChecks(checks, target, { onResult: createProgressReporter(output, options.json) }),
  );
  const goes = name === "mock" || name === "sandbox";
  if (!goes && doubt === undefined && !options.json) writeLine(output.stdout, indent(output.style.dim(CLEANUP_HINT)));
  return code;
}

/**
 * Checks the exchanges of a file against the contract.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if the file cannot be read, or contains no exchange
 */
async function replayFile(file: string, { credentials, lenient }: Options): Promise<ContractReport> {
  const recording = readRecording(await readFile(file, "utf8").catch(rethrowFileError(file, "read")));
  const [first] = recording.unreadable;
  if (first && recording.exchanges.length === 0)
    throw usageError(
      `${file} is no recording: ${first.place} ${first.reason}. It must be what antom-vault record writes, or HAR 1.2.`,
    );
  return replayRecording(file, recording, { ...(await readVerificationKeys(credentials)), lenient: lenient === true });
}

/** A target that is not to be asked for all that it could be: one that sends no notifications to this machine, or whose clock stays. */
function removeCapabilities(target: ContractTarget, names: readonly Capability[] = []): ContractTarget {
  return { ...target, capabilities: (target.capabilities ?? []).filter((ability) => !names.includes(ability)) };
}

/** Runs, and writes every report that was asked for. */
async function runAndReport(output: Output, options: Options, run: () => Promise<ContractReport>): Promise<ExitCode> {
  const date = new Date();
  const started = performance.now();
  const report = await run();
  const seconds = (performance.now() - started) / 1000;
  const alone = (id: string) => commandForCheck(report.target, id, options.credentials);
  if (options.junit !== undefined) await writeReport(options.junit, formatJunit(report, seconds));
  if (options.html !== undefined) {
    await writeReport(
      options.html,
      formatHtml(report, { version: readPackageVersion(), date, seconds, commandForCheck: alone }),
    );
  }
  if (options.json) writeLine(output.stdout, JSON.stringify(report));
  else printReport(output, report, seconds, alone);
  if (!options.json && process.env["GITHUB_ACTIONS"] === "true") output.stdout.write(formatAnnotations(report));
  return report.totals.failed === 0 && report.totals.passed > 0 ? 0 : 1;
}

const CLEANUP_HINT =
  "What was vaulted for this stays with the target. A sandbox of yours forgets it, and all else, under Controls on its dashboard; `contract sandbox` starts one for the run alone.";

/** Nothing was asked, which is no failure: a CI without the secrets of another has none to use. */
function printSkipped({ stdout }: Output, target: string | undefined, why: string, { json }: Options): ExitCode {
  if (json)
    writeLine(
      stdout,
      JSON.stringify({ target, checks: [], totals: { passed: 0, failed: 0, skipped: 0 }, skipReason: why }),
    );
  else writeLine(stdout, indent(`Skipped: ${why}`));
  return 0;
}

/** `*` stands for anything. */
function selectChecks<Each extends Pick<Check, "id">>(all: readonly Each[], only: string | undefined): readonly Each[] {
  if (only === undefined) return all;
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^${only.split("*").map(literal).join(".*")}$`);
  const checks = all.filter(({ id }) => pattern.test(id));
  if (checks.length === 0) throw usageError("--only names no check; --list shows them all, and * stands for anything.");
  return checks;
}

/** The checks of a report that were asked for. */
function selectResults(report: ContractReport, only: string | undefined): ContractReport {
  const checks = selectChecks(report.checks, only);
  return { ...report, checks, totals: countByStatus(checks) };
}

function printChecks({ stdout, style }: Output, checks: readonly Check[], { json }: Options): void {
  if (json) {
    writeLine(
      stdout,
      JSON.stringify(
        checks.map(({ id, operation, title, source, requires = [] }) => ({ id, operation, title, source, requires })),
      ),
    );
    return;
  }
  for (const { id, title, source, requires: needs } of checks) {
    writeLine(stdout, style.bold(id));
    writeLine(stdout, indent(title));
    writeLine(stdout, indent(style.dim(`${source}${needs ? `; needs ${needs.join(", ")}` : ""}`)));
  }
}

const writeReport = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch(rethrowFileError(file, "written"));
