import { afterAll, beforeAll, describe, test } from "vitest";
import type { CheckSubject } from "../src/contract/model/report.ts";
import { type ContractTarget, registerContractTests } from "../src/contract/register-contract-tests.ts";
import { startMock } from "../src/mock/mock.ts";
import { startSandbox } from "../src/sandbox/index.ts";

interface RunningTarget extends AsyncDisposable {
  readonly credentials: Omit<ContractTarget, "name">;
}

const targets: readonly (readonly [string, () => Promise<RunningTarget>])[] = [
  ["mock", startMock],
  ["sandbox", startSandbox],
];

/** Registers the checks of a subject as tests against the mock and the sandbox. */
export function testMockAndSandbox(subject: CheckSubject): void {
  describe.each(targets)("%s", (name, start) => {
    let running: RunningTarget | undefined;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running?.[Symbol.asyncDispose]());
    const getTarget = (): ContractTarget => {
      if (!running) throw new Error(`The ${name} is not running.`);
      return { name, ...running.credentials };
    };
    registerContractTests({ describe, test }, getTarget, ({ operation }) => operation === subject);
  });
}
