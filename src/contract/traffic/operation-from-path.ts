import { type OperationId, operationPaths } from "../../../generated/operations.ts";

const OPERATIONS = Object.keys(operationPaths) as OperationId[];

/** The operation that a path calls, with a query or without, under whatever base path. */
export function operationOf(path: string): OperationId | undefined {
  const [plain = ""] = path.split("?", 1);
  return OPERATIONS.find((operation) => plain.endsWith(operationPaths[operation]));
}
