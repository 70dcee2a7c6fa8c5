import {
  Composer,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type CollectionTag,
  type Document,
  type YAMLError,
} from 'yaml'
import { messageOf } from '../errors.js'
import { ConfigMismatch } from './config-errors.js'

/** PaddleX writes sizes as tuples of Python, which are lists. */
const pythonTuple: CollectionTag = { collection: 'seq', tag: 'tag:yaml.org,2002:python/tuple' }

/** The deepest nesting: composing deeper nodes could crash the process. */
const deepest = 64

/** A list of a hundred thousand names has as many tokens; it takes seconds. */
const mostTokens = 500_000

/**
 * Parses YAML with anchors, aliases and merge keys. Executes nothing in it, and takes bounded time and
 * memory.
 *
 * @throws ConfigMismatch
 */
export function readYaml(text: string): unknown {
  const lines = new LineCounter()
  const [document, ...others] = [
    ...new Composer({
      ...{ merge: true, uniqueKeys: false, logLevel: 'silent', customTags: [pythonTuple] },
    }).compose(tokensOf(text, lines)),
  ]
  if (!document) return null
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) throw unfit(problem, lines)
  if (others.length > 0) throw new ConfigMismatch('it contains several documents, but only one is allowed')
  checkNodes(document)
  return toValue(document)
}

function tokensOf(
  text: string,
  lines: LineCounter,
): Iterable<ReturnType<Parser['next']> extends Iterable<infer T> ? T : never> {
  lines.addNewLine(0)
  const parser = new Parser(lines.addNewLine)
  const tokens = []
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    count += 1
    if (count > mostTokens) throw new ConfigMismatch(`it has more than ${mostTokens} tokens`)
    if (parser.stack.length > deepest)
      throw new ConfigMismatch(`it is nested more than ${deepest} levels deep`)
  }
  tokens.push(...parser.end())
  return tokens
}

function toValue(document: Document): unknown {
  try {
    // checkNodes() has limited the expansion of aliases.
    return document.toJS({ maxAliasCount: -1 })
  } catch (error) {
    throw new ConfigMismatch(messageOf(error).replace(/\.$/, ''), undefined, { cause: error })
  }
}

function unfit({ message, pos: [position] }: YAMLError, lines: LineCounter): ConfigMismatch {
  const { line, col } = lines.linePos(position)
  return new ConfigMismatch(`${message.replace(/[.:]$/, '')} at line ${line}, column ${col}`)
}

/** The most values of a file after the expansion of its aliases. */
const mostValues = 1_000_000

/**
 * Checks what the parser would take too long for or leave undefined.
 *
 * @throws ConfigMismatch for a duplicate key, an alias without an anchor or inside its own anchor, and
 * aliases that expand to too many values
 */
function checkNodes({ contents }: Document): void {
  /** The number of values of each anchor; undefined while it is being counted. */
  const anchors = new Map<string, number | undefined>()
  const count = (node: unknown): number => {
    if (isAlias(node)) return valuesOf(node.source, anchors)
    const name = isScalar(node) || isCollection(node) ? node.anchor : undefined
    if (name !== undefined) anchors.set(name, undefined)
    let values = 1
    for (const child of childrenOf(node)) values += count(child)
    if (name !== undefined) anchors.set(name, values)
    if (values > mostValues) throw new ConfigMismatch(`it expands to more than ${mostValues} values`)
    return values
  }
  count(contents)
}

function valuesOf(anchor: string, anchors: ReadonlyMap<string, number | undefined>): number {
  if (!anchors.has(anchor)) throw new ConfigMismatch(`the alias *${anchor} has no anchor`)
  const values = anchors.get(anchor)
  if (values === undefined) throw new ConfigMismatch(`the alias *${anchor} refers to a node that contains it`)
  return values
}

function childrenOf(node: unknown): readonly unknown[] {
  if (isSeq(node)) return node.items
  if (isPair(node)) return [node.key, node.value]
  if (!isMap(node)) return []
  const keys = new Set<unknown>()
  for (const { key } of node.items) {
    if (!isScalar(key)) continue
    // Each `<<` has a symbol of its own, so a mapping may have several.
    if (keys.has(key.value))
      throw new ConfigMismatch(`the key ${String(key.value)} occurs twice in one mapping`)
    keys.add(key.value)
  }
  return node.items
}
