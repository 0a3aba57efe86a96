import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { root } from './root.ts'

/** The checkout as a path, without a slash at its end. */
export const checkout = fileURLToPath(root).replace(/[\\/]$/, '')

/** What a source file imports: a path from the root such as `src/lib/id.ts`, or a package's name. `types` is set where nothing of it is left at run time. */
export type Import = { to: string; types: boolean }
export type Source = { path: string; text: string; lines: number; tree: ts.SourceFile; imports: Import[] }

/** Every TypeScript file under a folder of the checkout, parsed. */
export function readSources(folder: string): Source[] {
  return readdirSync(join(checkout, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name).replaceAll('\\', '/'))
    .sort()
    .map(readSource)
}

function readSource(path: string): Source {
  const text = readFileSync(join(checkout, path), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const imports: Import[] = []
  for (const node of everyNode(tree)) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const types = ts.isImportDeclaration(node) ? (node.importClause?.isTypeOnly ?? false) : node.isTypeOnly
      if (node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
        imports.push({ to: resolve(path, node.moduleSpecifier.text), types })
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      imports.push({ to: resolve(path, node.argument.literal.text), types: true })
    } else if (ts.isCallExpression(node) && isLoad(node) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
      imports.push({ to: resolve(path, node.arguments[0].text), types: false })
    }
  }
  return { path, text, lines: text.split('\n').length - 1, tree, imports }
}

function isLoad({ expression }: ts.CallExpression): boolean {
  return expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require')
}

function resolve(from: string, to: string): string {
  return to.startsWith('.') ? normalize(join(dirname(from), to)).replaceAll('\\', '/') : to
}

export function everyNode(tree: ts.Node): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node) => {
    found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

/** Where a node stands, as `src/app.ts:12`. */
export function place({ path, tree }: Source, node: ts.Node): string {
  return `${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}
