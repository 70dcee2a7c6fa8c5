import { reads, sets, type Table } from './define-methods.js'
import { flag, integer, names, text } from './params.js'

/** Graph optimisation before the run; `passBuilder()` controls the individual passes. */
export interface GraphMethods {
  /** Optimises the graph when the predictor is created (`switch_ir_optim`), as paddle does by default. */
  switchIrOptim(on?: boolean): this
  irOptim(): Promise<boolean>
  /**
   * Writes the graph to a file after each pass (`switch_ir_debug`); with `passes`, only after those (from 3.2
   * on).
   */
  switchIrDebug(on?: boolean, passes?: readonly string[]): this
  /**
   * Sets the optimisation level for programs of Paddle 3, from 0 to paddle's default 2
   * (`set_optimization_level`).
   */
  setOptimizationLevel(level?: number): this
  /**
   * Removes a pass (`delete_pass`). From 3.2 on, it removes a pass for programs of Paddle 3; use
   * `passBuilder()` for the others. Does nothing if the pass is absent.
   */
  deletePass(pass: string): this
  /** Adds custom passes for programs of Paddle 3, or uses only these (`enable_custom_passes`). */
  enableCustomPasses(passes?: readonly string[], customPassOnly?: boolean): this

  /** Runs the program in the form of Paddle 3 (PIR, `enable_new_ir`); always on for a `.json` model. */
  enableNewIr(on?: boolean): this
  newIrEnabled(): Promise<boolean>
  /** Uses the executor of Paddle 3 (`enable_new_executor`); always on for a `.json` model. */
  enableNewExecutor(on?: boolean): this

  /** Saves the optimised model to the folder of {@link setOptimCacheDir} (`enable_save_optim_model`). */
  enableSaveOptimModel(on?: boolean): this
  /** Loads the optimised model from that folder (`use_optimized_model`). */
  useOptimizedModel(on?: boolean): this
  /** Sets the folder for optimised models (`set_optim_cache_dir`). */
  setOptimCacheDir(folder: string): this

  /**
   * Uses the program's feed and fetch operators (`switch_use_feed_fetch_ops`); paddle-ts runs without them.
   */
  switchUseFeedFetchOps(on?: boolean): this
  useFeedFetchOpsEnabled(): Promise<boolean>
  /** Identifies inputs by name instead of by order (`switch_specify_input_names`). */
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
