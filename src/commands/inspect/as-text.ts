import { basename, dirname } from 'node:path'
import type { TensorInfo } from '../../inference/index.js'
import { counted } from '../../wording.js'
import { plainTable } from '../terminal/plain-table.js'
import { describeLoading, type Answer } from './examine-model.js'

/** Up to this number of parameter files are listed; more are only counted. */
const FEW_FILES = 5

/** Formats the inspection, one row per subject. */
export function asText(model: string, answer: Answer): string {
  const { format, writtenBy, passedOver, reason, inputs, outputs, operators, loading } = answer
  const rows: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Model', [model]],
    ['Format', [writtenBy === undefined ? format : `${format}, written by paddle ${writtenBy}`]],
    ['Files', files(answer)],
    ['Ignored', passedOver.length === 0 ? [] : [...ignored(answer), reason ?? '']],
    ['Inputs', tensors(inputs)],
    ['Outputs', tensors(outputs)],
    ['Parameters', [parameters(answer)]],
    ['Operators', counts(operators)],
    ['Loading', describeLoading(loading)],
  ]
  const table = plainTable()
  table.push(
    ...rows.filter(([, lines]) => lines.length > 0).map(([title, lines]) => [title, lines.join('\n')]),
  )
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`
}

/** The programs that were passed over; those in another folder by their path. */
function ignored({ files: [program], passedOver }: Answer): string[] {
  const folder = program && dirname(program.file)
  return passedOver.map((path) => (dirname(path) === folder ? basename(path) : path))
}

function files({ files: all }: Answer): string[] {
  const [program, ...others] = all.map(({ file, bytes }) => ({ name: basename(file), bytes }))
  if (program === undefined) return []
  const shown =
    others.length <= FEW_FILES
      ? others
      : [
          {
            name: `${others.length} parameter files`,
            bytes: others.reduce((sum, { bytes }) => sum + bytes, 0),
          },
        ]
  return aligned([program, ...shown].map(({ name, bytes }) => [name, size(bytes)]))
}

function tensors(infos: readonly TensorInfo[]): string[] {
  if (infos.length === 0) return ['none']
  return aligned(
    infos.map(({ name, dtype, shape, lodLevel }) => {
      const lod = lodLevel === undefined ? '' : `, LoD of ${counted(lodLevel, 'level')}`
      return [name, `${dtype} [${shape.join(',')}]${lod}`]
    }),
  )
}

function parameters({ parameters: { tensors: count, elements, bytes } }: Answer): string {
  if (count === 0) return 'none'
  const sizes = Object.entries(bytes).map(([dtype, total]) => `${dtype} ${size(total)}`)
  return `${counted(count, 'tensor')}, ${elements} elements: ${sizes.join(', ')}`
}

function counts(operators: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(operators)
  if (entries.length === 0) return ['none']
  const all = entries.reduce((sum, [, count]) => sum + count, 0)
  const width = String(entries[0]?.[1]).length
  return [`${all} in total`, ...entries.map(([type, count]) => `${String(count).padStart(width)}  ${type}`)]
}

/** 29594 is `29.6 kB`. */
function size(bytes: number): string {
  const units = ['kB', 'MB', 'GB']
  if (bytes < 1000) return `${bytes} bytes`
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 100 ? value.toPrecision(3) : value.toFixed(0)} ${units[unit] ?? ''}`
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const table = plainTable()
  table.push(...rows.map((row) => [...row]))
  return table.toString().split('\n')
}
