import { operations } from "../../../generated/operations.ts";
import { getNotificationExamples, getRequestMessage, getResponseMessage } from "../../contract/index.ts";
import { readGenerated } from "../../machine/generated-documents.ts";
import { commandPrefix, type ExitCode, indent, type Output, writeLine } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

interface Options {
  readonly openapi: keyof typeof FILES;
  readonly examples?: true;
  readonly example?: string;
  readonly operation?: string;
}

const FILES = { "3.1": "openapi.json", "3.0": "openapi-3.0.json" } as const;

const listExamples = () => [
  ...operations.flatMap((operation) => [
    { operation, part: "request", examples: getRequestMessage(operation).examples },
    { operation, part: "answer", examples: getResponseMessage(operation).examples },
  ]),
  { operation: "notifyVaulting", part: "notification", examples: getNotificationExamples() },
];

/** Prints the document as it stands in the package, the names of its examples, or one example's body. */
export function spec({ stdout, style }: Output, { openapi, examples, example, operation }: Options): ExitCode {
  if (examples) {
    for (const named of listExamples()) {
      writeLine(stdout, style.bold(`${named.operation}, ${named.part}`));
      writeLine(stdout, indent([...named.examples.keys()].join("\n"), "  "));
    }
  } else if (example === undefined) {
    stdout.write(readGenerated(FILES[openapi]));
  } else {
    const found = listExamples().find(
      (named) => named.examples.has(example) && (operation === undefined || named.operation === operation),
    );
    if (!found) throw usageError(`There is no example of that name. ${commandPrefix} spec --examples lists them.`);
    writeLine(stdout, JSON.stringify(found.examples.get(example), null, 2));
  }
  return 0;
}
