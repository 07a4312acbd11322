/** A block of TypeScript or JavaScript as a module of its own. */
import ts from "typescript";
import type { Block } from "./markdown.ts";

/** How many lines stand before the block's own. */
export const LINES_BEFORE = 1;

/**
 * The block, with an import of the names that it uses and does not declare, as far as the page has them.
 *
 * @param names what the page's comment exports
 * @param from the module in which it does
 */
export function toModule(block: Block, names: readonly string[], from: string): string {
  const source = ts.createSourceFile("block.ts", block.text, ts.ScriptTarget.Latest, true);
  const own = new Set(declaredNames(source));
  const used = usedNames(source);
  const wanted = names.filter((name) => used.has(name) && !own.has(name));
  const imported = wanted.length > 0 ? `import { ${wanted.join(", ")} } from ${JSON.stringify(from)};` : "";
  return `${imported}\n${block.text}\nexport {};\n`;
}

/** The values that a page's comment exports. */
export const exportedNames = (names: string): readonly string[] =>
  declaredNames(ts.createSourceFile("names.ts", names, ts.ScriptTarget.Latest, true), true);

function declaredNames(source: ts.SourceFile, exportedOnly = false): readonly string[] {
  return source.statements.flatMap((statement) => {
    const isExported = ts.canHaveModifiers(statement)
      ? (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (exportedOnly && !isExported) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name));
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
      return statement.name ? [statement.name.text] : [];
    return ts.isImportDeclaration(statement) ? importedNames(statement) : [];
  });
}

function namesIn(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
}

function importedNames({ importClause }: ts.ImportDeclaration): readonly string[] {
  const { name, namedBindings } = importClause ?? {};
  const whole = name ? [name.text] : [];
  if (namedBindings === undefined) return whole;
  if (ts.isNamespaceImport(namedBindings)) return [...whole, namedBindings.name.text];
  return [...whole, ...namedBindings.elements.map((element) => element.name.text)];
}

function usedNames(source: ts.SourceFile): ReadonlySet<string> {
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return used;
}
