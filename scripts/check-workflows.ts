/** Checks action.yml and the GitHub workflows of this repository and its examples with the validator of the GitHub Actions editor extension. */
import { globSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";

// @actions/languageservice imports JSON without the import attribute that Node.js requires.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});
const { validate } = await import("@actions/languageservice");

/** Returns the problems in a workflow or an action, each as "path:line: message". */
export async function findProblems(path: string, source: string): Promise<string[]> {
  const document = TextDocument.create(pathToFileURL(path).href, "yaml", 1, source);
  const problems = await validate(document);
  return problems.map(({ range, message }) => `${path}:${range.start.line + 1}: ${message}`);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  const paths = globSync(["action.yml", ".github/workflows/*.yml", "examples/*/.github/workflows/*.yml"], {
    cwd: root,
  });
  const problems = await Promise.all(paths.map((path) => findProblems(path, readFileSync(join(root, path), "utf8"))));
  for (const problem of problems.flat()) console.error(problem);
  if (problems.flat().length > 0) process.exitCode = 1;
}
