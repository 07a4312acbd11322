/** A record of the calls that the harness made and of their responses: all of it must still be there after a crash. */
import type { Answer, CardKind, FaultKind } from "./compare-responses.ts";
import type { Listener } from "./notification-listener.ts";
import type { SandboxProcess } from "./sandbox-process.ts";
import type { Caller } from "./signed-client.ts";

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

export class Ledger {
  readonly faults: Fault[] = [];
  answeredCount = 0;
  repeatedCount = 0;
  readonly #entries = new Map<string, Entry>();
  /** The final ones of all rounds, those with faults included. */
  readonly #finals: Entry[] = [];
  readonly #unanswered = new Map<string, CardKind>();
  readonly #prefix = `durability-${Date.now().toString(36)}`;
  #next = 0;

  /** Returns a new ID, which counts as unanswered from now on. */
  ask(kind: CardKind): string {
    const id = `${this.#prefix}-${this.#next++}`;
    this.#unanswered.set(id, kind);
    return id;
  }

  /** Records a response. A second one to the same ID must be the first, byte for byte. */
  answered(id: string, answer: Answer, round: number): void {
    const known = this.#entries.get(id);
    if (known) {
      this.repeatedCount += 1;
      if (known.answer.body !== answer.body && known.answer.final) this.fault(known, "changed", round);
      return;
    }
    const kind = this.#unanswered.get(id);
    if (kind === undefined) return;
    this.#unanswered.delete(id);
    this.answeredCount += 1;
    const entry = { id, kind, round, answer };
    this.#entries.set(id, entry);
    if (answer.final) this.#finals.push(entry);
  }

  /** Records a fault once: the entry is not checked again. */
  fault({ id, round: answeredIn }: Entry, kind: FaultKind, foundIn: number): void {
    this.faults.push({ id, kind, answeredIn, foundIn });
    this.#entries.delete(id);
  }

  entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** Returns up to `size` final entries at random. */
  sample(size: number): readonly Entry[] {
    return Array.from({ length: size }, () => this.#finals[Math.floor(Math.random() * this.#finals.length)])
      .filter((entry) => entry !== undefined)
      .filter(({ id }) => this.#entries.has(id));
  }

  unanswered(): readonly (readonly [id: string, kind: CardKind])[] {
    return [...this.#unanswered];
  }
}

/** What load and checks work with between two crashes. */
export interface Round {
  readonly round: number;
  readonly sandbox: SandboxProcess;
  readonly caller: Caller;
  readonly ledger: Ledger;
  readonly listener: Listener;
}
