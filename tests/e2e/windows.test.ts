import '../helpers/nothing-left.js'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { paddleTs } from '../helpers/command-line.js'
import { root } from '../helpers/project.js'

const override = "Object.defineProperty(process, 'platform', { value: 'win32' })"
const why =
  `paddle-ts requires Linux or macOS, and this is Windows (win32 ${process.arch}).\n` +
  'Use WSL 2, which runs Linux on Windows: https://learn.microsoft.com/windows/wsl/install'

let folder: string
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'windows-'))
  env = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(override)}`,
    PADDLE_TS_HOME: join(folder, 'home'),
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('where process.platform is overridden to be Windows', () => {
  const run = (args: string) => paddleTs(args.split(' '), { cwd: folder, env })

  test('the help and the version are printed', async () => {
    expect(await run('--help')).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('infer'),
    })
    expect(await run('infer --help')).toMatchObject({ exitCode: 0, stderr: '' })
    const { exitCode, stdout } = await run('--version')
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^paddle-ts \d+\.\d+\.\d+\nno paddlepaddle: paddle-ts requires Linux or macOS, and this is Windows \(win32 \w+\)\.$/,
      ),
    })
  })

  test.each([
    'setup',
    'export',
    'infer --img-path no.jpg',
    'verify --img-path no.jpg',
    'benchmark',
    'inspect --model-dir no-model',
    'convert --model-dir no-model --save-dir out --precision fp16',
  ])('paddle-ts %s says what it requires, and does nothing', async (args) => {
    const { exitCode, stdout, stderr } = await run(args)
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${why}\n[PLATFORM_UNSUPPORTED]`,
    })
    expect(existsSync(join(folder, 'home'))).toBe(false)
  })

  test('the package can be imported, and each call that needs paddle says what it requires', async () => {
    const script = join(folder, 'calls.mjs')
    await writeFile(
      script,
      `import * as paddle from ${JSON.stringify(join(root, 'dist/index.js'))}
console.log(JSON.stringify(paddle.toNested(paddle.tensor('float32', [2], [1, 2]))))
const calls = {
  load: () => paddle.ImageClassifier.load('no-model'),
  open: () => paddle.ObjectDetector.open('no-model'),
  pipeline: () => paddle.Pipeline.load('no-model', { postprocess: () => [] }),
  createPredictor: () => paddle.createPredictor({ model: { program: new Uint8Array([1]) } }),
  PredictorPool: () => paddle.PredictorPool.create({ model: 'no-model' }),
  createPool: () => paddle.createPool({ models: { a: { model: 'no-model' } } }),
  inspectModel: () => paddle.inspectModel('no-model'),
  exportModel: () => paddle.exportModel({ saveInferenceDir: 'out', labels: 'no-labels.txt' }),
  convert: () => paddle.convertToMixedPrecision({ model: 'no-model', outputDir: 'out', precision: 'fp16' }),
  getVersion: () => paddle.getVersion(),
  ensureEnvironment: () => paddle.ensureEnvironment(),
}
const results = await Promise.allSettled(Object.values(calls).map(async (call) => call()))
const told = results.map(({ reason }) => [reason?.code, reason?.message])
console.log(JSON.stringify(Object.fromEntries(Object.keys(calls).map((name, index) => [name, told[index]]))))`,
    )
    const { stdout } = await execa(process.execPath, [script], { cwd: folder, env })
    const [pure = '', calls = ''] = stdout.split('\n')
    expect(pure).toBe('[1,2]')
    const told = JSON.parse(calls) as Record<string, unknown>
    expect(told).toEqual(
      Object.fromEntries(
        [
          ...['load', 'open', 'pipeline', 'createPredictor', 'PredictorPool', 'createPool', 'inspectModel'],
          ...['exportModel', 'convert', 'getVersion', 'ensureEnvironment'],
        ].map((name) => [name, ['PLATFORM_UNSUPPORTED', why]]),
      ),
    )
    expect(existsSync(join(folder, 'home'))).toBe(false)
  })
})
