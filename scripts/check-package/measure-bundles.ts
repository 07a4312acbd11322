/**
 * Measures how much the client or the receiver adds to an application's bundle: minified, with all dependencies, and compressed with brotli. Code
 * that is loaded only for `vault.raw` or after an error is measured separately.
 */
import assert from "node:assert";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { rolldown } from "rolldown";

/** The entry points, and the limits of their compressed sizes in bytes. Raise a limit only with a reason in the commit message. */
const BUNDLES = [
  { name: "client", module: "dist/src/index.js", imports: "createVaultClient, AntomVaultError", limit: 18_300 },
  { name: "receiver", module: "dist/src/notification/index.js", imports: "createNotificationReceiver", limit: 10_950 },
] as const;

export const measureBundles = (directory: string) =>
  Promise.all(
    BUNDLES.map(async ({ name, module, imports, limit }) => {
      const entry = join(directory, `${name}-entry.js`);
      const code = `export { ${imports} } from ${JSON.stringify(join(directory, module))};`;
      const build = await rolldown({
        input: entry,
        plugins: [
          {
            name: "entry",
            resolveId: (id) => (id === entry ? id : null),
            load: (id) => (id === entry ? code : null),
          },
        ],
      });
      const { output } = await build.generate({ format: "esm", minify: true });
      const chunks = output.filter((part) => part.type === "chunk");
      const [main, ...lazy] = chunks.map(({ code }) => brotliCompressSync(code).byteLength);
      assert(main !== undefined && output[0].imports.length === 0, "the bundle has a shared chunk");
      return { name, bytes: main, lazyBytes: lazy.reduce((sum, bytes) => sum + bytes, 0), limit };
    }),
  );
