/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The shorter side is brought to `short` pixels and the longer one follows. */
interface ShorterSide {
  readonly short: number
  /**
   * What becomes of a fraction of a pixel of the longer side: cut off, as the tutorial's `infer.py` does, or rounded to the
   * nearest (a half to the even one), as PaddleClas does.
   */
  readonly fraction: 'cut' | 'round'
}

/**
 * The shorter side is brought to `short` pixels, or the longer one to `long` where it would be longer than that: PaddleDetection's `Resize` with
 * `keep_ratio`.
 */
interface WithinSides {
  readonly short: number
  readonly long: number
}

/** Both sides are stretched to a size: PaddleDetection's `Resize` without `keep_ratio` computes with the scale, not with the size. */
interface StretchedTo extends Size {
  readonly by: 'size' | 'scale'
}

/** The size that an image is resized to. */
export type ResizeTo = ShorterSide | WithinSides | StretchedTo

/** How pixels between pixels are computed: as OpenCV's `cv2.resize` or Pillow's `Image.resize` does it. */
export type Resampling =
  | {
      readonly library: 'opencv'
      readonly method: 'nearest' | 'linear' | 'cubic' | 'area' | 'lanczos4'
    }
  | {
      readonly library: 'pillow'
      readonly method: 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'
    }

/** One step that an image's pixels go through, in 8 bits. */
export type PixelStep =
  | {
      readonly step: 'resize'
      readonly to: ResizeTo
      /** Both sides are brought to the next multiple of it. */
      readonly divisor?: number
      readonly resampling: Resampling
    }
  | {
      readonly step: 'crop'
      readonly size: Size
      /** What becomes of half a pixel where the crop is not quite in the centre; left out: it is cut off. */
      readonly half?: 'cut' | 'round'
    }

/** `(value * scale - mean) / std` for each channel in the order in which the network sees them, rounded to float32 after each step. */
export interface Normalisation {
  readonly scale: number
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  /** Whether `mean` and `std` are float64 in it, as in PaddleDetection; left out: they are float32. */
  readonly inDouble?: boolean
}

/** The image is put into the upper left corner of a larger one. */
export interface Padding {
  /** The larger size, or a number that both of its sides are the next multiple of. */
  readonly to: Size | { readonly multipleOf: number }
  /** The value of each channel around it. */
  readonly fill: readonly [number, number, number]
  /** Whether `fill` is normalised with the image, or written as it is. */
  readonly isNormalised: boolean
}

/** How an image becomes the input of a network: decoded, resized, cropped, normalised, padded, channels first. */
export interface Preprocessing {
  /** Whose pixels decoding gives where they differ (16 bits, CMYK, alpha). */
  readonly decode: 'opencv' | 'pillow'
  /** The order of the channels that the network sees. */
  readonly channels: 'RGB' | 'BGR'
  readonly steps: readonly PixelStep[]
  readonly normalise: Normalisation
  readonly padding: readonly Padding[]
  /** Planes of the input; the fourth is zeros (PaddleClas' `channel_num: 4`). */
  readonly planes: 3 | 4
}

/** What PaddlePaddle's MobileNetV3 tutorial does (`preprocess_ops.py`): the usual treatment for ImageNet. */
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
