import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** The string literals, templates and regular expressions of a TypeScript file. */
export function textsIn(path: string): string[] {
  return textsOf(parse(path))
}

/** Those in an `expect(…)`, so neither in a comment nor in the title of a test. */
export function expectedTextsIn(path: string): string[] {
  return [...nodesOf(parse(path))].filter(isExpectation).flatMap(textsOf)
}

/** Those that the command line may print: neither code nor the library's side of a text for both. */
export function commandTextsIn(path: string): string[] {
  const printed = (node: ts.Node): string[] => {
    if (isForLibrary(node)) return []
    const own = ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node) ? [node.text] : []
    return [...own, ...childrenOf(node).flatMap(printed)]
  }
  return printed(parse(path))
}

/** The values of `option` in the wordings of a file. */
export function optionsNamedIn(path: string): string[] {
  return nodesOf(parse(path)).flatMap((node) =>
    ts.isPropertyAssignment(node) && nameOf(node) === 'option' && ts.isStringLiteral(node.initializer)
      ? [node.initializer.text]
      : [],
  )
}

/** `library: …`, `code: …` or a constant with one of these names. */
function isForLibrary(node: ts.Node): boolean {
  const isNamed = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)
  return isNamed && ['library', 'code'].includes(nameOf(node))
}

function nameOf({ name }: ts.PropertyAssignment | ts.VariableDeclaration): string {
  return ts.isIdentifier(name) ? name.text : ''
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
}

function textsOf(node: ts.Node): string[] {
  return [...nodesOf(node)].flatMap((each) =>
    ts.isStringLiteral(each) || ts.isTemplateLiteralToken(each) || ts.isRegularExpressionLiteral(each)
      ? [each.text]
      : [],
  )
}

function nodesOf(node: ts.Node): ts.Node[] {
  return [node, ...childrenOf(node).flatMap(nodesOf)]
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    children.push(child)
  })
  return children
}

/** `expect(…)` with all calls chained to it. */
function isExpectation(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return isExpectation(node.expression)
  return ts.isIdentifier(node) && node.text === 'expect'
}
