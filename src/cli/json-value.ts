import type { CommandFlag } from '../commands/flag.js'

/**
 * A value of a file as the words of a command line would give it: the flag itself says whether it is right. What could not stand there
 * at all is `wrong`.
 */
export function jsonValueOf(value: unknown, flag: CommandFlag, wrong: (expected: string) => never): unknown {
  const { kind, several = false } = flag
  const expected = `${nouns[kind]}${several ? ' or a list of them' : ''}`
  if (kind === 'json') return typeof value === 'object' && value ? JSON.stringify(value) : wrong(expected)
  if (!several) return wordOf(value, flag) ?? wrong(expected)
  return [value].flat().map((item: unknown) => wordOf(item, flag) ?? wrong(expected))
}

const nouns = {
  text: 'a text',
  path: 'a text',
  number: 'a number',
  switch: 'true or false',
  json: 'an object or an array',
} as const

function wordOf(value: unknown, { kind, words = [] }: CommandFlag): string | boolean | undefined {
  switch (typeof value) {
    case 'boolean':
      return words.includes('true') ? value : undefined
    case 'number':
      return kind === 'number' ? String(value) : undefined
    case 'string':
      // `auto` may stand for a number or a switch.
      return kind === 'text' || kind === 'path' || words.includes(value) ? value : undefined
    default:
      return undefined
  }
}
