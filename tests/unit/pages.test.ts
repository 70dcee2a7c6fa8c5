import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { glob } from 'tinyglobby'
import { allPages, blocksIn, readPage, shownOnly } from '../helpers/pages.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The languages of the blocks that tests take. A block of any other language, or of none, fails, so that no
 * block is forgotten.
 */
const runnable = ['sh', 'ts', 'js', 'cjs', 'mjs', 'python', 'json', 'yaml', 'console', 'diff', 'dockerfile']

/** How a test takes the blocks of a page: all at once, each by a name, so that ESLint reports unused ones. */
const taking = /const \[([^\]]+)\] =\s+await takeBlocks\(\s*'([^']+)',\s*'([^']+)',?\s*\)/g

const pages = await allPages()
const texts = new Map(await Promise.all(pages.map(async (page) => [page, await readPage(page)] as const)))

test('one test takes and runs every fenced block of every page', async () => {
  const taken: string[] = []
  for (const file of await glob('tests/**/*.test.ts', { cwd: root })) {
    const source = await readFile(join(root, file), 'utf8')
    const calls = [...source.matchAll(taking)]
    if (!file.endsWith('/pages.test.ts'))
      expect([file, source.split('takeBlocks(').length - 1]).toEqual([file, calls.length])
    for (const [, names = '', page = '', languages = ''] of calls) {
      const bound = names
        .replace(/,\s*$/, '')
        .split(',')
        .map((name) => name.trim())
      const whole = bound.at(-1)?.startsWith('...') === true || bound.length === languages.split(' ').length
      expect([page, whole, bound.includes('')]).toEqual([page, true, false])
      taken.push(page)
    }
  }
  const withBlocks = [...texts].filter(([, text]) =>
    blocksIn(text).some(({ language }) => !shownOnly.includes(language)),
  )
  expect(taken.sort()).toEqual(withBlocks.map(([page]) => page).sort())
})

test.each(pages)('%s: what its blocks are is said, and what is only shown is no command', (page) => {
  for (const { language, source, line } of blocksIn(texts.get(page)!)) {
    expect([line, [...runnable, ...shownOnly]]).toEqual([line, expect.arrayContaining([language])])
    if (shownOnly.includes(language))
      expect([line, source]).toEqual([
        line,
        expect.not.stringMatching(/^ *(\$|npm |npx |paddle-ts [a-z-]|import |python [a-z])/m),
      ])
  }
})

test.each(pages)('%s: its links lead somewhere', (page) => {
  const prose = withoutCode(texts.get(page)!)
  const targets = [...prose.matchAll(/\]\(<?([^)>\s]+)>?[^)]*\)|(?:src|href)="([^"]+)"/g)].map(
    ([, link, attribute]) => link ?? attribute ?? '',
  )
  const broken = targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : join(dirname(page), decodeURIComponent(path))
    if (!existsSync(join(root, file))) return true
    if (anchor === undefined) return false
    if (statSync(join(root, file)).isDirectory()) return true
    return !anchorsOf(texts.get(file) ?? '').includes(decodeURIComponent(anchor))
  })
  expect(broken).toEqual([])
})

function withoutCode(text: string): string {
  return text.replaceAll(/^( *)(`{3,}|~{3,}).*\n[^]*?^ *\2 *$/gm, '').replaceAll(/`[^`\n]*`/g, '`')
}

/**
 * Anchors as GitHub derives them from headings: lower case, without punctuation, hyphens for spaces;
 * duplicates get a number.
 */
function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>()
  const headings = text
    .replaceAll(/^( *)(`{3,}|~{3,}).*\n[^]*?^ *\2 *$/gm, '')
    .matchAll(/^#{1,6} +(.+?) *#*$/gm)
  return [...headings].map(([, title = '']) => {
    const words = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = words.replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  })
}
