/** The parts of a failure's detail. @module */

export interface FailureDetail {
  /** The sentence that says what is wrong. */
  readonly what: string;
  /** What else is to be said, a sentence a line. */
  readonly more: readonly string[];
  /** The request's body, masked. */
  readonly sent?: string;
  /** The answer: its HTTP status and its body, masked. */
  readonly came?: { readonly status: string; readonly body: string };
  /** A command line that sends the request again. */
  readonly again?: string;
  /** JSON Pointer into the document. */
  readonly document?: string;
}

/** Reads a detail's lines: the sentence, others, `Sent: …`, `Came: …`, `Again: …` and `Document: …`. Bodies may have line ends of their own. */
export function readDetail(detail: string): FailureDetail {
  const [head, document] = cut(detail, detail.lastIndexOf("\nDocument: "), "Document: ");
  // What came may hold lines that look like ours. Ours are the last, and a command is taken for one only where it is nothing but a curl.
  const [exchange, again] = cut(head, startOfCommand(head), "Again: ");
  const [asked, came] = cut(exchange, exchange.indexOf("\nCame: "), "Came: ");
  const [said, sent] = cut(asked, asked.indexOf("\nSent: "), "Sent: ");
  const [what = "", ...more] = said.split("\n");
  const [, status = "", body = ""] = /^(\d{3}) ?(.*)$/s.exec(came ?? "") ?? ["", "", came ?? ""];
  return {
    what,
    more,
    ...(sent === undefined ? {} : { sent }),
    ...(came === undefined ? {} : { came: { status, body } }),
    ...(again === undefined ? {} : { again }),
    ...(document === undefined ? {} : { document }),
  };
}

/** A text before and after a label's line. */
function cut(text: string, at: number, label: string): readonly [string, string | undefined] {
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1 + label.length)];
}

function startOfCommand(text: string): number {
  const at = text.lastIndexOf("\nAgain: ");
  return at !== -1 && COMMAND.test(text.slice(at + "\nAgain: ".length)) ? at : -1;
}

/** A curl with an address, headers and a body, each one word of a shell: nothing runs behind it, and no file is written. */
const WORD = "(?:[\\w./@:=-]+|'(?:[^']|'\\\\'')*')";
const COMMAND = new RegExp(`^curl -sS -i(?: -X ${WORD})? ${WORD}(?: -H ${WORD})*(?: --data-binary ${WORD})?$`);
