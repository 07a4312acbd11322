/**
 * The sandbox is a local Vault API server that keeps its state.
 *
 * @module
 */

export { type ChallengeScript, ONE_TIME_CODE, TEST_CARDS, type TestCard } from "../cards/test-cards.ts";
export type { Credentials } from "../gateway/index.ts";
export { type RunningSandbox, type StartSandboxOptions, startSandbox } from "./start-sandbox.ts";
