/** A record of the calls that the harness made and of their responses: all of it must still be there after a crash. */
import type { BindingResponse, CardKind, ViolationKind } from "./compare-responses.ts";
import type { Listener } from "./notification-listener.ts";
import type { SandboxProcess } from "./sandbox-process.ts";
import type { SignedClient } from "./signed-client.ts";

export interface Entry {
  readonly id: string;
  readonly kind: CardKind;
  readonly round: number;
  readonly answer: BindingResponse;
}

export interface Violation {
  readonly id: string;
  readonly kind: ViolationKind;
  /** The round in which it was answered, and the one after whose crash it was missed. */
  readonly confirmedIn: number;
  readonly foundIn: number;
}

export class CallRecord {
  readonly violations: Violation[] = [];
  confirmedCount = 0;
  retriedCount = 0;
  readonly #entries = new Map<string, Entry>();
  /** The final ones of all rounds, those with faults included. */
  readonly #finals: Entry[] = [];
  readonly #unanswered = new Map<string, CardKind>();
  readonly #prefix = `durability-${Date.now().toString(36)}`;
  #next = 0;

  /** Returns a new ID, which counts as unanswered from now on. */
  createId(kind: CardKind): string {
    const id = `${this.#prefix}-${this.#next++}`;
    this.#unanswered.set(id, kind);
    return id;
  }

  /** Records a response. A second one to the same ID must be the first, byte for byte. */
  recordResponse(id: string, answer: BindingResponse, round: number): void {
    const known = this.#entries.get(id);
    if (known) {
      this.retriedCount += 1;
      if (known.answer.body !== answer.body && known.answer.final) this.recordViolation(known, "changed", round);
      return;
    }
    const kind = this.#unanswered.get(id);
    if (kind === undefined) return;
    this.#unanswered.delete(id);
    this.confirmedCount += 1;
    const entry = { id, kind, round, answer };
    this.#entries.set(id, entry);
    if (answer.final) this.#finals.push(entry);
  }

  /** Records a fault once: the entry is not checked again. */
  recordViolation({ id, round: answeredIn }: Entry, kind: ViolationKind, foundIn: number): void {
    this.violations.push({ id, kind, confirmedIn: answeredIn, foundIn });
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

  unconfirmed(): readonly (readonly [id: string, kind: CardKind])[] {
    return [...this.#unanswered];
  }
}

/** What load and checks work with between two crashes. */
export interface Round {
  readonly round: number;
  readonly sandbox: SandboxProcess;
  readonly client: SignedClient;
  readonly record: CallRecord;
  readonly listener: Listener;
}
