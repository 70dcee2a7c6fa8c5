import { parseJson } from '../json.js'
import { labelsById, LabelsMismatch } from './names-by-id.js'

/**
 * The names in a JSON file: a list of them, an object from class to name, or one from name to class.
 *
 * @returns undefined for a text that is no JSON, and not named so
 * @throws LabelsMismatch
 */
export function readJsonLabels(file: string, text: string): string[] | undefined {
  const isNamed = file.toLowerCase().endsWith('.json')
  const [first] = text.trimStart()
  if (!isNamed && first !== '[' && first !== '{') return undefined
  const value = parseJson(text)
  if (value !== undefined) return labelsIn(value)
  // A list of names in brackets may begin so.
  if (!isNamed && first === '[') return undefined
  throw new LabelsMismatch('it is not valid JSON')
}

function labelsIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    const entries: readonly unknown[] = value
    return entries.map((name, index) => {
      if (typeof name !== 'string') throw new LabelsMismatch(`entry ${index} is no name, but ${shown(name)}`)
      return name
    })
  }
  if (typeof value !== 'object' || value === null)
    throw new LabelsMismatch('it is neither a list nor an object')
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  const byName = entries.every(([, id]) => Number.isSafeInteger(id))
  const names = new Map<number, string>()
  for (const [key, entry] of entries) {
    const [id, name] = byName ? [entry, key] : [/^\d+$/.test(key) ? Number(key) : key, entry]
    if (typeof id !== 'number' || id < 0 || typeof name !== 'string') {
      throw new LabelsMismatch(`${shown(key)}: ${shown(entry)} is not a class and its name`)
    }
    if (names.has(id)) throw new LabelsMismatch(`the class ${id} stands twice`)
    names.set(id, name)
  }
  return labelsById(names)
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value)
}
