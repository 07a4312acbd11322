/** A field of what may be an object. */
export const getField = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** The card in a request or an answer. */
export const getCard = (body: unknown): unknown => getField(getField(body, "paymentMethodDetail"), "card");

/** The result code and status in a response or a notification, if they are texts. */
export function getResult(body: unknown): {
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
} {
  const result = getField(body, "result");
  const text = (name: string) => {
    const value = getField(result, name);
    return typeof value === "string" ? value : undefined;
  };
  return { resultCode: text("resultCode"), resultStatus: text("resultStatus") };
}

/** Every text in a value, names of fields among them. */
export function collectStrings(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...collectStrings(inner)]);
}
