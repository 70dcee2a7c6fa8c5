import type { Preprocessing } from './preprocessing.js'

/** How the outputs of a network are to be read. */
export type PostProcess =
  /** The best classes (`Topk`). */
  | { readonly kind: 'best'; readonly topK?: number }
  /** The second of two classes from a threshold on, else the first (`ThreshOutput`). */
  | { readonly kind: 'either'; readonly threshold: number; readonly labels: readonly [string, string] }
  /** Every class from a threshold on (`MultiLabelThreshOutput`). */
  | { readonly kind: 'several'; readonly threshold: number }
  /** A vector for each image, brought to length 1 (`NormalizeFeatures`). */
  | { readonly kind: 'features' }
  /** Boxes (PaddleDetection); the threshold is `draw_threshold`, `arch` the network's family. */
  | { readonly kind: 'boxes'; readonly threshold?: number; readonly arch?: string }

/** What an `inference.yml` or `infer_cfg.yml` says. */
export interface ModelConfig {
  /** The file. */
  readonly file: string
  /** How to feed the model; left out where the file does not say it. */
  readonly preprocessing?: Preprocessing
  /**
   * How to read its answer; undefined where the file does not say it.
   *
   * @throws PaddleError MODEL_CONFIG_INVALID when it is read in a way that is not known here
   */
  readonly postProcess: PostProcess | undefined
  /**
   * The names of the classes, `''` for a class without; undefined where the file does not say them.
   *
   * @throws PaddleError LABELS_INVALID, or what `reading` throws
   */
  readonly labels: readonly string[] | undefined
}
