/** What the compiler says of modules, in the strictness that a reader's project may have. */
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

/** "Parameter implicitly has an 'any' type." */
const IMPLICIT_ANY = 7006;

export interface Complaint {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Checks the files together, in which most of the time goes into what they import. */
export function typeCheck(files: readonly string[], folder: string): readonly Complaint[] {
  const options = { ...OPTIONS, typeRoots: [`${folder}/node_modules/@types`] };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram(files, options, { ...host, getCurrentDirectory: () => folder });
  const complaints = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) return [{ file, line: 0, message: "is not there" }];
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    // Whoever writes JavaScript need not say of what type a parameter is.
    const told = found.filter(({ code }) => !(file.endsWith(".js") && code === IMPLICIT_ANY));
    return told.map(({ start = 0, messageText }) => ({
      file,
      line: source.getLineAndCharacterOfPosition(start).line + 1,
      message: ts.flattenDiagnosticMessageText(messageText, " "),
    }));
  });
  const global = program.getGlobalDiagnostics().map(({ messageText }) => ({
    file: folder,
    line: 0,
    message: ts.flattenDiagnosticMessageText(messageText, " "),
  }));
  return [...complaints, ...global];
}
