import type { ImageArguments } from '../infer/arguments.js'

/** The command line of `verify`. */
export type VerifyArguments = ImageArguments

/** What is not given. yargs is not told: it would take its own default for a flag without a value, such as a switch. */
export const defaults = { exact: false, autoOrient: true, json: false } as const

export type GivenArguments = Omit<VerifyArguments, keyof typeof defaults | 'modelDir'> &
  Partial<VerifyArguments>
