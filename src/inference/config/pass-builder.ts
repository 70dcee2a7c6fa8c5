import { defineMethods, reads, sets, type Table } from './define-methods.js'
import { integer, names, text } from './params.js'

/** The passes that optimise the graph, as `Config.passBuilder()` gives them. */
export interface PassBuilderMethods {
  /** Adds a pass at the end (`append_pass`). */
  appendPass(pass: string): this
  /** Adds a pass before the one at `index` (`insert_pass`). */
  insertPass(index: number, pass: string): this
  /** Leaves out a pass (`delete_pass`). One that is not there is no error. */
  deletePass(pass: string): this
  /** These passes instead of all others (`set_passes`). */
  setPasses(passes: readonly string[]): this
  /** Adds a pass of the analysis (`append_analysis_pass`). */
  appendAnalysisPass(pass: string): this
  /** Draws the graph after each pass into files (`turn_on_debug`). */
  turnOnDebug(): this
  /** The passes, in their order. */
  allPasses(): Promise<string[]>
  /** The passes of the analysis, in their order. */
  analysisPasses(): Promise<string[]>
  /** Paddle's own list of them. */
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

/** `paddle.inference.Config.pass_builder()`: its setters are recorded in the Config. */
export class PassBuilder extends (Object as unknown as new () => PassBuilderMethods) {}
defineMethods(PassBuilder, passBuilderMethods, 'passBuilder().')
