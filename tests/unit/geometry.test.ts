import { describe, expect, test } from '@jest/globals'
import { centredCrop, resizedSize } from '../../src/image/geometry.js'
import { toRgb } from '../../src/image/to-rgb.js'

const size = (width: number, height: number) => ({ width, height })

describe('the size after resizing', () => {
  test.each([
    [size(650, 647), size(257, 256)],
    [size(647, 650), size(256, 257)],
    [size(500, 333), size(384, 256)],
    [size(100, 100), size(256, 256)],
    [size(10000, 10), size(256000, 256)],
  ])('%j cut to %j', (from, to) => {
    expect(resizedSize(from, { short: 256, fraction: 'cut' })).toEqual(to)
  })

  test('a half is rounded to the even number', () => {
    expect(resizedSize(size(5, 2), { short: 1, fraction: 'round' })).toEqual(size(2, 1))
    expect(resizedSize(size(7, 2), { short: 1, fraction: 'round' })).toEqual(size(4, 1))
    expect(resizedSize(size(500, 333), { short: 224, fraction: 'round' })).toEqual(size(336, 224))
  })

  test('a fixed size, and none', () => {
    expect(resizedSize(size(5, 2), size(3, 4))).toEqual(size(3, 4))
    expect(resizedSize(size(5, 2), undefined)).toEqual(size(5, 2))
  })
})

test('the crop begins where numpy’s floor division says', () => {
  expect(centredCrop(size(257, 256), size(224, 224))).toEqual({ left: 16, top: 16 })
  expect(centredCrop(size(223, 256), size(224, 224))).toBeUndefined()
})

describe('to RGB', () => {
  test('16 bits are divided by 257 and rounded', async () => {
    const samples = Uint16Array.of(0, 128, 129, 257, 32767, 65535)
    expect([...(await toRgb(samples, 1, 'grey'))]).toEqual(
      [0, 0, 1, 1, 127, 255].flatMap((value) => [value, value, value]),
    )
  })
  test('more samples than a list may have', async () => {
    const samples = new Uint16Array(2 ** 27 + 4)
    samples.fill(65535, -4)
    const rgb = await toRgb(samples, 4, 'rgb')
    expect([rgb.length, ...rgb.subarray(-6)]).toEqual([3 * (2 ** 25 + 1), 0, 0, 0, 255, 255, 255])
  })
  test('alpha is dropped', async () => {
    expect([...(await toRgb(Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 9), 4, 'rgb'))]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...(await toRgb(Uint8Array.of(7, 0), 2, 'grey'))]).toEqual([7, 7, 7])
  })
  test('ink takes light', async () => {
    expect([...(await toRgb(Uint8Array.of(0, 128, 255, 0, 10, 20, 30, 255), 4, 'cmyk'))]).toEqual([
      255, 127, 0, 0, 0, 0,
    ])
  })
})
