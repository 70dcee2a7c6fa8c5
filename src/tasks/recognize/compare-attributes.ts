import { noise, type Verdict } from '../comparison.js'
import type { Attribute } from './attribute.js'

type Compared = Pick<Attribute, 'name' | 'value' | 'score'>

/** Number of attributes that the text of a verdict shows. */
const shown = 3

/**
 * Whether both sides return the same attributes. One whose score differs from a threshold by less than `noise`,
 * or from that of another value of the same attribute, may have another value on the other side.
 */
export function compareAttributes(
  ours: readonly Attribute[],
  plain: readonly Compared[],
  thresholds: readonly number[],
): Verdict {
  const has = (list: readonly Compared[], { name, value }: Compared): boolean =>
    list.some((other) => other.name === name && other.value === value)
  const alone = [
    ...ours.filter((one) => !has(plain, one)).map((one) => [one, plain] as const),
    ...plain.filter((one) => !has(ours, one)).map((one) => [one, ours] as const),
  ]
  const same = alone.every(
    ([{ name, score }, others]) =>
      thresholds.some((least) => isNear(score, least) || isNear(score, 1 - least)) ||
      others.some((other) => other.name === name && isNear(other.score, score)),
  )
  const text = asText(ours)
  return same ? { same, text } : { same, text: `${text}; plain Python: ${asText(plain)}` }
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) < noise
}

function asText(attributes: readonly Compared[]): string {
  const first = attributes.slice(0, shown).map(({ name, value }) => `${name}: ${value}`)
  return [...first, ...(attributes.length > shown ? ['…'] : [])].join(', ')
}
