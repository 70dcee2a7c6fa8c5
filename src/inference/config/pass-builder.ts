import { defineMethods, reads, sets, type Table } from './define-methods.js'
import { integer, names, text } from './params.js'

/** The passes that optimise the graph, as returned by `Config.passBuilder()`. */
export interface PassBuilderMethods {
  /** Adds a pass at the end (`append_pass`). */
  appendPass(pass: string): this
  /** Adds a pass before the one at `index` (`insert_pass`). */
  insertPass(index: number, pass: string): this
  /** Removes a pass (`delete_pass`). Does nothing if the pass is absent. */
  deletePass(pass: string): this
  /** Replaces all passes (`set_passes`). */
  setPasses(passes: readonly string[]): this
  /** Adds an analysis pass (`append_analysis_pass`). */
  appendAnalysisPass(pass: string): this
  /** Writes a drawing of the graph to a file after each pass (`turn_on_debug`). */
  turnOnDebug(): this
  /** The passes, in order. */
  allPasses(): Promise<string[]>
  /** The analysis passes, in order. */
  analysisPasses(): Promise<string[]>
  /** Paddle's own list of the passes. */
  debugString(): Promise<string>
}

export const passBuilderMethods: Table<PassBuilderMethods> = {
  appendPass: sets('pass_builder.append_pass', text('pass')),
  insertPass: sets('pass_builder.insert_pass', integer('index', 0), text('pass')),
  deletePass: sets('pass_builder.delete_pass', text('pass')),
  setPasses: sets('pass_builder.set_passes', names('passes')),
  appendAnalysisPass: sets('pass_builder.append_analysis_pass', text('pass')),
  turnOnDebug: sets('pass_builder.turn_on_debug'),
  allPasses: reads('pass_builder.all_passes'),
  analysisPasses: reads('pass_builder.analysis_passes'),
  debugString: reads('pass_builder.debug_string'),
}

/** `paddle.inference.Config.pass_builder()`. Its setters are recorded in the Config. */
export class PassBuilder extends (Object as unknown as new () => PassBuilderMethods) {}
defineMethods(PassBuilder, passBuilderMethods, 'passBuilder().')
