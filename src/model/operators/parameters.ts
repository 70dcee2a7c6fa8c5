import { z } from 'zod'
import type { Resampling, Size } from '../preprocessing.js'
import { tutorialPreprocessing } from '../preprocessing.js'

export const pixels = z
  .int()
  .positive()
  .max(2 ** 20)

/** One size for both sides, or one for each. */
export const sides = z.union([pixels, z.tuple([pixels, pixels])], { error: 'expected a size or two' })

export const triple = z.tuple([z.number(), z.number(), z.number()], { error: 'expected three numbers' })

/** What holds where a file does not say it. */
export const imageNet = tutorialPreprocessing.normalise

/** A size from `[width, height]`, as PaddleClas writes it. */
export function widthFirst(value: z.infer<typeof sides>): Size {
  const [width, height] = typeof value === 'number' ? [value, value] : value
  return { width, height }
}

/** A size from `[height, width]`, as PaddleDetection writes it. */
export function heightFirst(value: z.infer<typeof sides>): Size {
  const [height, width] = typeof value === 'number' ? [value, value] : value
  return { width, height }
}

type Method<Library extends Resampling['library']> = Extract<Resampling, { library: Library }>['method']

/** The names by which PaddleClas and PaddleX call OpenCV's ways of resampling. */
export const openCvMethods: Readonly<Record<string, Method<'opencv'>>> = {
  nearest: 'nearest',
  bilinear: 'linear',
  linear: 'linear',
  bicubic: 'cubic',
  cubic: 'cubic',
  area: 'area',
  lanczos: 'lanczos4',
  lanczos4: 'lanczos4',
}

/** The names by which they call Pillow's. */
export const pillowMethods: Readonly<Record<string, Method<'pillow'>>> = {
  nearest: 'nearest',
  bilinear: 'bilinear',
  bicubic: 'bicubic',
  box: 'box',
  lanczos: 'lanczos',
  lanczos4: 'lanczos',
  hamming: 'hamming',
}
