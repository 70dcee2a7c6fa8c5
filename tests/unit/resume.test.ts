import { readFileSync } from 'node:fs'
import { appendFile, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { jsonFormat } from '../../src/commands/infer/results/formats.js'
import { ResultFile } from '../../src/commands/infer/results/result-file.js'
import { readExistingResults } from '../../src/commands/infer/resume/existing-results.js'
import {
  alreadyDoneMessage,
  excluding,
  stoppedMessage,
} from '../../src/commands/infer/resume/pending-images.js'
import {
  checkSameRun,
  recordPath,
  readRecord,
  removeRecord,
  writeRecord,
  type ResumeRecord,
} from '../../src/commands/infer/resume/resume-record.js'
import { PaddleError } from '../../src/errors.js'
import { taskDefinition, type ImageResult } from '../../src/tasks/index.js'

const linesOf = async (task: 'classify' | 'detect') => jsonFormat((await taskDefinition(task)).results).lines
// One after the other: Jest cannot link two dynamic imports that share modules at once.
const classLines = await linesOf('classify')
const boxLines = await linesOf('detect')

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-'))
  path = join(folder, 'a.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

const answer = (image: string): string =>
  classLines({ image, topK: [{ classId: 7, score: 0.5, prob: 0.5, label: 'é' }] } as ImageResult)
const failure = (image: string): string =>
  classLines({ image, error: new PaddleError('IMAGE_NOT_FOUND', `There is no image at ${image}.`) })

async function answeredIn(text: string | Uint8Array) {
  await writeFile(path, text)
  const file = await open(path)
  try {
    return await readExistingResults('a.jsonl', file)
  } finally {
    await file.close()
  }
}

describe('the results in a file', () => {
  test('are counted by image', async () => {
    const text = answer('a.jpg') + failure('b "\n".jpg') + answer('a.jpg')
    expect(await answeredIn(text)).toEqual({
      images: new Map([
        ['a.jpg', 2],
        ['b "\n".jpg', 1],
      ]),
      count: 3,
      failed: 1,
      bytes: Buffer.byteLength(text),
    })
  })

  test('contain classes or boxes, or an empty list', async () => {
    const text =
      boxLines({ image: 'a', boxes: [] } as ImageResult) + classLines({ image: 'b', topK: [] } as ImageResult)
    expect(await answeredIn(text)).toMatchObject({ count: 2, failed: 0 })
  })

  test('none', async () => {
    expect(await answeredIn('')).toEqual({ images: new Map(), count: 0, failed: 0, bytes: 0 })
  })

  test('end before a line that is torn at any byte', async () => {
    const whole = Buffer.from(answer('a.jpg') + failure('b.jpg'))
    const torn = Buffer.from(answer('ç.jpg'))
    for (let length = 0; length < torn.length; length += 1) {
      expect(await answeredIn(Buffer.concat([whole, torn.subarray(0, length)]))).toMatchObject({
        count: 2,
        bytes: whole.length,
      })
    }
    expect(await answeredIn(Buffer.concat([whole, torn]))).toMatchObject({ count: 3 })
  })

  test.each([
    ['zeros', Buffer.alloc(9000)],
    ['zeros and the rest of a line', Buffer.concat([Buffer.alloc(4096), Buffer.from('0.5}]}\n')])],
    ['a line that is cut in a character', Buffer.from([0x7b, 0xc3, 0x0a])],
  ])('end before %s', async (_, garbage) => {
    const whole = answer('a.jpg')
    expect(await answeredIn(Buffer.concat([Buffer.from(whole), garbage]))).toMatchObject({
      count: 1,
      bytes: whole.length + 1,
    })
  })

  test('may be longer than a chunk', async () => {
    const long = 'x'.repeat(700_000)
    const text = answer(long) + answer(long) + answer('short')
    const { images, bytes } = await answeredIn(text)
    expect([...images]).toEqual([
      [long, 2],
      ['short', 1],
    ])
    expect(bytes).toBe(Buffer.byteLength(text))
  })

  test.each([
    ['between answers', answer('a.jpg') + '{"image":"b.jpg"}\n' + answer('c.jpg'), 2],
    ['an empty one', answer('a.jpg') + '\n' + answer('c.jpg'), 2],
    ['that says two things', '{"image":"a","topK":[],"error":{}}\n' + answer('c.jpg'), 1],
    ['that has boxes and classes', '{"image":"a","topK":[],"boxes":[]}\n' + answer('c.jpg'), 1],
    ['in a file of something else', 'image,rank,classId\na.jpg,1,383\n', 1],
  ])('an invalid line is an error: %s', async (_, text, line) => {
    await expect(answeredIn(text)).rejects.toMatchObject({
      code: 'RESUME_REFUSED',
      message:
        `a.jsonl is damaged: line ${line} is not a result.\n` +
        `Remove the line, and run the command again: sed -i ${line}d a.jsonl`,
    })
  })
})

describe('a result file', () => {
  const at = (readable = true) => ResultFile.open(path, { readable })

  test('is truncated on resume, and contains each result immediately', async () => {
    await writeFile(path, `${answer('a.jpg')}{"image":"b`)
    const file = await at()
    const answered = await file.readAnswered()
    await file.begin(answered)
    await file.append(answer('b.jpg'))
    expect(await readFile(path, 'utf8')).toBe(answer('a.jpg') + answer('b.jpg'))
    await file[Symbol.asyncDispose]()
  })

  test('belongs to one process at a time', async () => {
    const file = await at()
    await expect(at()).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message:
        `${path} cannot be written now: another paddle-ts process is writing to it.\n` +
        'Wait until it ends, or use another file.',
    })
    await file[Symbol.asyncDispose]()
    await (await at())[Symbol.asyncDispose]()
  })

  test('is not written to after another process changed it', async () => {
    const file = await at(false)
    await file.begin({ bytes: 0, count: 0 })
    await file.append(answer('a.jpg'))
    await appendFile(path, answer('b.jpg'))
    await expect(file.append(answer('b.jpg'))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message:
        `${path} cannot be written any more: another process changed it during the run.\n` +
        'Start again with a file that no other process writes to.',
    })
    expect(await readFile(path, 'utf8')).toBe(answer('a.jpg') + answer('b.jpg'))
    await file[Symbol.asyncDispose]()
  })

  test('is not written to after it was removed', async () => {
    const file = await at(false)
    await file.begin({ bytes: 0, count: 0 })
    await rm(path)
    await expect(file.append(answer('a.jpg'))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message:
        `${path} cannot be written any more: it was removed during the run.\n` +
        'Start again with a file that no other process writes to.',
    })
    await file[Symbol.asyncDispose]()
  })

  test('may be a device, which is neither locked nor read', async () => {
    await symlink('/dev/full', path)
    const [file, another] = [await at(), await at()]
    await file.begin({ bytes: 0, count: 0 })
    await expect(file.append(answer('a.jpg'), 'paddle-ts infer')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: `${path} cannot be written (ENOSPC): the disk is full.\nFree disk space, then resume: paddle-ts infer`,
    })
    for (const each of [file, another]) await each[Symbol.asyncDispose]()
  })
})

const record: ResumeRecord = {
  version: 1,
  model: { program: 'a'.repeat(64), parameters: 'b'.repeat(64), 'inference.yml': 'none' },
  settings: { topk: 1, device: 'cpu', 'one-dnn-ops': ['conv2d'] },
}

describe('the run fingerprint', () => {
  test('is written beside the file, read, and removed', async () => {
    await writeRecord(path, record)
    expect(await readRecord(path)).toEqual(record)
    expect(JSON.parse(readFileSync(recordPath(path), 'utf8'))).toEqual(record)
    await removeRecord(path)
    await expect(readRecord(path)).rejects.toMatchObject({
      code: 'RESUME_REFUSED',
      message:
        `${path} cannot be resumed: ${path}.run.json, its run fingerprint, does not exist.\n` +
        'Start again with another --output, or without --resume, which empties the file.',
    })
  })

  test.each(['', '[]', '{"version":2,"model":{},"settings":{}}', '{"version":1,"model":{}}'])(
    'cannot be %j',
    async (text) => {
      await writeFile(recordPath(path), text)
      await expect(readRecord(path)).rejects.toMatchObject({
        code: 'RESUME_REFUSED',
        message:
          `${path} cannot be resumed: ${path}.run.json, its run fingerprint, is damaged or has another version.\n` +
          'Start again with another --output, or without --resume, which empties the file.',
      })
    },
  )

  test('cannot be a pipe, which would be waited for', async () => {
    await execa('mkfifo', [recordPath(path)])
    await expect(readRecord(path)).rejects.toMatchObject({
      code: 'RESUME_REFUSED',
      message:
        `${path} cannot be resumed: ${path}.run.json, its run fingerprint, is not a file.\n` +
        'Start again with another --output, or without --resume, which empties the file.',
    })
    await rm(recordPath(path))
  })

  test('matches', () => {
    checkSameRun('a.jsonl', record, JSON.parse(JSON.stringify(record)) as ResumeRecord)
  })

  test('differs: the error lists all differences', () => {
    const now: ResumeRecord = {
      version: 1,
      model: { program: 'unreadable', parameters: 'c'.repeat(64), 'inference.yml': 'd'.repeat(64) },
      settings: { topk: 5, device: 'cpu', precision: 'bf16' },
    }
    expect(() => {
      checkSameRun('a.jsonl', record, now)
    }).toThrow(
      new PaddleError(
        'RESUME_REFUSED',
        'a.jsonl was written with another model or settings: program: SHA-256 aaaaaaaa… there, unreadable now; ' +
          'parameters: SHA-256 bbbbbbbb… there, SHA-256 cccccccc… now; ' +
          'inference.yml: none there, SHA-256 dddddddd… now; topk: 1 there, 5 now; ' +
          'one-dnn-ops: ["conv2d"] there, not given now; precision: not given there, bf16 now.\n' +
          'Use the model and flags of that run, or start again with another --output or without --resume.',
      ),
    )
  })
})

test('an image that is requested twice has two results', () => {
  const images = new Map([
    ['a', 1],
    ['b', 2],
  ])
  expect(['a', 'b', 'a', 'c', 'b', 'b'].filter(excluding(images))).toEqual(['a', 'c', 'b'])
  expect(images.get('b')).toBe(2)
})

test('progress messages', () => {
  expect(alreadyDoneMessage({ done: 120, total: 300, failed: 0 })).toBe(
    '120 of 300 images already have a result.\n',
  )
  expect(alreadyDoneMessage({ done: 1, total: 1, failed: 0 })).toBe('1 of 1 image already has a result.\n')
  expect(alreadyDoneMessage({ done: 300, total: 300, failed: 0 })).toBe(
    'All 300 images already have a result.\n',
  )
  expect(alreadyDoneMessage({ done: 2, total: undefined, failed: 0 })).toBe(
    '2 images already have a result.\n',
  )
  expect(alreadyDoneMessage({ done: 9, total: 20, failed: 2 })).toBe(
    '9 of 20 images already have a result, 2 of them with an error.\n',
  )
  expect(stoppedMessage({ done: 1, total: undefined }, undefined)).toBe('Stopped after 1 image.\n')
  expect(stoppedMessage({ done: 1, total: 3 }, 'paddle-ts infer')).toBe(
    'Stopped after 1 of 3 images.\nTo resume: paddle-ts infer\n',
  )
})
