import { z } from 'zod'
import { tutorialPreprocessing, type Normalisation, type Preprocessing, type Size } from './preprocessing.js'
import { UnfitConfig } from './unfit-config.js'

const pixels = z.int().positive()
const side = z.union([pixels, z.tuple([pixels, pixels])], { error: 'expected a size or [width, height]' })
const triple = z.tuple([z.number(), z.number(), z.number()])
const nothing = z.union([z.null(), z.strictObject({})]).optional()
const { scale, mean, std } = tutorialPreprocessing.normalise

/** The operators that are known, in the order in which they must come. */
const schemas = {
  DecodeImage: z
    .strictObject({
      to_rgb: z.literal(true).optional(),
      to_np: z.boolean().optional(),
      img_mode: z.literal('RGB').optional(),
      channel_first: z.literal(false).optional(),
    })
    .nullish(),
  ResizeImage: z.strictObject({
    resize_short: pixels.nullish(),
    size: side.nullish(),
    // Both of them are resized as Pillow's bilinear does for now.
    interpolation: z.enum(['bilinear', 'BILINEAR']).nullish(),
    backend: z.enum(['cv2', 'pil']).nullish(),
    return_numpy: z.boolean().nullish(),
  }),
  CropImage: z.strictObject({ size: side }),
  NormalizeImage: z
    .strictObject({
      scale: z
        .union([z.number(), z.string()])
        .nullish()
        .transform((value) => toScale(value ?? scale)),
      mean: triple.nullish().transform((value) => value ?? mean),
      std: triple.nullish().transform((value) => value ?? std),
      order: z.enum(['', 'hwc', 'chw']).nullish(),
      channel_num: z.literal(3).nullish(),
      output_fp16: z.literal(false).nullish(),
    })
    .nullish(),
  ToCHWImage: nothing,
  KeepKeys: z.looseObject({}).nullish(),
}
type Name = keyof typeof schemas
const names = Object.keys(schemas) as Name[]

/**
 * What the `transform_ops` of an `inference.yml` mean, each `{ Name: parameters }`.
 *
 * @throws UnfitConfig or ZodError for what is not known, or comes in another order than it is done here
 */
export function toPreprocessing(operators: readonly unknown[]): Preprocessing {
  const given: Partial<Record<Name, unknown>> = Object.fromEntries(inOrder(operators))
  if (!('ToCHWImage' in given)) throw new UnfitConfig('transform_ops lacks ToCHWImage, without which nothing is fed')
  const read = <N extends Name>(name: N): z.infer<(typeof schemas)[N]> | undefined =>
    name in given ? (z.object({ [name]: schemas[name] }).parse(given)[name] as z.infer<(typeof schemas)[N]>) : undefined
  read('DecodeImage')
  read('ToCHWImage')
  const resize = read('ResizeImage')
  const crop = read('CropImage')
  return {
    ...(resize && { resize: toResize(resize) }),
    ...(crop && { crop: toSize(crop.size) }),
    normalise: toNormalisation('NormalizeImage' in given, read('NormalizeImage')),
  }
}

function inOrder(operators: readonly unknown[]): [Name, unknown][] {
  const entries = operators.map(named)
  let last = -1
  for (const [name] of entries) {
    const place = names.indexOf(name)
    if (place <= last) {
      throw new UnfitConfig(`${name} cannot come after ${names[last] ?? ''}: the order is ${names.join(', ')}`)
    }
    last = place
  }
  return entries
}

function named(operator: unknown, index: number): [Name, unknown] {
  const entries =
    typeof operator === 'string' ? [[operator, null] as const] : Object.entries(z.looseObject({}).parse(operator ?? {}))
  const [entry] = entries
  if (entry === undefined || entries.length > 1) {
    throw new UnfitConfig(`transform_ops[${index}] is not one operator with its parameters`)
  }
  const name = names.find((candidate) => candidate === entry[0])
  if (name === undefined) throw new UnfitConfig(`the operator ${entry[0]} is unknown, known are ${names.join(', ')}`)
  return [name, entry[1]]
}

function toResize({ resize_short, size }: z.infer<typeof schemas.ResizeImage>): NonNullable<Preprocessing['resize']> {
  if (resize_short != null && size == null) return { short: resize_short, fraction: 'round' }
  if (size != null && resize_short == null) return toSize(size)
  throw new UnfitConfig('ResizeImage needs either resize_short or size')
}

function toSize(value: z.infer<typeof side>): Size {
  const [width, height] = typeof value === 'number' ? [value, value] : value
  return { width, height }
}

function toNormalisation(
  given: boolean,
  parameters: z.infer<typeof schemas.NormalizeImage> | undefined,
): Normalisation {
  if (!given) return { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] }
  const normalisation = { scale, mean, std, ...parameters }
  if (normalisation.std.includes(0)) throw new UnfitConfig('NormalizeImage divides by a std of 0')
  return { scale: normalisation.scale, mean: normalisation.mean, std: normalisation.std }
}

/** A number, or a fraction such as `1.0/255.0`, which PaddleClas evaluates as Python; nothing is evaluated here. */
function toScale(value: number | string): number {
  const parts = typeof value === 'number' ? [value] : value.split('/').map(toNumber)
  const [over = NaN, under = 1] = parts
  const result = over / under
  if (parts.length > 2 || !Number.isFinite(result)) {
    throw new UnfitConfig(`NormalizeImage.scale is neither a number nor a fraction: ${value}`)
  }
  return result
}

function toNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}
