import { describe, expect, test } from '@jest/globals'
import { predictorFlagsTogether, predictorOptionsOf } from '../../src/commands/predictor-flags.js'

describe('flags as options', () => {
  test('each is the option of its name, and what is not given is left out', () => {
    expect(predictorOptionsOf({})).toEqual({})
    expect(
      predictorOptionsOf({
        device: 'gpu:1',
        cpuThreads: 'auto',
        oneDnn: false,
        precision: 'fp16',
        irOptim: false,
        deletePass: ['a', 'b'],
        strict: false,
      }),
    ).toEqual({
      device: 'gpu:1',
      cpuThreads: 'auto',
      oneDnn: false,
      precision: 'fp16',
      irOptim: false,
      passes: { delete: ['a', 'b'] },
      strict: false,
    })
  })

  test('those of TensorRT and of oneDNN ask for it', () => {
    expect(predictorOptionsOf({ trtMaxBatchSize: 8 }).tensorRt).toEqual({ maxBatchSize: 8 })
    expect(predictorOptionsOf({ tensorRt: true }).tensorRt).toBe(true)
    expect(predictorOptionsOf({ tensorRt: false, trtMaxBatchSize: 8 }).tensorRt).toBe(false)
    expect(predictorOptionsOf({ oneDnnCacheCapacity: 1 }).oneDnn).toEqual({ cacheCapacity: 1 })
  })
})

describe('flags together', () => {
  test.each([
    [{ useGpu: true, device: 'gpu:1' }, true],
    [{ useGpu: true, precision: 'fp16' }, true],
    [
      { useGpu: true, device: 'cpu' },
      '--use-gpu true and --device cpu contradict each other: give one of them.',
    ],
    [
      { useGpu: false, device: 'gpu' },
      '--use-gpu false and --device gpu contradict each other: give one of them.',
    ],
    [
      { precision: 'fp16' },
      'Expected one of `fp32`, `bf16`, `int8`, which the device `cpu` computes in, for `precision`, got `fp16` (string).',
    ],
  ])('%j', async (flags, answer) => {
    expect(await predictorFlagsTogether(flags)).toBe(answer)
  })
})
