import { z } from 'zod'
import { describeZodIssue } from '../in-words.js'
import type { RawOperator } from '../operator-list.js'
import type { Preprocessing } from '../preprocessing.js'
import { ConfigMismatch } from '../unfit-config.js'
import { Draft } from './draft.js'

/** What one operator does. */
export type Operator = (draft: Draft, { name, parameters }: RawOperator) => void

/**
 * An operator with these parameters and no others. Null is for those whose default in Python is None: elsewhere Python takes it for something
 * else than the default, or fails.
 */
export function operator<Parameters>(
  schema: z.ZodType<Parameters>,
  apply: (draft: Draft, parameters: Parameters) => void,
): Operator {
  return (draft, { name, parameters }) => {
    draft.begin(name)
    // With its name, an error says where in the file it is.
    const { data, error } = z
      .object({ [name]: schema })
      .safeParse({ [name]: parameters }, { error: describeZodIssue })
    if (error) throw refusedNull(name, parameters, error) ?? error
    apply(draft, data[name] as Parameters)
  }
}

function refusedNull(
  name: string,
  parameters: RawOperator['parameters'],
  { issues: [issue] }: z.ZodError,
): ConfigMismatch | undefined {
  const parameter = issue?.path[1]
  if (typeof parameter !== 'string' || parameters[parameter] !== null) return undefined
  return new ConfigMismatch(`${name}.${parameter} cannot be null`)
}

/**
 * What operators come to, one after the other.
 *
 * @param lacking - what is wrong when none of them brings the channels first
 */
export function applyOperators(
  operators: readonly RawOperator[],
  known: Readonly<Record<string, Operator>>,
  lacking: string,
): Preprocessing {
  const draft = new Draft()
  for (const raw of operators) {
    const apply = Object.hasOwn(known, raw.name) ? known[raw.name] : undefined
    if (!apply) {
      throw new ConfigMismatch(
        `the operator ${raw.name} is unknown, known are ${Object.keys(known).join(', ')}`,
      )
    }
    apply(draft, raw)
  }
  return draft.finish(lacking)
}
