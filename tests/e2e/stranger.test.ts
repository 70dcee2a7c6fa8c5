import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import sharp from 'sharp'
import { omit } from '../../src/options/index.js'
import { copyFaceDetector } from '../helpers/face-detector.js'
import { outsideEnvironment, patience } from '../helpers/fresh-clone.js'
import { blocksIn, commandsIn, readPage, takeBlocks } from '../helpers/pages.js'
import { root } from '../helpers/project.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { startRegistry, type Registry } from '../helpers/registry.js'

const [
  quickStart,
  photo,
  onePhoto,
  runPhoto,
  boxes,
  folderCommand,
  tutorial,
  manyImages,
  network,
  ownNetwork,
  recording,
] = await takeBlocks('README.md', 'sh sh ts sh sh sh sh ts python ts console')

// MobileNetV3 has random weights here: its 1000 classes are about equally likely.
const untrained = /^image_name: images\/demo\.jpg, class_id: \d+, prob: 0\.00(1|09)\d*$/
const ofCharacter = /^image_name: (.*), class_id: (\d+), prob: ([\d.]+), label: (.)$/

/** An empty folder, a home without anything, and a registry that has the package. */
let folder: string
let home: string
let registry: Registry

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stranger-'))
  home = await mkdtemp(join(tmpdir(), 'stranger-home-'))
  registry = await startRegistry()
}, patience)
afterAll(async () => {
  await registry[Symbol.asyncDispose]()
  await Promise.all([folder, home].map((path) => rm(path, { recursive: true })))
})

async function shell(line: string) {
  const env = {
    ...omit({ PADDLE_TS_HOME: true, PADDLE_TS_PYTHON: true }, outsideEnvironment),
    PATH: [join(home, 'bin'), outsideEnvironment['PATH']].join(delimiter),
    HOME: home,
    npm_config_registry: registry.url,
    // A reader answers npx's question whether to install.
    npm_config_yes: 'true',
  }
  const { stdout, stderr, exitCode } = await execa('sh', ['-c', line], {
    ...{ cwd: folder, env, extendEnv: false, stdin: 'ignore', reject: false },
  })
  return { stdout, stderr, exitCode }
}

/** Runs lines one after the other; returns the output of the last one. */
async function ran(lines: readonly string[]): Promise<string> {
  let last = ''
  for (const line of lines) {
    const { stdout, stderr, exitCode } = await shell(line)
    if (exitCode !== 0) throw new Error(`${line} ended with ${String(exitCode)}:\n${stdout}\n${stderr}`)
    last = stdout
  }
  return last
}

async function module(source: string): Promise<string> {
  await writeFile(join(folder, 'module.mts'), source)
  return ran(['npx tsx module.mts'])
}

describe('README.md, in an empty folder with an empty home', () => {
  test(
    'its first commands install the package and the wheel, and recognise a character',
    async () => {
      const lines = commandsIn(quickStart)
      expect(await ran(lines)).toMatch(
        /^image_name: images\/characters\/R-street-sign\.jpg, class_id: 27, prob: 0\.9999\d*, label: R$/,
      )
      // The page shows what a terminal does, where numbers are rounded.
      const onTerminal = `python3 '${join(root, 'tests/helpers/on_terminal.py')}' --stdout 120 ${lines.at(-1) ?? ''}`
      const shown = blocksIn(await readPage('README.md')).find(({ language }) => language === 'text')
      expect((await ran([onTerminal])).trim()).toBe(shown?.source.trim())
    },
    patience,
  )

  test('a bare command prints the help; what is missing or wrong is one error that says what to do', async () => {
    expect(await shell('npx paddle-ts')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^npx paddle-ts <command> \[flags\]\n/),
      stderr: '',
    })
    const missing = await shell('npx paddle-ts infer images/nothing.jpg')
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' })
    expect(missing.stderr).toMatch(/nothing\.jpg.*\[IMAGE_NOT_FOUND\]/s)
    const guide = /^Guide: (.*)$/m.exec((await shell('npx paddle-ts infer --help')).stdout)?.[1] ?? ''
    expect(await readFile(join(folder, guide), 'utf8')).toMatch(/^# /)
  })

  describeReal('with trained models (the downloads are replaced)', () => {
    beforeAll(async () => {
      // `curl -LO URL` then finds a model of another network, under the same name.
      const served = join(home, 'served')
      const named = join(served, 'PP-LCNet_x1_0_infer')
      await cp(join(realModels, 'imagenet-classifier'), named, { recursive: true })
      await execa('tar', ['-cf', 'PP-LCNet_x1_0_infer.tar', 'PP-LCNet_x1_0_infer'], { cwd: served })
      await mkdir(join(home, 'bin'))
      await writeFile(join(home, 'bin/curl'), `#!/bin/sh\ncp '${served}'/"\${2##*/}" .\n`)
      await chmod(join(home, 'bin/curl'), 0o755)
      await copyFaceDetector(join(folder, 'face-detector'))
    })

    test('a photo is classified, by a command and by TypeScript', async () => {
      const lines = (await ran(commandsIn(photo))).split('\n')
      expect(lines.map((line) => /, label: (.*)$/.exec(line)?.[1])).toEqual([
        'Egyptian cat',
        'tabby',
        'tiger cat',
      ])
      await writeFile(join(folder, 'classify.mts'), onePhoto)
      expect(await ran(commandsIn(runPhoto))).toMatch(/^Egyptian cat 0\.69\d+$/)
    })

    test('boxes are drawn as in its picture', async () => {
      await ran(commandsIn(boxes))
      expect(await difference('docs/boxes.jpg', join(folder, 'annotated/astronaut.jpg'))).toBeLessThan(0.5)
    })
  })

  test('a folder, and the commands of the tutorial', async () => {
    expect(await ran(commandsIn(folderCommand))).toBe('')
    const answers = (await readFile(join(folder, 'answers.jsonl'), 'utf8')).trim().split('\n')
    const images = await readdir(join(root, 'images/characters'))
    expect(answers.map((line) => (JSON.parse(line) as { topK: object[] }).topK.length)).toEqual(
      images.map(() => 3),
    )
    expect(await readdir(join(folder, 'annotated'))).toEqual(
      expect.arrayContaining(images.map((name) => expect.stringContaining(basename(name)) as unknown)),
    )
    expect(await ran(commandsIn(tutorial))).toMatch(untrained)
  })

  test('its TypeScript', async () => {
    expect(await module(manyImages)).toMatch(/^(images\/characters\/\S+ \[ \d+(, \d+){4} \]\n?){12}$/)
    await writeFile(join(folder, 'net.py'), network)
    expect(await module(ownNetwork)).toBe('float32 [ 1, 2 ]')
    expect(await readdir(join(folder, 'own'))).toContain('inference.pdmodel')
  })
})

test('README.md, in a clone: its recording of `npm run demo`', async () => {
  const [command, ...shown] = recording.trim().split('\n')
  expect(command).toBe('$ npm run demo')
  const demo = await execa('npm', ['run', '--silent', 'demo'], { cwd: root, stdin: 'ignore' })
  // On a terminal, the progress of the export precedes the results.
  const told = [demo.stderr, demo.stdout].flatMap((text) => text.split('\n'))
  // Results of random weights differ each time, and the last digits of a probability between machines.
  const likeness = (line: string): string =>
    untrained.test(line)
      ? 'untrained'
      : line.replace(ofCharacter, (_, image, id, prob, label) =>
          [image, id, Number(prob).toFixed(2), label].join(),
        )
  const lines = shown.filter((line) => line !== '…').map(likeness)
  expect(told.map(likeness).filter((line) => lines.includes(line))).toEqual(lines)
  expect(told.at(-1)).toBe(shown.at(-1))

  const images = await readdir(join(root, 'images/characters'))
  const answers = told.flatMap((line) => {
    const [, image = '', , , label] = ofCharacter.exec(line) ?? []
    return label === undefined ? [] : [{ image, right: basename(image).startsWith(`${label}-`) }]
  })
  expect(answers.map(({ image }) => basename(image)).sort()).toEqual(images.sort())
  expect(answers.filter(({ right }) => !right).length).toBeLessThanOrEqual(1)
  const pictures = await readdir(join(root, 'annotated'))
  const missing = answers.filter(({ image }) => !pictures.some((name) => name.startsWith(basename(image))))
  expect(missing).toEqual([])
  expect(await difference('docs/annotated.jpg', join(root, 'annotated/R-street-sign.jpg'))).toBeLessThan(0.5)
})

/**
 * The average difference of the levels of two pictures of one size. Other versions of libvips may draw letters
 * that differ by a level or two.
 */
async function difference(shown: string, drawn: string): Promise<number> {
  const [one, other] = await Promise.all(
    [join(root, shown), drawn].map((path) => sharp(path).raw().toBuffer({ resolveWithObject: true })),
  )
  expect(other!.info).toMatchObject({ width: one!.info.width, height: one!.info.height })
  return (
    other!.data.reduce((sum, level, index) => sum + Math.abs(level - one!.data[index]!), 0) / one!.data.length
  )
}
