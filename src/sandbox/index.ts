/**
 * Starts the sandbox, a local Vault API server that keeps its state, and controls it from your tests.
 *
 * @module antom-vault/sandbox
 */

export { type ChallengeScript, ONE_TIME_CODE, TEST_CARDS, type TestCard } from "../cards/test-cards.ts";
export type { Credentials, RejectedSignature } from "../gateway/index.ts";
export { backUpSandbox } from "./back-up-sandbox.ts";
export type { CallListOptions } from "./call-log/call-log.ts";
export type { NetworkScope } from "./notifier/address-guard.ts";
export { type RunningSandbox, type StartSandboxOptions, startSandbox } from "./start-sandbox.ts";
export type { NotificationListOptions } from "./store/outbox.ts";
export type { VaultingListOptions } from "./store/vaulting-search.ts";
export type { ChallengeResult, Lifetimes } from "./vaulting/state-machine.ts";
