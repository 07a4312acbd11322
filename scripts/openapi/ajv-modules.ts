/** ajv as all scripts use it. Its CommonJS modules have a default export that Node and TypeScript see differently. */
import { createRequire } from "node:module";
import { Ajv2020, type Options } from "ajv/dist/2020.js";
import type standalone from "ajv/dist/standalone/index.js";
import type { FormatsPlugin } from "ajv-formats";
import { SCHEMA_EXTENSIONS } from "./schemas.ts";

const require = createRequire(import.meta.url);

const addFormats = (require("ajv-formats") as { default: FormatsPlugin }).default;
export const standaloneCode = (require("ajv/dist/standalone") as { default: typeof standalone.default }).default;

/** Creates an ajv in strict mode that knows the document's formats and extension keywords. */
export function createAjv(options: Options = {}): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true, inlineRefs: false, ...options });
  addFormats(ajv, ["date", "date-time"]);
  return ajv.addVocabulary([...SCHEMA_EXTENSIONS]);
}
