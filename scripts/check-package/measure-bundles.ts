/** Measures what an application that bundles the client or the receiver adds: minified, with all dependencies, compressed with brotli. */
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { rolldown } from "rolldown";

/** Raise a limit only with a reason in the commit message. */
const BUNDLES = [
  { name: "client", module: "dist/src/index.js", imports: "createVaultClient, AntomVaultError", limit: 20_000 },
  { name: "receiver", module: "dist/src/notification/index.js", imports: "createNotificationReceiver", limit: 10_700 },
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
      return { name, bytes: brotliCompressSync(output[0].code).byteLength, limit };
    }),
  );
