import { describe, expect, test } from '@jest/globals'
import type { Stage } from '../../src/commands/benchmark/measure/measure-settings.js'
import type { Row } from '../../src/commands/benchmark/measure/rows.js'
import { supportedPrecisions } from '../../src/commands/benchmark/search/plan.js'
import { bestOf, recommend } from '../../src/commands/benchmark/search/recommend.js'
import { byPool, settingKey, type Setting } from '../../src/commands/benchmark/search/settings.js'
import { sharesOf, tuningStages, type Grid } from '../../src/commands/benchmark/search/tuning.js'
import { shellCommand } from '../../src/commands/terminal/shell-command.js'
import { PaddleError } from '../../src/errors.js'
import { measured, settingOf } from '../helpers/benchmark-outcome.js'

const unavailable = new PaddleError('PRECISION_UNAVAILABLE', 'no')

describe('the best setting', () => {
  test('has the highest throughput, or the lowest latency', () => {
    const [small, large] = [measured({ batchSize: 1 }, 50, 5), measured({ batchSize: 8 }, 90, 40)]
    const failed = { setting: settingOf({ precision: 'bf16' }), error: unavailable }
    expect(bestOf([failed, small, large])).toEqual({ throughput: large, latency: small })
  })

  test('needs the fewest resources among those that differ by noise only', () => {
    const one = measured({ workers: 1, cpuThreads: 2 }, 98, 10.2)
    const two = measured({ workers: 2 }, 100, 10)
    expect(bestOf([two, one])).toEqual({ throughput: one, latency: one })
    const slower = measured({ workers: 1, cpuThreads: 2 }, 96, 10.4)
    expect(bestOf([two, slower])).toEqual({ throughput: two, latency: two })
  })

  test('for latency does not have more workers, which single requests do not use', () => {
    const [one, two] = [measured({ workers: 1 }, 50, 12), measured({ workers: 2 }, 100, 8)]
    expect(bestOf([two, one])).toEqual({ throughput: two, latency: one })
  })

  test('is undefined without measurements', () => {
    expect(bestOf([{ setting: settingOf(), error: unavailable }])).toBeUndefined()
  })
})

describe('the recommendation', () => {
  const row = measured({ workers: 2, batchSize: 32, precision: 'bf16', executor: 'new-ir' }, 1, 1)
  const network = { model: 'm', imgPath: undefined, options: {}, flags: [] }
  const flags =
    '--workers 2 --cpu-threads 1 --batch-size 32 --max-batch-size 32 --precision bf16 --new-ir --new-executor'

  test('contains flags of infer and options of a pool', () => {
    expect(recommend({ throughput: row, latency: row }, network).throughput).toEqual({
      measured: row,
      batchSize: 32,
      flags,
      command: undefined,
      options: {
        model: 'm',
        workers: 2,
        cpuThreads: 1,
        precision: 'bf16',
        newIr: true,
        newExecutor: true,
      },
    })
  })

  test('contains the full command with images, quoted for a shell', () => {
    const given = {
      ...network,
      model: "it's mine",
      imgPath: ['a b', '*.jpg'],
      flags: ['--one-dnn-ops', 'conv2d'],
    }
    const { throughput, latency } = recommend({ throughput: row, latency: row }, given)
    const start = String.raw`paddle-ts infer --model-dir 'it'\''s mine' --img-path 'a b' --img-path '*.jpg'`
    expect(throughput.command).toBe(`${start} ${flags} --one-dnn-ops conv2d`)
    // Single images: a batch of one.
    expect(latency.command).toBe(
      `${start} --workers 2 --cpu-threads 1 --batch-size 1 --precision bf16 --new-ir --new-executor --one-dnn-ops conv2d`,
    )
  })

  test('disables oneDNN if the network failed with it', () => {
    const healed = { ...measured({}, 1, 1), withoutOneDnn: true }
    const { throughput } = recommend({ throughput: healed, latency: healed }, network)
    expect([throughput.flags, throughput.options]).toEqual([
      '--workers 1 --cpu-threads 1 --batch-size 1 --no-one-dnn',
      { model: 'm', workers: 1, cpuThreads: 1, oneDnn: false },
    ])
  })
})

test('a command line is quoted for a shell', () => {
  expect(shellCommand(['a', '', '$b', 'c/d=1,2'])).toBe("a '' '$b' c/d=1,2")
})

describe('settings', () => {
  test('are deduplicated and grouped by pool', () => {
    const [a, b, c] = [settingOf(), settingOf({ workers: 2 }), settingOf({ batchSize: 8 })]
    expect(byPool([a, b, c, settingOf()])).toEqual([[a, c], [b]])
  })

  test.each([
    [1, [1]],
    [2, [1, 2]],
    [6, [1, 2, 4, 6]],
    [8, [1, 2, 4, 8]],
  ])('shares of %d cores', (cores, shares) => {
    expect(sharesOf(cores)).toEqual(shares)
  })
})

test.each([
  ['cpu', ['avx512bw', 'avx512_bf16'], ['fp32', 'bf16']],
  ['cpu', ['amx_tile', 'amx_bf16'], ['fp32', 'bf16']],
  ['cpu', ['avx512bw'], ['fp32']],
  ['cpu', undefined, ['fp32']],
  ['gpu:0', ['avx512_bf16'], ['fp32', 'fp16']],
  ['xpu:0', ['avx512_bf16'], ['fp32']],
])('the precisions to search on %s with %j', (device, features, precisions) => {
  expect(supportedPrecisions(device, features)).toEqual(precisions)
})

describe('the search', () => {
  const grid: Grid = {
    workers: [1, 2, 4],
    cpuThreads: [1, 2, 4],
    batchSizes: [1, 2, 4, 8, 16, 32],
    precisions: ['fp32', 'bf16'],
    executors: ['default', 'new-ir'],
    cores: 4,
  }

  /** Runs the stages on a simulated machine; returns the new settings of each stage. */
  function search(stages: readonly Stage[], measure: (setting: Setting) => Row): string[][] {
    const rows: Row[] = []
    return stages.map((stage) => {
      const known = new Set(rows.map(({ setting }) => settingKey(setting)))
      const asked = byPool(stage(rows))
        .flat()
        .filter((setting) => !known.has(settingKey(setting)))
      rows.push(...asked.map(measure))
      return asked.map(settingKey)
    })
  }

  /** Workers gain more than threads, bf16 is faster than fp32, and so are batches up to 16. */
  function onMachine(setting: Setting): Row {
    const { workers, cpuThreads, batchSize, precision, executor } = setting
    const speed = (precision === 'bf16' ? 1.5 : 1) * (executor === 'new-ir' ? 0.8 : 1) * cpuThreads ** 0.5
    const bulk = batchSize <= 16 ? 1 + Math.log2(batchSize) / 4 : 1.5
    return measured(setting, 100 * speed * workers * bulk, (10 * batchSize) / speed)
  }

  test('tunes one parameter after the other, with the best values so far', () => {
    expect(search(tuningStages(grid), onMachine)).toEqual([
      ['fp32 default', 'fp32 new-ir', 'bf16 default', 'bf16 new-ir'].flatMap((kind) => [
        `1 1 ${kind} 1`,
        `1 1 ${kind} 8`,
      ]),
      ['1 2', '1 4'].flatMap((pool) => [`${pool} bf16 default 1`, `${pool} bf16 default 8`]),
      ['2 1', '2 2', '4 1'].flatMap((pool) => [`${pool} bf16 default 1`, `${pool} bf16 default 8`]),
      ['2', '4', '16', '32'].map((batch) => `4 1 bf16 default ${batch}`),
    ])
  })

  test('skips settings that fail', () => {
    const machine = (setting: Setting): Row =>
      setting.precision === 'bf16' ? { setting, error: unavailable } : onMachine(setting)
    const [, ...later] = search(tuningStages(grid), machine)
    expect(later.flat().filter((key) => !key.includes('fp32 default'))).toEqual([])
    expect(later.at(-1)).toEqual(['2', '4', '16', '32'].map((batch) => `4 1 fp32 default ${batch}`))
    expect(search(tuningStages(grid), (setting) => ({ setting, error: unavailable })).slice(1)).toEqual([
      [],
      [],
      [],
    ])
  })

  test('is restricted to the values of a list, even to more than there are cores', () => {
    const one = { ...grid, workers: [8], cpuThreads: [2], batchSizes: [4] }
    const kinds = ['fp32 default', 'fp32 new-ir', 'bf16 default', 'bf16 new-ir']
    expect(search(tuningStages(one), onMachine)).toEqual([kinds.map((kind) => `8 2 ${kind} 4`), [], [], []])
  })
})
