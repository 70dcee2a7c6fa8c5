import { parseJson } from '../../json.js'
import { lastOf, shown } from '../flag-values.js'
import { parseInputSpec, type InputSpec } from '../../export/input-spec.js'
import type { ModelArgs } from '../../export/model-args.js'

/** A `coerce` for JSON that is an object or an array. */
export function jsonValue(flag: string): (given: unknown) => ModelArgs {
  return (given) => {
    const text = String(lastOf(given))
    const value = parseJson(text)
    if (typeof value === 'object' && value !== null) return value as ModelArgs
    throw new Error(`Expected a JSON object or array for --${flag}, got ${shown(text)}.`)
  }
}

/** A `coerce` for the inputs of a network, one a flag. */
export function inputsValue(given: unknown): InputSpec[] {
  const specs = (given as readonly unknown[]).map((text) => {
    try {
      return parseInputSpec(String(text))
    } catch (error) {
      throw new Error(`--input-spec: ${(error as Error).message}`, { cause: error })
    }
  })
  const names = specs.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`--input-spec describes ${twice} twice.`)
  return specs
}

/** A `coerce` for weights: `true` for the flag alone. */
export function weightsValue(value: unknown): string | boolean {
  const given = lastOf(value)
  if (typeof given === 'boolean') return given
  if (typeof given === 'string' && given !== '') return given
  throw new Error('Expected a .pdparams file for --pretrained, or the flag alone, got an empty value.')
}
