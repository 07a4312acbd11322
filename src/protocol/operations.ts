/** Which operation and environment a path or a client ID means. */
import {
  basePaths,
  type Environment,
  environments,
  type OperationId,
  operationPaths,
  operations,
} from "../../generated/operations.ts";
import { stripQuery } from "./http.ts";

export interface Route {
  readonly operation: OperationId;
  readonly environment: Environment;
}

/** Returns the environment of a client ID: Antom's sandbox gives out IDs that begin with `SANDBOX_`. */
export const getEnvironment = (clientId: string): Environment =>
  clientId.startsWith("SANDBOX_") ? "sandbox" : "production";

/** Returns the operation that a path calls, with or without a query, under any base path. */
export function findOperation(path: string): OperationId | undefined {
  const plain = stripQuery(path);
  return operations.find((operation) => plain.endsWith(operationPaths[operation]));
}

/** Returns the operation and the environment of a path that is exactly one of the API's. */
export function findRoute(path: string): Route | undefined {
  const operation = findOperation(path);
  if (!operation) return undefined;
  const environment = environments.find((each) => path === basePaths[each] + operationPaths[operation]);
  return environment && { operation, environment };
}

/** Returns the operation that a path names anywhere in it, so that a fault also reaches a call whose path is slightly wrong. */
export const findMentionedOperation = (path: string): OperationId | undefined =>
  operations.find((operation) => path.includes(`/${operation}`));
