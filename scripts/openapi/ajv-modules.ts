/** ajv's CommonJS modules, whose default export Node and TypeScript see differently. */
import { createRequire } from "node:module";
import type standalone from "ajv/dist/standalone/index.js";
import type { FormatsPlugin } from "ajv-formats";

const require = createRequire(import.meta.url);

export const addFormats = (require("ajv-formats") as { default: FormatsPlugin }).default;
export const standaloneCode = (require("ajv/dist/standalone") as { default: typeof standalone.default }).default;
