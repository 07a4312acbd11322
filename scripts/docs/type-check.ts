/** Type-checks modules in strict mode. */
import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts"],
  types: ["node"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  resolveJsonModule: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
};

/** "Parameter implicitly has an 'any' type", which does not apply to JavaScript. */
const IMPLICIT_ANY = 7006;

/** Returns the compiler's errors as text. Checks all files together, because loading the packages takes most of the time. */
export function checkTypes(files: readonly string[], directory: string): string {
  const options = { ...OPTIONS, typeRoots: [`${directory}/node_modules/@types`] };
  const host = { ...ts.createCompilerHost(options), getCurrentDirectory: () => directory };
  const program = ts.createProgram(files, options, host);
  const found = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`file not found: ${file}`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  const errors = found.filter(({ code, file }) => !(code === IMPLICIT_ANY && file?.fileName.endsWith(".js")));
  return ts.formatDiagnostics([...program.getGlobalDiagnostics(), ...errors], host);
}
