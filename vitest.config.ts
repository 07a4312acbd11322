import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The many processes that the tests start load the same modules; Node keeps them compiled, by their content.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules", ".cache", "node");

const slow = "**/*.slow.test.ts";
/** Test files of a worker share its modules: to load them anew for each file takes a fifth of the time. So a test undoes what it changes. */
const fast = { exclude: [slow], isolate: false };
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // By itself vitest leaves one processor alone, which on two is half the machine.
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
      // Browsers, PostgreSQL, crashes, and programs that run for minutes: `npm run test:slow`.
      { test: { name: "slow", include: [`{src,scripts,contract-tests}/${slow}`], ...limits } },
    ],
  },
});
