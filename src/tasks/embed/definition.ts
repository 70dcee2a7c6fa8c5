import { noise, type Verdict } from '../comparison.js'
import { sizeSettings } from '../image-input/fixed-size.js'
import { asOpenTask } from '../open-task.js'
import { jsonNumber, pythonFloat, type WriteNumber } from '../result-text.js'
import type { TaskDefinition } from '../task-definition.js'
import type { Binarization } from './binarize.js'
import { planEmbedder, type EmbedderPlan } from './embedder-plan.js'
import { embedding as step, embedTask, ImageEmbedder, type EmbedderFields } from './image-embedder.js'
import type { EmbedderOptions } from './options.js'

/** Number of values of a vector in text output. */
const shown = 3

/** The implementation of `embed`. */
export const embedding: TaskDefinition<EmbedderOptions, EmbedderFields, EmbedderPlan> = {
  plan: planEmbedder,
  open: async (model, options) => {
    const embedder = await ImageEmbedder.open(model, options)
    return asOpenTask(embedder, {
      step,
      run: (images, runOptions) => embedder.embed(images, runOptions),
      warmUp: (runs, runOptions) => embedder.warmUp(runs, runOptions),
    })
  },
  steps: embedTask,
  settings: ({ preprocessing, binarize = 'no' }) => ({ binarize, ...sizeSettings(preprocessing) }),
  results: {
    json: (fields) => ({ embedding: Array.from(fields.embedding, jsonNumber) }),
    text: (fields, write) => [`embedding: ${inShort(fields.embedding, write)}`],
    columns: { embedding: 'text' },
    rows: (fields) => [[JSON.stringify(Array.from(fields.embedding, jsonNumber))]],
    marks: () => [],
    vector: (fields) => fields.embedding,
  },
  reference: {
    postProcess: ({ binarize: how }) => ({ kind: 'features', ...(how && { binarize: how }) }),
    compare: (fields, { answer: [theirs = []], outputs: [output] }, { binarize: how }) =>
      how
        ? compareBytes(fields.embedding, theirs, { output: output?.data ?? [], how })
        : compareVectors(fields.embedding, theirs),
  },
}

function inShort(vector: ArrayLike<number>, write: WriteNumber): string {
  const first = Array.from(vector)
    .slice(0, shown)
    .map((value) => write(value, pythonFloat(value)))
  return `[${[...first, ...(vector.length > shown ? ['…'] : [])].join(', ')}] (${vector.length} values)`
}

/**
 * Bytes are the same when every value of a byte that differs is near the border between two bits on both sides.
 *
 * @param output - that of plain Python, not yet normalised
 */
function compareBytes(
  ours: Float32Array,
  theirs: readonly number[],
  { output, how }: { readonly output: ArrayLike<number>; readonly how: Binarization },
): Verdict {
  const text = `${ours.length} bytes`
  if (ours.length !== theirs.length)
    return { same: false, text: `${text}; plain Python: ${theirs.length} bytes` }
  const values = Array.from(output)
  const length = Math.hypot(...values)
  const isUnsure = (value: number): boolean =>
    (how === 'sign' ? [0] : [-0.5, 0.5]).some((border) => Math.abs(value / length - border) < noise)
  const different = [...ours.keys()].filter(
    (byte) => ours[byte] !== theirs[byte] && !values.slice(8 * byte, 8 * byte + 8).some(isUnsure),
  )
  if (different.length === 0) return { same: true, text }
  return { same: false, text: `${text}, of which ${different.length} differ from those of plain Python` }
}

/** Vectors are the same when no value differs by `noise` or more. */
function compareVectors(ours: Float32Array, theirs: readonly number[]): Verdict {
  const text = `${ours.length} values`
  if (ours.length !== theirs.length)
    return { same: false, text: `${text}; plain Python: ${theirs.length} values` }
  let greatest = 0
  for (const [index, value] of ours.entries()) {
    const other = theirs[index] ?? NaN
    if (Number.isNaN(value) && Number.isNaN(other)) continue
    // NaN on one side alone is a difference.
    const distance = Math.abs(value - other)
    if (!(distance <= greatest)) greatest = Number.isNaN(distance) ? Infinity : distance
  }
  return { same: greatest < noise, text: `${text}, at most ${greatest.toExponential(1)} apart` }
}
