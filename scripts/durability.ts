/**
 * Tests that no confirmed result is lost when the sandbox is killed or the power fails under load, or when the sandbox starts on a
 * damaged data directory.
 *
 * Usage: `npm run durability [-- --starts N --kills N --power-cuts N --engine sqlite|postgresql|both --synchronous FULL|NORMAL --json]`. Exits with
 * code 1 if a result is lost or the test fails, 2 on a usage error, and 130 if interrupted. NORMAL does not flush each commit (on PostgreSQL:
 * `synchronous_commit = off`). Without `--synchronous`, some power cuts run with NORMAL as a control: if they lose nothing, the test cannot detect
 * losses, so it fails.
 */
import { parseArgs } from "node:util";
import { findPostgresBinaries } from "../src/testing/servers/postgres-server.ts";
import { findPowerCutProblem } from "./durability/block-device.ts";
import { createCleanUp } from "./durability/clean-up.ts";
import { type CrashTestOptions, type CrashTestResult, runCrashTest } from "./durability/crash-test.ts";
import { formatTable, formatViolations } from "./durability/report.ts";
import { runStartTest } from "./durability/start-test.ts";
import { formatCount } from "./format-count.ts";

const CONTROL_POWER_CUTS = 5;

/** A planned test. A control must find losses. */
type TestPlan = Omit<CrashTestOptions, "cleanUp" | "onRound"> & { readonly control: boolean };
type FinishedTest = CrashTestResult & Pick<TestPlan, "control">;

const cleanUp = createCleanUp();
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopped = true;
    void cleanUp.runAll().then(() => process.exit(130));
  });
}

const log = (line: string) => void process.stderr.write(`${line}\n`);
const options = readOptions();
try {
  process.exitCode = await main();
} catch (error) {
  // After an interruption, an error is expected.
  if (!stopped) log(`The durability test failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await cleanUp.runAll();
}

async function main(): Promise<number> {
  const started = performance.now();
  const starts = await runStartTest(options.starts, cleanUp);
  if (starts.rounds > 0)
    log(
      `starts: ${formatCount(starts.rounds, "round")}, ${starts.complete} successful, ${starts.rejected} rejected, ${formatCount(starts.problems.length, "problem")}`,
    );
  const finished: FinishedTest[] = [];
  for (const { control, ...plan } of await planTests()) {
    const name = `${plan.engine} ${plan.synchronous}, ${plan.crash}${control ? ", control" : ""}`;
    const onRound = (round: number) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${round} of ${plan.rounds} `);
    };
    const result = await runCrashTest({ ...plan, cleanUp, onRound });
    finished.push({ ...result, control });
    const { rounds, confirmed, violations, seconds } = result;
    const counts = [
      formatCount(rounds, "round"),
      formatCount(confirmed, "confirmed result"),
      formatCount(violations.length, "violation"),
    ];
    log(`${process.stderr.isTTY ? "\r" : ""}${name}: ${counts.join(", ")}, ${seconds} s`);
  }
  const losses = finished.filter(({ control, violations }) => !control && violations.length > 0);
  const insensitive = finished.filter(({ control, violations }) => control && violations.length === 0);
  const seconds = Math.round((performance.now() - started) / 1000);
  const passed = losses.length + insensitive.length + starts.problems.length === 0;
  if (options.json) console.log(JSON.stringify({ passed, seconds, starts, tests: finished }));
  else {
    if (finished.length > 0) console.log(formatTable(finished));
    for (const problem of starts.problems) console.log(`✗ Startup: ${problem}`);
    for (const line of losses.flatMap(formatViolations)) console.log(line);
    for (const { engine } of insensitive)
      console.log(`✗ The control run on ${engine}, without flushes, lost nothing, so this test cannot detect losses.`);
    if (finished.length > 0 || starts.rounds === 0)
      console.log(formatSummary(finished, losses.length + insensitive.length === 0, seconds));
  }
  return passed ? 0 : 1;
}

function formatSummary(finished: readonly FinishedTest[], passed: boolean, seconds: number): string {
  const sum = (count: (result: CrashTestResult) => number, inControls = false) =>
    finished.filter(({ control }) => control === inControls).reduce((total, result) => total + count(result), 0);
  const crashes = sum(({ rounds }) => rounds);
  if (crashes === 0) return `No tests ran (${seconds} s).`;
  const getConfirmed = (result: CrashTestResult) => result.confirmed;
  const countViolations = (result: CrashTestResult) => result.violations.length;
  const control = finished.some(({ control }) => control)
    ? ` Without a flush for each commit: ${formatCount(sum(countViolations, true), "violation")} in ${formatCount(sum(getConfirmed, true), "result")}.`
    : "";
  const violations = sum(countViolations);
  const failure = violations > 0 ? formatCount(violations, "violation") : "The control run found no losses";
  const found = passed ? "✓ No result was lost" : `✗ ${failure}`;
  const counts = `${formatCount(crashes, "crash", "crashes")}, ${formatCount(sum(getConfirmed), "confirmed result")}`;
  return `${found}: ${counts} (${seconds} s).${control}`;
}

/** Plans the tests. Logs which ones are skipped because this computer cannot run them. */
async function planTests(): Promise<readonly TestPlan[]> {
  const { kills, powerCuts, engines, synchronous } = options;
  const powerCutProblem = powerCuts === 0 ? undefined : await findPowerCutProblem(cleanUp);
  if (powerCutProblem !== undefined) log(`Power cuts skipped: ${powerCutProblem}`);
  const cuts = powerCutProblem === undefined ? powerCuts : 0;
  const tests = engines.flatMap((engine): TestPlan[] => {
    if (engine === "postgresql" && findPostgresBinaries() === undefined) {
      log("PostgreSQL skipped: initdb and postgres are not installed");
      return [];
    }
    const plan = { engine, synchronous: synchronous ?? "FULL", control: false } as const;
    const controls = synchronous === undefined ? Math.min(cuts, CONTROL_POWER_CUTS) : 0;
    return [
      { ...plan, crash: "kill", rounds: kills },
      { ...plan, crash: "power-cut", rounds: cuts },
      { ...plan, crash: "power-cut", rounds: controls, synchronous: "NORMAL", control: true },
    ];
  });
  return tests.filter(({ rounds }) => rounds > 0);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        starts: { type: "string", default: "5" },
        kills: { type: "string", default: "50" },
        "power-cuts": { type: "string", default: "20" },
        engine: { type: "string", default: "both" },
        synchronous: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const { engine } = values;
    const engines = (["sqlite", "postgresql"] as const).filter((name) => engine === name || engine === "both");
    if (engines.length === 0) throw new Error("--engine must be sqlite, postgresql, or both.");
    const synchronous = (["FULL", "NORMAL"] as const).find((value) => values.synchronous === value);
    if (synchronous !== values.synchronous) throw new Error("--synchronous must be FULL or NORMAL.");
    const starts = parseCount("--starts", values.starts);
    const kills = parseCount("--kills", values.kills);
    const powerCuts = parseCount("--power-cuts", values["power-cuts"]);
    return { starts, kills, powerCuts, engines, synchronous, json: values.json };
  } catch (error) {
    process.stderr.write(`durability: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

function parseCount(option: string, text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new Error(`${option} must be an integer from 0 to 9999.`);
  return Number(text);
}
