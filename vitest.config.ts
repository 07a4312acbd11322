import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // By itself vitest leaves one processor alone, which on two is half the machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { name: "unit", include: ["{src,scripts}/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: { name: "contract", include: ["contract-tests/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        test: {
          name: "types",
          include: ["src/**/*.test-d.ts"],
          typecheck: { enabled: true, only: true, include: ["src/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
        },
      },
    ],
  },
});
