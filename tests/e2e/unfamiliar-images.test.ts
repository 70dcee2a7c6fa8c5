import '../helpers/nothing-left.js'
import { cp, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeProject, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

const note = 'Using the built-in model for printed characters (0–9, A–Z); choose another with --model-dir.'
const unfamiliar = (image: string): string =>
  `Warning: ${image} does not look like a single character, and the built-in model knows only printed ones ` +
  '(0–9, A–Z). For other images use a model of your own: --model-dir DIR. For photos, ' +
  '`paddle-ts export --pretrained --save-inference-dir DIR` makes one.\n[INPUT_UNFAMILIAR]'

describe('a photo with the built-in model', () => {
  test('gets one hint on standard error, however many photos there are', async () => {
    const { stdout, stderr, exitCode } = await project.shell(
      'paddle-ts infer --img-path images/demo.jpg images/demo.jpg --json',
    )
    expect([stderr, exitCode]).toEqual([`${note}\n${unfamiliar('images/demo.jpg')}`, 0])
    expect(stdout.split('\n').map((text) => Object.keys(JSON.parse(text) as object))).toEqual(
      Array(2).fill(['image', 'topK']),
    )
  })

  test.each(['astronaut', 'cat', 'demo'])('images/%s.jpg is named in it', async (name) => {
    const { stderr } = await project.shell(`paddle-ts infer images/${name}.jpg`)
    expect(stderr).toBe(`${note}\n${unfamiliar(`images/${name}.jpg`)}`)
  })

  test('is named among other files of a folder; the characters beside it are not', async () => {
    await mkdir(join(project.folder, 'mixed'))
    const names = ['cat.jpg', 'characters/G-transparent.png', 'characters/K-blurred.jpg']
    for (const name of names)
      await cp(join(project.folder, 'images', name), join(project.folder, 'mixed', basename(name)))
    const { stderr } = await project.shell('paddle-ts infer mixed')
    expect(stderr).toBe(`${note}\n${unfamiliar('mixed/cat.jpg')}`)
    expect((await project.shell('paddle-ts infer images/characters')).stderr).toBe(note)
  })

  test('is a warning of the library, once per classifier', async () => {
    const told = await project.typeScript(`
      import { ImageClassifier } from 'paddle-ts'
      const codes: string[] = []
      await using classifier = await ImageClassifier.load(undefined, { onWarning: ({ code, message }) => codes.push(code, message) })
      for (let run = 0; run < 3; run += 1) await classifier.classifyOne('images/demo.jpg')
      console.log(JSON.stringify(codes))`)
    const [code, message] = JSON.parse(told) as string[]
    expect(code).toBe('INPUT_UNFAMILIAR')
    expect(message).toMatch(/^images\/demo\.jpg does not look like a single character, /)
    expect(message).toContain("use a model of your own: `ImageClassifier.load('DIR')`. For photos, ")
    expect(JSON.parse(told)).toHaveLength(2)
  })
})
