import { stringify } from 'csv-stringify/sync'
import { pythonFloat, type AnswerFormat } from './answer-formats.js'

/** CSV: a row for each class, or the error. */
export const csvFormat: AnswerFormat = {
  head: 'image,rank,classId,prob,label,errorCode,errorMessage\n',
  lines: ({ image, topK, error }) =>
    stringify(
      error
        ? [[image, '', '', '', '', error.code, error.message]]
        : topK.map(({ classId, prob, label }, index) => [
            image,
            index + 1,
            classId,
            pythonFloat(prob),
            label,
            '',
            '',
          ]),
      // A double that JavaScript would write as 1e-7 and Python as 1e-07 stays as it is.
      { cast: { number: String } },
    ),
}
