/** The words that start this command: in a checkout, or in a project that has installed the package. */
export const self = import.meta.url.endsWith(".ts") ? "npm run --silent antom-vault --" : "npx antom-vault";
