import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOCUMENT_MUTATIONS, type DocumentMutation } from "./check-spec/document-mutations.fixture.ts";
import { checkSpec, type SpecReport } from "./check-spec.ts";

const spec = join(import.meta.dirname, "..", "spec");
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "antom-vault-spec-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Returns a line for each violation: the check, the location, and the message. */
const formatViolations = (report: SpecReport): readonly string[] =>
  report.results.flatMap(({ title, violations }) => violations.map(({ at, message }) => `${title}: ${at}: ${message}`));

let copies = 0;

/** Checks a copy of spec/ with the mutation applied. */
async function checkWithMutation({
  file,
  from,
  to,
  lint = false,
}: Omit<DocumentMutation, "lint"> & { readonly lint?: boolean }): Promise<SpecReport> {
  const copy = join(directory, String(++copies));
  await cp(spec, copy, { recursive: true });
  const path = join(copy, file);
  const before = await readFile(path, "utf8");
  // Use a function, because replace() would interpret $ signs in a replacement string.
  const after = typeof from === "string" ? before.replace(from, () => to) : before.replace(from, to);
  expect(after, `the mutation changes ${file}`).not.toBe(before);
  await writeFile(path, after);
  return checkSpec(copy, { lint });
}

test("the OpenAPI document passes every check", async () => {
  const report = await checkSpec(spec);
  expect(formatViolations(report)).toEqual([]);
  expect(report.ok).toBe(true);
});

describe.concurrent("check:spec reports", () => {
  test.for(Object.entries(DOCUMENT_MUTATIONS))("%s", async ([, mutation]) => {
    const report = await checkWithMutation(mutation);
    const found = formatViolations(report);
    expect(report.ok).toBe(false);
    expect(
      found.some((line) => mutation.expected.test(line)),
      `${String(mutation.expected)} among:\n${found.join("\n")}`,
    ).toBe(true);
  });
});

test("checkSpec reports a single violation if the document cannot be bundled", async () => {
  const report = await checkWithMutation({
    file: "openapi.yaml",
    from: "./paths/inquireVaulting.yaml",
    to: "./paths/gone.yaml",
    expected: /./,
    lint: true,
  });
  expect(formatViolations(report)).toHaveLength(1);
});
