/** Generates all files in generated/ from spec/: `npm run generate [directory]`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { toCodegenDocument } from "./generate/codegen-document.ts";
import { toOpenApi30 } from "./generate/down-convert.ts";
import {
  createOperationsModule,
  createOperationValidatorsModule,
  createResultCodesModule,
} from "./generate/result-code-tables.ts";
import { createSignatureVectors } from "./generate/signature-vectors.ts";
import { createValidatorsDeclaration, createValidatorsModule, getRequestMessages } from "./generate/validators.ts";
import { bundle } from "./openapi/bundle.ts";
import type { ControlDocument, Document } from "./openapi/openapi-document.ts";

const root = join(import.meta.dirname, "..");
const started = performance.now();
const HEAD = "// Made by `npm run generate` from spec/. Do not edit.\n";

/** Creates the types of a document. A property with a default stays optional, because it may be missing from a body. */
async function createTypesModule(document: ControlDocument): Promise<string> {
  const options = { alphabetize: false, rootTypes: false, silent: true, defaultNonNullable: false };
  return astToString(await openapiTS(JSON.stringify(document), options));
}

/** Adds the name of each schema as its title, because some code generators name types after titles. */
function addTitles(document: Document): Document {
  const schemas = Object.entries(document.components.schemas).map(([title, schema]) => [title, { title, ...schema }]);
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
}

export async function generate(directory: string): Promise<readonly string[]> {
  const [document, control] = await Promise.all([
    bundle(join(root, "spec", "openapi.yaml")),
    bundle<ControlDocument>(join(root, "spec", "control", "openapi.yaml")),
  ]);
  const { schemas } = document.components;
  const controlSchemas = control.components.schemas;
  const controlRequests = getRequestMessages(controlSchemas);
  const vectors = createSignatureVectors();
  const titled = addTitles(document);
  const formatJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files: Readonly<Record<string, string>> = {
    "openapi.json": formatJson(titled),
    "openapi-3.0.json": formatJson(toOpenApi30(JSON.parse(JSON.stringify(titled)))),
    "openapi-codegen.json": formatJson(toOpenApi30(JSON.parse(JSON.stringify(toCodegenDocument(document))))),
    "types.ts": await createTypesModule(document),
    "validators.js": await createValidatorsModule(schemas),
    "validators.d.ts": createValidatorsDeclaration(schemas),
    "result-codes.ts": createResultCodesModule(document),
    "operations.ts": createOperationsModule(document, schemas),
    "operation-validators.ts": createOperationValidatorsModule(document),
    "signature-vectors.json": formatJson(vectors.json),
    "signature-vectors.tsv": vectors.tsv,
    "control.json": formatJson(control),
    "control-types.ts": await createTypesModule(control),
    "control-validators.js": await createValidatorsModule(controlSchemas, controlRequests),
    "control-validators.d.ts": createValidatorsDeclaration(controlSchemas, controlRequests, "./control-types.js"),
  };
  await mkdir(directory, { recursive: true });
  const writes = Object.entries(files).map(([name, content]) =>
    writeFile(join(directory, name), /\.(json|tsv)$/.test(name) ? content : `${HEAD}${content}`),
  );
  await Promise.all(writes);
  return Object.keys(files);
}

if (import.meta.main) {
  const directory = process.argv[2] ?? join(root, "generated");
  const files = await generate(directory);
  console.log(
    `Generated ${files.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s: ${files.join(", ")}`,
  );
}
