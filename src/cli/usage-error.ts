import { cutAdvice } from '../wording.js'

/** An invalid command line, variable or file of defaults. Apart from the parser, which loads yargs. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(message: string) {
    super(cutAdvice(message))
  }
}
