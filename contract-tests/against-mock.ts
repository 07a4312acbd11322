import { afterAll, beforeAll, describe, test } from "vitest";
import type { Subject } from "../src/contract/check.ts";
import { registerContractTests } from "../src/contract/register.ts";
import { type RunningMock, startMock } from "../src/mock/start-mock.ts";

/** Registers the checks of one subject as tests, and starts a mock for them. */
export function testAgainstMock(subject: Subject): void {
  let mock: RunningMock;
  beforeAll(async () => {
    mock = await startMock();
  });
  afterAll(() => mock.close());
  const target = () => ({ name: "mock", ...mock.credentials, abilities: ["examples", "both-paths"] as const });
  registerContractTests({ describe, test }, target, ({ operation }) => operation === subject);
}
