/** The parts of a failure's detail. @module */

export interface FailureParts {
  /** The sentence that says what is wrong. */
  readonly summary: string;
  /** What else is to be said, a sentence a line. */
  readonly notes: readonly string[];
  /** The request's body, masked. */
  readonly request?: string;
  /** The answer: its HTTP status and its body, masked. */
  readonly response?: { readonly status: string; readonly body: string };
  /** A command line that sends the request again. */
  readonly curl?: string;
  /** JSON Pointer into the document. */
  readonly document?: string;
}

/** Reads a detail's lines: the sentence, others, `Sent: …`, `Came: …`, `Again: …` and `Document: …`. Bodies may have line ends of their own. */
export function parseFailure(detail: string): FailureParts {
  const [head, document] = splitAt(detail, detail.lastIndexOf("\nDocument: "), "Document: ");
  // What came may hold lines that look like ours. Ours are the last, and a command is taken for one only where it is nothing but a curl.
  const [exchange, again] = splitAt(head, findCommand(head), "Again: ");
  const [asked, came] = splitAt(exchange, exchange.indexOf("\nCame: "), "Came: ");
  const [said, sent] = splitAt(asked, asked.indexOf("\nSent: "), "Sent: ");
  const [what = "", ...more] = said.split("\n");
  const [, status = "", body = ""] = /^(\d{3}) ?(.*)$/s.exec(came ?? "") ?? ["", "", came ?? ""];
  return {
    summary: what,
    notes: more,
    ...(sent === undefined ? {} : { request: sent }),
    ...(came === undefined ? {} : { response: { status, body } }),
    ...(again === undefined ? {} : { curl: again }),
    ...(document === undefined ? {} : { document }),
  };
}

/** A text before and after a label's line. */
function splitAt(text: string, at: number, label: string): readonly [string, string | undefined] {
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1 + label.length)];
}

function findCommand(text: string): number {
  const at = text.lastIndexOf("\nAgain: ");
  return at !== -1 && COMMAND.test(text.slice(at + "\nAgain: ".length)) ? at : -1;
}

/** A curl with an address, headers and a body, each one word of a shell: nothing runs behind it, and no file is written. */
const WORD = "(?:[\\w./@:=-]+|'(?:[^']|'\\\\'')*')";
const COMMAND = new RegExp(`^curl -sS -i(?: -X ${WORD})? ${WORD}(?: -H ${WORD})*(?: --data-binary ${WORD})?$`);
