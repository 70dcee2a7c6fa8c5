import { workerCount } from '../../inference/pool/pool-options.js'
import { precisions } from '../../inference/options/tensor-rt.js'
import { count, either, word } from '../../options/index.js'
import { shown, type CommandFlags } from '../flags/flag.js'
import { ownFlags } from '../flags/option-flags.js'
import { predictorFlags } from '../flags/predictor-flags.js'
import { executors } from './search/settings.js'

const single = ownFlags('One value, or several separated by commas:', {
  workers: [workerCount, 'Python processes; auto: the number of cores divided by the threads [default: 1]'],
  'cpu-threads': [
    either(count(1), word('auto')),
    'Threads that one run may use; auto: the cores divided by the workers [default: 1]',
  ],
  'batch-size': [count(1), 'Samples in a batch [default: 1]'],
  precision: [precisions, 'fp32, fp16 (GPU), bf16 or int8 [default: fp32]'],
  executor: [
    word(...executors),
    'What runs the program: default, new-executor (--new-executor of infer) or new-ir (--new-ir --new-executor) ' +
      '[default: default]',
  ],
})

/** The flags that take a list. */
export const listFlags: CommandFlags = Object.fromEntries(
  Object.entries(single).map(([name, flag]) => [
    name,
    { ...flag, several: true, common: true, coerce: valuesOf((item) => flag.coerce?.(item)) },
  ]),
)

/** Flags of a predictor that a list replaces. */
export const listed = {
  precision: undefined,
  'cpu-threads': undefined,
  'new-ir': undefined,
  'new-executor': undefined,
} as const

/** The predictor's flags that apply to all settings. */
export const commonFlags: CommandFlags = Object.fromEntries(
  Object.entries(predictorFlags).filter(([name]) => !(name in listed)),
)

/** A `coerce` for comma-separated values, each converted by `parse`. A flag given twice adds its values. */
function valuesOf<Value>(parse: (given: unknown) => Value): (given: unknown) => Value[] {
  return (given) =>
    [given].flat().flatMap((text) =>
      String(text)
        .split(',')
        .map((item) => parse(item.trim())),
    )
}

/** A `coerce` for a positive number of seconds. */
export function secondsValue(flag: string): (given: unknown) => number {
  return (given) => {
    const text = String([given].flat().at(-1))
    const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
    if (seconds > 0) return seconds
    throw new Error(`Expected a number of seconds above 0 for --${flag}, got ${shown(text)}.`)
  }
}

/** A `coerce` for `NAME=1,3,224,224`; the flag can be repeated for several inputs. */
export function shapesValue(flag: string): (given: unknown) => [name: string, shape: number[]][] {
  return (given) =>
    [given].flat().map((text) => {
      const [, name, shape] = /^(.+)=([1-9]\d*(?:,[1-9]\d*)*)$/.exec(String(text)) ?? []
      if (name !== undefined && shape !== undefined) return [name, shape.split(',').map(Number)]
      throw new Error(`Expected NAME=SHAPE, such as x=1,3,224,224, for --${flag}, got ${shown(text)}.`)
    })
}
