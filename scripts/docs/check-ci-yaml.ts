/** The parts of a pipeline's YAML that can be judged without the service that runs it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The YAML parser that Redocly reads the document by. */
const { parseYaml } = createRequire(createRequire(import.meta.url).resolve("@redocly/cli/package.json"))(
  "@redocly/openapi-core",
) as { readonly parseYaml: (source: string) => unknown };

const action = parseYaml(readFileSync(join(import.meta.dirname, "..", "..", "action.yml"), "utf8")) as {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean }>>;
};

interface Step {
  readonly uses: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A sentence for each step that uses our action otherwise than it is. Throws where the text is no YAML. */
export const pipelineFaults = (yaml: string): readonly string[] =>
  stepsIn(parseYaml(yaml)).flatMap(({ uses, with: given = {} }) => {
    if (!/\/antom-vault@/.test(uses)) return /@[0-9a-f]{40}$|@v\d/.test(uses) ? [] : [`${uses} is not pinned`];
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(action.inputs, name));
    const missing = Object.entries(action.inputs).filter(
      ([name, { required }]) => required && !Object.hasOwn(given, name),
    );
    return [
      ...unknown.map((name) => `the action has no input ${name}`),
      ...missing.map(([name]) => `the action needs ${name}`),
    ];
  });

/** Every step in what may be a whole workflow, or a part of one. */
function stepsIn(value: unknown): readonly Step[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(stepsIn);
  return "uses" in value && typeof value.uses === "string" ? [value as Step, ...inner] : inner;
}
