import type { Classification, Prediction } from '../../tasks/index.js'

/** How answers are written: what stands before them, and the lines of each. */
export interface AnswerFormat {
  readonly head: string
  /** The lines of one image, each with its end; `''` when the format has no place for an error. */
  readonly lines: (result: Classification) => string
}

/** The tutorial's line for each class; errors have no place among them. */
export const textFormat: AnswerFormat = {
  head: '',
  lines: ({ image, topK = [] }) =>
    topK.map((prediction) => `${textLine(String(image), prediction)}\n`).join(''),
}

/** JSON Lines: an object for each image. */
export const jsonFormat: AnswerFormat = {
  head: '',
  lines: ({ image, topK, error }) =>
    `${JSON.stringify(error ? { image, error: { code: error.code, message: error.message } } : { image, topK })}\n`,
}

function textLine(image: string, { classId, prob, label }: Prediction): string {
  const name = label === undefined ? '' : `, label: ${onOneLine(label)}`
  return `image_name: ${onOneLine(image)}, class_id: ${classId}, prob: ${pythonFloat(prob)}${name}`
}

/** A text as it is; one with control characters as a shell takes it (`$'a\\x0ab'`): it could pass for an answer, or move the cursor. */
function onOneLine(text: string): string {
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
