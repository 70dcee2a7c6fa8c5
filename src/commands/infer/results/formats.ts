import { sourceName } from '../../../image/index.js'
import type { Answer, Box, Detected, Failure, Prediction } from '../../../tasks/index.js'
import { messageInFlags } from '../../flags/flag-errors.js'

/** What became of an image, whatever was asked about it. */
export type ImageResult =
  | (Answer & { readonly boxes?: never })
  | (Pick<Detected, 'image' | 'boxes' | 'error'> & { readonly topK?: never })
  | Failure

/** How answers are written: what stands before them, and the lines of each. */
export interface ResultFormat {
  readonly head: string
  /** The lines of one image, each with its end; `''` when the format has no place for an error. */
  readonly lines: (result: ImageResult) => string
}

/** The tutorial's line for each class, and one of the same kind for each box; errors have no place among them. */
export const textFormat: ResultFormat = {
  head: '',
  lines: ({ image, topK, boxes }) => {
    const name = `image_name: ${onOneLine(sourceName(image))}`
    const found = topK?.map(classText) ?? boxes?.map(boxText)
    const nothing = topK ? ['no class'] : ['no box']
    return (found?.length === 0 ? nothing : (found ?? [])).map((text) => `${name}, ${text}\n`).join('')
  },
}

/** JSON Lines: an object for each image. */
export const jsonFormat: ResultFormat = {
  head: '',
  lines: ({ image, topK, boxes, error }) =>
    `${JSON.stringify(error ? { image, error: { code: error.code, message: messageInFlags(error) } } : { image, topK, boxes })}\n`,
}

function classText({ classId, prob, label }: Prediction): string {
  return `class_id: ${classId}, prob: ${pythonFloat(prob)}${labelText(label)}`
}

function boxText({ classId, score, label, x1, y1, x2, y2 }: Box): string {
  const corners = [x1, y1, x2, y2].map((value) => value.toFixed(2)).join(', ')
  return `class_id: ${classId}, score: ${pythonFloat(score)}, box: [${corners}]${labelText(label)}`
}

function labelText(label: string | undefined): string {
  return label === undefined ? '' : `, label: ${onOneLine(label)}`
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
