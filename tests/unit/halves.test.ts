import { describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import fc from 'fast-check'
import { interpreterArguments, interpreterEnvironment } from '../../src/python/index.js'
import { fromHalves, toHalves, type Half } from '../../src/tensor/index.js'
import { testPython } from '../helpers/python.js'

/**
 * The reference in Python: float16 by numpy; a bfloat16, which numpy lacks, is the nearest of the two float32
 * that end in 16 zeros.
 */
const truth = `
import json, struct, sys
import numpy as np
def bfloat16(x):
    if x != x: return 0x7fc0
    sign = 0x8000 if np.signbit(x) else 0
    at = abs(x)
    decode = lambda bits: struct.unpack('<f', struct.pack('<I', bits << 16))[0] if bits < 0x7f80 else 2.0 ** 128
    low, high = 0, 0x7f80
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if decode(middle) <= at else (low, middle)
    if at > decode(high): return sign | high
    below, above = at - decode(low), decode(high) - at
    return sign | (low if below < above or (below == above and low % 2 == 0) else high)
half, values = json.load(sys.stdin)
values = np.array([struct.unpack('<d', bytes.fromhex(text))[0] for text in values])
with np.errstate(over='ignore'):
    bits = values.astype('float16').view('uint16').tolist() if half == 'float16' else [bfloat16(float(x)) for x in values]
print(json.dumps(bits))
`

async function truthOf(half: Half, values: readonly number[]): Promise<number[]> {
  const texts = values.map((value) => {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(value)
    return bytes.toString('hex')
  })
  const { stdout } = await execa(await testPython(), [...interpreterArguments, '-c', truth], {
    input: JSON.stringify([half, texts]),
    env: interpreterEnvironment(),
    extendEnv: false,
  })
  return JSON.parse(stdout) as number[]
}

const isNaNBits = (half: Half, bits: number): boolean =>
  (bits & 0x7fff) > (half === 'float16' ? 0x7c00 : 0x7f80)

describe.each<Half>(['float16', 'bfloat16'])('%s', (half) => {
  const every = Uint16Array.from({ length: 65536 }, (_, bits) => bits)

  test('a round trip preserves every value', () => {
    const back = toHalves(half, fromHalves(half, every))
    for (const bits of every) {
      if (isNaNBits(half, bits)) expect(isNaNBits(half, back[bits]!)).toBe(true)
      else if (back[bits] !== bits) expect(back[bits]).toBe(bits)
    }
  })

  test('rounds as numpy and arithmetic do', async () => {
    const numbers = fromHalves(half, every)
    const between = Array.from({ length: 0x7f00 / 8 }, (_, index) => {
      const bits = 8 * index + (index % 8)
      const [low, high] = [numbers[bits]!, numbers[bits + 1]!]
      return (low + high) / 2
    }).filter(Number.isFinite)
    const sampled = fc.sample(fc.double({ noNaN: true }), { numRuns: 2000, seed: 1 })
    const near = fc.sample(fc.double({ min: -7e4, max: 7e4, noNaN: true }), { numRuns: 2000, seed: 2 })
    const tiny = fc.sample(fc.double({ min: -1e-4, max: 1e-4, noNaN: true }), { numRuns: 2000, seed: 3 })
    const ends = [0, -0, Infinity, -Infinity, 65504, 65519.99, 65520, -65520, 3.4e38, 3.395e38, 2 ** 128]
    const values = [...between, ...between.map((value) => -value), ...sampled, ...near, ...tiny, ...ends]
    expect([...toHalves(half, values)]).toEqual(await truthOf(half, values))
  })

  test('keeps NaN', () => {
    expect([...fromHalves(half, toHalves(half, [NaN]))]).toEqual([NaN])
  })

  test('rejects anything else', () => {
    expect(() => toHalves('float32' as Half, [1])).toThrow(
      new TypeError('Expected float16 or bfloat16 for `dtype`, got `float32` (string).'),
    )
    expect(() => fromHalves(half, new Float32Array(1) as never)).toThrow(
      new TypeError('Expected a Uint16Array for `bits`, got an object (Float32Array).'),
    )
  })
})
