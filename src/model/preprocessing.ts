/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The shorter side becomes `short` pixels and the longer one keeps the ratio. */
interface ShorterSide {
  readonly short: number
  /**
   * How a fractional size of the longer side becomes an integer: cut off, as in the tutorial's `infer.py`, or
   * rounded to the nearest (ties to even), as in PaddleClas.
   */
  readonly fraction: 'cut' | 'round'
}

/**
 * The shorter side becomes `short` pixels, but the longer one at most `long`: PaddleDetection's `Resize` with
 * `keep_ratio`.
 */
interface WithinSides {
  readonly short: number
  readonly long: number
  /** `size` computes the pixels with the rounded size, as PaddleX 2 does. Default: with the scale. */
  readonly by?: 'size'
}

/** The largest size of the same ratio that fits into `fit`, rounded: PaddleX 2, PaddleDetection's `LetterBoxResize`. */
interface FittedInto {
  readonly fit: Size
  /** Whether the scale of the image is that before rounding, as in PaddleDetection. Default: false. */
  readonly reportsRatio?: boolean
}

/**
 * Both sides are stretched to a size. PaddleDetection's `Resize` without `keep_ratio` computes with the
 * scale, not with the size.
 */
interface StretchedTo extends Size {
  /** `cut` multiplies by the scale and cuts off the fraction, which can lose a pixel (PaddleDetection before 2.0). */
  readonly by: 'size' | 'scale' | 'cut'
}

/** The size that an image is resized to. */
export type ResizeTo = ShorterSide | WithinSides | FittedInto | StretchedTo

/** How pixels are interpolated: as in OpenCV's `cv2.resize` or Pillow's `Image.resize`. */
export type Resampling =
  | {
      readonly library: 'opencv'
      readonly method: 'nearest' | 'linear' | 'cubic' | 'area' | 'lanczos4'
    }
  | {
      readonly library: 'pillow'
      readonly method: 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'
    }

/** One step on the pixels of an image, in 8 bits. */
export type PixelStep =
  | {
      readonly step: 'resize'
      readonly to: ResizeTo
      /** Both sides are rounded up to a multiple of it. */
      readonly divisor?: number
      readonly resampling: Resampling
    }
  | {
      readonly step: 'crop'
      readonly size: Size
      /** How half a pixel is handled where the crop is not exactly centred. Default: cut off. */
      readonly half?: 'cut' | 'round'
    }
  | {
      /**
       * The longer side becomes the width of `size`, and the centre of the image that of `size`, on black:
       * PaddleDetection's `WarpAffine`, which does not report the scale to the network.
       */
      readonly step: 'warp'
      readonly size: Size
    }

/**
 * `(value * scale - mean) / std` for each channel, in the channel order of the network, rounded to float32
 * after each step.
 */
export interface Normalisation {
  readonly scale: number
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  /**
   * Divides each value before `scale`, as PaddleDetection did before 2.0: `value / 255` and `value * (1 / 255)`
   * can differ in the last bit. Default: none.
   */
  readonly divisor?: number
  /** Whether `mean` and `std` are float64, as in PaddleDetection. Default: float32. */
  readonly inDouble?: boolean
}

/** Places the image in a larger one. */
export interface Padding {
  /** The padded size, or a number of which both sides become the next multiple, or the next greater one. */
  readonly to: Size | { readonly multipleOf: number } | { readonly multipleAbove: number }
  /**
   * Places it in the centre, with half a pixel to the left and above cut off or rounded up. Default: in the upper
   * left corner.
   */
  readonly centred?: 'cut' | 'up'
  /** The value of each channel in the padding. */
  readonly fill: readonly [number, number, number]
  /** Whether `fill` is normalised with the image or written as is. */
  readonly isNormalised: boolean
}

/** The size that a step on float32 pixels resizes to. */
export type FloatResizeTo =
  /** Both sides, each rounded up to a multiple of `divisor`. */
  | { readonly rule: 'size'; readonly size: Size; readonly divisor?: number }
  /** The largest size that fits into `size`, whichever way it is turned; the sides keep their ratio. */
  | { readonly rule: 'within'; readonly size: Size; readonly divisor?: number }
  /** The shorter side, and less where the longer one would exceed `most`. */
  | { readonly rule: 'short'; readonly short: number; readonly most: number }
  | { readonly rule: 'long'; readonly long: number }
  /** The longer side, only where it is outside these limits. */
  | { readonly rule: 'limit'; readonly least?: number; readonly most?: number }
  | { readonly rule: 'factor'; readonly factor: number }
  /** As a resize in 8 bits: PaddleDetection before 2.0, PaddleX 1. */
  | { readonly rule: 'pixels'; readonly to: ResizeTo }

/**
 * One step on the pixels of an image in float32, as the transforms of PaddleSeg and PaddleX 1 compute, and those of
 * PaddleDetection before 2.0. Values for channels are in the order R, G, B, whatever order the network expects.
 */
export type FloatStep =
  /** `(value / divisor - mean) / std`: mean and std in float64, each result rounded to float32. */
  | {
      readonly step: 'normalise'
      /** Default: 255. */
      readonly divisor?: number
      readonly mean: readonly [number, number, number]
      readonly std: readonly [number, number, number]
      /** `((value - min) / (max - min) - mean) / std` instead, in float64, rounded once: PaddleX 1. */
      readonly limits?: {
        readonly min: readonly [number, number, number]
        readonly max: readonly [number, number, number]
      }
    }
  | {
      readonly step: 'resize'
      readonly to: FloatResizeTo
      readonly method: Extract<Resampling, { library: 'opencv' }>['method']
    }
  /** A part in the centre; half a pixel is cut off. */
  | { readonly step: 'crop'; readonly size: Size }
  /**
   * Padding to the right and below: to a size, up to multiples, or until the width is `aspectRatio` times the
   * height. A side that is longer than in `atLeast` is left as it is.
   */
  | {
      readonly step: 'pad'
      readonly to:
        Size | { readonly aspectRatio: number } | { readonly multipleOf: number } | { readonly atLeast: Size }
      readonly fill: number | readonly [number, number, number]
    }

/**
 * How an image becomes the network's input: decode, resize, crop, normalise, pad, move the channels first.
 */
export interface Preprocessing {
  /** Whose decoding to follow where the two differ (16 bits, CMYK, alpha). */
  readonly decode: 'opencv' | 'pillow'
  /** The channel order of the network's input. */
  readonly channels: 'RGB' | 'BGR'
  readonly steps: readonly PixelStep[]
  readonly normalise: Normalisation
  readonly padding: readonly Padding[]
  /**
   * Steps on float32 pixels in any order, in place of `normalise` and `padding`. They run when the input is
   * written; until then, an image is kept as decoded.
   */
  readonly floatSteps?: readonly FloatStep[]
  /** The planes of the input; the fourth is all zeros (PaddleClas' `channel_num: 4`). */
  readonly planes: 3 | 4
}

/**
 * The preprocessing of PaddlePaddle's MobileNetV3 tutorial (`preprocess_ops.py`), which is usual for
 * ImageNet.
 */
export const tutorialPreprocessing: Preprocessing = {
  decode: 'pillow',
  channels: 'RGB',
  steps: [
    {
      step: 'resize',
      to: { short: 256, fraction: 'cut' },
      resampling: { library: 'pillow', method: 'bilinear' },
    },
    { step: 'crop', size: { width: 224, height: 224 } },
  ],
  normalise: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  padding: [],
  planes: 3,
}
