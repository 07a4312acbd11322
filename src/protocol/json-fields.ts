/** A field of what may be an object. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** The card in a request or an answer. */
export const cardOf = (body: unknown): unknown => field(field(body, "paymentMethodDetail"), "card");

/** Every text in a value, names of fields among them. */
export function strings(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...strings(inner)]);
}
