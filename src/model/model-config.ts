import type { Preprocessing } from './preprocessing.js'

/** The thresholds of each scheme of attributes, by the names of PaddleClas' parameters. */
export interface AttributeThresholds {
  readonly person: Readonly<Record<'threshold' | 'glasses_threshold' | 'hold_threshold', number>>
  readonly vehicle: Readonly<Record<'color_threshold' | 'type_threshold', number>>
  readonly face: Readonly<Record<'threshold', number>>
  readonly table: Readonly<
    Record<
      | 'source_threshold'
      | 'number_threshold'
      | 'color_threshold'
      | 'clarity_threshold'
      | 'obstruction_threshold'
      | 'angle_threshold',
      number
    >
  >
}

/** Attributes of what an image shows (`PersonAttribute`, `VehicleAttribute`, `FaceAttribute`, `TableAttribute`). */
export type AttributePostProcess = {
  [Scheme in keyof AttributeThresholds]: {
    readonly kind: 'attributes'
    readonly scheme: Scheme
    readonly thresholds: AttributeThresholds[Scheme]
    /** Whether the names are PaddleClas' Chinese ones; only for faces. */
    readonly inChinese?: boolean
  }
}[keyof AttributeThresholds]

/** Which of two boxes is kept when one contains the other: both, the outer one or the inner one. */
export type BoxMerging = 'union' | 'large' | 'small'

/** How PaddleX post-processes boxes, by its names; each step only where it is given. */
export interface PaddleXBoxes {
  /** Of boxes that cover each other, only the one with the best score is kept. */
  readonly layoutNms?: boolean
  /** For all classes, or for single ones by number. */
  readonly layoutMerge?: BoxMerging | Readonly<Record<number, BoxMerging>>
  /** Factors of width and height, for all classes or for single ones by number. */
  readonly layoutUnclip?: Factors | Readonly<Record<number, Factors>>
  /** Whether it is a model of `layout_analysis`, with whole pixels and without overlaps. */
  readonly isLayoutAnalysis?: boolean
}

type Factors = readonly [width: number, height: number]

/** How the outputs of a network become results. */
export type PostProcess =
  /** The classes with the highest scores (`Topk`). */
  | { readonly kind: 'best'; readonly topK?: number }
  /**
   * Of two classes, the second one if its score reaches the threshold, else the first one; of another number, the
   * best one if its score is above the threshold, else the class `otherwise` (`ThreshOutput`).
   */
  | {
      readonly kind: 'either'
      readonly threshold: number
      /** The names of two classes. */
      readonly labels: readonly [string, string]
      /** Default: 0. */
      readonly otherwise?: number
    }
  /** Every class whose score reaches the threshold (`MultiLabelThreshOutput`). */
  | {
      readonly kind: 'several'
      readonly threshold: number
      /** Other thresholds, by the number of the class. */
      readonly ofClass?: Readonly<Record<number, number>>
    }
  /** All outputs, rounded (`ScoreOutput`). */
  | { readonly kind: 'scores'; readonly decimals: number }
  | AttributePostProcess
  /**
   * A vector for each image, normalised to length 1 (`NormalizeFeatures`); with `binarize`, then reduced to one
   * bit for each value (`Binarize`).
   */
  | { readonly kind: 'features'; readonly binarize?: 'round' | 'sign' }
  /** Boxes (PaddleDetection); `threshold` is `draw_threshold`, `arch` is the family of the network. */
  | {
      readonly kind: 'boxes'
      readonly threshold?: number
      readonly arch?: string
      /** Whether a score equal to the threshold is kept, as PaddleClas does. */
      readonly keepsThreshold?: boolean
      /** The maximum number of boxes, the best ones (PaddleClas' `max_det_results`). */
      readonly most?: number
      /** Other thresholds, by the number of the class. */
      readonly ofClass?: Readonly<Record<number, number>>
      /** For the files of PaddleX. */
      readonly paddleX?: PaddleXBoxes
    }
  /** The class of each pixel (PaddleSeg, PaddleX). */
  | {
      readonly kind: 'segments'
      /**
       * How PaddleX resizes the map of classes back: each resize on its own, by the nearest pixel or, in 8 bits,
       * linearly. Default: by the nearest pixel, and resizes that follow one another as one, as PaddleSeg does.
       */
      readonly restoredBy?: 'nearest' | 'linear'
    }

/** The contents of an `inference.yml`, `infer_cfg.yml`, `deploy.yaml` or `model.yml`. */
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
