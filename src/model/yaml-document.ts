import { Composer, Lexer, LineCounter, Parser, type Document, type YAMLError } from 'yaml'
import { messageOf } from '../errors.js'
import { ConfigMismatch } from './unfit-config.js'
import { checkNodes } from './yaml-nodes.js'

/** Lists in lists: composing what lies deeper could end the process. */
const deepest = 64

/** A list of a hundred thousand names has as many; it takes seconds. */
const mostTokens = 500_000

/**
 * What a YAML file says, with anchors, aliases and merge keys. Nothing in it is run, and it takes bounded time and memory.
 *
 * @throws ConfigMismatch
 */
export function readYaml(text: string): unknown {
  const lines = new LineCounter()
  const [document, ...others] = [
    ...new Composer({ merge: true, uniqueKeys: false, logLevel: 'silent' }).compose(tokensOf(text, lines)),
  ]
  if (!document) return null
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) throw unfit(problem, lines)
  if (others.length > 0) throw new ConfigMismatch('it holds several documents, and one is needed')
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
    if (count > mostTokens) throw new ConfigMismatch(`it has more than ${mostTokens} marks and words`)
    if (parser.stack.length > deepest)
      throw new ConfigMismatch(`it is nested more than ${deepest} levels deep`)
  }
  tokens.push(...parser.end())
  return tokens
}

function toValue(document: Document): unknown {
  try {
    // How much aliases stand for was looked at before.
    return document.toJS({ maxAliasCount: -1 })
  } catch (error) {
    throw new ConfigMismatch(messageOf(error).replace(/\.$/, ''), { cause: error })
  }
}

function unfit({ message, pos: [position] }: YAMLError, lines: LineCounter): ConfigMismatch {
  const { line, col } = lines.linePos(position)
  return new ConfigMismatch(`${message.replace(/[.:]$/, '')} at line ${line}, column ${col}`)
}
