/** Formats a count with a noun in the singular or the plural: "1 problem", "2 problems". */
export const formatCount = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;
