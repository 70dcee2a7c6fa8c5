import '../helpers/nothing-left.js'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeProject, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
  // 36 classes: “猫”, then “狗” for all others.
  const gbk = Buffer.from(`c3a80a${'b9b70a'.repeat(35)}`, 'hex')
  await writeFile(join(project.folder, 'labels.txt'), gbk)
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

const note = 'Using the built-in model for printed characters (0–9, A–Z); choose another with --model-dir.'
const warning = (file: string): string =>
  `Warning: ${file} is not UTF-8 and was read as GB18030: save it as UTF-8 if its text comes out wrong.\n[TEXT_NOT_UTF8]`
const letter = 'images/characters/7-rotated.png'

test('labels in GBK are the right names, with one warning', async () => {
  const { stdout, stderr, exitCode } = await project.shell(
    `paddle-ts infer ${letter} --labels labels.txt --workers 2`,
  )
  expect([stderr, exitCode]).toEqual([`${note}\n${warning('labels.txt')}`, 0])
  expect(stdout).toMatch(
    /^image_name: images\/characters\/7-rotated\.png, class_id: 7, prob: [\d.]+, label: 狗$/,
  )
  const quiet = await project.shell(`paddle-ts infer ${letter} --labels labels.txt -q`)
  expect([quiet.stderr, quiet.exitCode]).toEqual(['', 0])
})

test('the library reports them to `onWarning`, or as a warning of Node', async () => {
  const told = await project.typeScript(`
    import { once } from 'node:events'
    import { ImageClassifier } from 'paddle-ts'
    const codes: string[] = []
    const onWarning = ({ code }) => codes.push(code)
    await using first = await ImageClassifier.load(undefined, { labels: 'labels.txt', onWarning })
    const { topK } = await first.classifyOne('${letter}')
    const warned = once(process, 'warning')
    await using second = await ImageClassifier.load(undefined, { labels: 'labels.txt' })
    const [{ name, code }] = await warned
    console.log(JSON.stringify([topK[0].label, codes, name, code]))`)
  expect(JSON.parse(told)).toEqual(['狗', ['TEXT_NOT_UTF8'], 'PaddleWarning', 'TEXT_NOT_UTF8'])
})

test('a file of defaults in GBK', async () => {
  // { "labels": "狗.txt" }
  const bytes = Buffer.from('7b20226c6162656c73223a2022b9b72e74787422207d', 'hex')
  await writeFile(join(project.folder, 'gbk.json'), bytes)
  const told = await project.shell(`paddle-ts infer ${letter} --config gbk.json`)
  expect(told).toEqual({
    stdout: '',
    stderr: `${warning('gbk.json')}\n${note}\nThere is no label file at 狗.txt.\nCheck the path.\n[LABELS_INVALID]`,
    exitCode: 1,
  })
})

test('a list on standard input with a mark, in UTF-16 and with CRLF', async () => {
  const lines = `${letter}\r\nimages/characters/5-shadow.jpg\r\n`
  const plain = await project.shell(`paddle-ts infer ${lines.trim().split('\r\n').join(' ')}`)
  for (const bytes of [Buffer.from(`\uFEFF${lines}`), Buffer.from(`\uFEFF${lines}`, 'utf16le')]) {
    await writeFile(join(project.folder, 'list.txt'), bytes)
    expect(await project.shell('paddle-ts infer --img-path - < list.txt')).toEqual(plain)
  }
})

test('a list in UTF-16 without a mark, and one that find -print0 wrote', async () => {
  await writeFile(join(project.folder, 'list.txt'), 'a.png\0b.png\0')
  const told = await project.shell('paddle-ts infer --img-path - < list.txt')
  expect(told.stderr).toBe(
    `${note}\nThere is no image at "a.png\\u0000b.png\\u0000": a path cannot contain a NUL character.\nCheck the path; a list of paths has one on each line, in UTF-8.\n[IMAGE_NOT_FOUND]\n1 of 1 image failed.`,
  )
})
