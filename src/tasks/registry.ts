import { classify } from './classify/spec.js'
import { detect } from './detect/spec.js'
import { embed } from './embed/spec.js'
import type { TaskDefinition, TaskSpec } from './task-definition.js'

/** The tasks, by their names. To add one: a folder, and its line here. */
const registry = { classify, detect, embed }

/** The name of a task. */
export type TaskName = keyof typeof registry

export const taskNames = Object.keys(registry) as TaskName[]

/** A task, whatever its options and results are. */
export function taskSpec(name: TaskName): TaskSpec {
  // What each does with its own options is checked where it is defined.
  return registry[name]
}

/** Everything that is particular to a task; loaded when it is needed. */
export async function taskDefinition(name: TaskName): Promise<TaskDefinition> {
  return taskSpec(name).load()
}
