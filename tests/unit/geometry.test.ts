import { describe, expect, test } from '@jest/globals'
import { toRgb } from '../../src/image/decode/to-rgb.js'
import { centredCrop, resize } from '../../src/image/preprocess/geometry.js'
import { checkInputSize, inputSize } from '../../src/image/preprocess/input-size.js'
import { planResize } from '../../src/image/preprocess/resize-plan.js'
import type { Padding, PixelStep } from '../../src/model/index.js'

const size = (width: number, height: number) => ({ width, height })

describe('the size after resizing', () => {
  test.each([
    [size(650, 647), size(257, 256)],
    [size(647, 650), size(256, 257)],
    [size(500, 333), size(384, 256)],
    [size(100, 100), size(256, 256)],
    [size(10000, 10), size(256000, 256)],
  ])('%j with a fraction cut off: %j', (from, to) => {
    expect(resize(from, { short: 256, fraction: 'cut' }).size).toEqual(to)
  })

  test('a half is rounded to even', () => {
    expect(resize(size(5, 2), { short: 1, fraction: 'round' }).size).toEqual(size(2, 1))
    expect(resize(size(7, 2), { short: 1, fraction: 'round' }).size).toEqual(size(4, 1))
    expect(resize(size(500, 333), { short: 224, fraction: 'round' }).size).toEqual(size(336, 224))
  })

  test('a fixed size, by itself or by its scale', () => {
    const scale = { x: 3 / 5, y: 2 }
    expect(resize(size(5, 2), { ...size(3, 4), by: 'size' })).toEqual({
      size: size(3, 4),
      scale,
      byScale: false,
    })
    expect(resize(size(5, 2), { ...size(3, 4), by: 'scale' })).toEqual({
      size: size(3, 4),
      scale,
      byScale: true,
    })
  })

  test.each([
    // The shorter side decides, unless the longer one would be too long.
    [size(640, 480), { short: 800, long: 1333 }, size(1067, 800), 800 / 480],
    [size(480, 640), { short: 800, long: 1333 }, size(800, 1067), 800 / 480],
    [size(1000, 300), { short: 800, long: 1333 }, size(1333, 400), 1.333],
    [size(640, 427), { short: 640, long: 640 }, size(640, 427), 1],
    [size(10000, 3), { short: 100, long: 100 }, size(100, 1), 0.01],
  ])('%j within %j: %j', (from, to, expected, scale) => {
    expect(resize(from, to)).toEqual({ size: expected, scale: { x: scale, y: scale }, byScale: true })
  })

  test('both sides are rounded up to a multiple', () => {
    expect(resize(size(640, 427), { short: 640, long: 640 }, 32)).toEqual({
      size: size(640, 448),
      scale: { x: 1, y: 448 / 427 },
      byScale: false,
    })
    expect(resize(size(5, 2), { ...size(33, 32), by: 'scale' }, 32).size).toEqual(size(64, 32))
  })
})

test('the crop begins where numpy’s floor division puts it, or where Paddle rounds to', () => {
  expect(centredCrop(size(257, 256), size(224, 224))).toEqual({ left: 16, top: 16 })
  expect(centredCrop(size(227, 225), size(224, 224))).toEqual({ left: 1, top: 0 })
  expect(centredCrop(size(227, 225), size(224, 224), 'round')).toEqual({ left: 2, top: 0 })
  expect(centredCrop(size(223, 256), size(224, 224))).toBeUndefined()
})

describe('the steps on the pixels', () => {
  const linear = { library: 'opencv', method: 'linear' } as const
  const to = (width: number, height: number): PixelStep => ({
    step: 'resize',
    to: { width, height, by: 'size' },
    resampling: linear,
  })
  const crop = (width: number, height: number): PixelStep => ({ step: 'crop', size: { width, height } })
  const part = (left: number, top: number, width: number, height: number) => ({ left, top, width, height })

  test('none', () => {
    expect(planResize('x', size(5, 4), [])).toEqual({
      stages: [{ part: part(0, 0, 5, 4) }],
      resized: size(5, 4),
      scale: { x: 1, y: 1 },
    })
  })

  test('of a resized image only the part left by several crops is computed', () => {
    expect(planResize('x', size(5, 4), [to(10, 8), crop(7, 6), crop(2, 3)])).toEqual({
      stages: [{ resize: { size: size(10, 8), resampling: linear }, part: part(3, 2, 2, 3) }],
      resized: size(10, 8),
      scale: { x: 2, y: 2 },
    })
  })

  test('a crop before, and one resize after another', () => {
    expect(planResize('x', size(5, 4), [crop(4, 4), to(8, 8), to(2, 2), crop(1, 1)])).toEqual({
      stages: [
        { part: part(0, 0, 4, 4) },
        { resize: { size: size(8, 8), resampling: linear }, part: part(0, 0, 8, 8) },
        { resize: { size: size(2, 2), resampling: linear }, part: part(0, 0, 1, 1) },
      ],
      resized: size(2, 2),
      scale: { x: 0.4, y: 0.5 },
    })
  })

  test('a crop that does not fit', () => {
    expect(() => planResize('x.png', size(5, 4), [to(6, 3), crop(4, 4)])).toThrow(
      expect.objectContaining({
        code: 'IMAGE_TOO_SMALL',
        message:
          'x.png is 6 × 3 after resizing, too small for a crop of 4 × 4.\nResize to a larger size, or crop a smaller part.',
      }),
    )
  })
})

describe('the size of an input', () => {
  const fill = [0, 0, 0] as const
  const stride: Padding = { to: { multipleOf: 32 }, fill, isNormalised: false }
  const fixed: Padding = { to: size(40, 50), fill, isNormalised: true }

  test('with the padding', () => {
    expect(inputSize({ padding: [] }, size(33, 32))).toEqual(size(33, 32))
    expect(inputSize({ padding: [stride] }, size(33, 32))).toEqual(size(64, 32))
    expect(inputSize({ padding: [fixed, stride] }, size(33, 32))).toEqual(size(64, 64))
  })

  test('what does not fit, and what would need too much memory', () => {
    expect(() => {
      checkInputSize('x.png', { padding: [fixed] }, size(41, 3))
    }).toThrow(
      expect.objectContaining({
        code: 'IMAGE_TOO_LARGE',
        message:
          'x.png is 41 × 3 after resizing, too large to be padded to 40 × 50.\nResize it to a smaller size.',
      }),
    )
    expect(() => {
      checkInputSize('x.png', { padding: [{ ...stride, to: { multipleOf: 32768 } }] }, size(32769, 1))
    }).toThrow(
      expect.objectContaining({
        code: 'IMAGE_TOO_LARGE',
        message:
          'x.png would become an input of 2147483648 pixels (65536 × 32768), above the limit of 67108864.\nResize it to a smaller size.',
      }),
    )
  })
})

describe('conversion to RGB', () => {
  test.each([
    ['shift', [0, 0, 0, 1, 127, 255]],
    ['divide', [0, 0, 1, 1, 127, 255]],
    ['clip', [0, 128, 129, 255, 255, 255]],
  ] as const)('16 bits become 8: %s', async (narrowing, expected) => {
    const samples = Uint16Array.of(0, 128, 129, 257, 32767, 65535)
    const conversion = { narrowing, cmyk: 'rounded', isMultiplied: false } as const
    expect([...(await toRgb(samples, 1, 'grey', conversion))]).toEqual(
      expected.flatMap((value) => [value, value, value]),
    )
  })
  test('more samples than a list can hold', async () => {
    const samples = new Uint16Array(2 ** 27 + 4)
    samples.fill(65535, -4)
    const rgb = await toRgb(samples, 4, 'rgb')
    expect([rgb.length, ...rgb.subarray(-6)]).toEqual([3 * (2 ** 25 + 1), 0, 0, 0, 255, 255, 255])
  })
  test('alpha is dropped', async () => {
    expect([...(await toRgb(Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 9), 4, 'rgb'))]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...(await toRgb(Uint8Array.of(7, 0), 2, 'grey'))]).toEqual([7, 7, 7])
  })
  test('ink absorbs light', async () => {
    expect([...(await toRgb(Uint8Array.of(0, 128, 255, 0, 10, 20, 30, 255), 4, 'cmyk'))]).toEqual([
      255, 127, 0, 0, 0, 0,
    ])
  })
})
