/**
 * Proves that nothing which the sandbox has answered is lost: it is killed, and its power is cut, again and again under load.
 *
 * `npm run durability [-- --kills N --power-cuts N --engine sqlite|postgresql|both --synchronous FULL|NORMAL --json]`; exit code 1 on any
 * loss, 2 on wrong usage. NORMAL does not flush each commit (on PostgreSQL: `synchronous_commit = off`). Without `--synchronous` each engine
 * gets some power cuts of that kind too, in which losses must be found: else the proof proves nothing.
 */
import { parseArgs } from "node:util";
import { findPostgresBinaries } from "../src/testing/servers/postgres-server.ts";
import { findPowerCutProblem } from "./durability/block-device.ts";
import { createCleanUp } from "./durability/clean-up.ts";
import { type CrashTestOptions, type CrashTestResult, runCrashTest } from "./durability/crash-test.ts";
import { formatTable, formatViolations } from "./durability/report.ts";

const CONTROL_POWER_CUTS = 5;

/** A control is there to find losses. */
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
  // Who is stopped fails, too, and that is nobody's loss.
  if (!stopped) log(`durability: FAILED: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await cleanUp.runAll();
}

async function main(): Promise<number> {
  const began = performance.now();
  const done: FinishedTest[] = [];
  for (const { control, ...course } of await planTests()) {
    const name = `${course.engine} ${course.synchronous}, ${course.crash}${control ? ", control" : ""}`;
    const onRound = (round: number) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${round} of ${course.rounds} `);
    };
    const proof = await runCrashTest({ ...course, cleanUp, onRound });
    done.push({ ...proof, control });
    const { rounds, answered, faults, seconds } = proof;
    log(
      `${process.stderr.isTTY ? "\r" : ""}${name}: ${rounds} rounds, ${answered} answered, ${faults.length} lost or wrong, ${seconds} s`,
    );
  }
  const losses = done.filter(({ control, faults }) => !control && faults.length > 0);
  const blind = done.filter(({ control, faults }) => control && faults.length === 0);
  const seconds = Math.round((performance.now() - began) / 1000);
  const held = losses.length + blind.length === 0;
  if (options.json) console.log(JSON.stringify({ held, seconds, courses: done }));
  else {
    console.log(formatTable(done));
    for (const line of losses.flatMap(formatViolations)) console.log(line);
    for (const { engine } of blind)
      console.log(`✗ The control found no loss on ${engine} without flushes, so this run proves nothing.`);
    console.log(formatSummary(done, held, seconds));
  }
  return held ? 0 : 1;
}

function formatSummary(done: readonly FinishedTest[], held: boolean, seconds: number): string {
  const sum = (of: (proof: CrashTestResult) => number, inControls = false) =>
    done.filter(({ control }) => control === inControls).reduce((total, proof) => total + of(proof), 0);
  const crashes = sum(({ rounds }) => rounds);
  if (crashes === 0) return `durability: nothing was tried (${seconds} s).`;
  const answered = (proof: CrashTestResult) => proof.answered;
  const faults = (proof: CrashTestResult) => proof.faults.length;
  const contrast = done.some(({ control }) => control)
    ? ` Without a flush for each commit, ${sum(faults, true)} of ${sum(answered, true)} were.`
    : "";
  const found = held ? "✓ Nothing was lost" : `✗ ${sum(faults)} faults`;
  return `${found}: ${crashes} crashes, ${sum(answered)} answered vaultings (${seconds} s).${contrast}`;
}

/** What is to be tried here. What cannot be is said aloud. */
async function planTests(): Promise<readonly TestPlan[]> {
  const { kills, powerCuts, engines, synchronous } = options;
  const noCuts = powerCuts === 0 ? undefined : await findPowerCutProblem(cleanUp);
  if (noCuts !== undefined) log(`durability: POWER CUTS SKIPPED: ${noCuts}.`);
  const cuts = noCuts === undefined ? powerCuts : 0;
  const courses = engines.flatMap((engine): TestPlan[] => {
    if (engine === "postgresql" && findPostgresBinaries() === undefined) {
      log("durability: POSTGRESQL SKIPPED: there are no initdb and postgres on this machine.");
      return [];
    }
    const course = { engine, synchronous: synchronous ?? "FULL", control: false } as const;
    const controls = synchronous === undefined ? Math.min(cuts, CONTROL_POWER_CUTS) : 0;
    return [
      { ...course, crash: "kill", rounds: kills },
      { ...course, crash: "power-cut", rounds: cuts },
      { ...course, crash: "power-cut", rounds: controls, synchronous: "NORMAL", control: true },
    ];
  });
  return courses.filter(({ rounds }) => rounds > 0);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: "string", default: "50" },
        "power-cuts": { type: "string", default: "20" },
        engine: { type: "string", default: "both" },
        synchronous: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const { engine } = values;
    const engines = (["sqlite", "postgresql"] as const).filter((each) => engine === each || engine === "both");
    if (engines.length === 0) throw new Error("--engine must be sqlite, postgresql or both.");
    const synchronous = (["FULL", "NORMAL"] as const).find((each) => values.synchronous === each);
    if (synchronous !== values.synchronous) throw new Error("--synchronous must be FULL or NORMAL.");
    const kills = parseCount("--kills", values.kills);
    const powerCuts = parseCount("--power-cuts", values["power-cuts"]);
    return { kills, powerCuts, engines, synchronous, json: values.json };
  } catch (error) {
    process.stderr.write(`durability: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

function parseCount(option: string, text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new Error(`${option} must be a number from 0 to 9999.`);
  return Number(text);
}
