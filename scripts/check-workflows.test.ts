import { expect, test } from "vitest";
import { findProblems } from "./check-workflows.ts";

const WORKFLOW = `
on: push
permissions:
  contents: reed
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - runs: npm test
      - run: echo \${{ secret.token }}
`;

const ACTION = `
name: Example
description: An example.
runs:
  using: composite
  steps:
    - run: npm test
`;

test("findProblems reports each problem in a workflow with its line", async () => {
  const problems = await findProblems(".github/workflows/ci.yml", WORKFLOW);
  expect(problems).toContain(".github/workflows/ci.yml:4: Unexpected value 'reed'");
  expect(problems).toContain(".github/workflows/ci.yml:9: Unexpected value 'runs'");
  expect(problems).toContain(".github/workflows/ci.yml:10: Unrecognized named-value: 'secret'");
});

test("findProblems reports a problem in an action", async () => {
  expect(await findProblems("action.yml", ACTION)).toEqual(["action.yml:7: Required property is missing: shell"]);
});

test("findProblems reports nothing for a valid workflow", async () => {
  const valid = WORKFLOW.replace("reed", "read").replace("runs:", "run:").replace("secret.", "secrets.");
  expect(await findProblems(".github/workflows/valid.yml", valid)).toEqual([]);
});
