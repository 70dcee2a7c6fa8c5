/** The label of a class as the tutorial's line ends with it; nothing without one. */
export function labelText(label: string | undefined): string {
  return label === undefined ? '' : `, label: ${onOneLine(label)}`
}

/** A text as it is; one with control characters as a shell takes it (`$'a\\x0ab'`): it could pass for an answer, or move the cursor. */
export function onOneLine(text: string): string {
  if (!/\p{Cc}/u.test(text)) return text
  const escaped = (sign: string): string =>
    sign === "'" || sign === '\\' ? `\\${sign}` : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
  return `$'${text.replace(/[\p{Cc}'\\]/gu, escaped)}'`
}

/** A number as Python's `repr` writes it, which is how `infer.py` prints a float32: as the double of the same value. */
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
