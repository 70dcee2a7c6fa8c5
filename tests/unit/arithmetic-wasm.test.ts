import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { compile } from '../../scripts/compile-wasm.js'
import { packageFile } from '../../src/package-files.js'

test('the compiled arithmetic matches the source', async () => {
  const kept = await readFile(packageFile('src/image/wasm/kernels.wasm.ts'), 'utf8')
  expect(kept).toBe(await compile())
})
