import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { glob } from 'tinyglobby'
import { packedOnce } from '../helpers/packed-package.js'

test('every relative link of every page in the packed package leads to a file or folder in it', async () => {
  const installed = await packedOnce()
  const pages = await glob('**/*.md', { cwd: installed })
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'README.zh-CN.md', 'docs/infer.md']))
  const dead: string[] = []
  let links = 0
  for (const page of pages) {
    const text = (await readFile(join(installed, page), 'utf8')).replaceAll(/^ *```[^]*?^ *```/gm, '')
    for (const [, to = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const path = decodeURI(to.replace(/#.*$/, ''))
      if (path === '' || /^[a-z]+:/.test(path)) continue
      links += 1
      if (!existsSync(join(installed, dirname(page), path))) dead.push(`${page}: ${to}`)
    }
  }
  expect(dead).toEqual([])
  expect(links).toBeGreaterThan(100)
})
