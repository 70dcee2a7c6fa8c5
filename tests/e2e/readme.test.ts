import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import sharp from 'sharp'
import { readPage, takeBlocks } from '../helpers/pages.js'
import { makeProject, root, type Project } from '../helpers/project.js'

const [...english] = await takeBlocks('README.md', 'console sh sh ts ts python ts')
const [...chinese] = await takeBlocks('README.zh-CN.md', 'console sh sh ts ts python ts')
const [recording, commands, folderCommand, oneImage, manyImages, network, ownNetwork] = english

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

// MobileNetV3 has random weights here: its 1000 classes are about equally likely.
const untrained = /^image_name: images\/demo\.jpg, class_id: \d+, prob: 0\.00(1|09)\d*$/
const ofCharacter = /^image_name: (.*), class_id: (\d+), prob: ([\d.]+), label: (.)$/

describe('README.md', () => {
  test('its recording of `npm run demo`', async () => {
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
    const [shownPicture, drawn] = await Promise.all([
      pixelsOf('docs/annotated.jpg'),
      pixelsOf('annotated/R-street-sign.jpg'),
    ])
    expect(drawn.length).toBe(shownPicture.length)
    // Other versions of libvips may draw letters that differ by a level or two.
    const differences = drawn.reduce((sum, level, index) => sum + Math.abs(level - shownPicture[index]!), 0)
    expect(differences / drawn.length).toBeLessThan(0.5)
  })

  test('its commands', async () => {
    const [exporting = '', inferring = '', ...others] = commands.trim().split('\n')
    expect(others).toEqual([])
    expect(await project.shell(exporting)).toMatchObject({
      exitCode: 0,
      stdout: 'inference model has been saved into model',
    })
    expect(await project.shell(inferring)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(untrained),
    })

    expect(await project.shell(folderCommand)).toMatchObject({ exitCode: 0, stdout: '' })
    const answers = (await readFile(join(project.folder, 'answers.jsonl'), 'utf8')).trim().split('\n')
    const images = await readdir(join(root, 'images/characters'))
    expect(answers.map((line) => (JSON.parse(line) as { topK: object[] }).topK.length)).toEqual(
      images.map(() => 3),
    )
    expect(await readdir(join(project.folder, 'annotated'))).toHaveLength(images.length)
  })

  test('its TypeScript', async () => {
    expect(await project.typeScript(oneImage)).toBe('K')
    expect(await project.typeScript(manyImages)).toMatch(
      /^(images\/characters\/\S+ \[ \d+(, \d+){4} \]\n?){12}$/,
    )
    await writeFile(join(project.folder, 'net.py'), network)
    expect(await project.typeScript(ownNetwork)).toBe('float32 [ 1, 2 ]')
    await access(join(project.folder, 'own/inference.pdmodel'))
  })
})

function pixelsOf(path: string): Promise<Buffer> {
  return sharp(join(root, path)).raw().toBuffer()
}

test('README.zh-CN.md has the same blocks, links and rows', async () => {
  expect(chinese).toEqual(english)
  const [here, there] = await Promise.all([readPage('README.md'), readPage('README.zh-CN.md')])
  const linksOf = (text: string): string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to)
  expect(linksOf(there).slice(1)).toEqual(linksOf(here).slice(1))
  expect([linksOf(here)[0], linksOf(there)[0]]).toEqual(['README.zh-CN.md', 'README.md'])
  const rowsOf = (text: string): string[] =>
    [...text.matchAll(/^\| ([`[][^|]+?) +\|/gm)].map(([, name = '']) => name)
  expect(rowsOf(here).length).toBeGreaterThan(20)
  expect(rowsOf(there)).toEqual(rowsOf(here))
})
