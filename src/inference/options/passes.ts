import { int, list, objectOf, required, text, texts, type Form } from '../../options/index.js'
import type { Config } from '../config/index.js'

/** Which passes optimise the graph; done in the order of the lines. */
export interface PassOptions {
  /** These instead of all others. @default paddle's */
  readonly set?: readonly string[] | undefined
  /** Left out. @default none */
  readonly delete?: readonly string[] | undefined
  /** Added before the one at an index. @default none */
  readonly insert?: readonly { readonly index: number; readonly pass: string }[] | undefined
  /** Added at the end. @default none */
  readonly append?: readonly string[] | undefined
  /** Added in the form of Paddle 3. @default none */
  readonly custom?: readonly string[] | undefined
}

const inserted = objectOf<{ index: number; pass: string }>(
  { index: required(int(0)), pass: required(text) },
  'an object of `index` and `pass`',
)

export const passForm: Form<PassOptions> = {
  set: texts,
  delete: texts,
  insert: list(inserted, 'an array of `{ index, pass }`'),
  append: texts,
  custom: texts,
}

/** Records what is to be done to the passes. It comes last: what other methods turn on brings passes of its own. */
export function usePasses(config: Config, passes: PassOptions): void {
  const builder = config.passBuilder()
  if (passes.set) builder.setPasses(passes.set)
  for (const pass of passes.delete ?? []) builder.deletePass(pass)
  for (const { index, pass } of passes.insert ?? []) builder.insertPass(index, pass)
  for (const pass of passes.append ?? []) builder.appendPass(pass)
  if (passes.custom) config.enableCustomPasses(passes.custom)
}
