import { wrongType, wrongValue } from '../errors.js'
import type { Normalisation, Padding, Resampling } from '../model/index.js'
import { count, finite, word } from '../options/index.js'
import type { RgbImage } from './normalise.js'
import { checkRawPixels } from './raw-pixels.js'

/** @throws TypeError or RangeError unless there are three bytes for each pixel */
export function checkRgbImage(image: RgbImage): void {
  if (typeof image !== 'object' || (image as unknown) === null) {
    throw wrongType('image', '{ width, height, data }', image)
  }
  checkRawPixels({ ...image, channels: 3 })
}

const libraries = word('opencv', 'pillow')
const methods = {
  opencv: word('nearest', 'linear', 'cubic', 'area', 'lanczos4'),
  pillow: word('nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'),
} as const
const sides = count(1)

/** @throws TypeError or RangeError for a library or a method that is not known */
export function checkResampling(resampling: Resampling): void {
  if (typeof resampling !== 'object' || (resampling as unknown) === null) {
    throw wrongType('resampling', '{ library, method }', resampling)
  }
  const library = libraries.check('resampling.library', resampling.library)
  methods[library].check('resampling.method', resampling.method)
}

/** @throws TypeError or RangeError */
export function checkNormalisation({ scale, mean, std }: Normalisation): void {
  finite.check('normalise.scale', scale)
  checkTriple('normalise.mean', mean)
  checkTriple('normalise.std', std)
  if (std.includes(0)) throw wrongValue('normalise.std', 'numbers other than 0', std)
}

/** @throws TypeError or RangeError */
export function checkPadding(padding: readonly Padding[]): void {
  const given: unknown = padding
  if (!Array.isArray(given)) throw wrongType('padding', 'a list', given)
  for (const [index, { to, fill }] of padding.entries()) {
    const name = `padding[${index}]`
    if ('multipleOf' in to) sides.check(`${name}.to.multipleOf`, to.multipleOf)
    else {
      sides.check(`${name}.to.width`, to.width)
      sides.check(`${name}.to.height`, to.height)
    }
    checkTriple(`${name}.fill`, fill)
  }
}

function checkTriple(name: string, values: unknown): void {
  if (!Array.isArray(values) || values.length !== 3) throw wrongType(name, 'three numbers', values)
  for (const [index, value] of values.entries()) finite.check(`${name}[${index}]`, value)
}
