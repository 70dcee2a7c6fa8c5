import { recognize } from './recognize/spec.js'
import { classify } from './classify/spec.js'
import { detect } from './detect/spec.js'
import { embed } from './embed/spec.js'
import { segment } from './segment/spec.js'
import type { TaskDefinition, TaskSpec } from './task-definition.js'

/** The tasks by name. To add one, create a folder and add it here. */
const registry = { classify, detect, embed, recognize, segment }

/** The name of a task. */
export type TaskName = keyof typeof registry

export const taskNames = Object.keys(registry) as TaskName[]

/** A task, whatever its options and results are. */
export function taskSpec(name: TaskName): TaskSpec {
  // Each task checks its own options where it is defined.
  return registry[name]
}

/** The definition of a task, loaded on demand. */
export async function taskDefinition(name: TaskName): Promise<TaskDefinition> {
  return taskSpec(name).load()
}
