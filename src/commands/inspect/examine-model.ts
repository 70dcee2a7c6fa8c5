import { isCallerError, PaddleError } from '../../errors.js'
import {
  createPredictor,
  inspectModel,
  sampleFeeds,
  type Feeds,
  type ModelInspection,
  type Predictor,
  type PredictorInfo,
  type PredictorOptions,
  type PredictorWarning,
} from '../../inference/index.js'
import { counted } from '../../wording.js'
import { messageInFlags } from '../flags/flag-errors.js'
import { interruption } from '../terminal/interruption.js'

interface Failure {
  readonly ok: false
  readonly code: string
  readonly message: string
}

/** The dtype and the shape of each tensor, by name. */
type TensorForms = Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[] }>>

/** The outcome of one run on made-up inputs. Undefined inputs could not be made: the run was not tried. */
type TrialRun =
  | { readonly ok: true; readonly inputs: TensorForms; readonly outputs: TensorForms }
  | (Failure & { readonly inputs: TensorForms | undefined })

/**
 * The outcome of loading a model: the predictor's info after a run on made-up inputs, and that run; or the error.
 */
export type Loading =
  | ({
      readonly ok: true
      /** Undefined where a run would write to a file of the user. */
      readonly run: TrialRun | undefined
      readonly warnings: readonly PredictorWarning[]
    } & Omit<PredictorInfo, (typeof ofTheFiles)[number]>)
  | Failure

/** Fields of the info that the inspection already contains, or that are irrelevant. */
const ofTheFiles = ['model', 'params', 'format', 'passedOver', 'reason', 'pid'] as const

export interface Answer extends ModelInspection {
  readonly loading: Loading
}

interface ExamineOptions extends PredictorOptions {
  readonly model: string
}

/** Reads the model's files and creates a predictor, in parallel. */
export async function examineModel(options: ExamineOptions): Promise<Answer> {
  const { model, params, python } = options
  const [inspection, loading] = await Promise.allSettled([
    inspectModel(model, { params, python, signal: interruption }),
    load(options),
  ])
  // An error of the files takes precedence.
  if (inspection.status === 'rejected') throw inspection.reason
  if (loading.status === 'rejected') throw loading.reason
  return { ...inspection.value, loading: loading.value }
}

async function load(options: PredictorOptions): Promise<Loading> {
  const warnings: PredictorWarning[] = []
  const onWarning = (warning: PredictorWarning): void =>
    void warnings.push({ code: warning.code, message: messageInFlags(warning) })
  try {
    await using predictor = await createPredictor({ ...options, signal: interruption, onWarning })
    const run = collectsShapes(options) ? undefined : await tryRun(predictor, options.timeoutMs)
    // The run may have turned oneDNN off.
    const info = Object.fromEntries(
      Object.entries(predictor.info).filter(([name]) => !(ofTheFiles as readonly string[]).includes(name)),
    ) as Omit<PredictorInfo, (typeof ofTheFiles)[number]>
    return { ok: true, ...info, run, warnings: warnings.filter(({ code }) => code !== 'MODEL_AMBIGUOUS') }
  } catch (error) {
    return failureOf(error)
  }
}

/** Whether runs write the shapes of their inputs to a file. */
function collectsShapes({ tensorRt }: PredictorOptions): boolean {
  return typeof tensorRt === 'object' && tensorRt.collectShapes !== undefined
}

const runTimeoutMs = 60_000

async function tryRun(predictor: Predictor, timeoutMs = runTimeoutMs): Promise<TrialRun> {
  let feeds: Feeds | undefined
  try {
    feeds = sampleFeeds(predictor.inputs)
    const outputs = await predictor.run(feeds, { signal: interruption, timeoutMs })
    return { ok: true, inputs: formsOf(feeds), outputs: formsOf(outputs) }
  } catch (error) {
    const inputs = feeds && formsOf(feeds)
    // What was made up does not suit the program.
    if (isCallerError(error)) {
      return { ok: false, code: 'MODEL_UNSUITABLE', message: messageInFlags(error), inputs }
    }
    return { ...failureOf(error), inputs }
  }
}

/** Feeds of strings are arrays of them. */
function formsOf(tensors: Readonly<Record<string, unknown>>): TensorForms {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, given]) => {
      const { dtype, shape } = Array.isArray(given)
        ? { dtype: 'string', shape: [given.length] }
        : (given as TensorForms[string])
      return [name, { dtype, shape }]
    }),
  )
}

/** @throws an error that is no failure at run time, and any after Ctrl-C */
function failureOf(error: unknown): Failure {
  if (interruption.aborted) throw error
  if (error instanceof PaddleError) return { ok: false, code: error.code, message: messageInFlags(error) }
  throw error
}

/** Lines that describe what the wheel does with the model. */
export function describeLoading(loading: Loading): string[] {
  if (!loading.ok) return failureLines('fails', loading)
  const { paddle, device, cpuThreads, oneDnnFailure, run, warnings } = loading
  const oneDnn = loading.oneDnn
    ? 'oneDNN on'
    : `oneDNN off${oneDnnFailure === undefined ? '' : ' (see below)'}`
  const parts = [
    device,
    oneDnn,
    loading.precision,
    counted(cpuThreads, 'thread'),
    ...(loading.tensorRt ? ['TensorRT'] : []),
    ...(loading.irOptim ? [] : ['graph not optimised']),
  ]
  return [
    `paddle ${paddle} loads it: ${parts.join(', ')}`,
    ...(run ? describeRun(run) : []),
    ...warnings.flatMap(({ code, message }) => [...message.split('\n'), `[${code}]`]),
  ]
}

function describeRun(run: TrialRun): string[] {
  if (run.ok) return [`runs on made-up inputs: ${formsText(run.inputs)} → ${formsText(run.outputs)}`]
  if (run.inputs === undefined) return failureLines('not run, no inputs could be made up', run)
  return failureLines(`fails on made-up inputs, ${formsText(run.inputs)}, which may not suit it`, run)
}

function failureLines(what: string, { message, code }: Failure): string[] {
  return [...`${what}: ${message}`.split('\n'), `[${code}]`]
}

function formsText(forms: TensorForms): string {
  const shown = Object.entries(forms).map(
    ([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join(',')}]`,
  )
  return shown.join(', ') || 'none'
}
