import '../helpers/nothing-left.js'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { paddleTs } from '../helpers/command-line.js'
import { makeSegmenters, type NetFolder } from '../helpers/nets.js'
import { root } from '../helpers/project.js'

const demo = join(root, 'images/demo.jpg')
const others = join(root, 'images/characters')
const colours = [
  [200, 10, 20],
  [30, 220, 40],
  [50, 60, 240],
] as const

let nets: NetFolder
let folder: string
beforeAll(async () => {
  nets = await makeSegmenters()
  folder = await mkdtemp(join(tmpdir(), 'segment-'))
  // Blue, red and green columns, the last of a single pixel.
  const ids = [2, 2, 2, 0, 0, 1]
  const data = Uint8Array.from(
    { length: 3 * 6 * 4 },
    (_, at) => colours[ids[Math.floor(at / 3) % 6]!]![at % 3]!,
  )
  const image = sharp(data, { raw: { width: 6, height: 4, channels: 3 } })
  await image.clone().png().toFile(join(folder, 'a.png'))
  await image.clone().png().toFile(join(folder, 'b.png'))
  await writeFile(join(folder, 'broken.jpg'), 'no image')
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Runs a command on a model, in the folder of the images. */
async function run(command: string, model: string, ...args: string[]) {
  const flags = ['--model-dir', join(nets.folder, model), ...args]
  const { stdout, stderr, exitCode } = await paddleTs([command, ...flags], { cwd: folder })
  return { stdout, stderr, exitCode }
}

interface Result {
  readonly size: { readonly width: number; readonly height: number }
  readonly segments: readonly {
    readonly classId: number
    readonly pixels: number
    readonly mask: { readonly size: readonly number[]; readonly counts: readonly number[] }
  }[]
}

/** Decodes COCO's run lengths to a map of classes. */
function decoded({ size: { width, height }, segments }: Result): number[] {
  const map = Array<number>(width * height).fill(-1)
  for (const { classId, mask } of segments) {
    expect(mask.size).toEqual([height, width])
    let [at, inside] = [0, false]
    for (const count of mask.counts) {
      for (let index = at; inside && index < at + count; index += 1) {
        map[(index % height) * width + Math.floor(index / height)] = classId
      }
      at += count
      inside = !inside
    }
    expect(at).toBe(width * height)
  }
  return map
}

/** The classes in a label map. */
async function classesIn(file: string): Promise<number[]> {
  const image = sharp(join(folder, file))
  const { depth, space } = await image.metadata()
  expect(space).toBe(depth === 'uchar' ? 'b-w' : 'grey16')
  const bytes = await image.toColourspace(space).raw({ depth }).toBuffer()
  return Array.from(
    depth === 'uchar' ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2),
  )
}

describe('infer', () => {
  test('prints a line for each class; a broken image does not affect the others', async () => {
    const { stdout, stderr, exitCode } = await run(
      'infer',
      'ids64',
      '--img-path',
      'a.png',
      'broken.jpg',
      'b.png',
    )
    const lines = (image: string): string[] => [
      `image_name: ${image}, class_id: 2, pixels: 12, share: 0.5000, label: blue`,
      `image_name: ${image}, class_id: 0, pixels: 8, share: 0.3333, label: red`,
      `image_name: ${image}, class_id: 1, pixels: 4, share: 0.1667, label: green`,
    ]
    expect(stdout.split('\n')).toEqual([...lines('a.png'), ...lines('b.png')])
    expect(stderr).toMatch(/broken\.jpg[^]*\[IMAGE_UNREADABLE\][^]*1 of 3 images failed\./)
    expect(exitCode).toBe(1)
  })

  test('prints JSON', async () => {
    const { stdout } = await run('infer', 'bytes', '--img-path', 'a.png', '--json', '--task', 'segment')
    expect(JSON.parse(stdout)).toEqual({
      image: 'a.png',
      size: { width: 6, height: 4 },
      segments: [
        { classId: 2, pixels: 12, share: 0.5, mask: { size: [4, 6], counts: [0, 12, 12] } },
        { classId: 0, pixels: 8, share: 1 / 3, mask: { size: [4, 6], counts: [12, 8, 4] } },
        { classId: 1, pixels: 4, share: 1 / 6, mask: { size: [4, 6], counts: [20, 4] } },
      ],
    })
  })

  test('writes a row of CSV for each class', async () => {
    await writeFile(join(folder, 'names.txt'), 'ant\nbee\ncat\n')
    const flags = ['--output', 'r.csv', '--labels', 'names.txt']
    const { exitCode } = await run('infer', 'scores', '--img-path', 'a.png', 'broken.jpg', ...flags)
    expect(exitCode).toBe(1)
    const [head, ...rows] = (await readFile(join(folder, 'r.csv'), 'utf8')).split('\n')
    expect(head).toBe('image,classId,label,pixels,share,errorCode,errorMessage')
    expect(rows.slice(0, 3)).toEqual([
      'a.png,2,cat,12,0.5,,',
      'a.png,0,ant,8,0.3333333333333333,,',
      'a.png,1,bee,4,0.16666666666666666,,',
    ])
    expect(rows[3]).toMatch(/^broken\.jpg,,,,,IMAGE_UNREADABLE,/)
  })

  test('resumes, and saves an overlay and a label map for each image', async () => {
    const flags = ['--output', 'r.jsonl', '--resume', '--save-dir', 'drawn']
    expect(await run('infer', 'many', '--img-path', demo, ...flags)).toMatchObject({
      stderr: '',
      exitCode: 0,
    })
    const resumed = await run('infer', 'many', '--img-path', demo, others, 'a.png', ...flags)
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '1 of 14 images already have a result.' })
    const results = (await readFile(join(folder, 'r.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Result & { image: string })
    expect(results).toHaveLength(14)
    const names = await readdir(join(folder, 'drawn'))
    expect(names).toHaveLength(28)
    expect(names).toEqual(expect.arrayContaining(['demo.jpg', 'demo.jpg.map.png', 'a.png', 'a.png.map.png']))
    for (const result of [results[0]!, results.at(-1)!]) {
      const name = result.image === demo ? 'demo.jpg' : 'a.png'
      expect(await classesIn(`drawn/${name}.map.png`)).toEqual(decoded(result))
      const { width, height } = await sharp(join(folder, 'drawn', name)).metadata()
      expect({ width, height }).toEqual(result.size)
    }
    // Red is 200 of 255, so its class is 240; the demo has classes above 255.
    expect((await sharp(join(folder, 'drawn/a.png.map.png')).metadata()).depth).toBe('uchar')
    expect((await sharp(join(folder, 'drawn/demo.jpg.map.png')).metadata()).depth).toBe('ushort')
    // Another run overwrites both.
    const again = await run('infer', 'many', '--img-path', 'a.png', '--save-dir', 'drawn')
    expect(again).toMatchObject({ stderr: '', exitCode: 0 })
  })

  test('the overlay shows each class in its colour', async () => {
    await run('infer', 'ids64', '--img-path', 'a.png', '--save-dir', 'small')
    const { data, info } = await sharp(join(folder, 'small/a.png'))
      .raw()
      .toBuffer({ resolveWithObject: true })
    const classColours = [
      [230, 25, 75],
      [0, 130, 200],
      [255, 225, 25],
    ]
    const expected = [2, 2, 2, 0, 0, 1].flatMap((id) =>
      colours[id]!.map((value, channel) =>
        Math.floor(value + ((classColours[id]![channel]! - value) * 115) / 255 + 0.5),
      ),
    )
    expect(info.channels).toBe(3)
    // The legend does not fit into 6 × 4 pixels.
    for (let row = 0; row < 4; row += 1)
      expect(Array.from(data.subarray(18 * row, 18 * (row + 1)))).toEqual(expected)
  })

  test('another file of the name of a label map is kept, and reported', async () => {
    await cp(join(folder, 'broken.jpg'), join(folder, 'kept/a.png.map.png'), { recursive: true })
    const { stderr, exitCode } = await run('infer', 'ids64', '--img-path', 'a.png', '--save-dir', 'kept')
    expect(stderr).toContain(
      'kept/a.png.map.png cannot be written: a file that paddle-ts did not write has this name.\nRemove the file, or use another folder for --save-dir.\n[FILE_NOT_WRITTEN]',
    )
    expect(exitCode).toBe(1)
    expect(await readFile(join(folder, 'kept/a.png.map.png'), 'utf8')).toBe('no image')
  })

  test.each([
    [
      ['--topk', '2'],
      '--topk is not supported for a segmentation model: it returns every class that occurs.',
    ],
    [
      ['--threshold', '0.5'],
      '--threshold is not supported for a segmentation model: it returns one class for each pixel, no scores.',
    ],
    [['--box-unit', 'pixel'], '--box-unit is not supported for a segmentation model: it returns no boxes.'],
    [['--crop-size', '8'], '--crop-size is not supported for a segmentation model: it uses whole images.'],
    [
      ['--resize-size', '8'],
      '--resize-size is not supported for a segmentation model: its deploy.yaml, inference.yml or model.yml sets the size.',
    ],
    [['--warmup', '1'], '--warmup is not supported for a segmentation model: its images can differ in size.'],
    [
      ['--output', 'a.npy'],
      '--output FILE.npy is not supported for a segmentation model: its results are not vectors; use FILE.jsonl or FILE.csv.',
    ],
  ])('rejects %j', async (args, message) => {
    const { stderr, exitCode } = await run('infer', 'ids64', '--img-path', 'a.png', ...args)
    expect(stderr).toContain(message)
    expect(exitCode).toBe(2)
  })

  test('a model that the other flags do not fit', async () => {
    const wrongTask = await run('infer', 'ids64', '--task', 'classify', '--img-path', 'a.png')
    expect(wrongTask.exitCode).toBe(1)
    expect(wrongTask.stderr).toContain(
      'says that it outputs segments.\nLoad it with --task segment.\n[MODEL_UNSUITABLE]',
    )
    const wrongNetwork = await run('infer', 'vector', '--img-path', 'a.png')
    expect(wrongNetwork.exitCode).toBe(1)
    expect(wrongNetwork.stderr).toMatch(
      /float32 \[-1,3\], but the first must be classes \[N,H,W\][^]*\[MODEL_UNSUITABLE\]/,
    )
    const wrongFile = join(folder, 'wrong')
    await cp(join(nets.folder, 'scores'), wrongFile, { recursive: true })
    await writeFile(join(wrongFile, 'deploy.yaml'), 'Deploy: {transforms: [{type: RandomNoise}]}')
    const { stderr, exitCode } = await paddleTs(['infer', '--model-dir', wrongFile, '--img-path', demo])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /deploy\.yaml is not valid: the operator RandomNoise is unknown, known are Normalize, [^]*\[MODEL_CONFIG_INVALID\]/,
    )
  })
})

test.each(['scores', 'ids32', 'ids64', 'bytes', 'many', 'fixed'])(
  'verify: plain Python returns the same classes: %s',
  async (model) => {
    const { stdout, exitCode } = await run('verify', model, '--img-path', demo, others, 'a.png', '--json')
    const lines = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(exitCode).toBe(0)
    expect(lines.at(-1)).toMatchObject({ total: { images: 14, same: 14 } })
    for (const line of lines.slice(0, -1)) {
      expect(line).toMatchObject({
        same: true,
        answer: expect.stringMatching(/^\d+ class(?:es)?, 0 of \d+ pixels differ$/),
      })
    }
  },
)

test('benchmark measures from files to label maps', async () => {
  const { stdout, exitCode } = await run(
    ...(['benchmark', 'ids32', '--img-path', 'a.png', '--runs', '2', '--warmup', '1', '--json'] as const),
  )
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ images: 1 })
})

test('inspect reads such a model', async () => {
  const { stdout, exitCode } = await run('inspect', 'ids32')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/\nOutputs +\S+ {2}int32 \[-1,-1,-1\]\n/)
})
