import type { TaskName } from '../../tasks/index.js'

/** What a command takes that has images answered, checked; the flags of the task and of the predictor beside. */
export interface ImageArguments {
  readonly modelDir: string
  readonly imgPath: readonly string[]
  /** By the model's own files, where it is not given. */
  readonly task?: TaskName | undefined
  readonly resizeSize?: number | undefined
  readonly cropSize?: number | undefined
  readonly topk?: number | undefined
  readonly threshold?: number | undefined
  readonly boxUnit?: 'pixel' | 'fraction' | undefined
  readonly labels?: string | undefined
  readonly autoOrient: boolean
  readonly maxPixels?: number | undefined
  readonly exact: boolean
  readonly json: boolean
  /** The model's parameters, where their file is named. */
  readonly params?: string | undefined
  readonly python?: string | undefined
}

/** The command line of `infer`. */
export interface InferArguments extends ImageArguments {
  readonly useGpu?: boolean | undefined
  readonly workers?: number | 'auto' | undefined
  readonly batchSize?: number | undefined
  readonly maxBatchSize: number
  readonly warmup: number
  readonly benchmark: boolean
  readonly output?: string | undefined
  readonly resume: boolean
  /** Folder that each image is written to with its answer drawn upon it. */
  readonly saveDir?: string | undefined
  readonly verbose: boolean
  readonly quiet?: boolean | undefined
  readonly retries?: number | undefined
  readonly timeoutMs: number
  readonly startTimeoutMs?: number | undefined
  readonly maxRssMb?: number | undefined
  readonly maxRunsPerWorker?: number | undefined
}

/**
 * What is not given. yargs is not told: it would take its own default for a flag without a value, such as a switch.
 */
export const defaults = {
  imgPath: ['./images/demo.jpg'],
  benchmark: false,
  autoOrient: true,
  exact: false,
  json: false,
  resume: false,
  verbose: false,
  // Long for a batch on any machine: one that hangs shall not hold up all the others.
  timeoutMs: 600_000,
} as const

export type GivenArguments = Omit<InferArguments, keyof typeof defaults | 'modelDir'> &
  Partial<InferArguments>
