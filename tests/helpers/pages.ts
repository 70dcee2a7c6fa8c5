import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { glob } from 'tinyglobby'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a block may be and show output alone; a block of any other language is run by a test, or of none at all refused. */
export const shownOnly = ['text', 'mermaid']

export interface Block {
  readonly language: string
  readonly source: string
  /** Of its opening fence, from 1. */
  readonly line: number
}

/** The paths from the root of all pages that the project has written, its forms for issues too. */
export async function allPages(): Promise<string[]> {
  const ignore = ['**/node_modules', '.cache', '.pytest_cache', 'dist', 'docs/api', 'model', 'annotated']
  return (await glob('**/*.md', { cwd: root, ignore, dot: true })).sort()
}

export async function readPage(page: string): Promise<string> {
  return readFile(`${root}/${page}`, 'utf8')
}

/** All fenced blocks of a text, in its order; one in a list may be indented. */
export function blocksIn(text: string): Block[] {
  return [...text.matchAll(/^( *)(`{3,}|~{3,})(.*)\n([^]*?)^ *\2 *$/gm)].map(
    ({ 1: indent = '', 3: language = '', 4: source = '', index }) => ({
      language: language.trim(),
      source: indent === '' ? source : source.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, index).split('\n').length,
    }),
  )
}

/** A text for each of the languages. */
type Sources<Languages extends string> = Languages extends `${string} ${infer Rest}`
  ? [string, ...Sources<Rest>]
  : [string]

/**
 * The blocks of a page, for the test that runs them. `languages` are those of all its blocks in their order, with spaces between them, but for
 * what is only shown: a block that comes, goes or moves fails the test. tests/unit/pages.test.ts sees to it that each page is taken.
 */
export async function takeBlocks<const Languages extends string>(
  page: string,
  languages: Languages,
): Promise<Sources<Languages>> {
  const blocks = blocksIn(await readPage(page)).filter(({ language }) => !shownOnly.includes(language))
  const there = blocks.map(({ language }) => language).join(' ')
  if (there !== languages) throw new Error(`${page} has the blocks ${there}; its test runs ${languages}.`)
  return blocks.map(({ source }) => source) as Sources<Languages>
}

/** The lines of a shell block, each of them a command. */
export function commandsIn(block: string): string[] {
  return block.trim().split('\n')
}
