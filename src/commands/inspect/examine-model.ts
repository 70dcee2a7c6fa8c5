import { PaddleError } from '../../errors.js'
import {
  createPredictor,
  inspectModel,
  type ModelInspection,
  type PredictorInfo,
  type PredictorOptions,
  type PredictorWarning,
} from '../../inference/index.js'
import { counted } from '../../wording.js'
import { messageInFlags } from '../flags/flag-errors.js'
import { interruption } from '../terminal/interruption.js'

/** The outcome of loading a model: the predictor's info, or the error. */
export type Loading =
  | ({ readonly ok: true; readonly warnings: readonly PredictorWarning[] } & Omit<
      PredictorInfo,
      (typeof ofTheFiles)[number]
    >)
  | { readonly ok: false; readonly code: string; readonly message: string }

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
    const info = Object.fromEntries(
      Object.entries(predictor.info).filter(([name]) => !(ofTheFiles as readonly string[]).includes(name)),
    ) as Omit<PredictorInfo, (typeof ofTheFiles)[number]>
    return { ok: true, ...info, warnings: warnings.filter(({ code }) => code !== 'MODEL_AMBIGUOUS') }
  } catch (error) {
    if (!(error instanceof PaddleError) || interruption.aborted) throw error
    return { ok: false, code: error.code, message: messageInFlags(error) }
  }
}

/** Lines that describe what the wheel does with the model. */
export function describeLoading(loading: Loading): string[] {
  if (!loading.ok) return [...`fails: ${loading.message}`.split('\n'), `[${loading.code}]`]
  const { paddle, device, cpuThreads, oneDnnFailure, warnings } = loading
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
    ...warnings.flatMap(({ code, message }) => [...message.split('\n'), `[${code}]`]),
  ]
}
