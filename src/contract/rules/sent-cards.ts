/** Searches messages for the card numbers that a run has sent. @module */
import { normalizeDigits } from "../../cards/card-digits.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import { listEncodings, listHashes, reverseText } from "./encodings.ts";

/** The minimum number of consecutive digits that do not match a card number by chance. */
const PART_LENGTH = 12;
/** Digits, with the characters that mask other digits. */
const MASKED = /[\d*\u2022\u00b7xX#]{8,}/g;
/** The fingerprint may be a hash of the number. */
const FINGERPRINT = /"fingerprint": {0,4}"[^"]{0,256}"/gi;

interface Forms {
  readonly encodings: readonly string[];
  readonly hashes: readonly string[];
}

export class SentCards {
  readonly #parts = new Set<string>();
  readonly #numbersById = new Map<string, Set<string>>();
  readonly #cardsById = new Map<string, unknown>();
  readonly #forms = new Map<string, Forms>();

  /** Adds the card in a request, if there is one. */
  add(request: unknown): void {
    const id = getField(request, "vaultingRequestId");
    const card = getCard(request);
    const number = getField(card, "cardNo");
    if (typeof id === "string" && card !== undefined && !this.#cardsById.has(id)) this.#cardsById.set(id, card);
    if (typeof id !== "string" || typeof number !== "string" || !/^\d{12,19}$/.test(number)) return;
    this.#numbersById.set(id, (this.#numbersById.get(id) ?? new Set()).add(number));
    if (this.#forms.has(number)) return;
    this.#forms.set(number, { encodings: listEncodings(number), hashes: listHashes(number) });
    // Zeros and repeated digits can occur by chance.
    for (const text of [number, reverseText(number)])
      for (const part of listParts(text)) if (new Set(part).size > 3) this.#parts.add(part);
  }

  /** Returns the number that was sent under an ID, or `undefined` if there is none or more than 1. */
  getNumber(id: unknown): string | undefined {
    const [number, ...others] = (typeof id === "string" && this.#numbersById.get(id)) || [];
    return others.length === 0 ? number : undefined;
  }

  /** Returns the card in the first request with an ID. */
  getCard(id: unknown): unknown {
    return typeof id === "string" ? this.#cardsById.get(id) : undefined;
  }

  /** Returns what the body or the headers of a message reveal, as {@link find} does. */
  findIn({ bytes, headers }: Pick<Exchange, "bytes" | "headers">, id: unknown): string | undefined {
    // A signature can contain any digits by chance.
    const others = [...headers].filter(([name]) => name !== "signature").map((header) => header.join(": "));
    return this.find([new TextDecoder().decode(bytes), ...others].join("\n"), id);
  }

  /**
   * Returns what a text reveals about the sent card numbers, or `undefined`. A text must not contain 12 consecutive digits of any number. It must also
   * not contain an encoding or a hash of the number that was sent under the ID, or more than the last 4 of its digits beside a mask.
   */
  find(text: string, id: unknown): string | undefined {
    const digits = normalizeDigits(text);
    // Without the punctuation of JSON, the parts of a number that is split into an array are adjacent.
    const runs = digits.replace(/["',:[\]|~]/g, "").match(/\d{12,}/g) ?? [];
    if (runs.flatMap(listParts).some((part) => this.#parts.has(part))) return "digits of a card number";
    const number = this.getNumber(id);
    if (number === undefined) return undefined;
    const { encodings = [], hashes = [] } = this.#forms.get(number) ?? {};
    const lower = text.toLowerCase();
    if (encodings.some((form) => lower.includes(form))) return "card number in an encoded form";
    const withoutFingerprint = lower.replace(FINGERPRINT, "");
    if (hashes.some((hash) => withoutFingerprint.includes(hash))) return "hash of the card number";
    const isRevealed = (masked: string) => {
      const [first = "", ...others] = masked.split(/\D+/);
      const last = others.at(-1);
      return last !== undefined && (first + last).length > 4 && number.startsWith(first) && number.endsWith(last);
    };
    return digits.match(MASKED)?.some(isRevealed) ? "masked card number with more than its last 4 digits" : undefined;
  }
}

/** Returns all parts of {@link PART_LENGTH} digits in a run of digits. */
const listParts = (digits: string): readonly string[] =>
  Array.from({ length: digits.length - PART_LENGTH + 1 }, (_, start) => digits.slice(start, start + PART_LENGTH));
