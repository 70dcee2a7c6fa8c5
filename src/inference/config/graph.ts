import { reads, sets, type Table } from './define-methods.js'
import { flag, integer, names, text } from './params.js'

/** What is done to the graph before it runs; `passBuilder()` has the passes themselves. */
export interface GraphMethods {
  /** Optimises the graph when the predictor is made (`switch_ir_optim`); paddle does so by default. */
  switchIrOptim(on?: boolean): this
  irOptim(): Promise<boolean>
  /** Writes the graph into a file after each pass (`switch_ir_debug`); `passes`: after those alone (from 3.2 on). */
  switchIrDebug(on?: boolean, passes?: readonly string[]): this
  /** How much is optimised in the form of Paddle 3, from 0 to 2, paddle's default (`set_optimization_level`). */
  setOptimizationLevel(level?: number): this
  /**
   * Leaves out a pass (`delete_pass`): from 3.2 on, of those for the form of Paddle 3; the others are `passBuilder()`’s. One that is
   * not there is no error.
   */
  deletePass(pass: string): this
  /** Adds passes of one's own in the form of Paddle 3, or takes those alone (`enable_custom_passes`). */
  enableCustomPasses(passes?: readonly string[], customPassOnly?: boolean): this

  /** Runs the program in the form of Paddle 3 (`enable_new_ir`). A `.json` model always is. */
  enableNewIr(on?: boolean): this
  newIrEnabled(): Promise<boolean>
  /** Runs it with the executor of Paddle 3 (`enable_new_executor`). A `.json` model always is. */
  enableNewExecutor(on?: boolean): this

  /** Writes the optimised model into {@link setOptimCacheDir}'s folder (`enable_save_optim_model`). */
  enableSaveOptimModel(on?: boolean): this
  /** Takes the optimised model from there (`use_optimized_model`). */
  useOptimizedModel(on?: boolean): this
  /** Where optimised models are kept (`set_optim_cache_dir`). */
  setOptimCacheDir(folder: string): this

  /** Feeds and answers as operators of the program (`switch_use_feed_fetch_ops`); paddle-ts runs without them. */
  switchUseFeedFetchOps(on?: boolean): this
  useFeedFetchOpsEnabled(): Promise<boolean>
  /** Whether inputs are told by their names rather than by their order (`switch_specify_input_names`). */
  switchSpecifyInputNames(on?: boolean): this
  specifyInputName(): Promise<boolean>
}

export const graphMethods: Table<GraphMethods> = {
  switchIrOptim: sets('switch_ir_optim', flag('on', true)),
  irOptim: reads('ir_optim'),
  switchIrDebug: sets('switch_ir_debug', flag('on', true), names('passes', [])),
  setOptimizationLevel: sets('set_optimization_level', integer('level', 0, 2)),
  deletePass: sets('delete_pass', text('pass')),
  enableCustomPasses: sets('enable_custom_passes', names('passes', []), flag('customPassOnly', false)),
  enableNewIr: sets('enable_new_ir', flag('on', true)),
  newIrEnabled: reads('new_ir_enabled'),
  enableNewExecutor: sets('enable_new_executor', flag('on', true)),
  enableSaveOptimModel: sets('enable_save_optim_model', flag('on', false)),
  useOptimizedModel: sets('use_optimized_model', flag('on', true)),
  setOptimCacheDir: sets('set_optim_cache_dir', text('folder')),
  switchUseFeedFetchOps: sets('switch_use_feed_fetch_ops', flag('on', true)),
  useFeedFetchOpsEnabled: reads('use_feed_fetch_ops_enabled'),
  switchSpecifyInputNames: sets('switch_specify_input_names', flag('on', true)),
  specifyInputName: reads('specify_input_name'),
}
