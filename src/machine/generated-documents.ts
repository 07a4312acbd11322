/** The JSON documents that `npm run generate` makes. They are beside `src/` in a checkout as in the package. */
import { readFileSync } from "node:fs";

export type GeneratedDocument = "openapi.json" | "openapi-3.0.json" | "control.json";

/** Returns the text of a document. */
export const readGenerated = (name: GeneratedDocument): string =>
  readFileSync(new URL(`../../generated/${name}`, import.meta.url), "utf8");

/** Returns a document as an object. The caller names the parts that it reads: we make the document, so its shape is known. */
export const parseGenerated = <Document>(name: GeneratedDocument): Document =>
  JSON.parse(readGenerated(name)) as Document;
