import '../helpers/nothing-left.js'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { runPython } from '../helpers/python.js'

const script = 'tests/helpers/show-progress.mjs'
const erase = '\u001b[1G'

async function onTerminal(columns: number): Promise<string[]> {
  const written = await runPython('on_terminal.py', [String(columns), process.execPath, script])
  // Control sequences that erase or return to the start of the line end it here.
  return written
    .replaceAll(erase, '\n')
    .split(/[\r\n]+/)
    .map((line) => stripVTControlCharacters(line).trim())
    .filter((line) => line !== '')
}

test('on a terminal a step has a bar, and other output is on lines of its own', async () => {
  const lines = await onTerminal(100)
  expect(lines[0]).toMatch(/^\S Classifying images █+░+ 1 of 4$/)
  expect(lines.filter((line) => line.includes('image '))).toEqual([
    'image 1',
    'image 2',
    'image 3',
    'image 4',
  ])
  expect(lines.at(-1)).toMatch(/^[✔√] Classifying images$/)
})

test('a terminal without a size, and a pipe, get a plain line', async () => {
  const plain = ['- Classifying images', 'image 1', 'image 2', 'image 3', 'image 4']
  expect(await onTerminal(0)).toEqual(plain)
  const { stderr } = await execa(process.execPath, [script])
  expect(stderr.split('\n')).toEqual(plain)
})
