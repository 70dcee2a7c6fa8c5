import { wrongValue } from '../../errors.js'
import { boolean, int, type Form } from '../../options/index.js'
import { wording } from '../../wording.js'
import type { Config } from '../config/index.js'
import { nameSets, type NameSet } from '../config/params.js'

/** How the CPU computes with oneDNN. */
export interface OneDnnOptions {
  /** How many input shapes oneDNN caches primitives for; 0 means no limit. @default 10 */
  readonly cacheCapacity?: number | undefined
  /** The only operators that use oneDNN. @default all that can */
  readonly ops?: NameSet | undefined
  /** The only operators that compute in bfloat16, with `precision: 'bf16'`. @default all that can */
  readonly bf16Ops?: NameSet | undefined
  /** The only operators that compute in int8, with `precision: 'int8'`. @default all that can */
  readonly int8Ops?: NameSet | undefined
  /** Whether oneDNN fuses fully connected layers. @default true */
  readonly fcPasses?: boolean | undefined
}

export const oneDnnForm: Form<OneDnnOptions> = {
  cacheCapacity: int(0),
  ops: nameSets,
  bf16Ops: nameSets,
  int8Ops: nameSets,
  fcPasses: boolean,
}

/** Throws for operator lists that have no effect in the precision that the CPU computes in. */
export function checkOperatorLists({ bf16Ops, int8Ops }: OneDnnOptions, precision: string): void {
  for (const [name, list, needed] of [
    ['bf16Ops', bf16Ops, 'bf16'],
    ['int8Ops', int8Ops, 'int8'],
  ] as const) {
    if (list !== undefined && precision !== needed) {
      throw wrongValue(
        'precision',
        wording`\`${needed}\`, which ${{ option: `oneDnn.${name}` }} requires,`,
        precision,
      )
    }
  }
}

/** Records the use of oneDNN; `precision` is the precision that the CPU computes in. */
export function useOneDnn(
  config: Config,
  oneDnn: 'auto' | boolean | OneDnnOptions,
  precision: 'fp32' | 'bf16' | 'int8',
): void {
  if (oneDnn === false) {
    config.disableOnednn()
    return
  }
  const { cacheCapacity, ops, bf16Ops, int8Ops, fcPasses } = typeof oneDnn === 'object' ? oneDnn : {}
  if (oneDnn !== 'auto') config.enableOnednn()
  if (cacheCapacity !== undefined) config.setOnednnCacheCapacity(cacheCapacity)
  if (ops) config.setOnednnOp(ops)
  if (fcPasses === false) config.disableOnednnFcPasses()
  if (precision === 'bf16') {
    config.enableOnednnBfloat16()
    if (bf16Ops) config.setBfloat16Op(bf16Ops)
  }
  if (precision === 'int8') config.enableOnednnInt8(...(int8Ops ? [int8Ops] : []))
}
