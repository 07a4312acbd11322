const input = "openapi-codegen.json";
const mutator = { path: "./orval-fetch.mts", name: "orvalFetch" };

export const client = {
  input,
  output: { target: "vault-api.ts", mode: "split", client: "fetch", mock: true, override: { mutator } },
};
export const zod = { input, output: { target: "vault-api.zod.ts", client: "zod" } };
