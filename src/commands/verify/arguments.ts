import type { ImageArguments } from '../infer/arguments.js'

/** The arguments of `verify`. */
export type VerifyArguments = ImageArguments

/**
 * Defaults of the arguments. They are not passed to yargs, which would use them for a flag without a value.
 */
export const defaults = {
  // The check of the flags rejects a command line without images.
  imgPath: [],
  ...{ exact: false, autoOrient: true, json: false, recursive: false },
} as const

export type GivenArguments = Omit<VerifyArguments, keyof typeof defaults | 'modelDir'> &
  Partial<VerifyArguments>
