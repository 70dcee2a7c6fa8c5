import { word } from '../../options/index.js'
import { taskForm, batchForm, type BatchOptions, type TaskOptions } from '../../tasks/options.js'
import { taskNames, taskSpec, type TaskName } from '../../tasks/registry.js'
import { asFlags, optionFlags, optionsFromFlags, ownFlags, type Named } from './option-flags.js'
import { groups } from './shared-flags.js'

type NamedFlags = Readonly<Record<string, Named>>

/** The flags of the options of one task, by the options. */
function flagsOf(task: TaskName): NamedFlags {
  const { form, flags } = taskSpec(task)
  const rows = Object.entries(flags).flatMap(([option, { group, ...flag }]) =>
    Object.entries<Named>(optionFlags<Record<string, unknown>>(groups[group], form, { [option]: flag })),
  )
  return Object.fromEntries(rows)
}

const byTask = new Map(taskNames.map((task) => [task, flagsOf(task)]))
const ofAnyTask: NamedFlags = Object.assign({}, ...byTask.values()) as NamedFlags

/** The flags of all tasks under a heading. */
function flagsUnder(group: string): NamedFlags {
  return Object.fromEntries(Object.entries(ofAnyTask).filter(([, [, flag]]) => flag.group === group))
}

const speed = optionFlags<Pick<BatchOptions & TaskOptions, 'batchSize' | 'workers'>>(
  groups.speed,
  { ...taskForm, ...batchForm },
  {
    batchSize: { describe: 'Maximum number of images in a batch', common: true },
    workers: {
      describe: 'Python processes that share the images [default: auto, by the cores; 1 for up to 16 files]',
      common: true,
    },
  },
)

const trouble = optionFlags<
  Pick<TaskOptions, 'retries' | 'maxRssMb' | 'maxRunsPerWorker' | 'startTimeoutMs'>
>(groups.trouble, taskForm, {
  retries: 'How often to retry images whose worker died or took longer than --timeout-ms',
  maxRssMb: 'Recycle a worker that uses more memory than this, in MiB; Linux only',
  maxRunsPerWorker: 'Recycle a worker after this many batches',
  startTimeoutMs: 'Milliseconds that a worker may take to start',
})

/** All flags of task options, by option. */
export const taskFlags: NamedFlags = { ...ofAnyTask, ...speed, ...trouble }

/** Flags of decoding, resizing and cropping. */
export const imageFlags = asFlags(flagsUnder(groups.images))

/** Flags of the post-processing. */
export const resultFlags = asFlags(flagsUnder(groups.answers))

/** Flags of the batch size and the workers. */
export const speedFlags = asFlags(speed)

/** Flags of retries and recycling. */
export const troubleFlags = asFlags(trouble)

/** The options of a task whose flags are given, without those of other tasks. */
export function taskOptionsOf(task: TaskName, args: object): object {
  return optionsFromFlags(byTask.get(task) ?? {}, args) ?? {}
}

/** The same for the pool of a task. */
export function poolOptionsOf(args: object): object {
  return optionsFromFlags(trouble, args) ?? {}
}

/** The given flags that belong to other tasks, with their options. */
export function foreignFlags(
  task: TaskName,
  args: object,
): readonly (readonly [option: string, flag: string])[] {
  const own = byTask.get(task) ?? {}
  return Object.keys(optionsFromFlags(ofAnyTask, args) ?? {})
    .filter((option) => !(option in own))
    .map((option) => [option, ofAnyTask[option]?.[0] ?? option])
}

/** The task flag. */
export const taskFlag = ownFlags(groups.model, {
  task: [
    word(...taskNames),
    {
      common: true,
      describe: `The task: ${taskNames.slice(0, -1).join(', ')} or ${taskNames.at(-1) ?? ''} [default: by the model’s own file, else classify]`,
    },
  ],
})
