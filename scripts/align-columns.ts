/** Formats rows as lines with aligned columns. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(width(column))).join("  "));
  return lines.map((line) => line.trimEnd()).join("\n");
}
