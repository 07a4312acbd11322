import { describe, expect, test } from "vitest";
import { startSandbox } from "../sandbox/index.ts";
import { registerContractTests } from "./register-contract-tests.ts";

interface Registered {
  readonly group: string;
  readonly name: string;
  readonly run: () => Promise<string>;
}

/** Registers the contract tests and returns them. Each test returns its result. */
function collect(...args: Parameters<typeof registerContractTests> extends [unknown, ...infer Rest] ? Rest : never) {
  const all: Registered[] = [];
  let group = "";
  registerContractTests(
    {
      describe: (name, body) => {
        group = name;
        body();
      },
      test: (name, body) => {
        const run = async () => {
          let result = "passed";
          const context = {
            skip: (reason: string) => {
              result = `skipped: ${reason}`;
            },
          };
          await body.call(context);
          return result;
        };
        all.push({ group, name, run });
      },
    },
    ...args,
  );
  return all;
}

const isCoverage = ({ name }: Registered) => /^\w+\.coverage\./.test(name);
const startTarget = async () => {
  const sandbox = await startSandbox();
  return { sandbox, target: { name: "sandbox", ...sandbox.credentials } };
};

describe("registerContractTests", () => {
  test("puts the coverage checks in the last group, where they run after all other checks", async () => {
    const { sandbox, target } = await startTarget();
    await using _ = sandbox;
    const all = collect(() => target);
    expect([...new Set(all.map(({ group }) => group))].at(-1)).toBe("coverage");
    expect(all.filter(isCoverage).map(({ group }) => group)).toEqual(Array.from({ length: 10 }, () => "coverage"));
    const results = new Map<string, string>();
    for (const { name, run } of all) results.set(name, await run());
    const coverage = [...results].filter(([name]) => /\.coverage\./.test(name)).map(([, result]) => result);
    expect(coverage.filter((result) => result === "passed").length).toBeGreaterThan(6);
    expect(coverage).not.toContain("skipped: Not all checks were run.");
  }, 120_000);

  test("skips the coverage checks if other checks were excluded or have not run", async () => {
    const { sandbox, target } = await startTarget();
    await using _ = sandbox;
    for (const all of [collect(target), collect(target, ({ id }) => /\.coverage\.|protocol\.path/.test(id))]) {
      const [first = expect.fail("no tests")] = all;
      await first.run();
      for (const { name, run } of all.filter(isCoverage)) {
        expect(await run(), name).toBe("skipped: Not all checks were run.");
      }
    }
  });
});
