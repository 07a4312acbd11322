/**
 * The sandbox: the Vault API on one's own machine, with state one can trust.
 *
 * @module
 */
export type { Credentials } from "../gateway/index.ts";
export { type ChallengeScript, ONE_TIME_CODE, TEST_CARDS, type TestCard } from "./issuer/cards.ts";
export { type RunningSandbox, type StartSandboxOptions, startSandbox } from "./start-sandbox.ts";
