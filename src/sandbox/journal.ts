/** What went to and fro, masked: the last exchanges, in memory, for the people who look for a mistake. */
import type { About, CuttableAnswer } from "../gateway/index.ts";
import { maskNumbers } from "../mask.ts";
import { maskedText } from "./masked-text.ts";

export interface Exchange {
  /** Counts up from 1. */
  readonly sequence: number;
  /** Milliseconds since 1970, the machine's. */
  readonly at: number;
  readonly operation: string | undefined;
  readonly path: string;
  readonly clientId: string;
  readonly vaultingRequestId: string | undefined;
  readonly resultCode: string;
  readonly resultStatus: string;
  readonly durationMs: number;
  /** The body with card data masked; empty where the signature was refused: nothing of such a body is read. */
  readonly request: string;
  readonly response: string;
  readonly signed: boolean;
  /** Why the signature was refused. */
  readonly note: string | undefined;
  readonly fault: string | undefined;
}

export interface Told {
  readonly path: string;
  readonly at: number;
  readonly durationMs: number;
  readonly answer: CuttableAnswer;
  readonly fault: string | undefined;
}

export interface Journal {
  readonly add: (told: Told) => void;
  /** Oldest first: those after a sequence number, or the last ones. */
  readonly list: (options: { readonly limit: number; readonly after?: number | undefined }) => readonly Exchange[];
  readonly clear: () => void;
}

/** A journal of the last `size` exchanges. The reading of an entry is put off until somebody wants it; its masking is not. */
export function createJournal(size = 1000): Journal {
  let entries: { readonly sequence: number; readonly told: Told; readonly request: string }[] = [];
  let sequence = 0;
  return {
    add: (told) => {
      sequence += 1;
      const { parsed, ...about } = told.answer.about;
      const request = parsed === undefined ? "" : maskedText(parsed);
      // The body itself, card and all, is let go of here.
      entries.push({ sequence, request, told: { ...told, answer: { ...told.answer, about } } });
      if (entries.length >= 2 * size) entries = entries.slice(-size);
    },
    list: ({ limit, after }) => {
      const kept = entries.slice(-size);
      const wanted =
        after === undefined ? kept.slice(-limit) : kept.filter((each) => each.sequence > after).slice(0, limit);
      return wanted.map(({ sequence: number, told, request }) => exchangeOf(number, told, request));
    },
    clear: () => {
      entries = [];
    },
  };
}

function exchangeOf(sequence: number, { path, at, durationMs, answer, fault }: Told, request: string): Exchange {
  const { body, headers, about } = answer;
  const { result, vaultingRequestId } = readAnswer(body);
  return {
    sequence,
    at,
    operation: about.route?.operation,
    path: maskNumbers(path),
    clientId: about.clientId,
    vaultingRequestId: vaultingRequestId ?? idIn(request),
    resultCode: result?.resultCode ?? "",
    resultStatus: result?.resultStatus ?? "",
    durationMs,
    request,
    response: body,
    signed: headers["signature"] !== undefined,
    note: noteOf(about),
    fault,
  };
}

const noteOf = ({ refusedSignature }: About): string | undefined => refusedSignature;

interface OurAnswer {
  readonly result?: { readonly resultCode: string; readonly resultStatus: string };
  readonly vaultingRequestId?: string;
}

/** Our own answer, or nothing where none was made. */
const readAnswer = (body: string): OurAnswer => (body === "" ? {} : (JSON.parse(body) as OurAnswer));

function idIn(request: string): string | undefined {
  if (request === "") return undefined;
  const { vaultingRequestId } = JSON.parse(request) as { readonly vaultingRequestId?: unknown };
  return typeof vaultingRequestId === "string" ? vaultingRequestId : undefined;
}
