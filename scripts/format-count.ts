/** Formats a count with a noun in the singular or the plural: "1 problem", "2 problems". */
export const formatCount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
