/**
 * The sandbox is a local Vault API server that keeps its state.
 *
 * @module antom-vault/sandbox
 */

export { type ChallengeScript, ONE_TIME_CODE, TEST_CARDS, type TestCard } from "../cards/test-cards.ts";
export type { Credentials, RejectedSignature } from "../gateway/index.ts";
export type { CallListOptions } from "./call-log/call-log.ts";
export type { NetworkScope } from "./notifier/address-guard.ts";
export { type RunningSandbox, type StartSandboxOptions, startSandbox } from "./start-sandbox.ts";
export type { OutboxListOptions } from "./store/outbox.ts";
export type { ListOptions } from "./store/vaultings.ts";
export type { ChallengeResult, Lifetimes } from "./vaulting/state-machine.ts";
