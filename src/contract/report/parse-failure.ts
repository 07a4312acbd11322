/** Parses the failure message of a check. @module */

export interface FailureParts {
  /** The first line of the message. */
  readonly summary: string;
  /** The lines between the summary and the request. */
  readonly notes: readonly string[];
  /** The masked body of the request. */
  readonly request?: string;
  /** The HTTP status and the masked body of the response. */
  readonly response?: { readonly status: string; readonly body: string };
  /** A command that sends the request again. */
  readonly curl?: string;
  /** The location of the violated rule in the OpenAPI document, as a JSON Pointer. */
  readonly document?: string;
}

/** Parses a failure message, including its `Request: …`, `Response: …`, `Reproduce: …`, and `Document: …` lines. Bodies can contain line breaks. */
export function parseFailure(message: string): FailureParts {
  const [head, document] = splitAt(message, message.lastIndexOf("\nDocument: "), "Document: ");
  // A response can contain lines that look like labels. Use the last Document and Reproduce lines, and accept only a plain curl command.
  const [exchange, curl] = splitAt(head, findCommand(head), "Reproduce: ");
  const [beforeResponse, response] = splitAt(exchange, exchange.indexOf("\nResponse: "), "Response: ");
  const [text, request] = splitAt(beforeResponse, beforeResponse.indexOf("\nRequest: "), "Request: ");
  const [summary = "", ...notes] = text.split("\n");
  const [, status = "", body = ""] = /^(\d{3}) ?(.*)$/s.exec(response ?? "") ?? ["", "", response ?? ""];
  return {
    summary,
    notes,
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response: { status, body } }),
    ...(curl === undefined ? {} : { curl }),
    ...(document === undefined ? {} : { document }),
  };
}

/** Splits text at a label, and removes the label. */
function splitAt(text: string, at: number, label: string): readonly [string, string | undefined] {
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1 + label.length)];
}

function findCommand(text: string): number {
  const at = text.lastIndexOf("\nReproduce: ");
  return at !== -1 && COMMAND.test(text.slice(at + "\nReproduce: ".length)) ? at : -1;
}

/** A shell word, unquoted or in single quotes. */
const WORD = "(?:[\\w./@:=-]+|'(?:[^']|'\\\\'')*')";
/** A curl command with only a method, a URL, headers, and a body. It runs no other program and writes no file. */
const COMMAND = new RegExp(`^curl -sS -i(?: -X ${WORD})? ${WORD}(?: -H ${WORD})*(?: --data-binary ${WORD})?$`);
