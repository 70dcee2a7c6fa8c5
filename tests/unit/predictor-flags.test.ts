import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import yargs from 'yargs'
import {
  predictorFlags,
  predictorFlagsTogether,
  predictorOptionsOf,
} from '../../src/commands/flags/predictor-flags.js'
import { flagOfOption } from '../../src/commands/flags/predictor/option-names.js'
import { taskFlags } from '../../src/commands/flags/task-flags.js'
import { predictorForm, toConfig, type PredictorOptions } from '../../src/inference/index.js'
import { said } from '../helpers/checked.js'

type Options = Omit<PredictorOptions, 'model'>

/** Parses a command line with yargs. */
function parsed(line: string): object {
  const { _, $0, ...args } = yargs(line.split(' '))
    .parserConfiguration({ 'dot-notation': false, 'duplicate-arguments-array': true })
    .options(predictorFlags)
    .strict()
    .exitProcess(false)
    .fail((message: string | null, error: unknown) => {
      throw error instanceof Error ? error : new Error(message ?? '')
    })
    .parseSync()
  expect([_, typeof $0]).toEqual([[], 'string'])
  return args
}

/** Each flag with a value, and the corresponding options. */
const flags: readonly (readonly [line: string, options: Options])[] = [
  ['--params m/weights', { params: 'm/weights' }],
  ['--device gpu:1', { device: 'gpu:1' }],
  ['--strict-shapes', { strictShapes: true }],
  ['--precision bf16', { precision: 'bf16' }],
  ['--cpu-threads auto', { cpuThreads: 'auto' }],
  ['--cpu-threads 3', { cpuThreads: 3 }],
  ['--one-dnn', { oneDnn: true }],
  ['--no-one-dnn', { oneDnn: false }],
  ['--one-dnn auto', { oneDnn: 'auto' }],
  ['--gpu-memory-mb 500', { gpuMemoryMb: 500 }],
  ['--tensor-rt', { tensorRt: true }],
  ['--open-vino', { openVino: true }],
  ['--onnx-runtime true', { onnxRuntime: true }],
  ['--cinn 1', { cinn: true }],
  ['--no-memory-optim', { memoryOptim: false }],
  ['--ir-optim=False', { irOptim: false }],
  ['--optimization-level 1', { optimizationLevel: 1 }],
  ['--new-ir', { newIr: true }],
  ['--new-executor f', { newExecutor: false }],
  ['--optim-cache-dir cache', { optimCacheDir: 'cache' }],
  ['--profile', { profile: true }],
  ['--no-strict', { strict: false }],
  ['--timeout-ms 5000', { timeoutMs: 5000 }],
  ['--prepare own.py:change', { prepare: 'own.py:change' }],

  ['--one-dnn-cache-capacity 0', { oneDnn: { cacheCapacity: 0 } }],
  ['--one-dnn-ops conv2d,pool2d', { oneDnn: { ops: ['conv2d', 'pool2d'] } }],
  ['--one-dnn-bf16-ops conv2d', { oneDnn: { bf16Ops: ['conv2d'] } }],
  ['--one-dnn-int8-ops fc --one-dnn-int8-ops matmul', { oneDnn: { int8Ops: ['fc', 'matmul'] } }],
  ['--no-one-dnn-fc-passes', { oneDnn: { fcPasses: false } }],
  ['--one-dnn --one-dnn-ops relu', { oneDnn: { ops: ['relu'] } }],
  ['--no-one-dnn --one-dnn-ops relu', { oneDnn: false }],

  ['--trt-workspace-size 4294967296', { tensorRt: { workspaceSize: 4294967296 } }],
  ['--trt-max-batch-size 8', { tensorRt: { maxBatchSize: 8 } }],
  ['--trt-min-subgraph-size 5', { tensorRt: { minSubgraphSize: 5 } }],
  ['--trt-precision int8', { tensorRt: { precision: 'int8' } }],
  ['--trt-use-static', { tensorRt: { useStatic: true } }],
  ['--no-trt-use-calib-mode', { tensorRt: { useCalibMode: false } }],
  ['--trt-use-cuda-graph', { tensorRt: { useCudaGraph: true } }],
  [
    '--trt-dynamic-shape x:1x3:4x3:8x3 --trt-dynamic-shape a:0:1:2:3',
    {
      tensorRt: {
        dynamicShape: {
          min: { x: [1, 3], 'a:0': [1] },
          optim: { x: [4, 3], 'a:0': [2] },
          max: { x: [8, 3], 'a:0': [3] },
        },
      },
    },
  ],
  [
    '--trt-dynamic-shape x:1:1:2 --trt-disable-plugin-fp16',
    {
      tensorRt: {
        dynamicShape: { min: { x: [1] }, optim: { x: [1] }, max: { x: [2] }, disablePluginFp16: true },
      },
    },
  ],
  ['--trt-collect-shapes new.pbtxt', { tensorRt: { collectShapes: 'new.pbtxt' } }],
  ['--trt-tuned-shapes old.pbtxt', { tensorRt: { tunedShapes: 'old.pbtxt' } }],
  [
    '--trt-tuned-shapes old.pbtxt --no-trt-allow-build-at-runtime',
    { tensorRt: { tunedShapes: { path: 'old.pbtxt', allowBuildAtRuntime: false } } },
  ],
  ['--trt-explicit-quantization', { tensorRt: { explicitQuantization: true } }],
  ['--trt-optimization-level 5', { tensorRt: { optimizationLevel: 5 } }],
  ['--trt-dla', { tensorRt: { dla: true } }],
  ['--trt-dla 0', { tensorRt: { dla: 0 } }],
  ['--trt-varseqlen', { tensorRt: { varseqlen: true } }],
  ['--trt-inspector', { tensorRt: { inspector: true } }],
  ['--trt-inspector serialize', { tensorRt: { inspector: 'serialize' } }],
  ['--trt-memory-sharing', { tensorRt: { memorySharing: true } }],
  ['--trt-disable-ops relu,conv2d', { tensorRt: { disableOps: ['relu', 'conv2d'] } }],
  ['--trt-mark-outputs y', { tensorRt: { markOutputs: ['y'] } }],
  ['--no-tensor-rt --trt-max-batch-size 8', { tensorRt: false }],

  ['--set-pass a,b', { passes: { set: ['a', 'b'] } }],
  ['--delete-pass a --delete-pass b,c', { passes: { delete: ['a', 'b', 'c'] } }],
  [
    '--insert-pass 0:a,12:b',
    {
      passes: {
        insert: [
          { index: 0, pass: 'a' },
          { index: 12, pass: 'b' },
        ],
      },
    },
  ],
  ['--append-pass a', { passes: { append: ['a'] } }],
  ['--custom-pass a', { passes: { custom: ['a'] } }],

  ['--xpu-l3-size 5', { xpu: { l3Size: 5 } }],
  ['--xpu-l3-locked', { xpu: { l3Locked: true } }],
  ['--xpu-conv-autotune', { xpu: { convAutotune: true } }],
  ['--xpu-conv-autotune-file tuned', { xpu: { convAutotuneFile: 'tuned' } }],
  ['--xpu-transformer-encoder-precision int8', { xpu: { transformerEncoderPrecision: 'int8' } }],
  ['--xpu-transformer-encoder-adaptive-seqlen', { xpu: { transformerEncoderAdaptiveSeqlen: true } }],
  ['--xpu-enable-multi-stream', { xpu: { enableMultiStream: true } }],
]

describe('flags and options correspond one to one', () => {
  const ofPredictor = new Map([...flagOfOption].filter(([option]) => !(option in taskFlags)))

  /** The names inside an option that is an object, from the error of its check. */
  const namesIn = (option: string, others: Options = {}): string[] => {
    const told = catching(() => toConfig({ model: 'm', ...others, [option]: { nobody: 1 } }))
    const [, names] = / (?:are|It takes) (.*)\.$/.exec(told) ?? []
    return names!.split(', ').map((name) => `${option}.${name}`)
  }

  test('each option has a flag, and each flag an option', () => {
    // Options for programs only, and objects, whose properties have flags.
    const without = ['model', 'python', 'signal', 'onWarning', 'passes', 'xpu']
    const options = [
      ...Object.keys(predictorForm).filter((name) => !without.includes(name)),
      ...namesIn('oneDnn'),
      ...namesIn('tensorRt', { device: 'gpu' }),
      ...namesIn('passes'),
      ...namesIn('xpu', { device: 'xpu' }),
      'tensorRt.dynamicShape.disablePluginFp16',
      'tensorRt.tunedShapes.allowBuildAtRuntime',
    ]
    expect([...ofPredictor.keys()].sort()).toEqual(options.sort())
    const names = [...ofPredictor.values()]
    expect(Object.keys(predictorFlags).map((name) => `--${name}`)).toEqual(names)
    expect(new Set(names).size).toBe(names.length)
  })

  test('each flag is in the table below', () => {
    const inTable = flags.flatMap(([line]) =>
      line
        .split(' ')
        .flatMap((word) => (word.startsWith('--') ? [word.replace(/^--no-/, '--').split('=')[0]] : [])),
    )
    expect(new Set(inTable)).toEqual(new Set(ofPredictor.values()))
  })

  test('docs/infer.md lists all of them', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/infer.md', import.meta.url)), 'utf8')
    const rows = [...page.matchAll(/^\| `(--[\w-]+) [^`]+` +\| `([\w.]+)` +\|$/gm)]
    expect(rows.map(([, flag, option]) => [option, flag])).toEqual([...ofPredictor])
  })

  test('the options of a task have flags too', () => {
    expect([...flagOfOption].filter(([option]) => option in taskFlags)).toEqual([
      ['resizeSize', '--resize-size'],
      ['cropSize', '--crop-size'],
      ['autoOrient', '--auto-orient'],
      ['maxPixels', '--max-pixels'],
      ['exact', '--exact'],
      ['topK', '--topk'],
      ['threshold', '--threshold'],
      ['labels', '--labels'],
      ['boxUnit', '--box-unit'],
      ['batchSize', '--batch-size'],
      ['workers', '--workers'],
      ['retries', '--retries'],
      ['maxRssMb', '--max-rss-mb'],
      ['maxRunsPerWorker', '--max-runs-per-worker'],
      ['startTimeoutMs', '--start-timeout-ms'],
    ])
  })

  test.each(flags)('%s', (line, options) => {
    expect(predictorOptionsOf(parsed(line))).toEqual(options)
  })

  test('options without flags are omitted', () => {
    expect(predictorOptionsOf({})).toEqual({})
  })
})

describe('an invalid flag', () => {
  test.each([
    ['--precision fp8', 'Expected one of fp32, fp16, bf16, int8 for --precision, got fp8.'],
    ['--one-dnn maybe', 'Expected true or false for --one-dnn, got maybe.'],
    ['--one-dnn-ops a,,b', 'Expected names separated by commas for --one-dnn-ops, got a,,b.'],
    ['--trt-dla one', 'Expected true or false for --trt-dla, got one.'],
    ['--trt-max-batch-size 0', 'Expected a positive integer for --trt-max-batch-size, got 0.'],
    ['--insert-pass a', 'Expected INDEX:PASS for --insert-pass, got a.'],
    ...['x', 'x:1x3', 'x:1:2', 'x:1x:2:3', 'x:-1:2:3', ':1:2:3'].map((shape) => [
      `--trt-dynamic-shape=${shape}`,
      'Expected NAME:LEAST:USUAL:GREATEST with shapes such as 1x3x224x224 for --trt-dynamic-shape, ' +
        `got ${shape}.`,
    ]),
  ])('%s', (line, message) => {
    expect(catching(() => parsed(line))).toBe(message)
  })
})

describe('conflicts between flags', () => {
  const together = (line: string): Promise<true | string> => said(predictorFlagsTogether(parsed(line)))

  test.each([
    [{ useGpu: true, device: 'gpu:1' }, true],
    [{ useGpu: true, precision: 'fp16' }, true],
    [
      { useGpu: true, device: 'cpu' },
      '--use-gpu true and --device cpu are mutually exclusive: use one of them.',
    ],
    [
      { useGpu: false, device: 'gpu' },
      '--use-gpu false and --device gpu are mutually exclusive: use one of them.',
    ],
  ])('%j', async (given, answer) => {
    expect(await said(predictorFlagsTogether(given))).toBe(answer)
  })

  test.each([
    [
      '--device tpu',
      'Expected `cpu`, `gpu`, `gpu:N`, `xpu:N`, `ipu` or a plugin’s `NAME:N` for --device, got tpu.',
    ],
    [
      '--precision fp16',
      'Expected one of `fp32`, `bf16`, `int8`, which the device `cpu` supports, for --precision, got fp16.',
    ],
    ['--tensor-rt', 'Expected `gpu` or `gpu:N`, which --tensor-rt requires, for --device, got cpu.'],
    ['--xpu-l3-size 1', 'Expected `xpu` or `xpu:N`, as required by --xpu-…, for --device, got cpu.'],
    [
      '--device gpu --one-dnn-ops relu',
      'Expected `auto` or `false`, as the device `gpu` does not support oneDNN, for --one-dnn.',
    ],
    [
      '--one-dnn-bf16-ops relu',
      'Expected `bf16`, which --one-dnn-bf16-ops requires, for --precision, got fp32.',
    ],
    [
      '--gpu-memory-mb 4294967296 --device gpu',
      'Expected an integer up to 2147483647 for --gpu-memory-mb, got 4294967296.',
    ],
    ['--insert-pass 4294967296:a', 'Expected an integer up to 2147483647 for --insert-pass, got 4294967296.'],
    ['--device gpu --trt-disable-plugin-fp16', '--trt-disable-plugin-fp16 requires --trt-dynamic-shape.'],
    [
      '--device gpu --trt-allow-build-at-runtime',
      '--trt-allow-build-at-runtime requires --trt-tuned-shapes.',
    ],
    ['--device gpu --tensor-rt --trt-dla', true],
  ])('%s', async (line, answer) => {
    expect(await together(line)).toBe(answer)
  })
})

function catching(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('Nothing was thrown.')
}
