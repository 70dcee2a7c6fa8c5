import '../helpers/nothing-left.js'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { computesBfloat16, cpuThat, withBfloat16 } from '../helpers/bfloat16-cpu.js'
import { paddleTs } from '../helpers/command-line.js'
import { makeOneDnnNets, type NetFolder } from '../helpers/nets.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { wheelVersion } from '../helpers/wheel.js'

const wheel = await wheelVersion()
const images = join(realModels, 'images')
const hen = join(images, 'hen.jpg')
const model = join(realModels, 'imagenet-classifier')
const ofHen = new RegExp(`^image_name: ${hen}, class_id: 383, prob: 0\\.9\\d+, label: hen$`)

async function infer(...args: string[]) {
  const { stdout, stderr, exitCode } = await paddleTs(['infer', ...args])
  return { stdout, stderr, exitCode }
}

describe('conflicting and invalid flags of the predictor', () => {
  test.each([
    [
      ['--device', 'tpu'],
      'Expected `cpu`, `gpu`, `gpu:N`, `xpu:N`, `ipu` or a plugin’s `NAME:N` for --device, got tpu.',
    ],
    [
      ['--precision', 'fp16'],
      'Expected one of `fp32`, `bf16`, `int8`, which the device `cpu` supports, for --precision, got fp16.',
    ],
    [
      ['--trt-max-batch-size', '8'],
      'Expected `gpu` or `gpu:N`, which --tensor-rt requires, for --device, got cpu.',
    ],
    [['--insert-pass', 'first'], 'Expected INDEX:PASS for --insert-pass, got first.'],
    [['--workers', '0'], 'Expected an integer from 1 to 1024 for --workers, got 0.'],
    [['--workers', '100000'], 'Expected an integer from 1 to 1024 for --workers, got 100000.'],
  ])('%j', async (flags, message) => {
    expect(await infer('--model-dir', 'none', ...flags)).toEqual({
      stdout: '',
      stderr: `${message}\nSee: paddle-ts infer --help`,
      exitCode: 2,
    })
  })
})

test('TensorRT that the wheel lacks is reported before an image is read', async () => {
  const flags = ['--device', 'gpu', '--trt-collect-shapes', 'shapes.txt']
  expect(await infer('none.jpg', 'images/demo.jpg', '--quiet', ...flags)).toEqual({
    stdout: '',
    stderr:
      'TensorRT was requested, but this paddle wheel is built without it.\n' +
      'Install a wheel that has it: paddle-ts setup --device gpu --paddle-version 2.6.2, or leave TensorRT out.\n' +
      '[ENGINE_UNAVAILABLE]',
    exitCode: 1,
  })
})

describeReal('infer, with flags of the predictor', () => {
  const args = ['--model-dir', model, '--topk', '1', '--img-path']

  test('--workers: the same results as one, in the same order', async () => {
    const many = [hen, join(images, 'face.jpg'), hen, join(images, 'ocr-page.jpg'), 'none.jpg', hen]
    const one = await infer(...args, ...many)
    const told = one.stdout.split('\n').map((line) => /^image_name: ([^,]+)/.exec(line)?.[1])
    expect(told).toEqual(many.filter((image) => image !== 'none.jpg'))
    expect(one.exitCode).toBe(1)
    for (const workers of ['2', 'auto']) {
      expect(await infer(...args, ...many, '--workers', workers)).toEqual(one)
    }
  })

  test.each([
    ['a file', [hen]],
    ['a pattern', [join(images, 'he*.jpg')]],
  ])('no more workers than images: %s', async (_, paths) => {
    const { stderr, stdout } = await infer(...args, ...paths, '--workers', '200', '--verbose')
    expect(stdout).toMatch(ofHen)
    expect(stderr.split('\n').filter((line) => line.includes(' started in '))).toHaveLength(1)
  })

  test('advice names flags in all formats', async () => {
    const told = `${hen} has 420550 pixels (650 × 647), above the limit of 9.`
    const advice = 'Make it smaller, or raise --max-pixels.'
    const { stderr } = await infer(...args, hen, '--max-pixels', '9')
    expect(stderr).toContain(`${told}\n${advice}\n[IMAGE_TOO_LARGE]`)
    const { stdout } = await infer(...args, hen, '--max-pixels', '9', '--json')
    expect((JSON.parse(stdout) as { error: object }).error).toEqual({
      code: 'IMAGE_TOO_LARGE',
      message: `${told}\n${advice}`,
    })
    const verify = await paddleTs(['verify', '--model-dir', model, hen, '--max-pixels', '9'])
    expect(verify.stdout).toContain(`failed    ${hen}: ${told} ${advice} [IMAGE_TOO_LARGE]`)
  })

  test('a device that the wheel does not support: an error, or a warning with --no-strict', async () => {
    const message =
      'A GPU was requested, but this paddle wheel is built without CUDA and would stay on the CPU.\n' +
      'Install a GPU wheel: paddle-ts setup --device auto, or leave the GPU out.\n' +
      '[DEVICE_UNAVAILABLE]'
    expect(await infer(...args, hen, '--device', 'gpu')).toEqual({ stdout: '', stderr: message, exitCode: 1 })
    expect(await infer(...args, hen, '--device', 'gpu', '--no-strict')).toEqual({
      stdout: expect.stringMatching(ofHen),
      stderr: `Warning: ${message}`,
      exitCode: 0,
    })
  })

  const withCpu = withBfloat16.prepare === undefined ? [] : ['--prepare', withBfloat16.prepare]

  test('bf16 on a CPU with it or a stand-in: a network that supports it', async () => {
    const pir = ['--model-dir', `${model}-pir`, '--topk', '1', '--img-path', hen]
    expect(await infer(...pir, '--precision', 'bf16', ...withCpu)).toEqual({
      stdout: expect.stringMatching(ofHen),
      stderr: '',
      exitCode: 0,
    })
  })

  test('bf16 on such a CPU: LeakyReLU and a bias, which paddle 3 does not support in bf16', async () => {
    const message =
      `bf16 was requested, but the network does not work in bf16: Paddle could not run ${model}/inference.pdmodel: ` +
      'ValueError: (InvalidArgument) The type of data we are trying to retrieve (float32) does not match the type of data ' +
      '(bfloat16) currently contained in the container.\n' +
      'Leave bf16 out: --precision fp32.\n' +
      '[PRECISION_UNAVAILABLE]'
    const answer = { stdout: expect.stringMatching(ofHen), exitCode: 0 }
    const bf16 = [...args, hen, '--precision', 'bf16', ...withCpu]
    const works = !computesBfloat16 || wheel.startsWith('2.')
    expect(await infer(...bf16)).toEqual(
      works ? { ...answer, stderr: '' } : { stdout: '', stderr: message, exitCode: 1 },
    )
    expect(await infer(...bf16, '--no-strict')).toEqual({
      ...answer,
      stderr: works ? '' : `Warning: ${message}`,
    })
    expect(await infer(...args, hen, '--precision', 'fp32')).toEqual({ ...answer, stderr: '' })
  })

  test('bf16 on a CPU without it, with a stand-in for paddle’s check', async () => {
    expect(await infer(...args, hen, '--precision', 'bf16', '--prepare', cpuThat('simulates_it'))).toEqual({
      stdout: '',
      stderr:
        'bf16 was requested, but this CPU has neither avx512_bf16 nor amx_bf16: paddle would only simulate it, slower than fp32.\n' +
        'Use a CPU that has one (Intel from Cooper Lake and Sapphire Rapids, AMD from Zen 4), or leave bf16 out.\n' +
        '[PRECISION_UNAVAILABLE]',
      exitCode: 1,
    })
  })

  test('inspect reports what the wheel does with the model and these flags', async () => {
    const inspect = async (...flags: string[]): Promise<string> =>
      (await paddleTs(['inspect', '--model-dir', model, ...flags])).stdout.split('\nLoading     ')[1]!
    expect(await inspect('--device', 'gpu')).toBe(
      'fails: A GPU was requested, but this paddle wheel is built without CUDA and would stay on the CPU.\n' +
        '            Install a GPU wheel: paddle-ts setup --device auto, or leave the GPU out.\n' +
        '            [DEVICE_UNAVAILABLE]',
    )
    const [state, run] = (await inspect('--no-one-dnn', '--cpu-threads', '2', '--no-ir-optim')).split('\n')
    expect(state).toBe(`paddle ${wheel} loads it: cpu, oneDNN off, fp32, 2 threads, graph not optimised`)
    expect(run).toMatch(/^ +runs on made-up inputs: \S+ float32 \[1,3,224,224\] → \S+ float32 \[1,1000\]$/)
    const { stderr, exitCode } = await paddleTs(['inspect', '--model-dir', model, '--one-dnn=maybe'])
    expect([stderr, exitCode]).toEqual([
      'Expected true or false for --one-dnn, got maybe.\nSee: paddle-ts inspect --help',
      2,
    ])
  })
})

describeReal('a classifier that Paddle 3.3 breaks with oneDNN', () => {
  let nets: NetFolder
  beforeAll(async () => {
    nets = await makeOneDnnNets()
  })
  afterAll(async () => {
    await nets[Symbol.asyncDispose]()
  })

  test('returns results without it, with a warning on standard error', async () => {
    const folder = join(nets.folder, 'classifier')
    const warning =
      `Warning: ${folder}/inference.json does not work with oneDNN and was reloaded without it: ` +
      'The worker died with SIGSEGV during `create`.\n' +
      'Runs are slower without oneDNN. To skip the failing attempt, turn it off: --no-one-dnn.\n' +
      '[ONEDNN_DISABLED]'
    const answer = { stdout: expect.stringMatching(/hen\.jpg, class_id: 1, prob: 0\.6940\d+$/), exitCode: 0 }
    const args = ['--model-dir', folder, '--img-path', hen, '--topk', '1']
    expect(await infer(...args)).toEqual({ ...answer, stderr: wheel.startsWith('3.3.') ? warning : '' })
    expect(await infer(...args, '--no-one-dnn')).toEqual({ ...answer, stderr: '' })
  })
})
