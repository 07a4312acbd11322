import { appendFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
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
import { formatAnnotations, formatHtml, formatJobSummary, formatJunit } from "../../contract/report/index.ts";
import { readRecording, replayRecording } from "../../contract/traffic/index.ts";
import { readPackageVersion } from "../../machine/package-version.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import { type ExitCode, type Output, writeJson, writeLine, writeText } from "../console/output.ts";
import { rethrowFileError, usageError } from "../console/usage-error.ts";
import { type ContractTargetOptions, resolveContractTarget } from "../contract-run/contract-target.ts";
import { commandForCheck, createProgressReporter, printReport } from "../contract-run/print-contract-report.ts";
import { readVerificationKeys } from "../inputs/read-credentials.ts";
import { readText } from "../inputs/read-input.ts";

interface Options extends ContractTargetOptions {
  readonly only?: string;
  readonly without?: readonly Capability[];
  readonly list?: true;
  readonly junit?: string;
  readonly html?: string;
  readonly json?: true;
  readonly replay?: string;
  readonly verbose?: true;
}

/**
 * Runs the contract tests against a target or a recording. Returns exit code 1 if a check failed or no check passed, 130 if the run was
 * interrupted, and 0 otherwise, even if the run was skipped.
 */
export async function contract(output: Output, name: string | undefined, options: Options): Promise<ExitCode> {
  const { replay, only } = options;
  if (replay !== undefined) {
    if (name !== undefined)
      throw usageError("--replay checks a recording, not a target. Use either --replay FILE or a target.");
    return runAndReport(output, options, async () => selectResults(await replayFile(replay, options), only));
  }
  const checks = selectChecks(allChecks(), only);
  if (options.list) {
    printChecks(output, checks, options);
    return 0;
  }
  const resolved = await resolveContractTarget(name, options);
  if (typeof resolved === "string") return printSkipped(output, name, resolved, options);
  await using running = resolved;
  const target = removeCapabilities(await detectCapabilities(running.target), options.without);
  const problem = await diagnoseTarget(target);
  if (problem !== undefined) writeText(output.stderr, problem, `${output.style.yellow("!")} `);
  using interrupt = createInterruptSignal();
  const { signal } = interrupt;
  // Await the run here, because the server stops when this function returns.
  const code = await runAndReport(
    output,
    options,
    () => runChecks(checks, target, { onResult: createProgressReporter(output, options.json, signal), signal }),
    checks.length,
  );
  const isTemporary = name === "mock" || name === "sandbox";
  if (!isTemporary && problem === undefined && !options.json)
    writeText(output.stdout, output.style.dim(CLEANUP_HINT), "    ");
  return code;
}

const RECORDING_LIMIT = 2 ** 28;

/**
 * Checks the API calls in a file.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if the file cannot be read or contains no API call
 */
async function replayFile(file: string, { credentials, lenient }: Options): Promise<ContractReport> {
  const recording = readRecording(await readText(file, RECORDING_LIMIT), file === "-" ? undefined : dirname(file));
  const [first] = recording.unreadable;
  if (first && recording.exchanges.length === 0)
    throw usageError(
      `Cannot read ${file} as a recording: ${first.place} ${first.reason}. Use a file from antom-vault record or a HAR 1.2 file.`,
    );
  return replayRecording(file, recording, { ...(await readVerificationKeys(credentials)), lenient: lenient === true });
}

/** Returns the target without the named capabilities, so that the checks that require them are skipped. */
function removeCapabilities(target: ContractTarget, names: readonly Capability[] = []): ContractTarget {
  return { ...target, capabilities: (target.capabilities ?? []).filter((capability) => !names.includes(capability)) };
}

/** Runs the checks and writes every requested report. An interrupted run, which returns fewer than `total` results, is only printed. */
async function runAndReport(
  output: Output,
  options: Options,
  run: () => Promise<ContractReport>,
  total = 0,
): Promise<ExitCode> {
  const date = new Date();
  const started = performance.now();
  const report = await run();
  const seconds = (performance.now() - started) / 1000;
  const getCommand = (id: string) => commandForCheck(report.target, id, options.credentials);
  const page = { version: readPackageVersion(), date, seconds, commandForCheck: getCommand };
  const files = [
    { kind: "JUnit", file: options.junit, format: () => formatJunit(report, seconds) },
    { kind: "HTML", file: options.html, format: () => formatHtml(report, page) },
  ].flatMap(({ file, ...rest }) => (file === undefined ? [] : [{ ...rest, file }]));
  const missing = total - report.checks.length;
  if (missing <= 0) {
    for (const { file, format } of files) await writeReport(file, format());
    await writeJobSummary(output, formatJobSummary(report));
  }
  if (options.json) writeJson(output.stdout, report);
  else printReport(output, report, { seconds, getCommand, verbose: options.verbose === true });
  if (missing > 0) {
    const unwritten = files.length > 0 ? " No report file was written." : "";
    const advice = " To run only some of the checks, use --only; --list shows their IDs.";
    writeText(
      output.stderr,
      `The run was interrupted: ${missing} of ${total} checks did not run.${unwritten}${advice}`,
      "! ",
    );
    return 130;
  }
  for (const { kind, file } of options.json ? [] : files) writeText(output.stdout, `${kind} report: ${file}`, "    ");
  if (!options.json && process.env["GITHUB_ACTIONS"] === "true") output.stdout.write(formatAnnotations(report));
  return report.totals.failed === 0 && report.totals.passed > 0 ? 0 : 1;
}

const CLEANUP_HINT =
  "The run might have created vaultings on the target. To delete those in a local sandbox, reset it under Controls on its dashboard. To use a temporary sandbox instead, run `contract sandbox`.";

/** Prints why the run was skipped. A skipped run is not a failure, because CI for a fork has no secrets. */
function printSkipped({ stdout }: Output, target: string | undefined, reason: string, { json }: Options): ExitCode {
  if (json)
    writeLine(
      stdout,
      JSON.stringify({ target, checks: [], totals: { passed: 0, failed: 0, skipped: 0 }, skipReason: reason }),
    );
  else writeText(stdout, `Skipped: ${reason}`, "    ");
  return 0;
}

/** Returns the checks whose ID matches a pattern, in which `*` matches any text. */
function selectChecks<T extends Pick<Check, "id">>(all: readonly T[], only: string | undefined): readonly T[] {
  if (only === undefined) return all;
  const escapeRegExp = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^${only.split("*").map(escapeRegExp).join(".*")}$`);
  const checks = all.filter(({ id }) => pattern.test(id));
  if (checks.length === 0)
    throw usageError("No check ID matches --only. To list the IDs, use --list. In --only, * matches any text.");
  return checks;
}

/** Returns the report with only the selected checks. */
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
  for (const { id, title, source, requires } of checks) {
    writeLine(stdout, style.bold(id));
    writeText(stdout, title, "    ");
    writeText(stdout, style.dim(`${source}${requires ? `; requires ${requires.join(", ")}` : ""}`), "    ");
  }
}

/** Appends text to the job summary of GitHub Actions. A container might have the variable without the file, so an error must not fail the run. */
async function writeJobSummary({ stderr }: Output, text: string): Promise<void> {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (!file) return;
  await appendFile(file, text).catch(({ code }: NodeJS.ErrnoException) =>
    writeText(stderr, `Cannot write the job summary to the file in GITHUB_STEP_SUMMARY: ${code}.`, "! "),
  );
}

const writeReport = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch(rethrowFileError(file, "write"));
