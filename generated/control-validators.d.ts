// Made by `npm run generate` from spec/. Do not edit.
import type { components } from "./control-types.js";

type Schemas = components["schemas"];

/** A violation of the document: a JSON Pointer into the body, the schema keyword, and the requirement. Never contains the value. */
export interface ValidationIssue {
  readonly pointer: string;
  /** The JSON Schema keyword that the value violates, for example `required`. */
  readonly rule: string;
  /** The requirement, as a phrase that continues the pointer, for example `must be digits only`. */
  readonly message: string;
}
export interface Valid<Branch extends string, Value> {
  readonly valid: true;
  readonly branch: Branch;
  readonly value: Value;
}
export interface Invalid {
  readonly valid: false;
  readonly issues: readonly ValidationIssue[];
}

/** Validates ChallengeRequest. */
export declare const validateChallengeRequest: (value: unknown) => Valid<"ChallengeRequest", Schemas["ChallengeRequest"]> | Invalid;
/** Validates ClockRequest. */
export declare const validateClockRequest: (value: unknown) => Valid<"ClockRequest", Schemas["ClockRequest"]> | Invalid;
/** Validates ScenarioRequest. */
export declare const validateScenarioRequest: (value: unknown) => Valid<"ScenarioRequest", Schemas["ScenarioRequest"]> | Invalid;
/** Validates FaultRequest. */
export declare const validateFaultRequest: (value: unknown) => Valid<"FaultRequest", Schemas["FaultRequest"]> | Invalid;
/** Validates ClientRequest. */
export declare const validateClientRequest: (value: unknown) => Valid<"ClientRequest", Schemas["ClientRequest"]> | Invalid;
