import '../helpers/nothing-left.js'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { paddleTs } from '../helpers/command-line.js'
import { copyFaceDetector, inferCfg } from '../helpers/face-detector.js'
import { describeReal, realModels } from '../helpers/real-models.js'

const seeHelp = 'See: paddle-ts infer --help'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boxes-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function infer(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await paddleTs(['infer', ...args], { cwd: folder })
  return { stdout, stderr, exitCode }
}

describeReal('a detector', () => {
  const detect = (...args: readonly string[]) => infer('--model-dir', 'face', ...args)

  beforeAll(async () => {
    await copyFaceDetector(join(folder, 'face'))
    for (const [from, to] of [
      ['face', 'a'],
      ['hen', 'b'],
      ['face', 'b/c'],
    ] as const) {
      await mkdir(join(folder, to), { recursive: true })
      await cp(join(realModels, `images/${from}.jpg`), join(folder, to, 'x.jpg'))
    }
  })

  test('detects the face, and draws its box', async () => {
    const images = ['a/x.jpg', 'b/x.jpg', 'no.jpg']
    const { stdout, stderr, exitCode } = await detect(
      '--img-path',
      ...images,
      '--json',
      '--save-dir',
      'drawn',
    )
    expect(stderr).toBe('1 of 3 images failed.')
    expect(exitCode).toBe(1)
    const [face, hen, none] = stdout.split('\n').map((line) => JSON.parse(line) as { boxes?: unknown })
    expect(face).toEqual({
      image: 'a/x.jpg',
      boxes: [
        {
          classId: 1,
          label: 'face',
          score: expect.closeTo(0.9997, 3) as unknown,
          // The face in the image of 720 × 405.
          ...{ x1: expect.closeTo(224, -1) as unknown, y1: expect.closeTo(92, -1) as unknown },
          ...{ x2: expect.closeTo(414, -1) as unknown, y2: expect.closeTo(345, -1) as unknown },
        },
      ],
    })
    expect(hen).toEqual({ image: 'b/x.jpg', boxes: [] })
    expect(none).toMatchObject({ image: 'no.jpg', error: { code: 'IMAGE_NOT_FOUND' } })

    expect((await readdir(join(folder, 'drawn'))).sort()).toEqual(['x.jpg', 'x_2.jpg'])
    const drawn = await sharp(join(folder, 'drawn/x.jpg')).raw().toBuffer({ resolveWithObject: true })
    const before = await sharp(join(folder, 'a/x.jpg')).raw().toBuffer()
    expect([drawn.info.width, drawn.info.height]).toEqual([720, 405])
    const change = (x: number, y: number): number => {
      const at = 3 * (720 * y + x)
      return Math.max(
        ...[0, 1, 2].map((index) => Math.abs((drawn.data[at + index] ?? 0) - (before[at + index] ?? 0))),
      )
    }
    const { x1 = 0, x2 = 0, y1 = 0, y2 = 0 } = (face as { boxes: Record<string, number>[] }).boxes[0]!
    const [left, right, top, bottom] = [x1 + 1, x2 - 2, y1 + 1, y2 - 2].map(Math.round) as [
      number,
      number,
      number,
      number,
    ]
    for (const [x, y] of [
      [left, 200],
      [right, 200],
      [300, bottom],
      [350, top],
    ] as const)
      expect(change(x, y)).toBeGreaterThan(60)
    for (const [x, y] of [
      [300, 200],
      [100, 300],
      [600, 200],
    ] as const)
      expect(change(x, y)).toBeLessThan(25)
  })

  test('resumes, and annotates no image twice', async () => {
    const run = () => detect('--img-path', 'a', 'b', '--output', 'r.jsonl', '--resume', '--save-dir', 'out')
    const skipped = 'Skipped 1 subfolder (add --recursive for the images in subfolders).'
    expect(await run()).toMatchObject({ stderr: skipped, exitCode: 0 })
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['x.jpg', 'x_2.jpg'])
    const { mtimeMs } = await stat(join(folder, 'out/x.jpg'))
    await rm(join(folder, 'out/x_2.jpg'))
    await cp(join(folder, 'a/x.jpg'), join(folder, 'b/z.jpg'))
    const done = '2 of 3 images already have a result.'
    expect(await run()).toEqual({ stdout: '', stderr: `${skipped}\n${done}`, exitCode: 0 })
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['x.jpg', 'z.jpg'])
    expect((await stat(join(folder, 'out/x.jpg'))).mtimeMs).toBe(mtimeMs)
    expect((await readFile(join(folder, 'r.jsonl'), 'utf8')).split('\n').length).toBe(4)

    const other = detect(
      '--img-path',
      'a',
      'b',
      '--output',
      'r.jsonl',
      '--resume',
      '--threshold',
      '0.6',
      '--exact',
    )
    expect((await other).stderr).toMatch(
      /\nr\.jsonl was written with another model or settings: threshold: 0\.5 there, 0\.6 now; exact: false there, true now\.\n/,
    )
    await writeFile(join(folder, 'face/infer_cfg.yml'), `${inferCfg}# Changed.\n`)
    const changed = detect('--img-path', 'a', 'b', 'b/c', '--output', 'r.jsonl', '--resume')
    expect((await changed).stderr).toMatch(
      /\nr\.jsonl was written with another model or settings: infer_cfg\.yml: SHA-256 [0-9a-f]{8}… there, SHA-256 /,
    )
  })

  test('rejects flags for classifiers before it starts anything', async () => {
    expect(await detect('--img-path', 'a', '--topk', '3')).toEqual({
      stdout: '',
      stderr: `--topk is not supported for a detector: it selects boxes by score; use --threshold.\n${seeHelp}`,
      exitCode: 2,
    })
  })
})

describeReal('a classifier', () => {
  const model = join(realModels, 'imagenet-classifier')

  test('lists the classes in the annotated image, and reports one that cannot be written', async () => {
    await cp(join(realModels, 'images/hen.jpg'), join(folder, 'kept/hen.jpg'))
    await cp(join(realModels, 'images/word-joint.png'), join(folder, 'word.png'))
    const images = ['k*/hen.jpg', 'word.png']
    const image = await readFile(join(folder, 'kept/hen.jpg'))
    const { stdout, stderr, exitCode } = await infer(
      '--model-dir',
      model,
      '--topk',
      '2',
      '--img-path',
      ...images,
      '--save-dir',
      'kept',
    )
    expect(stdout.split('\n').length).toBe(4)
    expect(stderr).toBe(
      'kept/hen.jpg gets no annotated image: it is in the --save-dir folder.\nUse another folder for --save-dir.\n[FILE_NOT_WRITTEN]\n' +
        '1 of 2 annotated images could not be written.',
    )
    expect(exitCode).toBe(1)
    expect(await readFile(join(folder, 'kept/hen.jpg'))).toEqual(image)
    const [before, after] = await Promise.all(
      ['word.png', 'kept/word.png'].map((name) =>
        sharp(join(folder, name)).removeAlpha().raw().toBuffer({ resolveWithObject: true }),
      ),
    )
    expect(after!.info.width).toBe(before!.info.width)
    expect(after!.data.subarray(0, 3)).not.toEqual(before!.data.subarray(0, 3))
    expect(after!.data.subarray(-3)).toEqual(before!.data.subarray(-3))
  })
})
