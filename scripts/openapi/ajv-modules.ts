/** The Ajv setup for all scripts. Loads ajv-formats with `require`, because Node and TypeScript disagree on its default export. */
import { createRequire } from "node:module";
import { Ajv2020, type Options } from "ajv/dist/2020.js";
import type { FormatsPlugin } from "ajv-formats";
import { SCHEMA_EXTENSIONS } from "./schemas.ts";

const require = createRequire(import.meta.url);

const addFormats = (require("ajv-formats") as { default: FormatsPlugin }).default;

/** Creates an Ajv instance in strict mode that supports the document's formats and extension keywords. */
export function createAjv(options: Options = {}): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true, inlineRefs: false, ...options });
  addFormats(ajv, ["date", "date-time"]);
  return ajv.addVocabulary([...SCHEMA_EXTENSIONS]);
}
