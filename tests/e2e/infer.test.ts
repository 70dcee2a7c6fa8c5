import '../helpers/nothing-left.js'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa, type Options } from 'execa'
import sharp from 'sharp'
import { runPython } from '../helpers/python.js'
import { describeReal, realModels } from '../helpers/real-models.js'

const bin = fileURLToPath(new URL('../../bin/paddle-ts.js', import.meta.url))
const hen = join(realModels, 'images/hen.jpg')
const model = join(realModels, 'imagenet-classifier')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infer-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function infer(args: readonly string[], options: Options = {}) {
  const run = execa('node', [bin, 'infer', ...args], { cwd: folder, reject: false, ...options })
  const { stdout, stderr, exitCode } = await run
  return { stdout: String(stdout), stderr: String(stderr), exitCode }
}

function probOf(line: string): number {
  return Number(/prob: ([^,]+)/.exec(line)?.[1])
}

const seeHelp = 'See: paddle-ts infer --help'

describe('an invalid command line', () => {
  test.each([
    [['--model-dir', ''], 'Expected a value for --model-dir.'],
    [['--model-dir', 'none', '--use-gpu', 'yes'], 'Expected true or false for --use-gpu, got yes.'],
    [['--model-dir', 'none', '--batch-size=0'], 'Expected a positive integer for --batch-size, got 0.'],
    [['--model-dir', 'none', '--batch-size=17'], '--batch-size 17 exceeds --max-batch-size 16.'],
    [['--model-dir', 'none', '--use-gpu', 'no', 'a.jpg'], 'Expected true or false for --use-gpu, got no.'],
    [['--model-dir', 'none', '--img-path'], 'Expected a value for --img-path.'],
    [['-m'], 'Expected a value for --model-dir.\n-m is short for --model-dir.'],
    [['-mnone'], 'Unknown flag: -mnone\nA value of -m needs a space or =: -m none'],
    [['a.jpg', '-k', 'x'], 'Expected a positive integer for --topk, got x.\n-k is short for --topk.'],
    [['a.jpg', '-z'], 'Unknown flag: -z'],
    [
      ['a.jpg', '--json', '-o', 'a.csv'],
      '--json and --output a.csv are mutually exclusive: the file is not JSON Lines.\n-o is short for --output.',
    ],
    [
      ['--model-dir', 'none', '--output', 'a.txt'],
      'Expected FILE.jsonl, FILE.csv or FILE.npy for --output, got a.txt.',
    ],
    [
      ['--model-dir', 'none', '--json', '--output', 'a.csv'],
      '--json and --output a.csv are mutually exclusive: the file is not JSON Lines.',
    ],
    [['--model-dir', 'none', '--resume'], '--resume requires --output FILE.jsonl.'],
    [
      ['--model-dir', 'none', '--resume', '--output', 'a.csv'],
      '--resume requires --output FILE.jsonl, got a.csv.',
    ],
    [['--model-dir', 'none', '--retries=-1'], 'Expected a non-negative integer for --retries, got -1.'],
    [['--model-dir', 'none', '--tokp', '3'], 'Unknown flag: --tokp\nDid you mean --topk?'],
  ])('%j', async (args, message) => {
    expect(await infer(args)).toEqual({ stdout: '', stderr: `${message}\n${seeHelp}`, exitCode: 2 })
  })
})

test('a missing model', async () => {
  expect(await infer(['--model-dir', 'none', '--img-path', 'a.jpg'])).toEqual({
    stdout: '',
    stderr:
      'There is no model at none.\nCheck the path, or create one: paddle-ts export --save-inference-dir none\n[MODEL_NOT_FOUND]',
    exitCode: 1,
  })
})

describeReal('infer', () => {
  /** The model without its inference.yml. */
  let plain: string
  beforeAll(async () => {
    plain = join(folder, 'plain')
    await cp(model, plain, { recursive: true, filter: (path) => !path.endsWith('.yml') })
  })

  test.each([
    ['imagenet-classifier', 2e-3],
    ['imagenet-classifier-pir', 2e-3],
    ['imagenet-classifier-int8', 2e-2],
  ])('%s is a hen, as in OpenCV and paddle.inference, within %d', async (name, tolerance) => {
    const { stdout, exitCode } = await infer([`--model-dir=${join(realModels, name)}`, `--img-path=${hen}`])
    const lines = stdout.split('\n')
    expect(lines.map((line) => /class_id: (\d+), .*label: (.*)$/.exec(line)?.slice(1).join(' '))).toEqual([
      '383 hen',
      '382 cock',
      '406 partridge',
      '402 ruffed grouse',
      '400 black grouse',
    ])
    const prob = probOf(stdout)
    expect(lines[0]).toBe(`image_name: ${hen}, class_id: 383, prob: ${prob}, label: hen`)
    for (const [index, expected] of [0.953, 0.04, 0.002].entries()) {
      expect(Math.abs(probOf(lines[index] ?? '') - expected)).toBeLessThan(tolerance)
    }
    expect(Math.fround(prob)).toBe(prob)
    expect(exitCode).toBe(0)
  })

  test('the tutorial’s preprocessing: as in Pillow and paddle.inference', async () => {
    const theirs = (await runPython('tutorial_infer.py', [plain, hen])).trim()
    const { stdout, exitCode } = await infer(['--model-dir', plain, '--img-path', hen])
    const untilProb = (line: string): string => line.slice(0, line.indexOf('prob: '))
    expect(untilProb(stdout)).toBe(untilProb(theirs))
    expect(Math.abs(probOf(stdout) - probOf(theirs))).toBeLessThan(1e-2)
    expect(stdout).not.toContain('label')
    expect(exitCode).toBe(0)
  })

  test('a folder in batches, with the error of an image in its place', async () => {
    const images = join(folder, 'images')
    await mkdir(images)
    for (const name of ['1.jpg', '3.jpg', '10.jpg']) await cp(hen, join(images, name))
    await writeFile(join(images, '2.jpg'), '')
    const args = ['--model-dir', model, '--img-path', 'images', '--topk=1', '--batch-size=2']
    const problem = 'images/2.jpg is empty (0 bytes).\nReplace it with a whole image.'

    const text = await infer(args)
    expect(text.stdout.split('\n').map((line) => line.replace(/prob: 0\.9\d+/, 'prob: P'))).toEqual(
      ['1', '3', '10'].map((name) => `image_name: images/${name}.jpg, class_id: 383, prob: P, label: hen`),
    )
    expect(text.stderr).toBe(`${problem}\n[IMAGE_UNREADABLE]\n1 of 4 images failed.`)
    expect(text.exitCode).toBe(1)

    const json = await infer([...args, '--json'])
    const answers = json.stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(answers.map(({ image }) => image)).toEqual(
      ['1', '2', '3', '10'].map((name) => `images/${name}.jpg`),
    )
    expect(answers[0]).toEqual({
      image: 'images/1.jpg',
      topK: [{ classId: 383, score: probOf(text.stdout), prob: probOf(text.stdout), label: 'hen' }],
    })
    expect(answers[1]).toEqual({
      image: 'images/2.jpg',
      error: { code: 'IMAGE_UNREADABLE', message: problem },
    })
    expect(json.exitCode).toBe(1)

    const csv = await infer([...args, '--output', 'answers.csv'])
    expect(csv).toEqual({ stdout: '', stderr: '1 of 4 images failed.', exitCode: 1 })
    const rows = (await readFile(join(folder, 'answers.csv'), 'utf8')).split('\n')
    expect(rows[0]).toBe('image,rank,classId,score,label,errorCode,errorMessage')
    expect(rows[1]).toBe(`images/1.jpg,1,383,${probOf(text.stdout)},hen,,`)
    expect(rows[2]).toBe('images/2.jpg,,,,,IMAGE_UNREADABLE,"images/2.jpg is empty (0 bytes).')

    await infer([...args, '--output=answers.jsonl'])
    expect(await readFile(join(folder, 'answers.jsonl'), 'utf8')).toBe(`${json.stdout}\n`)
  })

  test('paths on standard input, several --img-path, warm-up and times', async () => {
    const args = [
      '--model-dir',
      model,
      '--img-path',
      hen,
      '-',
      '--topk',
      '1',
      '--warmup',
      '1',
      '--benchmark',
      'True',
    ]
    const { stdout, stderr, exitCode } = await infer(args, { input: `${hen}\r\n\n./none.jpg\n` })
    expect(stdout.split('\n').map((line) => line.split(',', 1)[0])).toEqual(
      Array(2).fill(`image_name: ${hen}`),
    )
    expect(stderr).toContain('There is no image at ./none.jpg.')
    for (const step of ['preprocess', 'inference', 'postprocess', 'total']) {
      expect(stderr).toMatch(new RegExp(`│ ${step} +│ +\\d+\\.\\d │ +\\d+\\.\\d\\d │`))
    }
    expect(stderr).toContain('2 images in 2 batches')
    expect(exitCode).toBe(1)
  })

  test.each([
    [
      'plain',
      ['--resize-size', '200'],
      'Expected an integer of at least 224 (the default of --crop-size) for --resize-size, got 200.',
    ],
    [
      'plain',
      ['--crop-size', '300'],
      'Expected an integer up to 256 (the default of --resize-size) for --crop-size, got 300.',
    ],
    [
      model,
      ['--resize-size', '200'],
      `Expected an integer of at least 224 (the size that ${model}/inference.yml crops) for --resize-size, got 200.`,
    ],
    [
      model,
      ['--crop-size', '225'],
      `Expected an integer up to 224 (the size that ${model}/inference.yml resizes to) for --crop-size, got 225.`,
    ],
    [
      model,
      ['--resize-size=100', '--crop-size=101'],
      'Expected an integer up to 100 (--resize-size) for --crop-size, got 101.',
    ],
  ])('invalid sizes: %s %j', async (name, sizes, message) => {
    const result = await infer(['--model-dir', name, '--img-path', hen, ...sizes])
    expect(result).toEqual({ stdout: '', stderr: `${message}\n${seeHelp}`, exitCode: 2 })
  })

  test('a number of labels other than that of classes', async () => {
    await writeFile(join(folder, 'three.txt'), 'a\nb\nc\n')
    const args = ['--model-dir', 'plain', '--img-path', hen, '--labels', 'three.txt']
    expect(await infer(args)).toEqual({
      stdout: '',
      stderr:
        'three.txt has 3 labels, but plain has 1000 classes.\nGive one label for each class.\n[LABELS_INVALID]',
      exitCode: 1,
    })
  })

  test('a pipe is rejected without waiting for a writer', async () => {
    await mkdir(join(folder, 'pipes'))
    await execa('mkfifo', [join(folder, 'pipes', '1.jpg')])
    await symlink(hen, join(folder, 'pipes', '2.jpg'))
    for (const path of ['pipes', 'pipes/1.jpg']) {
      const count = path === 'pipes' ? '1 of 2 images' : '1 of 1 image'
      const { stdout, stderr, exitCode } = await infer(['--model-dir', model, '--img-path', path, '--topk=1'])
      expect(stdout.replace(/0\.9\d+/, 'P')).toBe(
        path === 'pipes' ? 'image_name: pipes/2.jpg, class_id: 383, prob: P, label: hen' : '',
      )
      expect(stderr).toBe(
        'pipes/1.jpg is a pipe, not an image file.\nGive the path of an image file.\n[IMAGE_UNREADABLE]\n' +
          `${count} failed.`,
      )
      expect(exitCode).toBe(1)
    }
  })

  test('the EXIF orientation, and --no-auto-orient', async () => {
    const upright = await sharp(hen).jpeg().toBuffer()
    await writeFile(join(folder, 'upright.jpg'), upright)
    await sharp(hen).withMetadata({ orientation: 6 }).jpeg().toFile(join(folder, 'turned.jpg'))
    const probs = async (...args: string[]): Promise<number[]> => {
      const { stdout } = await infer(['--model-dir', model, '--topk=1', '--img-path', ...args])
      return stdout.split('\n').map(probOf)
    }
    const [asStored, asTurned] = await probs('upright.jpg', 'turned.jpg')
    expect(asTurned).not.toBeCloseTo(asStored!, 2)
    expect(await probs('turned.jpg', '--no-auto-orient')).toEqual([asStored])
  })

  test('custom labels', async () => {
    await writeFile(
      join(folder, 'labels.txt'),
      Array.from({ length: 1000 }, (_, id) => `${id} Nr. ${id}`).join('\n'),
    )
    const args = ['--model-dir', model, '--img-path', hen, '--topk=1', '--labels', 'labels.txt']
    const { stdout } = await infer(args)
    expect(stdout).toMatch(/, class_id: 383, prob: 0\.9\d+, label: Nr\. 383$/)
  })

  test('a file that cannot be written is reported before anything is started', async () => {
    expect(await infer(['--model-dir', model, '--img-path', hen, '--output', 'no/answers.csv'])).toEqual({
      stdout: '',
      stderr:
        'no/answers.csv cannot be written (ENOENT): the folder no does not exist.\nCreate the folder, or use another file.\n[FILE_NOT_WRITTEN]',
      exitCode: 1,
    })
  })

  test('a GPU that the wheel does not support', async () => {
    const { stdout, stderr, exitCode } = await infer([
      '--model-dir',
      model,
      '--img-path',
      hen,
      '--use-gpu=True',
    ])
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: '',
      stderr:
        'A GPU was requested, but this paddle wheel is built without CUDA and would stay on the CPU.\n' +
        'Install a GPU wheel: paddle-ts setup --device auto, or leave the GPU out.\n' +
        '[DEVICE_UNAVAILABLE]',
      exitCode: 1,
    })
  })

  describe('a long folder', () => {
    const args = ['--model-dir', model, '--img-path', 'many', '--topk=1']
    beforeAll(async () => {
      await mkdir(join(folder, 'many'))
      for (let count = 0; count < 2000; count += 1) await symlink(hen, join(folder, 'many', `${count}.jpg`))
    })

    test('Ctrl-C ends it after printing the finished results', async () => {
      const run = execa('node', [bin, 'infer', ...args], { cwd: folder, reject: false, buffer: false })
      let text = ''
      let interrupted = false
      run.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (interrupted || text.split('\n').length < 4) return
        interrupted = true
        run.kill('SIGINT')
      })
      const { exitCode } = await run
      expect(exitCode).toBe(130)
      // Not all images, which would take much longer.
      const lines = text.trimEnd().split('\n')
      expect(lines.length).toBeLessThan(1000)
      for (const [index, line] of lines.entries()) {
        expect(line).toMatch(
          new RegExp(`^image_name: many/${index}\\.jpg, class_id: 383, prob: 0\\.9\\d+, label: hen$`),
        )
      }
    })

    test('kill -9 of Node leaves no process and no file', async () => {
      const run = execa('node', [bin, 'infer', ...args], { cwd: folder, reject: false, buffer: false })
      run.stdout.once('data', () => run.kill('SIGKILL'))
      expect((await run).signal).toBe('SIGKILL')
    })

    test('a reader that closes the pipe ends it without an error', async () => {
      const command = `"${process.execPath}" "${bin}" infer ${args.map((arg) => `'${arg}'`).join(' ')} | head -1`
      const { stdout, stderr } = await execa('bash', ['-c', command], { cwd: folder })
      expect(stdout).toMatch(/^image_name: many\/0\.jpg, class_id: 383, prob: 0\.9\d+, label: hen$/)
      expect(stderr).toBe('')
    })
  })
})
