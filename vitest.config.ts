import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The tests start many processes that load the same modules. Node caches the compiled code.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules", ".cache", "node");

// Commands wrap their output at this width. Tests look for whole sentences.
process.env["COLUMNS"] = "1000";

const slow = "**/*.slow.test.ts";
/** Test files share the modules of a worker, because loading them for every file takes a fifth of the time. A test must undo its changes to modules. */
const fast = { exclude: [slow], isolate: false };
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // By default, Vitest leaves one CPU unused, which is half of a computer with two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
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
      // Tests that use browsers, PostgreSQL, or crashes, or that run for minutes: `npm run test:slow`.
      { test: { name: "slow", include: [`{src,scripts,contract-tests}/${slow}`], ...limits } },
    ],
  },
});
