import { sourceName } from '../../../image/index.js'
import { onOneLine, type ImageResult, type ResultForms } from '../../../tasks/index.js'
import { messageInFlags } from '../../flags/flag-errors.js'

/** How results are written: what comes first, and the lines of each. */
export interface ResultFormat {
  readonly head: string
  /** The lines of one image, each with its end; `''` when the format has no place for an error. */
  readonly lines: (result: ImageResult) => string
}

/** The tutorial's line for each thing that was found; errors have no place among them. */
export function textFormat(forms: ResultForms<object>): ResultFormat {
  return {
    head: '',
    lines: (result) => {
      if (result.error) return ''
      const name = `image_name: ${onOneLine(sourceName(result.image))}`
      return forms
        .text(result)
        .map((found) => `${name}, ${found}\n`)
        .join('')
    },
  }
}

/** JSON Lines: an object for each image. */
export function jsonFormat(forms: ResultForms<object>): ResultFormat {
  return {
    head: '',
    lines: (result) => {
      const { image, error } = result
      const fields = error
        ? { error: { code: error.code, message: messageInFlags(error) } }
        : forms.json(result)
      return `${JSON.stringify({ image, ...fields })}\n`
    },
  }
}
