import { existsSync, readFileSync, statSync, watch } from 'node:fs'
import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa, execaSync } from 'execa'
import sharp from 'sharp'
import { makeColourImages } from '../../scripts/soak/colour-images.js'
import { paddleTs, type Command } from '../helpers/command-line.js'
import { makeClassifier, type NetFolder } from '../helpers/nets.js'
import { root } from '../helpers/project.js'
import { faultSeed, pick, randomFrom } from '../helpers/random.js'
import { testWhere } from '../helpers/test-where.js'

const images = 300
const bin = join(root, 'bin/paddle-ts.js')

let net: NetFolder
let folder: string
let flags: readonly string[]
/** The output of an uninterrupted run. */
let undisturbed: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-'))
  ;[net] = await Promise.all([makeClassifier(1000), makeColourImages(at('images'), images, () => 32)])
  flags = ['--model-dir', net.folder, '--resize-size=32', '--crop-size=32']
  expect(await ended(infer('undisturbed.jsonl'))).toEqual({ exitCode: 0, stderr: '' })
  undisturbed = textOf('undisturbed.jsonl')
  expect(undisturbed.trimEnd().split('\n')).toHaveLength(images)
  expect(existsSync(at('undisturbed.jsonl.run.json'))).toBe(false)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await net[Symbol.asyncDispose]()
})

const at = (name: string): string => join(folder, name)
const textOf = (name: string): string => readFileSync(at(name), 'utf8')

function infer(output: string, ...more: readonly string[]): Command {
  return paddleTs(['infer', ...flags, '--img-path', 'images', '--output', output, ...more], { cwd: folder })
}

async function ended(command: Command): Promise<{ exitCode: number | undefined; stderr: string }> {
  const { exitCode, stderr } = await command
  return { exitCode, stderr }
}

/** Calls back once the file has this many bytes. */
async function atBytes(
  name: string,
  bytes: number,
  act: () => void,
  command: Promise<unknown>,
): Promise<void> {
  const watcher = watch(folder, () => {
    if (!existsSync(at(name)) || statSync(at(name)).size < bytes) return
    watcher.close()
    act()
  })
  await command
  watcher.close()
}

interface Line {
  readonly image: string
  readonly topK: readonly { readonly classId: number; readonly prob: number }[]
}

const parsed = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

/** Each image once and in order, with the same class; its probability may vary with the batch size. */
function expectAsUndisturbed(text: string, expected = undisturbed): void {
  const [is, should] = [parsed(text), parsed(expected)]
  const named = (lines: readonly Line[]) => lines.map(({ image, topK }) => [image, topK[0]?.classId])
  expect(named(is)).toEqual(named(should))
  const differences = is.map(({ topK }, index) => Math.abs(topK[0]!.prob - should[index]!.topK[0]!.prob))
  expect(Math.max(...differences)).toBeLessThan(1e-6)
}

describe('Node killed by SIGKILL at random moments, and resumed until it is done', () => {
  const random = randomFrom(faultSeed('infer --resume'))
  /** An integer from `least` to `most`, inclusive. */
  const between = (least: number, most: number): number => least + pick(random, most - least + 1)
  const lines = (count: number): number =>
    Buffer.byteLength(undisturbed.split('\n').slice(0, count).join('\n'))

  test.each(Array.from({ length: 10 }, (_, index) => index))('batch %d', async (index) => {
    const name = `killed-${index}.jsonl`
    const first = infer(name, '--resume')
    await atBytes(name, lines(between(1, 120)), () => first.kill('SIGKILL'), first)
    expect((await first).signal).toBe('SIGKILL')
    // As after a power failure: a line is truncated, or its bytes are zeros.
    if (between(0, 1) === 1) await truncate(at(name), statSync(at(name)).size - between(1, 60))
    if (between(0, 1) === 1) await appendFile(at(name), Buffer.alloc(between(1, 5000)))
    if (between(0, 2) === 0) {
      const second = infer(name, '--resume')
      setTimeout(() => second.kill('SIGKILL'), between(0, 1500))
      await second
    }
    const { exitCode, stderr } = await ended(infer(name, '--resume'))
    expect(stderr).toMatch(/^((?:All|\d+ of) 300 images already have a result\.)?$/)
    expect(exitCode).toBe(0)
    expectAsUndisturbed(textOf(name))
  })
})

describe('finished work', () => {
  const name = 'killed-0.jsonl'
  const goOn = (...more: string[]) => ended(infer(name, '--resume', ...more))

  test('is not repeated', async () => {
    const before = textOf(name)
    expect(await goOn()).toEqual({ exitCode: 0, stderr: 'All 300 images already have a result.' })
    expect(textOf(name)).toBe(before)
  })

  test('is not resumed with another setting or model, and stays unchanged', async () => {
    const before = textOf(name)
    const remedy =
      'Use the model and flags of that run, or start again with another --output or without --resume.\n' +
      '[RESUME_REFUSED]'
    await appendFile(at(name), '{"torn')
    expect(await goOn('--topk=5', '--no-one-dnn', '--max-pixels=5000', '--cpu-threads=2')).toEqual({
      exitCode: 1,
      stderr: `${name} was written with another model or settings: topk: 1 there, 5 now; max-pixels: 268402689 there, 5000 now; one-dnn: auto there, false now.\n${remedy}`,
    })
    await writeFile(join(net.folder, 'inference.yml'), 'PostProcess:\n  Topk:\n    topk: 1\n')
    const { exitCode, stderr } = await goOn()
    await rm(join(net.folder, 'inference.yml'))
    expect({ exitCode, stderr: stderr.replace(/[0-9a-f]{8}…/, 'HASH') }).toEqual({
      exitCode: 1,
      stderr: `${name} was written with another model or settings: inference.yml: none there, SHA-256 HASH now.\n${remedy}`,
    })
    expect(textOf(name)).toBe(`${before}{"torn`)
  })

  test('is resumed when images are added, and removed results are computed again', async () => {
    const kept = undisturbed.split('\n').filter((_, index) => index !== 7)
    await writeFile(at(name), kept.join('\n'))
    await sharp(at('images/image-0.png')).toFile(at('images/image-new.png'))
    const answered = await goOn()
    await rm(at('images/image-new.png'))
    expect(answered).toEqual({ exitCode: 0, stderr: '299 of 301 images already have a result.' })
    expect(parsed(textOf(name)).map(({ image }) => image)).toEqual([
      ...parsed(kept.join('\n')).map(({ image }) => image),
      'images/image-7.png',
      'images/image-new.png',
    ])
  })
})

describe('a signal', () => {
  const finishing = 'Completing the work in progress; press Ctrl-C again to stop at once.'

  test('Ctrl-C: pending images are finished and written, and the printed command resumes', async () => {
    const name = "it's done.jsonl"
    const run = infer(name)
    await atBytes(name, 1000, () => run.kill('SIGINT'), run)
    const { exitCode, stderr } = await ended(run)
    const [, done, command] = /^.*\nStopped after (\d+) of 300 images\.\nTo resume: (.*)$/.exec(stderr) ?? []
    expect(stderr.split('\n')[0]).toBe(finishing)
    expect(exitCode).toBe(130)
    expect(Number(done)).toBeLessThan(images)
    expect(parsed(textOf(name))).toHaveLength(Number(done))
    expect(command).toBe(
      `paddle-ts infer ${flags.join(' ')} --img-path images --output 'it'\\''s done.jsonl' --resume`,
    )
    const line = command!.replace('paddle-ts', `"${process.execPath}" "${bin}"`)
    const second = await execa('sh', ['-c', line], { cwd: folder })
    expect(second.stderr).toBe(`${done!} of 300 images already have a result.`)
    expectAsUndisturbed(textOf(name))
  })

  test('SIGTERM likewise; for a .csv no command is printed', async () => {
    const name = 'term.csv'
    const run = infer(name)
    await atBytes(name, 1000, () => run.kill('SIGTERM'), run)
    const { exitCode, stderr } = await ended(run)
    expect(exitCode).toBe(143)
    const [, done] = /^Completing [^\n]*\nStopped after (\d+) of 300 images\.$/.exec(stderr) ?? []
    expect(textOf(name).trimEnd().split('\n')).toHaveLength(Number(done) + 1)
  })

  test('a second one ends it at once', async () => {
    const run = infer('twice.jsonl', '--verbose')
    let worker = 0
    for await (const line of createInterface({ input: run.stderr })) {
      const [, pid] = /^Worker 0 \(pid (\d+)\) started in \d+ ms\.$/.exec(line) ?? []
      if (pid !== undefined) {
        worker = Number(pid)
        process.kill(worker, 'SIGSTOP')
        run.kill('SIGINT')
      } else if (line === finishing) run.kill('SIGINT')
    }
    const { exitCode } = await run
    expect({ exitCode, isStarted: worker > 0 }).toEqual({ exitCode: 130, isStarted: true })
  })

  test('while the model is being loaded there is nothing to finish', async () => {
    const env = { FAULTS: folder }
    const prepare = `${join(root, 'tests/helpers/waiting.py')}:for_ever`
    const args = ['infer', ...flags, '--img-path=images', '--output=loading.jsonl', `--prepare=${prepare}`]
    const run = paddleTs(args, { cwd: folder, env })
    const watcher = watch(folder, (_, file) => {
      if (file === 'loading') run.kill('SIGINT')
    })
    expect(await ended(run)).toEqual({ exitCode: 130, stderr: '' })
    watcher.close()
    expect(textOf('loading.jsonl')).toBe('')
  })
})

describe('a disk that is full', () => {
  const all = ['--topk=1000', '--batch-size=4']
  const message = (name: string, code: string): RegExp =>
    new RegExp(
      `^${name} cannot be written \\(${code}\\): [^\\n]+\\. It contains (\\d+) complete results\\.\\n` +
        `(?:Free disk space|Raise the limit \\(ulimit -f\\)), then resume: paddle-ts infer [^\\n]+ --resume\\n\\[FILE_NOT_WRITTEN\\]$`,
    )
  const line = (name: string, ...more: string[]): string =>
    [
      `"${process.execPath}" "${bin}" infer`,
      ...flags,
      '--img-path images',
      ...all,
      '--output',
      name,
      ...more,
    ].join(' ')

  test('a limit of file sizes (ulimit -f): complete results stay, and are resumed', async () => {
    const shell = (command: string) => execa('bash', ['-c', command], { cwd: folder, reject: false })
    const { exitCode, stdout, stderr } = await shell(`ulimit -f 1024; ${line('limited.jsonl')}`)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    const [, count] = message('limited.jsonl', 'EFBIG').exec(stderr) ?? []
    expect(parsed(textOf('limited.jsonl'))).toHaveLength(Number(count))
    expect(textOf('limited.jsonl').endsWith('}\n')).toBe(true)
    const second = await shell(line('limited.jsonl', '--resume'))
    expect(second).toMatchObject({ exitCode: 0, stderr: `${count!} of 300 images already have a result.` })
    expectAsUndisturbed(textOf('limited.jsonl'))
  })

  const mayMount = execaSync('unshare', ['-rm', 'true'], { reject: false }).exitCode === 0
  const testMounted = testWhere(mayMount, 'unshare -rm is not permitted', { byRoot: true })
  testMounted('a small disk', async () => {
    await mkdir(at('disk'))
    const script = [
      'mount -t tmpfs -o size=500k tmpfs disk',
      `${line('disk/full.jsonl')} 2> first.txt; echo $?`,
      'cp disk/full.jsonl first.jsonl',
      'mount -o remount,size=64m disk',
      `${line('disk/full.jsonl', '--resume')} 2> second.txt; echo $?`,
      'cp disk/full.jsonl second.jsonl; ls disk',
    ]
    const { stdout } = await execa('unshare', ['-rm', 'bash', '-c', script.join('\n')], { cwd: folder })
    expect(stdout.split('\n')).toEqual(['1', '0', 'full.jsonl', 'full.jsonl.run.json'])
    const [, count] = message('disk/full.jsonl', 'ENOSPC').exec(textOf('first.txt').trimEnd()) ?? []
    expect(parsed(textOf('first.jsonl'))).toHaveLength(Number(count))
    expect(textOf('second.txt')).toBe(`${count!} of 300 images already have a result.\n`)
    expectAsUndisturbed(textOf('second.jsonl'))
  })
})

test('a reader that closes standard output and standard error', async () => {
  const args = [...flags, '--img-path', 'images', '--json', '--verbose'].join(' ')
  const command = `"${process.execPath}" "${bin}" infer ${args} 2>&1 | head -1`
  const { stdout } = await execa('bash', ['-c', command], { cwd: folder })
  expect(stdout).toMatch(/^Worker 0 \(pid \d+\) started in \d+ ms\.$/)
})

test('two at once do not write to one file; of paths on standard input only new ones are computed', async () => {
  const name = 'shared.jsonl'
  const args = ['infer', ...flags, '--img-path', '-', '--output', name, '--resume']
  const ofInput = () => execa(process.execPath, [bin, ...args], { cwd: folder, reject: false })
  const first = ofInput()
  first.stdin.write('images/image-0.png\n')
  let second: Promise<unknown> | undefined
  await atBytes(
    name,
    1,
    () => {
      second = ended(infer(name, '--resume')).finally(() => first.stdin.end('images/image-1.png\n'))
    },
    first,
  )
  expect(await second).toEqual({
    exitCode: 1,
    stderr:
      `${name} cannot be written now: another paddle-ts process is writing to it.\n` +
      'Wait until it ends, or use another file.\n[FILE_NOT_WRITTEN]',
  })
  expect(await first).toMatchObject({ exitCode: 0, stderr: '' })

  const third = ofInput()
  third.stdin.end(['image-1', 'image-2', 'image-0'].map((image) => `images/${image}.png\n`).join(''))
  expect(await third).toMatchObject({ exitCode: 0, stderr: '2 images already have a result.' })
  expect(parsed(textOf(name)).map(({ image }) => image)).toEqual(
    ['image-0', 'image-1', 'image-2'].map((image) => `images/${image}.png`),
  )
})
