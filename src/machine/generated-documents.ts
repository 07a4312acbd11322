/** Reads the JSON documents that `npm run generate` creates in `generated/`, which is next to `src/` both in the repository and in the package. */
import { readFileSync } from "node:fs";

/** The file name of a generated document. */
export type GeneratedDocument = "openapi.json" | "openapi-3.0.json" | "openapi-codegen.json" | "control.json";

/** Returns the text of a document. */
export const readGenerated = (name: GeneratedDocument): string =>
  readFileSync(new URL(`../../generated/${name}`, import.meta.url), "utf8");

/** Returns a parsed document. The caller declares the type of the parts that it reads. */
export const parseGenerated = <Document>(name: GeneratedDocument): Document =>
  JSON.parse(readGenerated(name)) as Document;
