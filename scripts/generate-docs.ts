/** Generates the API reference from TSDoc, the overview diagrams, and the files for coding agents. `npm run generate` runs this script. */
import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { generateAgentFiles } from "./generate-docs/agent-files.ts";
import { renderOverview } from "./generate-docs/overview-diagram.ts";

const root = join(import.meta.dirname, "..");

/**
 * Writes the files to a `docs` directory, and returns their paths relative to it.
 *
 * @throws {Error} if TypeDoc reports an error or a warning
 */
export async function generateDocs(docs: string): Promise<readonly string[]> {
  const typedoc = join(root, "node_modules/typedoc/bin/typedoc");
  const args = [
    typedoc,
    "--options",
    root,
    "--out",
    join(docs, "api"),
    "--treatWarningsAsErrors",
    "--logLevel",
    "Warn",
  ];
  await promisify(execFile)(process.execPath, args, { cwd: root });
  await mkdir(join(docs, "images"), { recursive: true });
  const images = await Promise.all(
    (["light", "dark"] as const).map(async (scheme) => {
      const image = `images/overview-${scheme}.svg`;
      await writeFile(join(docs, image), await renderOverview(scheme));
      return image;
    }),
  );
  const pages = await readdir(join(docs, "api"), { recursive: true, withFileTypes: true });
  const files = pages.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return [...files.map((file) => file.slice(docs.length + 1)), ...images];
}

if (import.meta.main) {
  const pages = await generateDocs(join(root, "docs"));
  // Runs last, because the index lists the generated pages.
  console.log(`Generated ${pages.length} files in docs/, and ${(await generateAgentFiles(root)).join(" and ")}.`);
}
