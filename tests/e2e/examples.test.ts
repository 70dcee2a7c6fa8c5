import { once } from 'node:events'
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { cloneInto, outsideEnvironment, patience } from '../helpers/fresh-clone.js'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { root } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'
import { describeReal, realModels } from '../helpers/real-models.js'

const character = join(root, 'images/characters/K-blurred.jpg')
let folder: string
/** A copy of the examples outside the clone. */
let copy: string
/** The commands in examples/README.md. */
let commands: readonly string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'))
  const clone = join(folder, 'clone')
  copy = join(folder, 'paddle-examples')
  await cloneInto(clone)
  // Already built; package.test.ts covers the build in `npm pack`.
  for (const name of ['dist', '.cache/built.txt']) {
    await cp(join(root, name), join(clone, name), { recursive: true })
  }
  const [installing, compiled, plain] = await takeBlocks('examples/README.md', 'sh sh sh')
  const installed = await shell(clone, `set -e\n${installing}`, { npm_config_prefer_offline: 'true' })
  expect(installed).toMatchObject({ exitCode: 0 })
  expect(installed.stderr).not.toContain('Building')
  const [compile, ...others] = [...commandsIn(compiled), ...commandsIn(plain)]
  commands = others
  expect(compile).toBe('npx tsc')
  expect(await shell(copy, compile!)).toEqual({ exitCode: 0, stdout: '', stderr: '' })
}, patience)
afterAll(() => rm(folder, { recursive: true }))

/** Runs shell lines like a user outside this repository. */
async function shell(cwd: string, lines: string, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', lines], {
    ...{ cwd, env: { ...outsideEnvironment, ...env }, extendEnv: false, reject: false, stdin: 'ignore' },
  })
  return { exitCode, stdout, stderr }
}

/** Runs a compiled or JavaScript example. */
const run = (name: string, ...args: readonly string[]) =>
  execa('node', [name.endsWith('js') ? name : `js/${name}.js`, ...args], {
    cwd: copy,
    reject: false,
  })

test('examples/README.md lists all of them', async () => {
  const page = await readFile(join(root, 'examples/README.md'), 'utf8')
  const named = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path)
  const there = await readdir(join(folder, 'clone/examples'))
  expect(named.sort()).toEqual(there.filter((name) => name !== 'README.md').sort())
})

test('they use the TypeScript version of the repository', async () => {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(root, name), 'utf8')) as { devDependencies: Record<string, string> }
  const { devDependencies } = await read('examples/package.json')
  expect(devDependencies).toEqual({ typescript: (await read('package.json')).devDependencies['typescript'] })
})

test('its commands', async () => {
  const [classifyOne, batch, typed, ...plain] = commands
  expect(plain).toHaveLength(2)
  const best = {
    exitCode: 0,
    stderr: '',
    stdout: expect.stringMatching(/^K [01]\.\d{4}\n. 0\.\d{4}\n. 0\.\d{4}$/),
  }
  for (const command of [classifyOne!, ...plain]) {
    expect(await shell(copy, command)).toEqual(best)
  }
  expect(await shell(copy, batch!)).toMatchObject({ exitCode: 0 })
  const lines = (await readFile(join(copy, 'answers.jsonl'), 'utf8')).trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { image: string }).image)).toEqual(
    (await readdir(join(root, 'images/characters')))
      .sort()
      .map((name) => `node_modules/paddle-ts/images/characters/${name}`),
  )
  const { stdout } = await shell(copy, typed!)
  expect(stdout.replaceAll(/ +/g, ' ').split('\n')).toEqual([
    'threads: 2, fc_fuse_pass: off',
    '| enable_mkldnn | true |',
    '| mkldnn_cache_capacity | 1 |',
    '| ir_optim | true |',
    '| memory_optim | true |',
    'K (cpu, 2 threads, oneDNN true, memory true)',
    'K (cpu, 2 threads, oneDNN true, memory true)',
  ])
})

test('invalid arguments are reported, and nothing is started', async () => {
  const batchUsage = 'Usage: node batch-folder.ts FOLDER RESULTS.jsonl [--again] [--model DIR] [--workers N]'
  const cases: readonly [string, readonly string[], string][] = [
    ['classify-one', [], 'Usage: node classify-one.ts IMAGE [MODEL_DIR]'],
    ['classify-one.mjs', ['a', 'b', 'c'], 'Usage: node classify-one.mjs IMAGE [MODEL_DIR]'],
    ['classify-one.cjs', [], 'Usage: node classify-one.cjs IMAGE [MODEL_DIR]'],
    ['typed-config', [], 'Usage: node typed-config.ts IMAGE'],
    ['ocr-line', ['model', 'dict.txt'], 'Usage: node ocr-line.ts MODEL_DIR [DICT.txt] IMAGE…'],
    ['textline-orientation', ['model'], 'Usage: node textline-orientation.ts MODEL_DIR IMAGE…'],
    ['bring-your-own-network/infer', ['fares'], 'Usage: node infer.ts MODEL_DIR CARS.txt RIDES.csv'],
    ['batch-folder', ['many'], `Expected a folder and a file for the results.\n${batchUsage}`],
    [
      'batch-folder',
      ['a', 'b', '--workers=0'],
      `Expected a positive integer for --workers, got 0.\n${batchUsage}`,
    ],
    ['http-endpoint', ['x'], 'Usage: node http-endpoint.ts [PORT [MODEL_DIR]]'],
  ]
  const ran = await Promise.all(cases.map(([name, args]) => run(name, ...args)))
  expect(ran.map(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr }))).toEqual(
    cases.map(([, , stderr]) => ({ exitCode: 2, stdout: '', stderr })),
  )
})

test('a missing model, in each form of classify-one', async () => {
  const forms = ['classify-one', 'classify-one.mjs', 'classify-one.cjs']
  const ran = await Promise.all(forms.map((name) => run(name, character, 'none')))
  const message =
    'There is no model at none.\nCheck the path, or create one: paddle-ts export --save-inference-dir none'
  expect(ran.map(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr }))).toEqual(
    forms.map(() => ({ exitCode: 1, stdout: '', stderr: message })),
  )
})

test('a mistake of the user is one line without a stack, and exit code 1', async () => {
  const missing = (path: string) => `There is no model at ${path}.`
  const file = 'ENOENT: no such file or directory, '
  await using taken = await listenSomewhere()
  const cases: readonly [string, readonly string[], string][] = [
    ['batch-folder', ['nope', 'nope.jsonl'], `${file}scandir 'nope'`],
    ['typed-config', ['nope.jpg'], 'There is no image at nope.jpg.'],
    ['ocr-line', ['nope', 'nope.txt', character], `${file}open 'nope.txt'`],
    ['ocr-line', ['nope', character], `${file}open 'nope/inference.yml'`],
    [
      'ocr-line',
      [join(root, 'models/characters'), character],
      `${join(root, 'models/characters/inference.yml')} lists no characters: pass their file, DICT.txt.`,
    ],
    ['textline-orientation', ['nope', character], missing('nope')],
    ['bring-your-own-network/infer', ['nope', 'nope.txt', 'x'], `${file}open 'nope.txt'`],
    [
      'http-endpoint',
      [String(taken.port)],
      `listen EADDRINUSE: address already in use 127.0.0.1:${taken.port}`,
    ],
    ['http-endpoint', ['0', 'nope'], missing('nope')],
  ]
  const ran = await Promise.all(cases.map(([name, args]) => run(name, ...args)))
  expect(ran.map(({ exitCode, stderr }) => [exitCode, stderr.split('\n')[0]])).toEqual(
    cases.map(([, , stderr]) => [1, stderr]),
  )
  // The second line is the advice.
  expect(ran.map(({ stderr }) => stderr.split('\n').length).filter((count) => count > 2)).toEqual([])
  expect(await readdir(copy)).not.toContain('nope.jsonl')
})

/** Listens on a free port until it is disposed. */
async function listenSomewhere(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await once(server.close(), 'close')
    },
  }
}

test('batch-folder.ts, killed, stopped and resumed: each image has one result', async () => {
  const count = 300
  const at = (name: string): string => join(copy, name)
  await mkdir(at('many'))
  for (let index = 0; index < count; index += 1) await copyFile(character, at(`many/${index}.jpg`))
  await writeFile(at('many/broken.png'), 'no image')
  const args = ['many', 'many.jsonl', '--workers', '1']
  const text = (): Promise<string> => readFile(at('many.jsonl'), 'utf8')

  /** Runs it, and sends a signal after a number of images. */
  const until = async (done: string, signal: NodeJS.Signals) => {
    const running = run('batch-folder', ...args)
    for await (const line of createInterface({ input: running.stderr })) {
      if (line.startsWith(`${done} of `)) running.kill(signal)
    }
    return running
  }
  expect((await until('30', 'SIGKILL')).signal).toBe('SIGKILL')
  // Simulates a line torn by the kill.
  const whole = (await text()).split('\n').length - 1
  expect(whole).toBeGreaterThanOrEqual(29)
  await writeFile(
    at('many.jsonl'),
    `${(await text()).split('\n').slice(0, whole).join('\n')}\n{"image":"many/9`,
  )

  const stopped = await until('20', 'SIGINT')
  const [, left] = /\nStopped, with (\d+) left: run it again to go on\.$/.exec(stopped.stderr) ?? []
  expect(stopped).toMatchObject({ exitCode: 1, stdout: '' })
  expect(stopped.stderr).toMatch(
    new RegExp(`^${whole} of 301 images are done already\\.\n1 of ${301 - whole}\n`),
  )
  expect((await text()).split('\n')).toHaveLength(301 - Number(left) + 1)

  const finished = await run('batch-folder', ...args)
  const reason =
    /\nmany\/broken\.png cannot be decoded: .*\n.*\n(\d+ of \d+\n)*1 failed: --again tries them again\.$/
  expect(finished).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(reason) })
  const before = await text()
  const again = await run('batch-folder', ...args)
  expect(again.stderr).toBe('301 of 301 images are done already.\n1 failed: --again tries them again.')

  await copyFile(character, at('many/broken.png'))
  const mended = await run('batch-folder', ...args, '--again')
  expect(mended).toMatchObject({ exitCode: 0, stderr: '300 of 301 images are done already.\n1 of 1' })
  const lines = (await text()).trimEnd().split('\n')
  expect(lines.slice(0, 300)).toEqual(
    before
      .trimEnd()
      .split('\n')
      .filter((line) => !line.includes('broken')),
  )
  const parsed = lines.map((line) => JSON.parse(line) as { image: string; topK: { label: string }[] })
  const names = [...Array.from({ length: count }, (_, index) => `many/${index}.jpg`), 'many/broken.png']
  expect(parsed.map(({ image }) => image).sort()).toEqual(names.sort())
  expect(new Set(parsed.map(({ topK }) => topK[0]?.label))).toEqual(new Set(['K']))
})

test('batch-folder.ts, twice at once: the second run is rejected, and each image has one result', async () => {
  await mkdir(join(copy, 'few'))
  for (let index = 0; index < 40; index += 1) await copyFile(character, join(copy, `few/${index}.jpg`))
  const args = ['few', 'few.jsonl', '--workers', '1']
  // The lock of a run that was killed when it created it.
  await writeFile(join(copy, 'few.jsonl.lock'), '')
  const first = run('batch-folder', ...args)
  let second: Awaited<ReturnType<typeof run>> | undefined
  for await (const line of createInterface({ input: first.stderr })) {
    // Paused, so that it cannot end before the second one is rejected.
    if (!line.startsWith('0 of 40 images are done')) continue
    first.kill('SIGSTOP')
    second = await run('batch-folder', ...args)
    first.kill('SIGCONT')
  }
  expect(second).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr:
      `Another run writes the results: process ${first.pid} by few.jsonl.lock. Wait until it ends,\n` +
      'or remove few.jsonl.lock if that process is another program.',
  })
  expect((await first).exitCode).toBe(0)
  const images = (await readFile(join(copy, 'few.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { image: string }).image)
  expect(images.sort()).toEqual(Array.from({ length: 40 }, (_, index) => `few/${index}.jpg`).sort())
  expect((await readdir(copy)).filter((name) => name.startsWith('few.jsonl'))).toEqual(['few.jsonl'])
})

test('bring-your-own-network', async () => {
  const [train, exported, infer] = await takeBlocks('examples/bring-your-own-network/README.md', 'sh sh sh')
  const inFolder = (line: string) => shell(join(copy, 'bring-your-own-network'), line)
  const trained = await inFolder(train.replace(/^python /, `${await testPython()} -W ignore `))
  expect(trained).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^trained: 0\.\d% off on average$/),
  })
  expect(await inFolder(exported)).toMatchObject({
    exitCode: 0,
    stdout: 'inference model has been saved into fares',
  })
  const { exitCode, stdout } = await inFolder(infer)
  expect(exitCode).toBe(1)
  const lines = stdout.split('\n')
  expect(lines.pop()).toBe('12,12,tram: Expected economy, van, limousine, got tram.')
  const told = lines.map((line) => /^(.*): ([\d.]+), ([\d.]+) a kilometre$/.exec(line)!.slice(1))
  // The prices of the training data: 2.5, and 1.1 per kilometre, by hour and car.
  const asTrained: [string, number, number][] = [
    ['10,12,economy', 13.5, 1.1],
    ['10,23,economy', 16.875, 1.375],
    ['4.5,8,van', 11.175, 1.65],
    ['30,3,limousine', 88.75, 2.75],
  ]
  expect(told.map(([ride]) => ride)).toEqual(asTrained.map(([ride]) => ride))
  for (const [index, [, price, perKm]] of asTrained.entries()) {
    expect(Math.abs(Number(told[index]![1]) / price - 1)).toBeLessThan(0.02)
    expect(Math.abs(Number(told[index]![2]) / perKm - 1)).toBeLessThan(0.03)
  }
})

describeReal('with trained models', () => {
  const image = (name: string): string => join(realModels, 'images', name)

  test('ocr-line.ts reads words', async () => {
    const model = join(realModels, 'ocr-recognizer-en')
    const images = [image('word-joint.png'), image('word-yourself.png')]
    const { stdout } = await run('ocr-line', model, join(model, 'dict.txt'), ...images)
    expect(stdout).toMatch(
      /^\S+word-joint\.png: JOINT \(0\.989\)\n\S+word-yourself\.png: yourself \(0\.937\)$/,
    )
  })

  test('ocr-line.ts feeds lines as high as the model declares', async () => {
    const model = join(realModels, 'ocr/PP-OCRv4_mobile_rec')
    const { stdout, stderr } = await run(
      'ocr-line',
      model,
      join(model, 'ppocr_keys_v1.txt'),
      image('word-joint.png'),
    )
    expect(stdout).toMatch(/^\S+word-joint\.png: JOINT \(0\.9\d+\)$/)
    expect(stderr).not.toContain('DIMENSIONS_DIFFER')
  })

  test('ocr-line.ts takes the characters from the model’s own file', async () => {
    const model = join(realModels, 'ocr/PP-OCRv5_mobile_rec')
    const { stdout } = await run('ocr-line', model, image('word-joint.png'), image('word-yourself.png'))
    expect(stdout).toMatch(
      /^\S+word-joint\.png: JOINT \(0\.\d+\)\n\S+word-yourself\.png: yourself \(0\.\d+\)$/,
    )
  })

  test('textline-orientation.ts detects lines that are upside down', async () => {
    const images = [image('textline-0.png'), image('textline-180.png')]
    const { stdout } = await run('textline-orientation', join(realModels, 'textline-orientation'), ...images)
    expect(stdout).toBe(images.map((path, index) => `${path}: ${180 * index}° (1.000)`).join('\n'))
  })
})
