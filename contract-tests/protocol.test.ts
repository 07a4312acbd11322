import { afterAll, beforeAll, describe, test } from "vitest";
import { registerContractTests } from "../src/contract/register.ts";
import { type RunningMock, startMock } from "../src/mock/start-mock.ts";

let mock: RunningMock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const target = () => ({ name: "mock", ...mock.credentials, abilities: ["examples", "both-paths"] as const });

registerContractTests({ describe, test }, target, ({ operation }) => operation === "protocol");
