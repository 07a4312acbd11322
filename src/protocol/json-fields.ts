/** Returns a field of a value, or `undefined` if the value is not an object with this field. */
export const getField = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/**
 * Returns a parsed JSON value as text. Objects become empty text, because `String` would call a field named `toString`, and would fail if the field
 * is not a function.
 */
export const toText = (value: unknown): string =>
  Array.isArray(value) ? value.map(toText).join() : typeof value === "object" && value !== null ? "" : String(value);

/** Returns the card in the body of a request or response, or `undefined` if there is none. */
export const getCard = (body: unknown): unknown => getField(getField(body, "paymentMethodDetail"), "card");

/** Returns the result code and status in a response or notification. Each is `undefined` if it is not a string. */
export function getResult(body: unknown): {
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
} {
  const result = getField(body, "result");
  const readText = (name: string) => {
    const value = getField(result, name);
    return typeof value === "string" ? value : undefined;
  };
  return { resultCode: readText("resultCode"), resultStatus: readText("resultStatus") };
}

/** Removes all `null` fields of objects, except within arrays. Returns a copy if there are any; otherwise, the value itself. */
export function removeNulls(value: unknown): unknown {
  if (!hasNullField(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([name, inner]) => [name, removeNulls(inner)]));
}

const hasNullField = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((inner) => inner === null || hasNullField(inner));

/**
 * Applies functions to the names and values of an object, or to the items of an array, which have no name. Returns the same value if nothing
 * changes; otherwise, a copy.
 */
export function mapJson(
  value: unknown,
  mapName: (name: string) => string,
  mapValue: (value: unknown, name?: string) => unknown,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  let isSame = true;
  const map = (inner: unknown, name?: string): unknown => {
    const mapped = mapValue(inner, name);
    if (mapped !== inner) isSame = false;
    return mapped;
  };
  if (Array.isArray(value)) {
    const items = value.map((item) => map(item));
    return isSame ? value : items;
  }
  const fields = Object.entries(value).map(([name, inner]): [string, unknown] => {
    const mapped = mapName(name);
    if (mapped !== name) isSame = false;
    return [mapped, map(inner, name)];
  });
  return isSame ? value : Object.fromEntries(fields);
}

/** Returns all strings in a value, including field names. */
export function collectStrings(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(collectStrings);
  return Object.entries(value).flatMap(([name, inner]) => [name, ...collectStrings(inner)]);
}
