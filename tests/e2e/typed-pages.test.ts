import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { compile } from '../helpers/compile.js'
import { allPages, blocksIn, readPage } from '../helpers/pages.js'
import { root } from '../helpers/project.js'

test('the TypeScript of all pages compiles with `strict`', async () => {
  const blocks = new Map<string, string>()
  for (const page of await allPages())
    for (const { language, source, line } of blocksIn(await readPage(page)))
      // Each block is a module, independent of the previous ones.
      if (language === 'ts') blocks.set(join(root, `${page}.${line}.ts`), `${source}\nexport {}`)
  expect(blocks.size).toBeGreaterThan(30)
  expect(compile(blocks)).toEqual([])
})
