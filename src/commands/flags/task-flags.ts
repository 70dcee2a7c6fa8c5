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
    batchSize: 'The most images that are run at once',
    workers: 'Python processes to share the images [default: auto, by the cores; 1 for a few files]',
  },
)

const trouble = optionFlags<
  Pick<TaskOptions, 'retries' | 'maxRssMb' | 'maxRunsPerWorker' | 'startTimeoutMs'>
>(groups.trouble, taskForm, {
  retries: 'How often images are tried again whose worker died or took too long',
  maxRssMb: 'Renew a worker that uses more memory, in MiB',
  maxRunsPerWorker: 'Renew a worker after so many batches',
  startTimeoutMs: 'Milliseconds that a worker may take to start',
})

/** The flags of tasks' options, by the options. */
export const taskFlags: NamedFlags = { ...ofAnyTask, ...speed, ...trouble }

/** How images are decoded and cut to the network's size. */
export const imageFlags = asFlags(flagsUnder(groups.images))

/** How many results there are, and how they are read. */
export const resultFlags = asFlags(flagsUnder(groups.answers))

/** How many images and processes at once. */
export const speedFlags = asFlags(speed)

/** What becomes of workers that fail. */
export const troubleFlags = asFlags(trouble)

/** The options of a task that are given by its flags; those of other tasks are not among them. */
export function taskOptionsOf(task: TaskName, args: object): object {
  return optionsFromFlags(byTask.get(task) ?? {}, args) ?? {}
}

/** The same for the pool of a task. */
export function poolOptionsOf(args: object): object {
  return optionsFromFlags(trouble, args) ?? {}
}

/** Flags that are given and belong to other tasks, by their options. */
export function foreignFlags(
  task: TaskName,
  args: object,
): readonly (readonly [option: string, flag: string])[] {
  const own = byTask.get(task) ?? {}
  return Object.keys(optionsFromFlags(ofAnyTask, args) ?? {})
    .filter((option) => !(option in own))
    .map((option) => [option, ofAnyTask[option]?.[0] ?? option])
}

/** What a model is taken for. */
export const taskFlag = ownFlags(groups.model, {
  task: [
    word(...taskNames),
    `What to do: ${taskNames.slice(0, -1).join(', ')} or ${taskNames.at(-1) ?? ''} [default: by the model's inference.yml or infer_cfg.yml]`,
  ],
})
