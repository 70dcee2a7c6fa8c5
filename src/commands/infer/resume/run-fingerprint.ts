import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { codeOf } from '../../../errors.js'
import { readForm } from '../../../image/index.js'
import { configFileNames, locateModel, type ModelFiles } from '../../../model/index.js'
import { taskDefinition, type TaskName } from '../../../tasks/index.js'
import { predictorFlags } from '../../flags/predictor-flags.js'
import { taskOptionsOf } from '../../flags/task-flags.js'
import type { InferArguments } from '../arguments.js'
import { isResultFile } from '../results/file-format.js'
import type { ResumeRecord } from './resume-record.js'

/**
 * Computes the fingerprint of a run. Workers, threads and batch size are not part of it: they change the last
 * digits at most.
 *
 * @throws PaddleError as `TaskDefinition.plan`
 */
export async function runFingerprint(args: InferArguments, task: TaskName): Promise<ResumeRecord> {
  const files = await locateModel(args.modelDir, args.params)
  const [ofTask, model] = await Promise.all([settingsOf(args, task), hashesOf(files)])
  return {
    version: 1,
    model,
    settings: {
      task,
      ...ofTask,
      'auto-orient': args.autoOrient,
      'max-pixels': args.maxPixels ?? readForm.maxPixels.default,
      exact: args.exact,
      ...predictorSettings(args),
    },
  }
}

async function settingsOf(args: InferArguments, task: TaskName): Promise<Readonly<Record<string, unknown>>> {
  // Warnings are for the model that runs.
  const options = { ...taskOptionsOf(task, args), params: args.params, onWarning: () => undefined }
  const definition = await taskDefinition(task)
  return definition.settings(await definition.plan(args.modelDir, options), options)
}

function predictorSettings(args: InferArguments): Readonly<Record<string, unknown>> {
  const values = args as unknown as Readonly<Record<string, unknown>>
  const counted = Object.entries(predictorFlags).filter(([, { changesAnswers }]) => changesAnswers !== false)
  const usual = counted.map(([name, flag]) => [name, flag.usual] as const)
  const given = counted.map(([name]) => [name, values[name]] as const)
  return {
    ...known(usual),
    ...(args.useGpu && { device: 'gpu:0' }),
    ...known(given),
  }
}

function known(settings: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.filter(([, value]) => value !== undefined))
}

/** Files that define the model's preprocessing and post-processing. */
const ymls: readonly string[] = configFileNames

async function hashesOf({ format, program, params }: ModelFiles): Promise<Readonly<Record<string, string>>> {
  const separate = format === '__model__' && params === undefined
  const folder = separate ? program : dirname(program)
  const [ofProgram, ofParams, ...ofYmls] = await Promise.all([
    hashOf(separate ? join(program, '__model__') : program),
    separate ? hashOfAll(folder) : params === undefined ? 'none' : hashOf(params),
    ...ymls.map((name) => hashOf(join(folder, name))),
  ])
  const ymlHashes = Object.fromEntries(ymls.map((name, index) => [name, ofYmls[index] ?? 'none']))
  return { program: ofProgram, parameters: ofParams, ...ymlHashes }
}

/** The hash of separate parameter files. */
async function hashOfAll(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const hash = createHash('sha256')
  for (const name of names.sort()) {
    if (name === '__model__' || ymls.includes(name) || isWritten(name)) continue
    hash.update(`${name}\0${await hashOf(join(folder, name))}\0`)
  }
  return hash.digest('hex')
}

/** Whether `infer` may have written the file, as results can be written beside the model. */
function isWritten(name: string): boolean {
  return isResultFile(name) || isResultFile(basename(name, '.run.json')) || name.endsWith('.part')
}

/** Errors of unreadable files are reported where the files are loaded. */
async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    // Reading a pipe could block, even beyond the end of the command.
    if (!(await stat(file)).isFile()) return 'unreadable'
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'none' : 'unreadable'
  }
  return hash.digest('hex')
}
