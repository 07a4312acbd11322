/** Makes everything in generated/ from spec/. `npm run generate [folder]`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { bundle } from "./generate/bundle.ts";
import { toOpenApi30 } from "./generate/down-convert.ts";
import { operationsModule, resultCodesModule } from "./generate/tables.ts";
import { validatorsDeclaration, validatorsModule } from "./generate/validators.ts";

const root = join(import.meta.dirname, "..");
const started = performance.now();

export async function generate(folder: string): Promise<readonly string[]> {
  const document = await bundle(join(root, "spec", "openapi.yaml"));
  const { schemas } = document.components;
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const head = "// Made by `npm run generate` from spec/. Do not edit.\n";
  const types = openapiTS(JSON.stringify(document), { alphabetize: false, rootTypes: false, silent: true });
  const files: Readonly<Record<string, string>> = {
    "openapi.json": text(document),
    "openapi-3.0.json": text(toOpenApi30(JSON.parse(JSON.stringify(document)))),
    "types.ts": `${head}${astToString(await types)}`,
    "validators.js": `${head}${await validatorsModule(schemas)}`,
    "validators.d.ts": `${head}${validatorsDeclaration(schemas)}`,
    "result-codes.ts": resultCodesModule(document),
    "operations.ts": operationsModule(document, schemas),
  };
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  return Object.keys(files);
}

if (import.meta.main) {
  const folder = process.argv[2] ?? join(root, "generated");
  const files = await generate(folder);
  console.log(
    `${files.length} files made in ${((performance.now() - started) / 1000).toFixed(1)} s: ${files.join(", ")}`,
  );
}
