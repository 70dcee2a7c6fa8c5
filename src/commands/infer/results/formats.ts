import { sourceName } from '../../../image/index.js'
import { onOneLine, type ImageResult, type ResultForms, type WriteNumber } from '../../../tasks/index.js'
import { messageInFlags } from '../../flags/flag-errors.js'

/** A text format: a header, and the lines of each result. */
export interface ResultFormat {
  readonly head: string
  /** The lines of one image, each with a newline; `''` for an error if the format does not include errors. */
  readonly lines: (result: ImageResult) => string
}

/** The tutorial's text: one line per class or box. Errors are not included. */
export function textFormat(forms: ResultForms<object>, write: WriteNumber): ResultFormat {
  return {
    head: '',
    lines: (result) => {
      if (result.error) return ''
      const name = `image_name: ${onOneLine(sourceName(result.image))}`
      return forms
        .text(result, write)
        .map((found) => `${name}, ${found}\n`)
        .join('')
    },
  }
}

/** JSON Lines: one object per image. */
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
