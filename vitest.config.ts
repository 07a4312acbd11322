import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// The tests start many processes that load the same modules, so Node should cache the compiled code.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules", ".cache", "node");

// Commands wrap their output at this width, but the tests search for whole sentences.
process.env["COLUMNS"] = "1000";

// The contract tests that a test runs must not appear in CI's job summary.
delete process.env["GITHUB_STEP_SUMMARY"];

const slow = "**/*.slow.test.ts";
/**
 * The test files in a worker share its modules, because loading them again for each file would take a fifth of the run time. Each test must undo its
 * changes to modules.
 */
const fast = { exclude: [slow], isolate: false };
/** Generous limits, because CI computers can be busy. */
const limits = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 10_000 } } };

/** Starts the longest test file first. By default, Vitest starts the largest files first, so one CPU would run this file alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith("/faulty-servers.slow.test.ts");
    return (await super.sort(files)).toSorted((one, other) => Number(isLongest(other)) - Number(isLongest(one)));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // By default, Vitest leaves one CPU unused. On a computer with 2 CPUs, use both.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Most concurrent tests only wait for a server.
    maxConcurrency: 10,
    projects: [
      { test: { name: "unit", include: ["{src,scripts}/**/*.test.ts"], ...fast, ...limits } },
      { test: { name: "contract", include: ["contract-tests/**/*.test.ts"], ...fast, ...limits } },
      {
        test: {
          name: "types",
          include: ["src/**/*.test-d.ts"],
          typecheck: { enabled: true, only: true, include: ["src/**/*.test-d.ts"], tsconfig: "./tsconfig.types.json" },
        },
      },
      // Tests that need a browser or PostgreSQL, crash processes, or run for minutes: `npm run test:slow`.
      { test: { name: "slow", include: [`{src,scripts,contract-tests}/${slow}`], ...limits } },
    ],
  },
});
