/** The commands of the guides and the README that a test cannot run, by how they begin. */
export const NOT_RUN: readonly { readonly begins: string; readonly why: string }[] = [
  { begins: "npm ci && npm start", why: "the whole of CI's first step, which runs it" },
  { begins: "npm ci && npm test", why: "runs these tests" },
  { begins: "npm install", why: "fetches from a registry" },
];
