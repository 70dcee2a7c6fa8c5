import '../helpers/nothing-left.js'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { computesBfloat16, withBfloat16 } from '../helpers/bfloat16-cpu.js'
import { paddleTs, said } from '../helpers/command-line.js'
import { makeBfloat16Nets, makeDetectors, makeMoreNets, makeNets, type Nets } from '../helpers/nets.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { wheelVersion } from '../helpers/wheel.js'

const tiny = 'models/doctor'

let folder: string
let nets: Nets
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchmark-'))
  nets = await makeNets()
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await nets[Symbol.asyncDispose]()
})

async function benchmark(...args: string[]) {
  const { stdout, stderr, exitCode } = await paddleTs(['benchmark', ...args])
  return { stdout, stderr, exitCode }
}

interface Result {
  readonly workers: number
  readonly cpuThreads: number
  readonly batchSize: number
  readonly runs?: number
  readonly error?: { readonly code: string; readonly message: string }
}

interface Told {
  readonly results: readonly Result[]
  readonly best?: { readonly throughput: Result & { readonly flags: string } }
  readonly stopped?: string
}

describe('invalid and conflicting flags', () => {
  test.each([
    [['--workers', '1,0'], 'Expected an integer from 1 to 1024 for --workers, got 0.'],
    [
      ['--precision', 'fp32,fp16'],
      'Expected one of `fp32`, `bf16`, `int8`, which the device `cpu` supports, for --precision, got fp16.',
    ],
    [['--executor', 'fast'], 'Expected one of default, new-executor, new-ir for --executor, got fast.'],
    [['--new-ir'], 'Unknown flag: --new-ir'],
    [['--shape', 'x'], 'Expected NAME=SHAPE, such as x=1,3,224,224, for --shape, got x.'],
    [
      ['--shape', 'x=1,3', '--img-path', 'a.jpg'],
      '--shape and --img-path are mutually exclusive: images have the network’s size.',
    ],
    [
      ['--img-path', 'a.jpg', '--crop-size', '300'],
      'Expected an integer up to 256 (the default of --resize-size) for --crop-size, got 300.',
    ],
    [['--runs', '5', '--duration', '1'], '--duration and --runs are mutually exclusive: use one of them.'],
    [['--max-seconds', '0'], 'Expected a number of seconds above 0 for --max-seconds, got 0.'],
    [['--output', 'out.txt'], 'Expected FILE.json for --output, got out.txt.'],
    [['--report', 'out.pdf'], 'Expected FILE.html for --report, got out.pdf.'],
  ])('%j', async (flags, message) => {
    expect(await benchmark('--model-dir', tiny, ...flags)).toEqual({
      stdout: '',
      stderr: `${message}\nSee: paddle-ts benchmark --help`,
      exitCode: 2,
    })
  })

  test('errors are reported before anything is measured', async () => {
    expect(await benchmark('--model-dir', tiny, '--report', `${folder}/none/r.html`)).toEqual({
      stdout: '',
      stderr: `${folder}/none/r.html cannot be written (ENOENT): the folder ${folder}/none does not exist.\nCreate the folder, or use another file.\n[FILE_NOT_WRITTEN]`,
      exitCode: 1,
    })
    expect(await benchmark('--model-dir', tiny, '--img-path', folder)).toEqual({
      stdout: '',
      stderr: `There is no image in ${folder}: it contains no files.\nUse another folder.\n[IMAGE_NOT_FOUND]`,
      exitCode: 1,
    })
  })
})

test('all combinations, as a table, as JSON and as a page', async () => {
  const [output, report] = [join(folder, 'out.json'), join(folder, 'report.html')]
  const files = ['--output', output, '--report', report]
  const lists = ['--workers', '1,2', '--batch-size', '1,4']
  const { stdout, stderr, exitCode } = await benchmark(
    ...['--model-dir', tiny, ...lists, '--runs', '5', '--warmup', '1', '--no-one-dnn', ...files],
  )
  expect(exitCode).toBe(0)
  const settings = ['1 worker × 1 thread', '2 workers × 1 thread'].flatMap((pool) =>
    [1, 4].map((batch) => `${pool}, fp32, batch ${batch}`),
  )
  expect(stderr).toBe(settings.map((setting) => `- Measuring ${setting}`).join('\n'))

  const lines = stdout.split('\n')
  expect(lines[0]).toBe(`${tiny}: the network alone; a batch of one is x [1,3]`)
  expect(lines[1]).toMatch(/^paddle \d+\.\d+\.\d+, Node \d+\.\d+\.\d+, paddle-ts \d+\.\d+\.\d+$/)
  const figures = String.raw`fp32       default   ( +\d+\.\d+){5} +5`
  for (const [index, start] of [
    '1        1      1',
    '1        1      4',
    '2        1      1',
    '2        1      4',
  ].entries()) {
    expect(lines[4 + index]).toMatch(
      new RegExp(`^ {6}${start}  ${figures}(  (throughput|latency|throughput, latency))?$`),
    )
  }
  expect(lines[8]).toMatch(/^Best throughput, \d+\.\d samples\/s:$/)
  expect(lines[10]).toMatch(/^Best latency, \d+\.\d\d ms:$/)
  for (const index of [9, 11]) {
    expect(lines[index]).toMatch(/^ {2}--workers [12] --cpu-threads 1 --batch-size [14] --no-one-dnn$/)
  }
  expect(lines).toHaveLength(12)

  const told = JSON.parse(await readFile(output, 'utf8')) as Told & Record<string, unknown>
  const times = { min: expect.any(Number), mean: expect.any(Number), max: expect.any(Number) }
  const percentiles = { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) }
  expect(told.results).toEqual(
    [1, 2].flatMap((workers) =>
      [1, 4].map((batchSize) => ({
        ...{ workers, cpuThreads: 1, batchSize, precision: 'fp32', executor: 'default', runs: 5 },
        throughput: expect.any(Number),
        latencyMs: { ...times, ...percentiles },
        loadedLatencyMs: { ...times, ...percentiles },
      })),
    ),
  )
  expect(lines[9]).toBe(`  ${told.best!.throughput.flags}`)
  expect(told).toMatchObject({ model: tiny, format: 'pdmodel', unit: 'samples/s', shapes: { x: [1, 3] } })
  const page = await readFile(report, 'utf8')
  expect(page).toContain(`<title>Benchmark of ${tiny}</title>`)
  expect(page).toContain('id="throughput-plot"')
})

describe('a network with a fixed batch size', () => {
  const args = (): string[] => ['--model-dir', nets.fixed, '--runs', '2', '--json', '--batch-size']
  const message = 'The program has a fixed batch size: x is float32 [2,3].\nMeasure it with --batch-size 2.'

  test('another batch size is a row with the reason; the others are measured', async () => {
    const { stdout, exitCode } = await benchmark(...args(), '1,2')
    const { results, best } = JSON.parse(stdout) as Told
    expect(results).toMatchObject([
      { batchSize: 1, error: { code: 'MODEL_UNSUITABLE', message } },
      { batchSize: 2, runs: 2 },
    ])
    expect([best!.throughput.batchSize, exitCode]).toEqual([2, 0])
  })

  test('the command fails if nothing could be measured; after --max-seconds no setting starts', async () => {
    const { stdout, exitCode } = await benchmark(...args(), '1,2', '--max-seconds', '.000001')
    const { results, best, stopped } = JSON.parse(stdout) as Told
    expect(results).toMatchObject([{ batchSize: 1, error: { code: 'MODEL_UNSUITABLE', message } }])
    expect([best, stopped, exitCode]).toEqual([undefined, 'time', 1])
  })
})

test('a precision that fails for the network, on a CPU with it or a stand-in, is a row with the reason', async () => {
  await using made = await makeBfloat16Nets()
  const model = join(made.folder, 'biased')
  const { stdout, exitCode } = await benchmark(
    ...['--model-dir', model, '--precision', 'bf16,fp32', '--batch-size', '1,2', '--runs', '2', '--json'],
    ...(withBfloat16.prepare === undefined ? [] : ['--prepare', withBfloat16.prepare]),
  )
  const { results, best } = JSON.parse(stdout) as Told
  const failed = {
    error: {
      code: 'PRECISION_UNAVAILABLE',
      message:
        `bf16 was requested, but the network does not work in bf16: Paddle could not run ${model}/inference.pdmodel: ` +
        'ValueError: (InvalidArgument) The type of data we are trying to retrieve (float32) does not match the type of ' +
        'data (bfloat16) currently contained in the container.\n' +
        'Leave bf16 out: --precision fp32.',
    },
  }
  const works = !computesBfloat16 || (await wheelVersion()).startsWith('2.')
  expect(results).toMatchObject(
    ['bf16', 'fp32'].flatMap((precision) =>
      [1, 2].map((batchSize) => ({
        ...{ precision, batchSize },
        ...(precision === 'fp32' || works ? { runs: 2 } : failed),
      })),
    ),
  )
  expect([best !== undefined, exitCode]).toEqual([true, 0])
})

test('an unknown dimension is an error', async () => {
  expect(await benchmark('--model-dir', nets.grow)).toEqual({
    stdout: '',
    stderr:
      '- Measuring 1 worker × 1 thread, fp32, batch 1\n' +
      'Input x is float32 [-1,-1]: the size of its dimension 1 is unknown.\n' +
      'Set its shape for a batch of one: --shape x=1,SIZE\n[MODEL_UNSUITABLE]',
    exitCode: 1,
  })
})

test('flags of decoding, which can be defaults of all commands, have no effect without images', async () => {
  const flags = ['--exact', '--max-pixels', '9', '--runs', '1', '--warmup', '0', '--json']
  const { stdout, exitCode } = await benchmark('--model-dir', tiny, ...flags)
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ results: [{ runs: 1 }] })
})

test('a detector is measured from files to boxes', async () => {
  await using detectors = await makeDetectors()
  const model = join(detectors.folder, 'counted')
  const flags = ['--img-path', 'images/characters', '--batch-size', '1,2', '--runs', '2', '--warmup', '1']
  const { stdout, exitCode } = await benchmark('--model-dir', model, ...flags, '--json')
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ images: 12, results: [{ batchSize: 1 }, { batchSize: 2 }] })
})

test('--tune searches the batch sizes of the best division of the cores', async () => {
  const { stdout, exitCode } = await benchmark(
    ...['--model-dir', tiny, '--tune', '--workers', '1', '--cpu-threads', '1,2', '--executor', 'default'],
    ...['--precision', 'fp32', '--runs', '2', '--max-seconds', '100000', '--json'],
  )
  const { results, best, stopped } = JSON.parse(stdout) as Told
  const { cpuThreads } = best!.throughput
  const batches = results
    .filter((result) => result.cpuThreads === cpuThreads)
    .map(({ batchSize }) => batchSize)
  expect(batches.sort((a, b) => a - b)).toEqual([1, 2, 4, 8, 16, 32])
  expect([stopped, exitCode]).toEqual([undefined, 0])
})

test('Ctrl-C: the results so far are reported, and nothing is left behind', async () => {
  const output = join(folder, 'interrupted.json')
  const command = paddleTs([
    ...['benchmark', '--model-dir', nets.heavy, '--batch-size', '1,4096', '--runs', '2', '--warmup', '0'],
    ...['--output', output],
  ])
  await said(command, 'batch 4096')
  command.kill('SIGINT')
  const { stdout, exitCode } = await command
  expect(exitCode).toBe(130)
  expect(stdout.split('\n').slice(3)).toEqual([
    expect.stringMatching(/^workers {2}threads /),
    expect.stringMatching(/^ {6}1 {8}1 {6}1 {2}fp32 .* 2 {2}throughput, latency$/),
    expect.stringMatching(/^Best throughput, /),
    '  --workers 1 --cpu-threads 1 --batch-size 1',
    expect.stringMatching(/^Best latency, /),
    '  --workers 1 --cpu-threads 1 --batch-size 1',
    'Interrupted: the remaining settings were not measured.',
  ])
  expect(JSON.parse(await readFile(output, 'utf8'))).toMatchObject({
    results: [{ batchSize: 1, runs: 2 }],
    stopped: 'interrupt',
  })
})

test('without a measurement, the files of an earlier run are kept', async () => {
  const [output, report] = [join(folder, 'earlier.json'), join(folder, 'earlier.html')]
  await writeFile(output, 'earlier')
  const prepare = `${join(folder, 'forever.py')}:forever`
  await writeFile(join(folder, 'forever.py'), 'import signal\ndef forever(config): signal.pause()\n')
  const flags = ['--model-dir', tiny, '--prepare', prepare, '--output', output, '--report', report]
  const command = paddleTs(['benchmark', ...flags])
  await said(command, 'Measuring')
  command.kill('SIGINT')
  const { stderr, exitCode } = await command
  expect(exitCode).toBe(130)
  expect(stderr).toContain(`${output} is kept as it was: no setting was measured.`)
  expect(await readFile(output, 'utf8')).toBe('earlier')
  expect(await readFile(report, 'utf8')).toContain('Interrupted')
})

describeReal('a network that requires a LoD', () => {
  test('is measured on sequences of equal length', async () => {
    const model = join(realModels, 'text-classifier-lod')
    const flags = ['--model-dir', model, '--batch-size', '1,3', '--runs', '2', '--json']
    const { stdout, exitCode } = await benchmark(...flags)
    expect(exitCode).toBe(0)
    const { shapes, results } = JSON.parse(stdout) as Record<string, unknown>
    expect(shapes).toEqual({ words: [16, 1] })
    expect(results).toMatchObject([
      { batchSize: 1, runs: 2 },
      { batchSize: 3, runs: 2 },
    ])
  })
})

test('networks with inputs of one and two levels of LoD, and shapes that do not suit them', async () => {
  await using more = await makeMoreNets('pdmodel')
  for (const name of ['one-level', 'two-levels']) {
    const model = join(more.folder, name)
    const measured = await benchmark(
      '--quiet',
      '--model-dir',
      model,
      '--batch-size',
      '1,3',
      '--runs',
      '2',
      '--json',
    )
    expect([measured.stderr, measured.exitCode]).toEqual(['', 0])
    expect(JSON.parse(measured.stdout)).toMatchObject({ results: [{ runs: 2 }, { runs: 2 }] })
    expect(await benchmark('--quiet', '--model-dir', model, '--shape', 'x=4', '--runs', '1')).toMatchObject({
      stderr: 'Input `x` expects float32 [-1,1] (2 dimensions), got float32 [4] (1).',
      exitCode: 1,
    })
    const large = await benchmark('--quiet', '--model-dir', model, '--shape', 'x=1073741824,1', '--runs', '1')
    expect(large.stdout + large.stderr).toMatch(
      /A made-up float32 \[1073741824,1\] for input x has 1073741824 elements[^]*\[MODEL_UNSUITABLE\]/,
    )
    // Only the library can feed it images.
    const withImages = await benchmark(
      '--quiet',
      '--model-dir',
      model,
      '--img-path',
      'images/demo.jpg',
      '--runs',
      '1',
    )
    expect(withImages.stderr).toMatch(
      /is not an image classifier: its inputs are `x` float32 \[-1,1\] with a LoD, [^]*\[MODEL_UNSUITABLE\]$/,
    )
    for (const { stdout, stderr } of [measured, large, withImages]) {
      expect(stdout + stderr).not.toMatch(/^ +at /m)
    }
  }
})
