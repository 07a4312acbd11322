import { readFileSync } from "node:fs";
import { wrongUsage } from "./input.ts";
import { line, type Output } from "./output.ts";
import type { ExitCode } from "./program.ts";

interface Options {
  readonly openapi: string;
  readonly example?: string;
}

const FILES: ReadonlyMap<string, string> = new Map([
  ["3.1", "openapi.json"],
  ["3.0", "openapi-3.0.json"],
]);

/** Prints the document as it stands in the package, or one example's body. */
export function spec({ stdout }: Output, { openapi, example }: Options): ExitCode {
  const file = FILES.get(openapi);
  if (file === undefined) throw wrongUsage("--openapi must be 3.1 or 3.0.");
  const text = readFileSync(new URL(`../../generated/${file}`, import.meta.url), "utf8");
  if (example === undefined) {
    stdout.write(text);
    return 0;
  }
  const { examples } = (
    JSON.parse(text) as {
      readonly components: { readonly examples: Readonly<Record<string, { readonly value: unknown }>> };
    }
  ).components;
  const found = Object.hasOwn(examples, example) ? examples[example] : undefined;
  if (!found) throw wrongUsage(`There is no example of that name. There are: ${Object.keys(examples).join(", ")}.`);
  line(stdout, JSON.stringify(found.value, null, 2));
  return 0;
}
