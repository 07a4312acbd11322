import { expect, test } from "vitest";
import { extractReleaseNotes } from "./release-notes.ts";

const CHANGELOG = `# Changelog

The format follows Keep a Changelog.

## Unreleased

- Next.

## [1.10.0] - 2026-12-02

### Added

- A feature.

## 1.1.0 - 2026-12-01

- The first release.

## 1.0.0
`;

test.each([
  ["1.10.0", "### Added\n\n- A feature."],
  ["1.1.0", "- The first release."],
])("extractReleaseNotes returns only the notes of %s", (version, notes) => {
  expect(extractReleaseNotes(CHANGELOG, version)).toBe(notes);
});

test.each(["1.1", "2.0.0", "1.0.0", ""])("extractReleaseNotes throws if there are no notes for %j", (version) => {
  expect(() => extractReleaseNotes(CHANGELOG, version)).toThrow("CHANGELOG.md has no notes for");
});
