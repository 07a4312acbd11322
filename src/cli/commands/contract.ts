import { readFile, writeFile } from "node:fs/promises";
import {
  type Ability,
  allChecks,
  type Check,
  type ContractReport,
  doubtOf,
  meet,
  runChecks,
  type Target,
  totalsOf,
} from "../../contract/index.ts";
import { annotations, html, junit } from "../../contract/report/index.ts";
import { readRecording, replay as replayRecording } from "../../contract/traffic/index.ts";
import { packageVersion } from "../../machine/package-version.ts";
import { type ExitCode, indent, line, type Output } from "../console/output.ts";
import { fileFailure, wrongUsage } from "../console/usage-error.ts";
import { type TargetOptions, targetOf } from "../contract-run/contract-target.ts";
import { aloneCommand, progress, sayReport } from "../contract-run/print-contract-report.ts";
import { readKeys } from "../inputs/read-credentials.ts";

interface Options extends TargetOptions {
  readonly only?: string;
  readonly without?: readonly Ability[];
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
    if (name !== undefined) throw wrongUsage("A recording has no target: give either --replay FILE or a target.");
    return tell(output, options, async () => onlyOf(await replayed(replay, options), only));
  }
  const checks = chosen(allChecks(), only);
  if (options.list) {
    list(output, checks, options);
    return 0;
  }
  const found = await targetOf(name, options);
  if (typeof found === "string") return skipped(output, name, found, options);
  await using serving = found;
  const target = without(await meet(serving.target), options.without);
  const doubt = await doubtOf(target);
  if (doubt !== undefined) line(output.stderr, `${output.style.yellow("!")} ${doubt}`);
  // Awaited here: the server stops at the end of this function.
  const code = await tell(output, options, () =>
    runChecks(checks, target, { onResult: progress(output, options.json) }),
  );
  const goes = name === "mock" || name === "sandbox";
  if (!goes && doubt === undefined && !options.json) line(output.stdout, indent(output.style.dim(STAYS)));
  return code;
}

/**
 * Checks the exchanges of a file against the contract.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if the file cannot be read, or contains no exchange
 */
async function replayed(file: string, { credentials, lenient }: Options): Promise<ContractReport> {
  const recording = readRecording(await readFile(file, "utf8").catch(fileFailure(file, "read")));
  const [first] = recording.unreadable;
  if (first && recording.exchanges.length === 0)
    throw wrongUsage(
      `${file} is no recording: ${first.place} ${first.why}. It must be what antom-vault record writes, or HAR 1.2.`,
    );
  return replayRecording(file, recording, { ...(await readKeys(credentials)), lenient: lenient === true });
}

/** A target that is not to be asked for all that it could be: one that sends no notifications to this machine, or whose clock stays. */
function without(target: Target, names: readonly Ability[] = []): Target {
  return { ...target, abilities: (target.abilities ?? []).filter((ability) => !names.includes(ability)) };
}

/** Runs, and writes every report that was asked for. */
async function tell(output: Output, options: Options, run: () => Promise<ContractReport>): Promise<ExitCode> {
  const date = new Date();
  const started = performance.now();
  const report = await run();
  const seconds = (performance.now() - started) / 1000;
  const alone = (id: string) => aloneCommand(report.target, id, options.credentials);
  if (options.junit !== undefined) await write(options.junit, junit(report, seconds));
  if (options.html !== undefined) {
    await write(options.html, html(report, { version: packageVersion(), date, seconds, alone }));
  }
  if (options.json) line(output.stdout, JSON.stringify(report));
  else sayReport(output, report, seconds, alone);
  if (!options.json && process.env["GITHUB_ACTIONS"] === "true") output.stdout.write(annotations(report));
  return report.totals.failed === 0 && report.totals.passed > 0 ? 0 : 1;
}

const STAYS =
  "What was vaulted for this stays with the target. A sandbox of yours forgets it, and all else, under Controls on its dashboard; `contract sandbox` starts one for the run alone.";

/** Nothing was asked, which is no failure: a CI without the secrets of another has none to use. */
function skipped({ stdout }: Output, target: string | undefined, why: string, { json }: Options): ExitCode {
  if (json)
    line(
      stdout,
      JSON.stringify({ target, checks: [], totals: { passed: 0, failed: 0, notApplicable: 0 }, skipped: why }),
    );
  else line(stdout, indent(`Skipped: ${why}`));
  return 0;
}

/** `*` stands for anything. */
function chosen<Each extends Pick<Check, "id">>(all: readonly Each[], only: string | undefined): readonly Each[] {
  if (only === undefined) return all;
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^${only.split("*").map(literal).join(".*")}$`);
  const checks = all.filter(({ id }) => pattern.test(id));
  if (checks.length === 0) throw wrongUsage("--only names no check; --list shows them all, and * stands for anything.");
  return checks;
}

/** The checks of a report that were asked for. */
function onlyOf(report: ContractReport, only: string | undefined): ContractReport {
  const checks = chosen(report.checks, only);
  return { ...report, checks, totals: totalsOf(checks) };
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

const write = (file: string, text: string): Promise<void> => writeFile(file, text).catch(fileFailure(file, "written"));
