import { expect, test } from '@jest/globals'
import { blocksIn, readPage, shownOnly, takeBlocks } from '../helpers/pages.js'

const [...chinese] = await takeBlocks('README.zh-CN.md', 'sh sh ts sh sh sh sh ts python ts console')

test('README.zh-CN.md has the same blocks, links and rows', async () => {
  const [here, there] = await Promise.all([readPage('README.md'), readPage('README.zh-CN.md')])
  const english = blocksIn(here).filter(({ language }) => !shownOnly.includes(language))
  expect(chinese).toEqual(english.map(({ source }) => source))
  const linksOf = (text: string): string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to)
  const others = (links: string[]): string[] => links.filter((link) => !link.startsWith('README'))
  expect(others(linksOf(there))).toEqual(others(linksOf(here)))
  expect([linksOf(here), linksOf(there)]).toEqual([
    expect.arrayContaining(['README.zh-CN.md']),
    expect.arrayContaining(['README.md']),
  ])
  const rowsOf = (text: string): string[] =>
    [...text.matchAll(/^\| (`[^`|]+`|\[[^\]|]+\][([][^|]+?[)\]]) +\|/gm)].map(([, name = '']) => name)
  expect(rowsOf(here).length).toBeGreaterThan(20)
  expect(rowsOf(there)).toEqual(rowsOf(here))
})
