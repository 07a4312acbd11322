/**
 * Preloaded into the example, so that it runs in a checkout in which nothing is built and nothing of its own installed: `antom-vault` is taken from
 * the sources, and where the example's framework is not installed, its server from `node-server.ts`.
 */
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const example = join(import.meta.dirname, "..", "..", "examples", "contract-in-ci");
const server = pathToFileURL(join(example, "server.js")).href;
const standIns: Readonly<Record<string, string>> = {
  "antom-vault/validators": new URL("../../generated/validators.js", import.meta.url).href,
};

/** Whether the framework that the example's server stands on is installed. */
function isFrameworkInstalled(): boolean {
  try {
    createRequire(server).resolve("fastify");
    return true;
  } catch {
    return false;
  }
}

const serverInstead = isFrameworkInstalled() ? server : new URL("./node-server.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const url = standIns[specifier];
    if (url !== undefined) return { url, shortCircuit: true };
    const resolved = next(specifier, context);
    return resolved.url === server && serverInstead !== server ? next(serverInstead, context) : resolved;
  },
});
