import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { codeOf } from '../../errors.js'
import { defaultMaxPixels } from '../../image/index.js'
import { locateModel, type ModelFiles, type Size } from '../../model/index.js'
import { planClassifier } from '../../tasks/index.js'
import { predictorFlags } from '../predictor-flags.js'
import type { InferArguments } from './arguments.js'
import { isAnswerFile } from './file-formats.js'
import type { ResumeRecord } from './resume-record.js'

/** Flags after which the answers are the same; `params` is a file of the model. */
const harmless = new Set([
  'params',
  'cpu-threads',
  'gpu-memory-mb',
  'memory-optim',
  'one-dnn-cache-capacity',
  'optim-cache-dir',
  'profile',
  'strict',
  'timeout-ms',
])

/** What a flag says that is not given, where that is known: giving it makes no difference. */
const usual: Readonly<Record<string, unknown>> = {
  device: 'cpu',
  precision: 'fp32',
  'one-dnn': 'auto',
  'tensor-rt': false,
  'open-vino': false,
  'onnx-runtime': false,
  cinn: false,
  'ir-optim': true,
}

/**
 * What the answers of a run depend on. Workers, threads and the size of batches are left out: they change the last digits at most.
 *
 * @throws PaddleError as `ImageClassifier.open`
 */
export async function madeWith(args: InferArguments): Promise<ResumeRecord> {
  const { modelDir, topk, resizeSize, cropSize, labels, params } = args as InferArguments & {
    params?: string
  }
  const files = await locateModel(modelDir, params)
  const [plan, model] = await Promise.all([
    planClassifier(modelDir, { topK: topk, resizeSize, cropSize, labels, params }),
    hashesOf(files),
  ])
  const { resize, crop } = plan.preprocessing
  const { names } = plan.labels
  return {
    version: 1,
    model,
    settings: {
      topk: plan.topK,
      labels: names.length === 0 ? 'none' : createHash('sha256').update(JSON.stringify(names)).digest('hex'),
      // How fractions are treated is said by the inference.yml, which is a file of the model.
      'resize-size': resize && 'short' in resize ? resize.short : sides(resize),
      'crop-size': sides(crop),
      'auto-orient': args.autoOrient,
      'max-pixels': args.maxPixels ?? defaultMaxPixels,
      ...predictorSettings(args),
    },
  }
}

function sides(size: Size | undefined): number | string {
  if (!size) return 'none'
  const { width, height } = size
  return width === height ? width : `${width}×${height}`
}

function predictorSettings(args: InferArguments): Readonly<Record<string, unknown>> {
  const values = args as unknown as Readonly<Record<string, unknown>>
  const given = Object.keys(predictorFlags).filter(
    (name) => !harmless.has(name) && values[name] !== undefined,
  )
  return {
    ...usual,
    ...(args.useGpu && { device: 'gpu:0' }),
    ...Object.fromEntries(given.map((name) => [name, values[name]])),
  }
}

async function hashesOf({ format, program, params }: ModelFiles): Promise<Readonly<Record<string, string>>> {
  const separate = format === '__model__' && params === undefined
  const folder = separate ? program : dirname(program)
  const [ofProgram, ofParams, ofYml] = await Promise.all([
    hashOf(separate ? join(program, '__model__') : program),
    separate ? hashOfAll(folder) : params === undefined ? 'none' : hashOf(params),
    hashOf(join(folder, 'inference.yml')),
  ])
  return { program: ofProgram, parameters: ofParams, 'inference.yml': ofYml }
}

/** Of parameters in a file each. */
async function hashOfAll(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const hash = createHash('sha256')
  for (const name of names.sort()) {
    if (name === '__model__' || isWritten(name)) continue
    hash.update(`${name}\0${await hashOf(join(folder, name))}\0`)
  }
  return hash.digest('hex')
}

/** Answers may be written beside the model. */
function isWritten(name: string): boolean {
  return isAnswerFile(name) || isAnswerFile(basename(name, '.run.json')) || name.endsWith('.part')
}

/** What is wrong with a file that cannot be read is told by those who need what is in it. */
async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    // A pipe would be waited for, beyond the end of the command even.
    if (!(await stat(file)).isFile()) return 'unreadable'
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'none' : 'unreadable'
  }
  return hash.digest('hex')
}
