/** Preloaded into examples/contract-in-ci, so that the example runs in a checkout without a build. */
import { registerHooks } from "node:module";

const validators = new URL("../../generated/validators.js", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === "antom-vault/validators" ? validators : specifier, context),
});
