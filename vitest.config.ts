import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The many processes that the tests start load the same modules; Node keeps them compiled, by their content.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules", ".cache", "node");

const slow = "**/*.slow.test.ts";
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // By itself vitest leaves one processor alone, which on two is half the machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { name: "unit", include: ["{src,scripts}/**/*.test.ts"], exclude: [slow], ...limits } },
      { test: { name: "contract", include: ["contract-tests/**/*.test.ts"], exclude: [slow], ...limits } },
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
