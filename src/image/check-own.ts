import { checkInteger, checkOneOf, wrongType, wrongValue } from '../errors.js'
import type { Normalisation, Padding, Resampling } from '../model/index.js'
import type { RgbImage } from './normalise.js'
import { checkRawPixels } from './raw-pixels.js'

/** @throws TypeError or RangeError unless there are three bytes for each pixel */
export function checkRgbImage(image: RgbImage): void {
  if (typeof image !== 'object' || (image as unknown) === null) {
    throw wrongType('image', '{ width, height, data }', image)
  }
  checkRawPixels({ ...image, channels: 3 })
}

const methods: Readonly<Record<Resampling['library'], readonly string[]>> = {
  opencv: ['nearest', 'linear', 'cubic', 'area', 'lanczos4'],
  pillow: ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'],
}

/** @throws TypeError or RangeError for a library or a method that is not known */
export function checkResampling(resampling: Resampling): void {
  if (typeof resampling !== 'object' || (resampling as unknown) === null) {
    throw wrongType('resampling', '{ library, method }', resampling)
  }
  checkOneOf('resampling.library', Object.keys(methods), resampling.library)
  checkOneOf('resampling.method', methods[resampling.library], resampling.method)
}

/** @throws TypeError or RangeError */
export function checkNormalisation({ scale, mean, std }: Normalisation): void {
  checkFinite('normalise.scale', scale)
  checkTriple('normalise.mean', mean)
  checkTriple('normalise.std', std)
  if (std.includes(0)) throw wrongValue('normalise.std', 'numbers other than 0', std)
}

/** @throws TypeError or RangeError */
export function checkPadding(padding: readonly Padding[]): void {
  checkList('padding', padding)
  for (const [index, { to, fill }] of padding.entries()) {
    const name = `padding[${index}]`
    if ('multipleOf' in to) checkInteger(`${name}.to.multipleOf`, to.multipleOf, 1)
    else {
      checkInteger(`${name}.to.width`, to.width, 1)
      checkInteger(`${name}.to.height`, to.height, 1)
    }
    checkTriple(`${name}.fill`, fill)
  }
}

function checkList(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw wrongType(name, 'a list', value)
}

function checkTriple(name: string, values: unknown): void {
  if (!Array.isArray(values) || values.length !== 3) throw wrongType(name, 'three numbers', values)
  for (const [index, value] of values.entries()) checkFinite(`${name}[${index}]`, value)
}

function checkFinite(name: string, value: unknown): void {
  if (typeof value !== 'number') throw wrongType(name, 'a number', value)
  if (!Number.isFinite(value)) throw wrongValue(name, 'a finite number', value)
}
