import { PaddleError } from '../../errors.js'
import { defaultModelFolder } from '../../package-files.js'
import { taskDefinition, taskFromConfig, taskSpec, type TaskName } from '../../tasks/index.js'
import { wording } from '../../wording.js'
import type { Checked } from '../command.js'
import { findFlagError } from './flag-errors.js'
import type { FlagWording } from './flag.js'
import { foreignFlags, taskOptionsOf } from './task-flags.js'

/** The flags that depend on the task of a model. */
interface TaskArguments {
  /** @default the built-in model */
  readonly modelDir?: string | undefined
  readonly params?: string | undefined
  readonly task?: TaskName | undefined
  /** Runs on blank images before the first one. */
  readonly warmup?: number
  /** With `--save-dir`. */
  readonly draws?: boolean
  /** With an `--output` for vectors. */
  readonly writesVectors?: boolean
}

/**
 * Checks that the flags belong to the model's task, and agree with each other and with the model's own file.
 */
export async function checkTaskFlags(args: TaskArguments): Promise<Checked> {
  const { modelDir = defaultModelFolder, params, warmup = 0, draws, writesVectors } = args
  const known =
    args.task !== undefined && args.modelDir !== undefined ? undefined : await knownTask(modelDir, params)
  const task = args.task ?? known
  if (task === undefined) return true
  if (known !== undefined && known !== task)
    return wording`${{ flag: 'task' }} ${task} requires ${taskSpec(task).modelKind}, but the built-in model is ${taskSpec(known).modelKind}: name a model with ${{ option: 'modelDir', value: 'DIR' }} (-m DIR).`
  const { modelKind, refused, hasFixedSize, canDraw, hasVectors } = taskSpec(task)
  const [foreign] = foreignFlags(task, args)
  if (foreign) {
    const [option, flag] = foreign
    const why: FlagWording = refused[option] ?? 'it belongs to another task'
    return wording`${{ flag }} is not supported for ${modelKind}: ${why}.`
  }
  if (warmup > 0 && !hasFixedSize)
    return wording`${{ flag: 'warmup' }} is not supported for ${modelKind}: its images can differ in size.`
  if (draws && !canDraw)
    return wording`${{ flag: 'save-dir' }} is not supported for ${modelKind}: there is nothing to draw.`
  if (writesVectors && !hasVectors)
    return wording`${{ flag: 'output' }} FILE.npy is not supported for ${modelKind}: its results are not vectors; use FILE.jsonl or FILE.csv.`
  const definition = await taskDefinition(task)
  // Warnings are for the model that runs.
  const options = { ...taskOptionsOf(task, args), params, onWarning: () => undefined }
  return findFlagError(() => definition.plan(modelDir, options).catch(unlessOfModel))
}

/** Ignores errors of the model, which are reported when it is loaded. */
function unlessOfModel(error: unknown): void {
  if (!(error instanceof PaddleError)) throw error
}

async function knownTask(modelDir: string, params?: string): Promise<TaskName | undefined> {
  try {
    return await taskFromConfig(modelDir, params)
  } catch (error) {
    if (error instanceof PaddleError) return undefined
    throw error
  }
}
