/** A decimal number, as Python writes it. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/**
 * A number, or a fraction such as `1.0/255.0`, which PaddleClas evaluates as Python; nothing is evaluated here.
 *
 * @returns undefined for anything else
 */
export function readScale(value: number | string): number | undefined {
  const parts = typeof value === 'number' ? [value] : value.split('/').map(toNumber)
  const [over = NaN, under = 1] = parts
  const result = over / under
  return parts.length <= 2 && Number.isFinite(result) ? result : undefined
}

function toNumber(text: string): number {
  return decimal.test(text.trim()) ? Number(text) : NaN
}
