/** Finds the operation and the environment of a path, and the environment of a client ID. */
import {
  basePaths,
  type Environment,
  environments,
  type OperationId,
  operationPaths,
  operations,
} from "../../generated/operations.ts";
import { stripQuery } from "./http.ts";

/** The operation and the environment of an API path. */
export interface Route {
  readonly operation: OperationId;
  readonly environment: Environment;
}

/** Returns the environment of a client ID: IDs of Antom's sandbox start with `SANDBOX_`. */
export const getEnvironment = (clientId: string): Environment =>
  clientId.startsWith("SANDBOX_") ? "sandbox" : "production";

/** Returns the operation of a path under any base path, even an unknown base path. Ignores the query. */
export function findOperation(path: string): OperationId | undefined {
  const plain = stripQuery(path);
  return operations.find((operation) => plain.endsWith(operationPaths[operation]));
}

/** Returns the operation and the environment of an API path. The path must match exactly, without a query. */
export function findRoute(path: string): Route | undefined {
  const operation = findOperation(path);
  if (!operation) return undefined;
  const environment = environments.find((name) => path === basePaths[name] + operationPaths[operation]);
  return environment && { operation, environment };
}

/** Returns the operation whose name appears in a path, so that an injected fault also applies to a call with an incorrect path. */
export const findMentionedOperation = (path: string): OperationId | undefined =>
  operations.find((operation) => path.includes(`/${operation}`));
