/** What the harness has asked and was answered: the measure of what must be there after a crash. */
import { type Answer, type CardKind, type FaultKind, judgeNotifications } from "./compare-responses.ts";

export interface Entry {
  readonly id: string;
  readonly kind: CardKind;
  readonly round: number;
  readonly answer: Answer;
}

export interface Fault {
  readonly id: string;
  readonly kind: FaultKind;
  /** The round in which it was answered, and the one after whose crash it was missed. */
  readonly answeredIn: number;
  readonly foundIn: number;
}

export interface Ledger {
  /** A new ID, which is asked for from now on. */
  readonly ask: (kind: CardKind, round: number) => string;
  /** An answer came. A second one to the same ID must be the first, byte for byte. */
  readonly answered: (id: string, answer: Answer, round: number) => void;
  readonly fault: (entry: Entry, kind: FaultKind, round: number) => void;
  readonly faults: readonly Fault[];
  readonly entries: (round?: number) => readonly Entry[];
  /** Up to so many final ones, at random. */
  readonly sample: (size: number) => readonly Entry[];
  /** IDs that were asked for and not answered. */
  readonly unanswered: () => readonly { readonly id: string; readonly kind: CardKind }[];
  readonly counts: () => { readonly answered: number; readonly repeated: number };
}

export function createLedger(): Ledger {
  const stamp = Date.now().toString(36);
  const entries = new Map<string, Entry>();
  const open = new Map<string, CardKind>();
  const faults: Fault[] = [];
  const finals: Entry[] = [];
  let next = 0;
  let answered = 0;
  let repeated = 0;

  function fault({ id, round: answeredIn }: Entry, kind: FaultKind, foundIn: number): void {
    faults.push({ id, kind, answeredIn, foundIn });
    // Told once; what is asked of it later would be an echo.
    entries.delete(id);
  }

  return {
    ask: (kind) => {
      const id = `durability-${stamp}-${next++}`;
      open.set(id, kind);
      return id;
    },
    answered: (id, answer, round) => {
      const known = entries.get(id);
      if (known) {
        repeated += 1;
        if (known.answer.body !== answer.body && known.answer.final) fault(known, "changed", round);
        return;
      }
      const kind = open.get(id);
      if (kind === undefined) return;
      open.delete(id);
      answered += 1;
      const entry = { id, kind, round, answer };
      entries.set(id, entry);
      if (answer.final) finals.push(entry);
    },
    fault,
    faults,
    entries: (round) => [...entries.values()].filter((entry) => round === undefined || entry.round === round),
    sample: (size) =>
      Array.from({ length: size }, () => finals[Math.floor(Math.random() * finals.length)]).filter(
        (entry): entry is Entry => entry !== undefined && entries.has(entry.id),
      ),
    unanswered: () => [...open].map(([id, kind]) => ({ id, kind })),
    counts: () => ({ answered, repeated }),
  };
}

/** Whether what was delivered fits what was answered. */
export const fits = ({ answer }: Entry, bodies: ReadonlySet<string>): boolean =>
  !answer.final || judgeNotifications(answer, bodies) === undefined;
