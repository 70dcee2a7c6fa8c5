import type { ReadOptions } from '../../image/index.js'
import type { TaskName } from '../../tasks/index.js'

/** Validated arguments of a command that runs a task on images, without the predictor's flags. */
export interface ImageArguments {
  readonly modelDir: string
  readonly imgPath: readonly string[]
  /** Whether a folder stands for the images in its subfolders too. */
  readonly recursive: boolean
  /** @default by the model's own file */
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
  /** File of the model's parameters. */
  readonly params?: string | undefined
  readonly python?: string | undefined
}

/** The arguments of `infer`. */
export interface InferArguments extends ImageArguments {
  readonly useGpu?: boolean | undefined
  readonly workers?: number | 'auto' | undefined
  readonly batchSize?: number | undefined
  readonly maxBatchSize: number
  readonly warmup: number
  readonly benchmark: boolean
  readonly output?: string | undefined
  readonly resume: boolean
  /** Folder for the annotated images. */
  readonly saveDir?: string | undefined
  readonly verbose: boolean
  /** Whether to download images that are URLs. */
  readonly allowUrls: boolean
  /** Hosts without a public address that may be reached. */
  readonly allowHosts?: readonly string[] | undefined
  readonly quiet?: boolean | undefined
  readonly retries?: number | undefined
  readonly timeoutMs: number
  readonly startTimeoutMs?: number | undefined
  readonly maxRssMb?: number | undefined
  readonly maxRunsPerWorker?: number | undefined
}

/**
 * Defaults of the arguments. They are not passed to yargs, which would use them for a flag without a value,
 * such as a switch.
 */
export const defaults = {
  imgPath: ['./images/demo.jpg'],
  recursive: false,
  benchmark: false,
  autoOrient: true,
  exact: false,
  json: false,
  resume: false,
  verbose: false,
  allowUrls: false,
  // Long enough for a batch on any machine; ends a worker that hangs.
  timeoutMs: 600_000,
} as const

export type GivenArguments = Omit<InferArguments, keyof typeof defaults | 'modelDir'> &
  Partial<InferArguments>

/** The option that the flags for URLs stand for. */
export function allowUrlsOf({
  allowUrls,
  allowHosts,
}: Pick<InferArguments, 'allowUrls' | 'allowHosts'>): ReadOptions['allowUrls'] {
  return allowUrls && { hosts: allowHosts }
}
