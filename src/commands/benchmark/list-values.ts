import { shown } from '../flag-values.js'

/** A `coerce` for values with commas between them, each as `parse` has it. Of a flag that is given twice, both count. */
export function valuesOf<Value>(parse: (given: unknown) => Value): (given: unknown) => Value[] {
  return (given) =>
    [given].flat().flatMap((text) =>
      String(text)
        .split(',')
        .map((item) => parse(item.trim())),
    )
}

/** A `coerce` for a number of seconds above 0, with or without decimals. */
export function secondsValue(flag: string): (given: unknown) => number {
  return (given) => {
    const text = String([given].flat().at(-1))
    const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
    if (seconds > 0) return seconds
    throw new Error(`Expected a number of seconds above 0 for --${flag}, got ${shown(text)}.`)
  }
}

/** A `coerce` for `NAME=1,3,224,224`, which may be given for several inputs. */
export function shapesValue(flag: string): (given: unknown) => [name: string, shape: number[]][] {
  return (given) =>
    [given].flat().map((text) => {
      const [, name, shape] = /^(.+)=([1-9]\d*(?:,[1-9]\d*)*)$/.exec(String(text)) ?? []
      if (name !== undefined && shape !== undefined) return [name, shape.split(',').map(Number)]
      throw new Error(`Expected NAME=SHAPE, such as x=1,3,224,224, for --${flag}, got ${shown(text)}.`)
    })
}
