import { rejectOnAbort } from '../../async/index.js'
import { locateModel } from '../../model/index.js'
import { readWords } from '../argv.js'
import { ensureInterpreter } from '../ensure-interpreter.js'
import { taskFromConfig } from '../../tasks/index.js'
import { describeInFlags } from '../flags/flag-errors.js'
import { predictorOptionsOf } from '../flags/predictor-flags.js'
import { givenFlags, wordsOf } from '../flags/given-flags.js'
import { imageFlags, taskOptionsOf } from '../flags/task-flags.js'
import { interruption } from '../terminal/interruption.js'
import { showProgress } from '../terminal/progress.js'
import { shellCommand } from '../terminal/shell-command.js'
import type { BenchmarkArguments } from './arguments.js'
import { benchmarkFlags } from './flags.js'
import { commonFlags, listed } from './list-flags.js'
import { openImageCycle } from './measure/image-cycle.js'
import { openImageTarget } from './measure/image-target.js'
import { measureSettings, type MeasureOptions } from './measure/measure-settings.js'
import { openNetworkTarget } from './measure/network-target.js'
import { isMeasured, type Row } from './measure/rows.js'
import type { BenchmarkTarget, CommonOptions, OpenTarget } from './measure/benchmark-target.js'
import { thisMachine } from './report/result.js'
import { checkTargets, writeReports } from './report/write-reports.js'
import { planStages } from './search/plan.js'
import { bestOf, recommend, type Given } from './search/recommend.js'

/** Default durations in seconds; shorter for a search, which measures many settings. */
const seconds = { duration: 2, tunedDuration: 1, tuning: 60 } as const

/** Measures the settings and writes the reports. Sets the exit code 1 if no setting could be measured. */
export async function benchmark(args: BenchmarkArguments): Promise<void> {
  const options = predictorOptionsOf({ ...args, ...listed })
  // Report a missing model before installing a Python.
  const { format } = await locateModel(args.modelDir, options.params)
  checkTargets(args)
  const images = args.imgPath && (await openImageCycle(args.imgPath, args))
  const task = images && (args.task ?? (await taskFromConfig(args.modelDir, options.params)))
  await ensureInterpreter({ python: args.python })
  const machine = await thisMachine()
  const stages = await planStages(args, { format, device: options.device ?? 'cpu', cores: machine.cores })

  const rows: Row[] = []
  const notes = new Set<string>()
  let first: Pick<BenchmarkTarget, 'info' | 'shapes'> | undefined
  const common: CommonOptions = {
    ...options,
    python: args.python,
    signal: interruption,
    onWarning: (warning) => notes.add(`Warning: ${describeInFlags(warning)}`),
  }
  const open: OpenTarget = async (setting) => {
    const { modelDir, shape } = args
    const target = await (images && task
      ? openImageTarget(
          { task, model: modelDir, options: { ...common, ...taskOptionsOf(task, args) } },
          images,
          setting,
        )
      : openNetworkTarget(modelDir, common, new Map(shape), setting))
    first ??= { info: target.info, shapes: target.shapes }
    return target
  }
  const measuring = showProgress((onProgress) =>
    measureSettings(stages, {
      ...limitsOf(args),
      open,
      signal: interruption,
      onProgress,
      onRow: (row) => rows.push(row),
    }),
  )
  const completed = await rejectOnAbort(measuring, interruption, 'Measuring').catch(unlessInterrupted)
  for (const note of images?.notes ?? []) notes.add(note)
  const best = bestOf(rows)
  writeReports(
    {
      model: args.modelDir,
      info: first?.info,
      date: new Date(),
      command: shellCommand(['paddle-ts', ...process.argv.slice(2)]),
      machine,
      images: images?.size,
      shapes: first?.shapes,
      rows,
      best: best && recommend(best, given(args, options)),
      notes: [...notes],
      stopped: interruption.aborted ? 'interrupt' : completed ? undefined : 'time',
    },
    args,
  )
  if (!rows.some(isMeasured)) process.exitCode = 1
  // Wait until the workers have ended.
  if (interruption.aborted) await measuring.catch(() => undefined)
}

function limitsOf(args: BenchmarkArguments): Pick<MeasureOptions, 'warmUp' | 'limit' | 'maxSeconds'> {
  const { warmup, runs, tune } = args
  const { duration = tune ? seconds.tunedDuration : seconds.duration } = args
  const { maxSeconds = tune ? seconds.tuning : Infinity } = args
  return { warmUp: warmup, limit: runs === undefined ? { seconds: duration } : { runs }, maxSeconds }
}

/** The arguments that apply to all settings, for the recommendations. */
function given(args: BenchmarkArguments, options: Given['options']): Given {
  const { modelDir: model, imgPath } = args
  const names = new Set([...Object.keys(commonFlags), ...Object.keys(imageFlags), 'task', 'python'])
  const typed = givenFlags(readWords(process.argv.slice(2)), benchmarkFlags)
  const flags = typed.filter(({ name = '' }) => names.has(name)).flatMap(wordsOf)
  return { model, imgPath, options, flags }
}

function unlessInterrupted(error: unknown): undefined {
  if (!interruption.aborted) throw error
}
