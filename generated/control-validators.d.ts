// Made by `npm run generate` from spec/. Do not edit.
import type { components } from "./control-types.js";

type Schemas = components["schemas"];

/** One place where a body breaks the document: JSON Pointer, schema keyword, and what the rule asks for. Never the value. */
export interface Issue {
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}
export interface Valid<Branch extends string, Value> {
  readonly valid: true;
  readonly branch: Branch;
  readonly value: Value;
}
export interface Invalid {
  readonly valid: false;
  readonly issues: readonly Issue[];
}

/** Checks ChallengeRequest. */
export declare const validateChallengeRequest: (value: unknown) => Valid<"ChallengeRequest", Schemas["ChallengeRequest"]> | Invalid;
/** Checks ClockRequest. */
export declare const validateClockRequest: (value: unknown) => Valid<"ClockRequest", Schemas["ClockRequest"]> | Invalid;
/** Checks ScenarioRequest. */
export declare const validateScenarioRequest: (value: unknown) => Valid<"ScenarioRequest", Schemas["ScenarioRequest"]> | Invalid;
/** Checks FaultRequest. */
export declare const validateFaultRequest: (value: unknown) => Valid<"FaultRequest", Schemas["FaultRequest"]> | Invalid;
/** Checks ClientRequest. */
export declare const validateClientRequest: (value: unknown) => Valid<"ClientRequest", Schemas["ClientRequest"]> | Invalid;
