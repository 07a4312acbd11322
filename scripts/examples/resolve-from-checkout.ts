/** Resolves `antom-vault/validators` to the generated file. With this preload, examples/contract-in-ci runs in a checkout without a build. */
import { registerHooks } from "node:module";

const validators = new URL("../../generated/validators.js", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === "antom-vault/validators" ? validators : specifier, context),
});
