import { describe, expect, test } from "vitest";
import { startSandbox } from "../sandbox/index.ts";
import { registerContractTests } from "./register-contract-tests.ts";

interface Registered {
  readonly group: string;
  readonly name: string;
  readonly run: () => Promise<string>;
}

/** A test runner that only collects; each test tells what became of it. */
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
          let said = "passed";
          await body({
            skip: (note = "") => {
              said = `skipped: ${note}`;
            },
          });
          return said;
        };
        all.push({ group, name, run });
      },
    },
    ...args,
  );
  return all;
}

const isCoverage = ({ name }: Registered) => /^\w+\.coverage\./.test(name);
const target = async () => {
  const sandbox = await startSandbox();
  return { sandbox, named: { name: "sandbox", ...sandbox.credentials } };
};

describe("the checks as tests of one's own", () => {
  test("by operation, and in the end whether all was asked", async () => {
    const { sandbox, named } = await target();
    await using _ = sandbox;
    const all = collect(() => named);
    expect([...new Set(all.map(({ group }) => group))].at(-1)).toBe("coverage");
    expect(all.filter(isCoverage).map(({ group }) => group)).toEqual(Array.from({ length: 10 }, () => "coverage"));
    const said = new Map<string, string>();
    for (const each of all) said.set(each.name, await each.run());
    const coverage = [...said].filter(([name]) => /\.coverage\./.test(name)).map(([, each]) => each);
    expect(coverage.filter((each) => each === "passed").length).toBeGreaterThan(6);
    expect(coverage).not.toContain("skipped: Only some of the checks were run.");
  }, 120_000);

  test("where some were left out, what was covered is not asked", async () => {
    const { sandbox, named } = await target();
    await using _ = sandbox;
    for (const all of [collect(named), collect(named, ({ id }) => /\.coverage\.|protocol\.path/.test(id))]) {
      const [first = expect.fail("there is none")] = all;
      await first.run();
      for (const each of all.filter(isCoverage)) {
        expect(await each.run(), each.name).toBe("skipped: Only some of the checks were run.");
      }
    }
  });
});
