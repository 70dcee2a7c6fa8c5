import type { ImageArguments } from '../infer/arguments.js'

/** The arguments of `verify`. */
export type VerifyArguments = ImageArguments

/**
 * Defaults of the arguments. They are not passed to yargs, which would use them for a flag without a value.
 */
export const defaults = { exact: false, autoOrient: true, json: false } as const

export type GivenArguments = Omit<VerifyArguments, keyof typeof defaults | 'modelDir'> &
  Partial<VerifyArguments>
