import type { TaskName } from '../../tasks/index.js'

/** The command line of `verify`, checked; the flags of the predictor beside. */
export interface VerifyArguments {
  readonly modelDir: string
  readonly imgPath: readonly string[]
  readonly task?: TaskName | undefined
  readonly resizeSize?: number | undefined
  readonly cropSize?: number | undefined
  readonly topk?: number | undefined
  readonly threshold?: number | undefined
  readonly boxUnit?: 'pixel' | 'fraction' | undefined
  readonly params?: string | undefined
  readonly labels?: string | undefined
  readonly exact: boolean
  readonly autoOrient: boolean
  readonly maxPixels?: number | undefined
  readonly json: boolean
  readonly python?: string | undefined
}

/** What is not given. yargs is not told: it would take its own default for a flag without a value, such as a switch. */
export const defaults = { exact: false, autoOrient: true, json: false } as const

export type GivenArguments = Omit<VerifyArguments, keyof typeof defaults | 'modelDir'> &
  Partial<VerifyArguments>
