/** The label at the end of a line, in the format of the tutorial; an empty string without a label. */
export function labelText(label: string | undefined): string {
  return label === undefined ? '' : `, label: ${onOneLine(label)}`
}

/**
 * Returns the text on one line. A text with control characters is quoted for a shell (`$'a\\x0ab'`), since it
 * could otherwise look like a result or move the cursor.
 */
export function onOneLine(text: string): string {
  if (!/\p{Cc}/u.test(text)) return text
  const escaped = (sign: string): string =>
    sign === "'" || sign === '\\' ? `\\${sign}` : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
  return `$'${text.replace(/[\p{Cc}'\\]/gu, escaped)}'`
}

/** A number as Python's `repr` writes it. `infer.py` prints a float32 so: as the double of the same value. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  }
  const text = Object.is(value, -0) ? '-0' : String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** A number for JSON, which has no NaN and no infinities: these are `"nan"`, `"inf"` and `"-inf"`. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : pythonFloat(value)
}

/**
 * Writes a number of a result.
 *
 * @param exact - the number as the tutorial's `infer.py` prints it
 */
export type WriteNumber = (value: number, exact: string) => string

/** For programs: all digits. */
export const exactNumber: WriteNumber = (_, exact) => exact

const digits = 3

/**
 * For people: three digits, `0.95` as `0.950`. A number between 0 and 1 has as many digits as it needs not to
 * look like 1 (`0.99996`); a small one is `1.23e-05`, not `0.000`; only 0 and 1 themselves are `0` and `1`. Of
 * large numbers, only the part after the point is rounded.
 */
export const roundedNumber: WriteNumber = (value) => {
  const size = Math.abs(value)
  if (value === 0) return '0'
  if (!Number.isFinite(value) || Number.isInteger(value)) return pythonFloat(value).replace(/\.0$/, '')
  if (size >= 10 ** (digits - 1)) return pythonFloat(Math.round(value)).replace(/\.0$/, '')
  for (let count = digits; ; count += 1) {
    const rounded = Number(value.toPrecision(count))
    if (size < 1 && Math.abs(rounded) >= 1) continue
    // Below this, Python writes an exponent.
    return Math.abs(rounded) < 1e-4 ? pythonFloat(rounded) : value.toPrecision(count)
  }
}
