import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOCUMENT_MUTATIONS, type DocumentMutation } from "./check-spec/document-mutations.fixture.ts";
import { checkSpec, type SpecReport } from "./check-spec.ts";

const spec = join(import.meta.dirname, "..", "spec");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "antom-vault-spec-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Each fault as a line: which check, where, what. */
const linesOf = (report: SpecReport): readonly string[] =>
  report.results.flatMap(({ title, violations }) => violations.map(({ at, message }) => `${title}: ${at}: ${message}`));

let copies = 0;

/** The report on a copy of spec/ with the fault in it. */
async function reportWith({
  file,
  from,
  to,
  lint = false,
}: Omit<DocumentMutation, "lint"> & { readonly lint?: boolean }): Promise<SpecReport> {
  const copy = join(folder, String(++copies));
  await cp(spec, copy, { recursive: true });
  const path = join(copy, file);
  const before = await readFile(path, "utf8");
  // A text is put in as it stands: patterns are full of what replace() would read as its own signs.
  const after = typeof from === "string" ? before.replace(from, () => to) : before.replace(from, to);
  expect(after, `the replacement changes ${file}`).not.toBe(before);
  await writeFile(path, after);
  return checkSpec(copy, { lint });
}

test("the document is clean", async () => {
  const report = await checkSpec(spec);
  expect(linesOf(report)).toEqual([]);
  expect(report.ok).toBe(true);
});

describe.concurrent("a fault in the document is found", () => {
  test.for(Object.entries(DOCUMENT_MUTATIONS))("%s", async ([, fault]) => {
    const report = await reportWith(fault);
    const found = linesOf(report);
    expect(report.ok).toBe(false);
    expect(
      found.some((line) => fault.expected.test(line)),
      `${String(fault.expected)} among:\n${found.join("\n")}`,
    ).toBe(true);
  });
});

test("a document that cannot be bundled is one fault, not one for each check", async () => {
  const report = await reportWith({
    file: "openapi.yaml",
    from: "./paths/inquireVaulting.yaml",
    to: "./paths/gone.yaml",
    expected: /./,
    lint: true,
  });
  expect(linesOf(report)).toHaveLength(1);
});
