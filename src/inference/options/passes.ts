import { int, list, objectOf, required, text, texts, type Form } from '../../options/index.js'
import type { Config } from '../config/index.js'

/** The passes that optimise the graph; applied in this order. */
export interface PassOptions {
  /** Replaces all passes. @default paddle's */
  readonly set?: readonly string[] | undefined
  /** Removes passes. @default none */
  readonly delete?: readonly string[] | undefined
  /** Inserts a pass before the one at an index. @default none */
  readonly insert?: readonly { readonly index: number; readonly pass: string }[] | undefined
  /** Adds passes at the end. @default none */
  readonly append?: readonly string[] | undefined
  /** Adds passes for programs of Paddle 3. @default none */
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

/** Records the changes to the passes. Called last, because other methods add passes of their own. */
export function usePasses(config: Config, passes: PassOptions): void {
  const builder = config.passBuilder()
  if (passes.set) builder.setPasses(passes.set)
  for (const pass of passes.delete ?? []) builder.deletePass(pass)
  for (const { index, pass } of passes.insert ?? []) builder.insertPass(index, pass)
  for (const pass of passes.append ?? []) builder.appendPass(pass)
  if (passes.custom) config.enableCustomPasses(passes.custom)
}
