/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The shorter side is brought to `short` pixels and the longer one follows. */
export interface ShorterSide {
  readonly short: number
  /**
   * What becomes of a fraction of a pixel of the longer side: cut off, as the tutorial's `infer.py` does, or rounded to the
   * nearest (a half to the even one), as PaddleClas does.
   */
  readonly fraction: 'cut' | 'round'
}

/** `(value * scale - mean) / std` for each of the channels R, G, B, in float32. */
export interface Normalisation {
  readonly scale: number
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/** How an image becomes the input of a network: resized, cropped in the centre, normalised, channels first. */
export interface Preprocessing {
  /** Left out: the image keeps its size. */
  readonly resize?: ShorterSide | Size
  /** Left out: nothing is cropped. */
  readonly crop?: Size
  readonly normalise: Normalisation
}

/** What PaddlePaddle's MobileNetV3 tutorial does (`preprocess_ops.py`): the usual treatment for ImageNet. */
export const tutorialPreprocessing: {
  readonly resize: ShorterSide
  readonly crop: Size
  readonly normalise: Normalisation
} = {
  resize: { short: 256, fraction: 'cut' },
  crop: { width: 224, height: 224 },
  normalise: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
}
