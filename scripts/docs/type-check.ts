/** Checks modules with the compiler, as strictly as a reader's project may. */
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

/** "Parameter implicitly has an 'any' type." Whoever writes JavaScript need not name the type of a parameter. */
const IMPLICIT_ANY = 7006;

/** Returns the errors, one per line. It checks the files together because most of the time goes into the packages that they import. */
export function checkTypes(files: readonly string[], folder: string): string {
  const options = { ...OPTIONS, typeRoots: [`${folder}/node_modules/@types`] };
  const host = { ...ts.createCompilerHost(options), getCurrentDirectory: () => folder };
  const program = ts.createProgram(files, options, host);
  const found = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${file} is not there.`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  const errors = found.filter(({ code, file }) => !(code === IMPLICIT_ANY && file?.fileName.endsWith(".js")));
  return ts.formatDiagnostics([...program.getGlobalDiagnostics(), ...errors], host);
}
