import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { glob } from 'tinyglobby'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Languages of blocks that only show output; a test runs a block of any other language, and a block without a
 * language is rejected.
 */
export const shownOnly = ['text', 'mermaid']

export interface Block {
  readonly language: string
  readonly source: string
  /** The line of its opening fence, from 1. */
  readonly line: number
}

/** The paths, from the root, of all pages of the project, including its issue forms. */
export async function allPages(): Promise<string[]> {
  const ignore = ['**/node_modules', '.cache', '.pytest_cache', 'dist', 'docs/api', 'model', 'annotated']
  return (await glob('**/*.md', { cwd: root, ignore, dot: true })).sort()
}

export async function readPage(page: string): Promise<string> {
  return readFile(`${root}/${page}`, 'utf8')
}

/** All fenced blocks of a text, in order; a block in a list may be indented. */
export function blocksIn(text: string): Block[] {
  return [...text.matchAll(/^( *)(`{3,}|~{3,})(.*)\n([^]*?)^ *\2 *$/gm)].map(
    ({ 1: indent = '', 3: language = '', 4: source = '', index }) => ({
      language: language.trim(),
      source: indent === '' ? source : source.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, index).split('\n').length,
    }),
  )
}

/** A text for each language. */
type Sources<Languages extends string> = Languages extends `${string} ${infer Rest}`
  ? [string, ...Sources<Rest>]
  : [string]

/**
 * The blocks of a page, for the test that runs them. `languages` are the languages of all blocks in order,
 * separated by spaces, without those that only show output: the test fails when a block is added, removed or
 * moved. tests/unit/pages.test.ts checks that a test takes each page.
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
