/** Turns a code block in TypeScript or JavaScript into a module. */
import ts from "typescript";
import type { Block } from "./markdown.ts";

/**
 * Returns a module with the block on the same lines as on its page, so that errors have the page's line numbers. An import above the block provides
 * the names that the block uses but does not declare.
 *
 * @param names the names that the page's comment exports
 * @param from the module that exports them
 */
export function toModule({ line, text }: Block, names: readonly string[], from: string): string {
  const declared = new Set(parseStatements(text).flatMap(getDeclaredNames));
  const used = names.filter((name) => !declared.has(name) && new RegExp(`\\b${name}\\b`).test(text));
  const imported = used.length > 0 ? `import { ${used.join(", ")} } from ${JSON.stringify(from)};` : "";
  return `${"\n".repeat(line - 2)}${imported}\n${text}\nexport {};\n`;
}

/** Returns the names of the values that a page's comment exports. */
export const getExportedNames = (declarations: string): readonly string[] =>
  parseStatements(declarations).filter(isExported).flatMap(getDeclaredNames);

const parseStatements = (text: string): readonly ts.Statement[] =>
  ts.createSourceFile("block.ts", text, ts.ScriptTarget.Latest).statements;

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** Returns the names of the variables, functions, classes, and imports that a statement declares in its scope. */
function getDeclaredNames(statement: ts.Statement): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isDeclaration(node) && node.name && ts.isIdentifier(node.name)) names.push(node.name.text);
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node) && !ts.isBlock(node)) ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}

const isDeclaration = (node: ts.Node) =>
  ts.isVariableDeclaration(node) ||
  ts.isBindingElement(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isImportClause(node) ||
  ts.isNamespaceImport(node) ||
  ts.isImportSpecifier(node);
