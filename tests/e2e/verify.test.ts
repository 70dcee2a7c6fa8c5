import '../helpers/nothing-left.js'
import { once } from 'node:events'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import sharp from 'sharp'
import { pythonFolder } from '../../src/package-files.js'
import { paddleTs } from '../helpers/command-line.js'
import { makeDetectors, makeSensitive, makeSizedClassifier } from '../helpers/nets.js'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { processesWith } from '../helpers/processes.js'
import { makeProject } from '../helpers/project.js'
import { runPython } from '../helpers/python.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { inTime } from '../helpers/until.js'

const demo = 'images/demo.jpg'

let images: string
beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'images-'))
  await runPython('make_images.py', [images, 'kinds'])
})
afterAll(() => rm(images, { recursive: true }))

interface Line {
  readonly image?: string
  readonly same?: boolean
  readonly input?: { readonly max: number }
  readonly output?: { readonly max: number }
  readonly answer?: string
  readonly error?: { readonly code: string; readonly message: string }
  readonly total?: {
    readonly input: { readonly max: number }
    readonly output: { readonly max: number }
    readonly boxDistance?: number
  }
}

async function verify(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await paddleTs(['verify', ...args])
  return { stdout, stderr, exitCode }
}

async function verifyJson(...args: readonly string[]) {
  const { stdout, ...rest } = await verify('--json', ...args)
  const lines = stdout.split('\n').map((line) => JSON.parse(line) as Line)
  return { ...rest, lines: lines.slice(0, -1), total: lines.at(-1)?.total }
}

describeReal('trained classifiers', () => {
  test.each([
    ['imagenet-classifier', 1e-4],
    ['imagenet-classifier-pir', 1e-4],
    ['imagenet-classifier-int8', 5e-3],
  ])('%s returns the same results as plain Python', async (model, tolerance) => {
    const photos = ['hen.jpg', 'face.jpg', 'ocr-page.jpg'].map((name) => join(realModels, 'images', name))
    const paths = [demo, ...photos, join(images, 'kind-*')]
    const { lines, total, exitCode, stderr } = await verifyJson(
      ...['--model-dir', join(realModels, model), '--topk', '5', '--img-path', ...paths],
    )
    const failing = lines.filter(({ same }) => same !== true)
    expect({ failing, exitCode, stderr }).toEqual({ failing: [], exitCode: 0, stderr: '' })
    expect(lines.length).toBeGreaterThanOrEqual(16)
    expect(total).toMatchObject({ images: lines.length, same: lines.length, different: 0, failed: 0 })
    // At most one level of 255.
    expect(total!.input.max).toBeLessThanOrEqual(1.001 / 255)
    expect(total!.output.max).toBeLessThanOrEqual(tolerance)
    const hen = lines.find(({ image }) => image === join(realModels, 'images/hen.jpg'))
    expect(hen?.answer).toMatch(/^383 hen 0\.95\d, 382 cock 0\.0[34]\d, 406 partridge 0\.00\d$/)
  })
})

test('a detector with im_shape and scale_factor, and images that cannot be compared', async () => {
  await using nets = await makeDetectors()
  const model = join(nets.folder, 'counted')
  const sizes = ['kind-rgb.webp', 'kind-cmyk.jpg', 'exif-6.png'].map((name) => join(images, name))
  const { lines, total, exitCode } = await verifyJson(
    ...['--model-dir', model, '--img-path', ...sizes, 'nothing.jpg', 'package.json'],
  )
  expect(lines.slice(0, 3).map(({ same, answer }) => [same, answer])).toEqual([
    [true, expect.stringMatching(/^[123] box(es)?, at most 0\.0\d px apart$/)],
    [true, expect.stringMatching(/^[123] box(es)?, at most 0\.0\d px apart$/)],
    [true, expect.stringMatching(/^[123] box(es)?, at most 0\.0\d px apart$/)],
  ])
  expect(lines.slice(3).map(({ image, error }) => [image, error?.code])).toEqual([
    ['nothing.jpg', 'IMAGE_NOT_FOUND'],
    ['package.json', 'IMAGE_UNREADABLE'],
  ])
  expect(total).toMatchObject({
    images: 5,
    same: 3,
    different: 0,
    failed: 2,
    boxDistance: expect.any(Number),
  })
  expect(exitCode).toBe(1)

  const topk = await verify('--model-dir', model, '--img-path', demo, '--topk', '2')
  expect(topk.stderr).toMatch(/^--topk is not supported for a detector: /)
  expect(topk.exitCode).toBe(2)
})

test.each([
  ...['sized', 'strided', 'unstrided', 'scaled', 'fractions', 'normalised-first'].map(
    (name) => [`of PaddleDetection before 2.0: ${name}`, name] as const,
  ),
  ['that places images in the middle', 'centred'],
  ['that resizes them before', 'letter-boxed'],
  ['of PaddleX for the layout of pages, with a reading order', 'layout'],
])('a detector %s', async (_, name) => {
  await using nets = await makeDetectors()
  const sizes = ['kind-rgb.webp', 'kind-cmyk.jpg', 'exif-6.png'].map((file) => join(images, file))
  const { total, exitCode } = await verifyJson(
    ...['--model-dir', join(nets.folder, name), '--img-path', demo, ...sizes],
  )
  expect(total).toMatchObject({ images: 4, different: 0, failed: 0 })
  // One step of 8 bits.
  expect(total!.input.max).toBeLessThanOrEqual(1 / 255 + 1e-6)
  expect(exitCode).toBe(0)
})

test('a detector of PaddleClas for image search', async () => {
  await using nets = await makeDetectors()
  const model = join(nets.folder, 'counted')
  await writeFile(
    join(model, 'inference.yml'),
    `Global: {threshold: 0.3, max_det_results: 1, label_list: [red, green, blue]}
DetPreProcess:
  transform_ops:
  - DetResize: {interp: 2, keep_ratio: false, target_size: [64, 48]}
  - DetNormalizeImage: {is_scale: true, mean: [0.1, 0.2, 0.3], std: [0.5, 0.6, 0.7]}
  - DetPermute: {}
`,
  )
  const { lines, total } = await verifyJson('--model-dir', model, '--img-path', demo)
  expect(lines[0]?.answer).toMatch(/^1 box, /)
  expect(total).toMatchObject({ images: 1, different: 0, failed: 0 })
})

test.each([
  ['-1,3,64,64', 'resized to 73 pixels on the shorter side and cropped to 64 × 64'],
  ['-1,3,48,96', 'resized to 96 × 48 (width × height)'],
])('a classifier without a file of its own that declares [%s]', async (shape, how) => {
  await using net = await makeSizedClassifier(shape, 'pdmodel')
  const paths = [demo, ...['kind-rgb.webp', 'exif-6.png'].map((name) => join(images, name))]
  const { lines, total, exitCode, stderr } = await verifyJson(
    ...['--model-dir', net.folder, '--exact', '--img-path', ...paths],
  )
  expect(lines.map(({ image, same, error }) => [image, same, error])).toEqual(
    paths.map((path) => [path, true, undefined]),
  )
  expect(total).toMatchObject({ images: 3, same: 3, different: 0, failed: 0 })
  // At most one level of 255, divided by the least deviation of ImageNet.
  expect(total!.input.max).toBeLessThanOrEqual(1.001 / 255 / 0.224)
  expect(stderr).toContain(
    `No file beside ${net.folder} says how to feed it. Images are ${how}, the size that its program declares,`,
  )
  expect(exitCode).toBe(0)
})

test('an unsuitable model is reported once, not per image on standard input', async () => {
  await using nets = await makeDetectors()
  const model = join(nets.folder, 'classes')
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    ['bin/paddle-ts.js', 'verify', '--model-dir', model, '--img-path', '-'],
    { input: `nothing.jpg\n${demo}\n${demo}\n`, reject: false },
  )
  expect(stdout.split('\n')).toEqual([
    'Input max   mean        Output max   Result    Image',
    expect.stringMatching(/^– +– +– +failed {4}nothing\.jpg: .* \[IMAGE_NOT_FOUND\]$/),
  ])
  expect(stderr.split('\n')).toEqual([
    expect.stringContaining(`${model} is not an object detector: its `),
    'Set the task of the model with --task. A program that uses the library can run any model.',
    '[MODEL_UNSUITABLE]',
  ])
  expect(exitCode).toBe(1)
})

test('a different result ends with exit code 1, and is the same with --exact', async () => {
  await using net = await makeSensitive()
  const photo = join(net.folder, 'photo.jpg')
  await sharp(join(images, 'kind-rgb.tif'))
    .resize(2000, 1500, { kernel: 'nearest', fit: 'fill' })
    .jpeg()
    .toFile(photo)
  const args = ['--model-dir', net.folder, '--img-path', photo]

  const reduced = await verify(...args)
  const number = '[\\d.e-]+'
  expect(reduced.stdout.split('\n')).toEqual([
    'Input max   mean        Output max   Result    Image',
    expect.stringMatching(
      new RegExp(
        `^${number} +${number} +${number} +DIFFERS +${photo}: \\d+ \\d\\.\\d{3}; plain Python: \\d+ \\d\\.\\d{3}$`,
      ),
    ),
    '0 of 1 result is the same, 1 differs.',
    expect.stringMatching(
      new RegExp(`^Greatest differences: input ${number} \\(mean ${number}\\), output ${number}\\.$`),
    ),
    'The input differs by more than 2 levels of 255: large JPEGs are reduced during decoding. Use --exact to decode them at full size.',
  ])
  expect([reduced.exitCode, reduced.stderr]).toEqual([1, ''])

  const exact = await verify(...args, '--exact')
  expect(exact.stdout.split('\n').slice(2)).toEqual([
    '1 of 1 result is the same.',
    'Greatest differences: input 0 (mean 0), output 0.',
  ])
  expect([exact.exitCode, exact.stderr]).toEqual([0, ''])

  // The first result has arrived, others are in progress.
  const many = () => paddleTs(['verify', ...args.slice(0, 3), ...Array.from({ length: 500 }, () => demo)])
  const interrupted = many()
  await inTime(once(interrupted.stdout, 'data'), 'an image is compared')
  interrupted.kill('SIGINT')
  expect(await interrupted).toMatchObject({
    exitCode: 130,
    stderr: expect.stringMatching(/^Stopped after \d+ of 500 images\.$/) as unknown as string,
  })

  const bereft = many()
  await inTime(once(bereft.stdout, 'data'), 'an image is compared')
  const [plain, ...others] = processesWith(`\0${bereft.pid}\0${join(pythonFolder(), 'run_reference.py')}\0`)
  expect(others).toEqual([])
  process.kill(plain!, 'SIGKILL')
  expect(await bereft).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      // oneDNN may have printed something before.
      /^\S+ died with SIGKILL while it ran images\/demo\.jpg\.( Last lines of its output:\n[^]*)?\nRun the model in your own Python script: .*\n\[REFERENCE_FAILED\]$/,
    ),
  })
})

test('the commands of docs/verify.md', async () => {
  await using project = await makeProject()
  const [block] = await takeBlocks('docs/verify.md', 'sh')
  const [make, text, ...others] = commandsIn(block)
  expect(others).toEqual([])
  expect(await project.shell(make!)).toMatchObject({ exitCode: 0 })
  // Its own file defines the preprocessing.
  await access(join(project.folder, 'model/inference.yml'))
  const verified = await project.shell(text!)
  expect(verified).toMatchObject({
    exitCode: 0,
    stderr: 'Skipped 1 subfolder (add --recursive for the images in subfolders).',
  })
  expect(verified.stdout.split('\n')).toEqual([
    'Input max   mean        Output max   Result    Image',
    ...['astronaut', 'cat', 'demo'].map(
      (name): unknown =>
        expect.stringMatching(
          new RegExp(`^0 {11}0 {11}0 {12}same {6}images/${name}\\.jpg(?:[:,] \\d+ 0\\.00\\d){3}$`),
        ) as unknown,
    ),
    '3 of 3 results are the same.',
    'Greatest differences: input 0 (mean 0), output 0.',
  ])
})

test.each([
  [[], 'No images to compare: name them (paddle-ts verify PATH…), or set --img-path.'],
  [
    ['--model-dir', 'models/doctor', '--img-path', demo, '--task', 'caption'],
    'Expected one of classify, detect, embed, recognize, segment for --task, got caption.',
  ],
])('an invalid command line: %j', async (args, message) => {
  const { stdout, stderr, exitCode } = await verify(...args)
  expect(stderr.startsWith(`${message}\n`)).toBe(true)
  expect([stdout, exitCode]).toEqual(['', 2])
})

test('a missing model is reported before anything is started', async () => {
  const { stdout, stderr, exitCode } = await verify('--model-dir', 'nothing', '--img-path', demo)
  expect(stderr).toBe(
    'There is no model at nothing.\nCheck the path, or create one: paddle-ts export --save-inference-dir nothing\n[MODEL_NOT_FOUND]',
  )
  expect([stdout, exitCode]).toEqual(['', 1])
})

test.each([false, true])('Ctrl-C: the totals so far (--json: %s)', async (isJson) => {
  const many = Array.from({ length: 500 }, () => demo)
  const command = paddleTs(['verify', ...(isJson ? ['--json'] : []), ...many])
  const compared = new Promise((resolve) => {
    command.stdout.on('data', (chunk) => {
      if (String(chunk).includes(demo)) resolve(undefined)
    })
  })
  await inTime(compared, () => 'the first image is compared')
  command.kill('SIGINT')
  const { stdout, stderr, exitCode } = await command
  const count = stdout.split('\n').filter((line) => line.includes(demo)).length
  expect(count).toBeGreaterThan(0)
  expect(exitCode).toBe(130)
  // The paths are counted while the first ones are compared.
  expect(stderr).toMatch(new RegExp(`\nStopped after ${count} (?:of 500 images|images?)\\.$`))
  const last = stdout.slice(stdout.lastIndexOf(demo)).split('\n').slice(1)
  expect(last).toEqual([
    isJson
      ? expect.stringMatching(
          new RegExp(`^\\{"total":\\{"images":${count},"same":${count},.*\\},"stopped":"interrupt"\\}$`),
        )
      : expect.stringContaining(count === 1 ? '1 of 1 result is the same.' : `${count} of ${count} results`),
    ...(isJson ? [] : [expect.stringMatching(/^Greatest differences: /)]),
  ])
})
