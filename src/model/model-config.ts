import type { Preprocessing } from './preprocessing.js'

/** How the outputs of a network become results. */
export type PostProcess =
  /** The classes with the highest scores (`Topk`). */
  | { readonly kind: 'best'; readonly topK?: number }
  /** The second of two classes if its score reaches the threshold, else the first (`ThreshOutput`). */
  | { readonly kind: 'either'; readonly threshold: number; readonly labels: readonly [string, string] }
  /** Every class whose score reaches the threshold (`MultiLabelThreshOutput`). */
  | { readonly kind: 'several'; readonly threshold: number }
  /** A vector for each image, normalised to length 1 (`NormalizeFeatures`). */
  | { readonly kind: 'features' }
  /** Boxes (PaddleDetection); `threshold` is `draw_threshold`, `arch` is the family of the network. */
  | { readonly kind: 'boxes'; readonly threshold?: number; readonly arch?: string }
  /** The class of each pixel (PaddleSeg). */
  | { readonly kind: 'segments' }

/** The contents of an `inference.yml`, `infer_cfg.yml` or `deploy.yaml`. */
export interface ModelConfig {
  /** The path of the file. */
  readonly file: string
  /** How to feed the model; omitted if the file does not specify it. */
  readonly preprocessing?: Preprocessing
  /**
   * How to read the outputs; undefined if the file does not specify it.
   *
   * @throws PaddleError MODEL_CONFIG_INVALID for post-processing that is not supported
   */
  readonly postProcess: PostProcess | undefined
  /**
   * The names of the classes, `''` for a class without one; undefined if the file does not name them.
   *
   * @throws PaddleError LABELS_INVALID, or what `postProcess` throws
   */
  readonly labels: readonly string[] | undefined
}
