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
