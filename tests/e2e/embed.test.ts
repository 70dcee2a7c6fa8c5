import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { ImageEmbedder } from '../../src/index.js'
import { taskFromConfig } from '../../src/tasks/index.js'
import { paddleTs } from '../helpers/command-line.js'
import { makeEmbedder, type NetFolder } from '../helpers/nets.js'
import { testPython } from '../helpers/python.js'

const demo = 'images/demo.jpg'
const others = 'images/characters'

let net: NetFolder
let folder: string
beforeAll(async () => {
  net = await makeEmbedder(6)
  folder = await mkdtemp(join(tmpdir(), 'embed-'))
})
afterAll(async () => {
  await net[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

/** Runs the command on the model. */
async function run(command: string, ...args: string[]) {
  const { stdout, stderr, exitCode } = await paddleTs([command, '--model-dir', net.folder, ...args])
  return { stdout, stderr, exitCode }
}

/** Reads a file with NumPy: dtype, shape and values. */
async function numpy(file: string): Promise<{ dtype: string; shape: number[]; rows: (number | null)[][] }> {
  const code =
    'import json, math, numpy, sys; a = numpy.load(sys.argv[1]); ' +
    'print(json.dumps([str(a.dtype), a.shape, [[None if math.isnan(v) else v for v in r] for r in a.tolist()]]))'
  const { stdout } = await execa(await testPython(), ['-c', code, file])
  const [dtype, shape, rows] = JSON.parse(stdout) as [string, number[], (number | null)[][]]
  return { dtype, shape, rows }
}

test('the model’s own file defines the task', async () => {
  expect(await taskFromConfig(net.folder)).toBe('embed')
})

test('vectors have the length 1, in a list and alone; a damaged image does not affect the others', async () => {
  await using embedder = await ImageEmbedder.load(net.folder, { workers: 1 })
  const results = await all(embedder.embed([demo, 'none.jpg', demo]))
  expect(results.map(({ image }) => image)).toEqual([demo, 'none.jpg', demo])
  const [first, failed, second] = results
  expect(failed).toMatchObject({ error: { code: 'IMAGE_NOT_FOUND' } })
  expect(first!.embedding).toHaveLength(6)
  expect(Math.hypot(...first!.embedding!)).toBeCloseTo(1, 6)
  expect(second!.embedding).toEqual(first!.embedding)
})

test('plain Python returns the same vectors', async () => {
  const { stdout, exitCode } = await run('verify', '--img-path', demo, others, '--json')
  const lines = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(exitCode).toBe(0)
  expect(lines.at(-1)).toMatchObject({ total: { different: 0, failed: 0 } })
  for (const line of lines.slice(0, -1)) {
    expect(line).toMatchObject({ same: true, answer: expect.stringMatching(/^6 values, at most \S+ apart$/) })
  }
})

describe('infer', () => {
  test('prints the first values of a vector', async () => {
    const { stdout, exitCode } = await run('infer', '--img-path', demo)
    expect(exitCode).toBe(0)
    const value = String.raw`-?\d\.\d+(?:e-\d+)?`
    expect(stdout).toMatch(
      new RegExp(`^image_name: ${demo}, embedding: \\[(?:${value}, ){3}…\\] \\(6 values\\)$`),
    )
  })

  test('writes all values as JSON, and resumes', async () => {
    const output = join(folder, 'a.jsonl')
    const flags = ['--output', output, '--resume']
    expect(await run('infer', '--img-path', demo, ...flags)).toMatchObject({ exitCode: 0 })
    const { embedding, ...rest } = JSON.parse(await readFile(output, 'utf8')) as { embedding: number[] }
    expect(rest).toEqual({ image: demo })
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 6)
    const resumed = await run('infer', '--img-path', demo, others, ...flags)
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '1 of 13 images already have a result.' })
  })

  test('writes a NumPy file: row i is image i, NaN for one with an error, which is reported', async () => {
    const output = join(folder, 'a.npy')
    const broken = join(folder, 'broken.jpg')
    await writeFile(broken, 'no image')
    const { stderr, exitCode } = await run(
      'infer',
      '--img-path',
      broken,
      demo,
      broken,
      demo,
      '--output',
      output,
    )
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/broken\.jpg[^]*\[IMAGE_UNREADABLE\][^]*2 of 4 images failed\./)
    const { dtype, shape, rows } = await numpy(output)
    expect([dtype, shape]).toEqual(['float32', [4, 6]])
    const nothing = Array<null>(6).fill(null)
    expect([rows[0], rows[2]]).toEqual([nothing, nothing])
    await using embedder = await ImageEmbedder.load(net.folder, { workers: 1 })
    const [{ embedding } = {}] = await all(embedder.embed(demo))
    expect([rows[1], rows[3]]).toEqual([Array.from(embedding!), Array.from(embedding!)])
  })

  test('a NumPy file with errors only has no columns', async () => {
    const output = join(folder, 'none.npy')
    expect(await run('infer', '--img-path', 'none.jpg', '--output', output)).toMatchObject({ exitCode: 1 })
    expect(await numpy(output)).toEqual({ dtype: 'float32', shape: [1, 0], rows: [[]] })
  })

  test.each([
    [['--output', 'a.npy', '--resume'], '--resume requires --output FILE.jsonl, got a.npy.'],
    [['--save-dir', 'drawn'], '--save-dir is not supported for a feature model: there is nothing to draw.'],
    [['--topk', '2'], '--topk is not supported for a feature model: it returns a vector, no classes.'],
  ])('rejects %j', async (args, message) => {
    const { stderr, exitCode } = await run('infer', '--img-path', demo, ...args)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(message)
  })

  test('a NumPy file is rejected for classes', async () => {
    const { stderr, exitCode } = await paddleTs(['infer', '--img-path', demo, '--output', 'a.npy'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      '--output FILE.npy is not supported for a classifier: its results are not vectors; use FILE.jsonl or FILE.csv.',
    )
  })

  test('the error of --task classify names the other task', async () => {
    const { stderr, exitCode } = await run('infer', '--task', 'classify', '--img-path', demo)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('says that it outputs features.\nLoad it with --task embed.\n[MODEL_UNSUITABLE]')
  })
})

test('benchmark measures from files to vectors', async () => {
  const flags = ['--img-path', demo, '--runs', '2', '--warmup', '1', '--json']
  const { stdout, exitCode } = await run('benchmark', ...flags)
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ images: 1 })
})
