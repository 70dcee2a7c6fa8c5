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
  const nodes = [node]
  ts.forEachChild(node, (child) => {
    nodes.push(...nodesOf(child))
  })
  return nodes
}

/** `expect(…)` with all calls chained to it. */
function isExpectation(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return isExpectation(node.expression)
  return ts.isIdentifier(node) && node.text === 'expect'
}
