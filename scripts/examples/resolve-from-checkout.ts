/** Preloaded into the example, so that it runs in a checkout in which nothing is built: `antom-vault` resolves to the sources. */
import { registerHooks } from "node:module";

const SOURCES: Readonly<Record<string, string>> = {
  "antom-vault/validators": new URL("../../generated/validators.js", import.meta.url).href,
};

registerHooks({
  resolve(specifier, context, next) {
    const url = SOURCES[specifier];
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
  },
});
