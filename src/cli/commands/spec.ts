import { operations } from "../../../generated/operations.ts";
import { getNotificationExamples, getRequestMessage, getResponseMessage } from "../../contract/index.ts";
import { readGenerated } from "../../machine/generated-documents.ts";
import { commandPrefix, type ExitCode, indent, type Output, writeJson, writeLine } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

interface Options {
  readonly openapi: keyof typeof FILES;
  readonly for?: "codegen";
  readonly examples?: true;
  readonly example?: string;
  readonly operation?: string;
  readonly json?: true;
}

const FILES = { "3.1": "openapi.json", "3.0": "openapi-3.0.json" } as const;

const groupExamples = () => [
  ...operations.flatMap((operation) => [
    { operation, part: "request", examples: getRequestMessage(operation).examples },
    { operation, part: "response", examples: getResponseMessage(operation).examples },
  ]),
  { operation: "notifyVaulting", part: "notification", examples: getNotificationExamples() },
];

/** Prints the OpenAPI document, the names of its examples, or the body of one example. */
export function spec(
  { stdout, style }: Output,
  { openapi, for: purpose, examples, example, operation, json }: Options,
): ExitCode {
  if (examples) {
    const lists = groupExamples().map((group) => ({ ...group, examples: [...group.examples.keys()] }));
    if (json) writeJson(stdout, lists);
    else
      for (const { operation: name, part, examples: names } of lists) {
        writeLine(stdout, style.bold(`${name}, ${part}`));
        writeLine(stdout, indent(names.join("\n"), "  "));
      }
  } else if (example === undefined) {
    stdout.write(readGenerated(purpose ? "openapi-codegen.json" : FILES[openapi]));
  } else {
    const found = groupExamples().find(
      (group) => group.examples.has(example) && (operation === undefined || group.operation === operation),
    );
    if (!found)
      throw usageError(
        `${operation === undefined ? "No example" : `No example of ${operation}`} has this name. To list the examples, run: ${commandPrefix} spec --examples`,
      );
    writeLine(stdout, JSON.stringify(found.examples.get(example), null, 2));
  }
  return 0;
}
