import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { AttributeRecognizer, ImageClassifier, ImageEmbedder } from '../../src/index.js'
import { taskDefinition, taskFromConfig } from '../../src/tasks/index.js'
import { paddleTs } from '../helpers/command-line.js'
import { makeClassifier, makeEmbedder, type NetFolder } from '../helpers/nets.js'

const demo = 'images/demo.jpg'
const others = 'images/characters'

let persons: NetFolder
let search: NetFolder
let anySize: NetFolder
let folder: string
beforeAll(async () => {
  persons = await makeEmbedder(26)
  await post(persons, 'PostProcess: {main_indicator: PersonAttribute, PersonAttribute: {threshold: 0.01}}')
  search = await makeEmbedder(16)
  anySize = await makeClassifier(3)
  folder = await mkdtemp(join(tmpdir(), 'recognize-'))
})
afterAll(async () => {
  for (const net of [persons, search, anySize]) await net[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const operators = '[ResizeImage: {size: [32, 32]}, NormalizeImage: , ToCHWImage: ]'

function post(
  net: NetFolder,
  lines: string,
  list = `PreProcess: {transform_ops: ${operators}}`,
): Promise<void> {
  return writeFile(join(net.folder, 'inference.yml'), `${list}\n${lines}\n`)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function run(command: string, net: NetFolder, ...args: string[]) {
  const { stdout, stderr, exitCode } = await paddleTs([command, '--model-dir', net.folder, ...args])
  return { stdout, stderr, exitCode }
}

/** The totals of `verify`. */
async function verified(net: NetFolder, ...args: string[]): Promise<unknown> {
  const { stdout } = await run('verify', net, '--img-path', demo, others, '--json', ...args)
  return JSON.parse(stdout.split('\n').at(-1) ?? '')
}

test('a score that is not finite is a word in JSON, which has no such numbers', async () => {
  const { results } = await taskDefinition('recognize')
  const attributes = [NaN, Infinity, 0.5].map((score) => ({ name: 'Age', value: 'Old', score, classId: 0 }))
  expect(results.json({ attributes })).toEqual({
    attributes: ['nan', 'inf', 0.5].map((score) => ({ name: 'Age', value: 'Old', score, classId: 0 })),
  })
})

const groups = [
  'Gender',
  'Age',
  'Direction',
  'Glasses',
  'Hat',
  'HoldObjectsInFront',
  'Bag',
  'Upper',
  'Lower',
  'Shoes',
]

describe('attributes', () => {
  test('the model’s own file defines the task', async () => {
    expect(await taskFromConfig(persons.folder)).toBe('recognize')
  })

  test('in a list and alone; a missing image does not affect the others', async () => {
    await using recognizer = await AttributeRecognizer.load(persons.folder, { workers: 1 })
    await recognizer.warmUp(1)
    const [first, failed, second] = await all(recognizer.recognize([demo, 'none.jpg', demo]))
    expect(failed).toMatchObject({ error: { code: 'IMAGE_NOT_FOUND' } })
    expect([...new Set(first?.attributes?.map(({ name }) => name))]).toEqual(groups)
    expect(second?.attributes).toEqual(first?.attributes)
    expect((await recognizer.recognizeOne(demo)).attributes).toEqual(first?.attributes)
  })

  test('plain Python returns the same', async () => {
    expect(await verified(persons)).toMatchObject({ total: { images: 13, different: 0, failed: 0 } })
  })

  test('as text, JSON and CSV, and drawn', async () => {
    const text = await run('infer', persons, '--img-path', demo)
    expect(text.exitCode).toBe(0)
    expect(text.stdout.split('\n')[0]).toMatch(
      new RegExp(`^image_name: ${demo}, attribute: Gender, value: (Fem|M)ale, score: -?\\d\\.\\d+(e-\\d+)?$`),
    )
    const output = join(folder, 'a.jsonl')
    const drawn = join(folder, 'drawn')
    await run('infer', persons, '--img-path', demo, '--output', output, '--save-dir', drawn)
    const { attributes } = JSON.parse(await readFile(output, 'utf8')) as { attributes: object[] }
    expect(Object.keys(attributes[0] ?? {})).toEqual(['name', 'value', 'score', 'classId'])
    expect(attributes[0]).toMatchObject({ name: 'Gender', classId: 22 })
    expect((await readFile(join(drawn, 'demo.jpg'))).length).toBeGreaterThan(1000)
    const csv = join(folder, 'a.csv')
    await run('infer', persons, '--img-path', demo, '--output', csv)
    const [heading, row = ''] = (await readFile(csv, 'utf8')).split('\n')
    expect(heading).toBe('image,name,value,score,classId,errorCode,errorMessage')
    expect(row).toMatch(/^images\/demo\.jpg,Gender,(Fem|M)ale,-?\d\.\d+(e-\d+)?,22,,$/)
  })

  test('rejects options of other tasks, and a network with another number of outputs', async () => {
    const { stderr } = await run('infer', persons, '--img-path', demo, '--threshold', '0.5')
    expect(stderr).toContain(
      '--threshold is not supported for a model for attributes: its inference.yml sets one for each attribute.',
    )
    await post(search, 'PostProcess: {TableAttribute: }')
    await expect(AttributeRecognizer.load(search.folder)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: expect.stringContaining('it has 16 outputs, but its configuration file reads 6.'),
    })
  })

  test('a model whose file does not say which attributes', async () => {
    await expect(AttributeRecognizer.load(anySize.folder)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: expect.stringContaining('does not say which attributes it outputs'),
    })
    await expect(ImageClassifier.load(persons.folder)).rejects.toMatchObject({
      message: expect.stringContaining('Load it with `AttributeRecognizer`.'),
    })
  })
})

describe('vectors of bits', () => {
  const both = 'DetPreProcess: {transform_ops: [DetPermute: ]}\nRecPreProcess: '

  test('a file for two models: the class chooses, or the task; without them the folder does', async () => {
    await post(search, 'RecPostProcess: {Binarize: {method: sign}}', `${both}{transform_ops: ${operators}}`)
    await using embedder = await ImageEmbedder.load(search.folder, { workers: 1 })
    const { embedding } = await embedder.embedOne(demo)
    expect(embedding).toHaveLength(2)
    expect([...embedding].every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)).toBe(true)
    expect(await verified(search, '--task', 'embed')).toMatchObject({ total: { different: 0, failed: 0 } })
    const { stderr, exitCode } = await run('infer', search, '--img-path', demo)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('leaves open how to read the model: it describes a detector (DetPreProcess)')
    expect(stderr).toContain('Say which of them the model is: --task.')
  })

  test('a length that is not a multiple of 8', async () => {
    const net = await makeEmbedder(6)
    try {
      await post(net, 'RecPostProcess: {Binarize: }', `RecPreProcess: {transform_ops: ${operators}}`)
      await using embedder = await ImageEmbedder.load(net.folder, { workers: 1 })
      await expect(embedder.embedOne(demo)).rejects.toMatchObject({
        code: 'MODEL_UNSUITABLE',
        message: expect.stringContaining('its vectors have 6 values, but Binarize requires a multiple of 8'),
      })
    } finally {
      await net[Symbol.asyncDispose]()
    }
  })
})

describe('scores, and images of different sizes', () => {
  test('resize_short without a crop: images of different sizes run apart', async () => {
    const list =
      'PreProcess: {transform_ops: [ResizeImage: {resize_short: 32}, NormalizeImage: , ToCHWImage: ]}'
    await post(anySize, 'PostProcess: {ScoreOutput: {decimal_places: 2}}', list)
    const wide = { width: 64, height: 16, channels: 3, data: new Uint8Array(64 * 16 * 3).fill(200) } as const
    await using classifier = await ImageClassifier.load(anySize.folder, { workers: 1 })
    await classifier.warmUp(1)
    const results = await all(classifier.classify([demo, wide, demo, wide]))
    expect(results.map(({ topK }) => topK?.map(({ classId }) => classId))).toEqual(Array(4).fill([0, 1, 2]))
    for (const { topK = [] } of results)
      for (const { score } of topK) expect(score).toBe(Math.fround(Math.round(100 * score) / 100))
    expect(results[0]?.topK).toEqual(results[2]?.topK)
    expect(await verified(anySize)).toMatchObject({ total: { different: 0, failed: 0 } })
  })
})
