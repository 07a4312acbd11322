import { parseRequestTime } from "../../protocol/http.ts";

/** The maximum length of a time. An ISO 8601 time with nanoseconds and an offset has 35 characters. */
const MAX_LENGTH = 40;
const MAX_DISTANCE_MS = 10 * 366 * 86_400_000;

/**
 * Returns the text if it is a time within 10 years of now, in any supported format or in seconds. Returns `undefined` for other text, because 13
 * digits can be a card number.
 */
export function toLoggedTime(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const time = /^\d{10}$/.test(text) ? Number(text) * 1000 : parseRequestTime(text);
  return time === undefined || Math.abs(time - Date.now()) > MAX_DISTANCE_MS ? undefined : text;
}
