import { expect, test } from "vitest";
import { exportList } from "./list-tools.ts";

interface Row {
  readonly sequence: number;
  readonly text: string;
}

/** Exports a list of `count` rows with texts of `length` characters. Returns the response, the parsed file, and the number of queries. */
async function exportRows(count: number, { length = 1, rowsPerPage = 100, before = "" } = {}) {
  let queries = 0;
  const response = await exportList<Row>({
    name: "rows",
    filter: before === "" ? {} : { before },
    now: "2026-11-30T10:00:05.000Z",
    fetchPage: async (end = count + 1, limit) => {
      queries += 1;
      const size = Math.min(limit, rowsPerPage, end - 1);
      const rows = Array.from({ length: size }, (_, index) => ({
        sequence: end - 1 - index,
        text: "x".repeat(length),
      }));
      const next = end - size;
      return { rows, next: next > 1 ? next : undefined };
    },
  });
  const text = await response.text();
  // The test creates the rows, so it knows their type.
  const file = JSON.parse(text) as { readonly rows: readonly Row[]; readonly isComplete: boolean };
  return { response, ...file, queries };
}

test("exportList returns all rows of a short list, newest first", async () => {
  const { response, rows, isComplete } = await exportRows(250);
  expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 250 }, (_, index) => 250 - index));
  expect(isComplete).toBe(true);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="rows-2026-11-30T10-00-05.json"');
});

test("exportList returns only the rows before the sequence number in `before`", async () => {
  expect((await exportRows(250, { before: "11" })).rows).toHaveLength(10);
});

test.each([
  ["1,000 rows", 5000, {}, 1000],
  ["8,388,608 characters", 5000, { length: 100_000 }, 100],
  ["20 queries that return few rows", 5000, { rowsPerPage: 3 }, 60],
])("exportList stops after %s, and marks the file as incomplete", async (_, count, options, expected) => {
  const { rows, isComplete, queries } = await exportRows(count, options);
  expect([rows.length, isComplete]).toEqual([expected, false]);
  expect(queries).toBeLessThanOrEqual(20);
});
