import type { TensorInfo } from '../../bridge/index.js'
import { callerRangeError, callerTypeError } from '../../errors.js'
import type { DType, Lod } from '../../tensor/index.js'
import { counted, wording } from '../../wording.js'
import { createWarning, type PredictorWarning } from '../../warnings.js'

/** Channels that an image can have; a dimension of this size is taken for them. */
const imageChannels: readonly (number | undefined)[] = [1, 3, 4]

/**
 * Checks what is fed to a model against the inputs that its program declares. One for each model: its predictors,
 * their clones and all workers of a pool share it, so that a warning is emitted once.
 */
export class DeclaredInputs {
  readonly #model: string
  readonly #strictShapes: boolean
  readonly #warn: (warning: PredictorWarning) => void
  /** The inputs for which a warning was emitted. */
  readonly #told = new Set<string>()

  constructor(
    model: string,
    { strictShapes, warn }: { strictShapes: boolean; warn: (warning: PredictorWarning) => void },
  ) {
    this.#model = model
    this.#strictShapes = strictShapes
    this.#warn = warn
  }

  /**
   * Checks the dtype and the shape of a feed. A dimension that differs from a fixed one is a warning, because many
   * networks run at other sizes than that of their export; with `strictShapes` it is an error, and so are images
   * whose channels are in the wrong place.
   *
   * @throws TypeError for another dtype or number of dimensions, or another layout; RangeError with `strictShapes`
   */
  checkShape(input: TensorInfo, dtype: DType, shape: readonly number[]): void {
    const isDeclaredKind = dtype === input.dtype && shape.length === input.shape.length
    if (isDeclaredKind && fits(input.shape, shape)) return
    const declared = `${input.dtype} [${input.shape.join(',')}]`
    const got = `${dtype} [${shape.join(',')}]`
    if (shape.length !== input.shape.length) {
      throw callerTypeError(
        `Input \`${input.name}\` expects ${declared} (${counted(input.shape.length, 'dimension')}), got ${got} (${shape.length}).`,
      )
    }
    if (dtype !== input.dtype)
      throw callerTypeError(`Input \`${input.name}\` expects ${declared}, got ${got}.`)
    const layout = otherLayout(input.shape, shape)
    if (layout !== undefined)
      throw callerTypeError(`Input \`${input.name}\` expects ${declared}, got ${got}: ${layout}.`)
    if (this.#strictShapes) {
      throw callerRangeError(
        wording`Input \`${input.name}\` expects ${declared}, got ${got}, which ${{ option: 'strictShapes' }} forbids.`,
      )
    }
    if (this.#told.has(input.name)) return
    this.#told.add(input.name)
    this.#warn(
      createWarning(
        'DIMENSIONS_DIFFER',
        wording`Input \`${input.name}\` of ${this.#model} is declared as ${declared}, but was fed ${got}. Paddle does not check this, so the results may be wrong.
Feed the declared size. To make this an error: ${{ option: 'strictShapes', value: true }}.`,
      ),
    )
  }

  /**
   * Checks the number of LoD levels: without them, paddle would read past the end of the offsets, and crash.
   *
   * @throws TypeError
   */
  checkLod({ name, lodLevel }: TensorInfo, lod: Lod | undefined): void {
    if (lodLevel === undefined || lodLevel === lod?.length) return
    const needed = `Input \`${name}\` of ${this.#model} requires a LoD with ${counted(lodLevel, 'level')}`
    if (lod !== undefined && lod.length > 0)
      throw callerTypeError(`${needed}, got ${counted(lod.length, 'level')}.`)
    throw callerTypeError(wording`${needed}, got a tensor without one. ${packingAdvice}`)
  }
}

const packingAdvice = {
  library: '`packSequences` makes a tensor with its LoD from the sequences.',
  command: 'Only the library can feed it.',
}

/** Whether every dimension has its declared size; those that are not positive are dynamic. */
function fits(declared: readonly number[], shape: readonly number[]): boolean {
  // A loop without a closure: every run passes here.
  for (let axis = 0; axis < declared.length; axis += 1) {
    const size = declared[axis] ?? -1
    if (size > 0 && size !== shape[axis]) return false
  }
  return true
}

/** Describes images whose channels are where the program declares a side; `undefined` if that is not certain. */
function otherLayout(declared: readonly number[], shape: readonly number[]): string | undefined {
  if (declared.length !== 4) return undefined
  const isMoved = (from: number, to: number): boolean =>
    imageChannels.includes(declared[from]) &&
    shape[from] !== declared[from] &&
    shape[to] === declared[from] &&
    declared[to] !== declared[from]
  if (isMoved(1, 3)) return 'this is NHWC, but the network takes NCHW. Move the channels before the height'
  if (isMoved(3, 1)) return 'this is NCHW, but the network takes NHWC. Move the channels after the width'
  return undefined
}
