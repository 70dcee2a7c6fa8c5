/** A model as its files are named. */
export interface PlainModel {
  readonly program: string
  readonly params?: string | undefined
  /** `program` is a folder with a file for each parameter. */
  readonly separate: boolean
  readonly oneDnn: boolean
}

/** How Python reads its outputs. */
export type PlainPostProcess =
  | { readonly kind: 'best'; readonly topK: number }
  | { readonly kind: 'either' | 'several'; readonly threshold: number }
  | {
      readonly kind: 'boxes'
      readonly threshold: number
      /** Pixels of the original image, those of the image as it was resized, or fractions of the image as it was fed. */
      readonly unit: 'original' | 'fed' | 'fraction'
    }

/** One image, and how Python treats it. */
export interface PlainCase {
  readonly image: string
  readonly orient: boolean
  readonly reading: PlainPostProcess
  readonly preprocessing:
    | { readonly kind: 'tutorial'; readonly short: number; readonly crop: number }
    | { readonly kind: string; readonly operators: readonly object[] }
}

/** A tensor as Python gave it. */
export interface PlainTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array
}

/** What Python did with an image. */
export interface PlainRun {
  /** What the network was fed with, without the batch's dimension. */
  readonly input: PlainTensor
  readonly outputs: readonly PlainTensor[]
  /** Classes `[class, score]`, or boxes `[class, score, x1, y1, x2, y2]` in pixels of the original image, best first. */
  readonly answer: readonly (readonly number[])[]
}
