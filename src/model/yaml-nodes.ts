import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Document } from 'yaml'
import { ConfigMismatch } from './unfit-config.js'

/** The most values that a file may stand for once its aliases are filled in. */
const mostValues = 1_000_000

/**
 * Checks what the parser itself would take too long for, or leave to chance.
 *
 * @throws ConfigMismatch for a key that stands twice, an alias of nothing or of itself, and aliases that stand for too much
 */
export function checkNodes({ contents }: Document): void {
  /** How many values each anchor stands for; none yet while it is looked at. */
  const anchors = new Map<string, number | undefined>()
  const count = (node: unknown): number => {
    if (isAlias(node)) return valuesOf(node.source, anchors)
    const name = isScalar(node) || isCollection(node) ? node.anchor : undefined
    if (name !== undefined) anchors.set(name, undefined)
    let values = 1
    for (const child of childrenOf(node)) values += count(child)
    if (name !== undefined) anchors.set(name, values)
    if (values > mostValues) throw new ConfigMismatch(`it stands for more than ${mostValues} values`)
    return values
  }
  count(contents)
}

function valuesOf(anchor: string, anchors: ReadonlyMap<string, number | undefined>): number {
  if (!anchors.has(anchor)) throw new ConfigMismatch(`the alias *${anchor} stands for nothing`)
  const values = anchors.get(anchor)
  if (values === undefined) throw new ConfigMismatch(`the alias *${anchor} stands for what it is in`)
  return values
}

function childrenOf(node: unknown): readonly unknown[] {
  if (isSeq(node)) return node.items
  if (isPair(node)) return [node.key, node.value]
  if (!isMap(node)) return []
  const keys = new Set<unknown>()
  for (const { key } of node.items) {
    if (!isScalar(key)) continue
    // What `<<` merges may be given in several parts.
    if (keys.has(key.value))
      throw new ConfigMismatch(`the key ${String(key.value)} stands twice in one place`)
    keys.add(key.value)
  }
  return node.items
}
